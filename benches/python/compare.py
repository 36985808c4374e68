"""Restorer beside `restore` (see run)."""
import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "python"), str(ROOT / "tests" / "programs")]
import libvips  # noqa: E402
from restore_photos import Restorer  # noqa: E402

BIN = Path(os.environ.get("RESTORE_BIN", ROOT / "build" / "bin"))
ENDINGS = {".jpg", ".jpeg", ".png", ".tif", ".tiff"}


def shrunk(file, side):
    """[H,W,C] from 0 to 255: what lies between the levels makes it a picture of 16 bit."""
    with Image.open(file) as image:
        image.load()
        image = image.convert("RGB") if image.mode == "P" else image
        planes = [band.convert("F") for band in image.split()]
    scale = min(1, side / max(image.size)) if side else 1
    size = [round(scale * length) for length in image.size]
    return np.stack([np.asarray(plane.resize(size, Image.Resampling.BOX)) for plane in planes], 2)


def scans(data, side, folder):
    """(name, bits, file) of each."""
    for number, file in enumerate(sorted(file for file in data.rglob("*") if file.suffix.lower() in ENDINGS)):
        planes = shrunk(file, side)
        for bits in (8, 16):
            written = folder / f"{number}-{bits}.tif"
            if bits == 16:
                libvips.save(written, (planes * 257).round().astype(np.uint16))
            else:
                samples = planes.round().astype(np.uint8)
                Image.fromarray(samples[..., 0] if samples.shape[2] == 1 else samples).save(written)
            yield file.relative_to(data), bits, written


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--side", type=int, default=500)
    parser.add_argument("folder", type=Path)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        listed = list(scans(chosen.folder, chosen.side, folder))
        subprocess.run([BIN / "restore", *(file for *_, file in listed), "-o", folder / "out"], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        restorer = Restorer.load()
        print("scan | size | bits | largest difference, of 255 levels | mean | samples that differ\n---|---|---|---|---|---")
        for name, bits, file in listed:
            samples = libvips.load(file)
            mine = restorer(samples).image.astype(float)
            difference = abs(mine - libvips.load(folder / "out" / f"{file.stem}.restored.tif")) * 255 / (255 if bits == 8 else 65535)
            print(f"{name} | {samples.shape[1]}x{samples.shape[0]} | {bits} | {difference.max():.3f} | {difference.mean():.5f} | "
                  f"{100 * (difference > 0).mean():.3f}%", flush=True)


if __name__ == "__main__":
    main()
