"""Restores a picture of every format that is full of metadata, and names what of them is lost (see run)."""
import argparse
import shutil
import subprocess
import sys
from pathlib import Path

import numpy
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "programs"))
from metadata_fields import carried, fields, fill, lost  # noqa: E402

FORMATS = {"JPEG": ("jpeg.jpg", 8), "PNG": ("png.png", 8), "TIFF": ("tiff.tif", 8), "TIFF, 16 bit": ("tiff16.tif", 16),
           "PNG, 16 bit": ("png16.png", 16), "WebP": ("webp.webp", 8)}


def photograph(path, bits):
    """A smooth picture with some grain, lying on its side, with everything that exiftool writes into its format."""
    y, x = numpy.mgrid[0:150, 0:200]
    gray = 128 + 60 * numpy.sin(x / 9) * numpy.cos(y / 7) + numpy.random.default_rng(3).normal(0, 8, x.shape)
    gray = gray.clip(0, 255)
    picture = Image.fromarray((gray * 257).astype(numpy.uint16) if bits == 16 else gray.astype(numpy.uint8))
    picture.save(path, dpi=(300, 300))
    return fill(path, orientation=6)


def options():
    parser = argparse.ArgumentParser()
    parser.add_argument("restore", type=Path)
    parser.add_argument("--model")
    parser.add_argument("-o", dest="out", type=Path, default=ROOT / "build" / "bench-metadata")
    return parser.parse_args()


def restored(program, source, folder, model):
    command = [program, source, "-o", folder, *(["--model", model] if model else [])]
    subprocess.run(command, check=True)
    return folder / f"{source.stem}.restored{source.suffix}"


def main():
    chosen = options()
    scans, results = chosen.out / "scans", chosen.out / "restored"
    for folder in (scans, results):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    print("| format | fields before | fields lost |\n|---|---|---|")
    num_lost = 0
    for name, (file, bits) in FORMATS.items():
        before = fields(photograph(scans / file, bits))
        missing = lost(before, fields(restored(chosen.restore, scans / file, results, chosen.model)))
        num_lost += len(missing)
        print(f"| {name} | {len(carried(before))} | {len(missing)}{': ' if missing else ''}{', '.join(missing)} |", flush=True)
    sys.exit(num_lost > 0)


if __name__ == "__main__":
    main()
