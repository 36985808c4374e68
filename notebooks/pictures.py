"""What the notebooks share: where the programs and photographs are, and how pictures are shown."""
import io
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from IPython.display import Image as Shown
from PIL import Image, ImageDraw, ImageOps

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "python"))  # restore_photos, if it is not installed
os.environ.setdefault("RESTORE_BIN", str(ROOT / "build" / "bin"))
from restore_photos.ageing import find_program  # noqa: E402

_scratch = tempfile.TemporaryDirectory(prefix="restore-notebook-")
FOLDER = Path(_scratch.name)  # for stores, runs and pictures; it goes when the notebook ends


def run(program, *words, only=None):
    """Runs a program of Restore and prints what it prints; `only`: these sections of YAML alone. Fails if it fails."""
    done = subprocess.run([find_program(program), *map(str, words)], capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    is_wanted = only is None
    for line in done.stdout.replace(f"{FOLDER}/", "").splitlines():
        if only is not None and not line.startswith(" "):
            is_wanted = line.startswith(only)
        if is_wanted:
            print(line)


def photographs(use="test", short_side=200):
    """{name: photograph} of Debian's packages (scripts/setup installs them): those that scripts/demo_photos.txt calls `use`."""
    lines = [line.split(None, 1) for line in (ROOT / "scripts" / "demo_photos.txt").read_text().splitlines() if line[0] != "#"]
    found = {}
    for kind, file in lines:
        if kind == use:
            name = file.split("/contents/")[0].rsplit("/", 1)[-1].removesuffix(".jpg")
            photo = ImageOps.exif_transpose(Image.open(file)).convert("RGB")
            scale = short_side / min(photo.size)
            found[name] = photo.resize([round(scale * side) for side in photo.size], Image.Resampling.BOX, reducing_gap=2)
    return found


def show(**pictures):
    """Side by side, with their names, as a small JPEG: PIL pictures, or arrays of uint8 or of floats from 0 to 1."""
    tiles = []
    for name, picture in pictures.items():
        if isinstance(picture, np.ndarray):
            picture = Image.fromarray(picture if picture.dtype == np.uint8 else (picture.clip(0, 1) * 255).astype(np.uint8))
        tile = Image.new("RGB", (picture.width, picture.height + 14), "white")
        tile.paste(picture.convert("RGB"), (0, 14))
        ImageDraw.Draw(tile).text((2, 1), name.replace("_", " "), "black")
        tiles.append(tile)
    sheet = Image.new("RGB", (sum(tile.width + 6 for tile in tiles) - 6, max(tile.height for tile in tiles)), "white")
    left = 0
    for tile in tiles:
        sheet.paste(tile, (left, 0))
        left += tile.width + 6
    data = io.BytesIO()
    sheet.save(data, "JPEG", quality=70)
    return Shown(data.getvalue(), format="jpeg")
