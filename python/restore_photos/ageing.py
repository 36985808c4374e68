"""Ages a photograph as restore-shard does, by restore-shard itself."""
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageOps

GAP = 8  # pixels between the pictures of restore-shard --preview


@dataclass(frozen=True)
class AgedPhoto:
    """`clean` [H,W,3], `aged` [H,W] and `damage` [H,W] (255: nothing of the photograph is left), all uint8."""

    clean: np.ndarray
    aged: np.ndarray
    damage: np.ndarray


def age(photo: Image.Image | np.ndarray, recipe: str | os.PathLike[str] = "old-photo", seed: int = 1, *,
        settings: Mapping[str, Any] | None = None, short_side: int = 0, program: str | os.PathLike[str] | None = None) -> AgedPhoto:
    """What time does to `photo` (PIL, or uint8 or uint16 [H,W,3] or [H,W]), upright: the same seed, the same result.

    `recipe` is the name of one or its file; `settings` override its values: {"grain.sigma": [20, 30]}. Above 0,
    `short_side` shrinks the photograph first. Runs `program`, or restore-shard of RESTORE_BIN or PATH. Raises
    FileNotFoundError if there is none, ValueError with its words if it refuses, and for a picture of another kind.
    """
    picture = eight_bit(photo)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "photos"
        folder.mkdir()
        picture.convert("RGB").save(folder / "photo.png", compress_level=1)
        sheet = Path(scratch) / "sheet.png"
        command = [find_program("restore-shard", program), "--photos", folder, "--recipe", recipe, "--seed", str(seed),
                   "--short-side", str(short_side), "--preview", "1", "--preview-file", sheet]
        for key, value in (settings or {}).items():
            command += ["--set", f"{key}={np.asarray(value).tolist() if isinstance(value, (tuple, list, np.ndarray)) else value}"]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            raise ValueError(done.stderr.strip())
        pixels = np.asarray(Image.open(sheet).convert("RGB"))
    width = (pixels.shape[1] - 4 * GAP) // 3
    clean, aged, damage = (pixels[GAP:-GAP, GAP + i * (GAP + width):][:, :width] for i in range(3))
    return AgedPhoto(clean.copy(), aged[..., 0].copy(), damage[..., 0].copy())


def eight_bit(photo: Image.Image | np.ndarray) -> Image.Image:
    if isinstance(photo, Image.Image):
        photo = ImageOps.exif_transpose(photo)
        if not photo.mode.startswith(("I", "F")):
            return photo
    pixels = np.asarray(photo)
    if pixels.dtype == np.uint16:
        pixels = (pixels / 257).round().astype(np.uint8)
    if pixels.dtype != np.uint8 or pixels.ndim not in (2, 3) or (pixels.ndim == 3 and pixels.shape[2] not in (3, 4)):
        raise ValueError(f"a picture of {pixels.dtype} {pixels.shape}: expected PIL's, or uint8 or uint16 [H,W], [H,W,3], [H,W,4]")
    return Image.fromarray(pixels)


def find_program(name: str, given: str | os.PathLike[str] | None = None) -> str:
    """The program `given`, or `name` in the folder RESTORE_BIN, or on PATH."""
    places = [os.environ["RESTORE_BIN"]] if "RESTORE_BIN" in os.environ else []
    found = str(given) if given else shutil.which(name, path=os.pathsep.join([*places, os.environ.get("PATH", "")]))
    if not found:
        raise FileNotFoundError(f"{name} is not on PATH: install Restore (docs/installing.md), or set RESTORE_BIN to its folder")
    return found
