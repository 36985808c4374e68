"""A large photograph for the bench: picture.py FOLDER MEGAPIXELS RESULT. Real photographs of a folder side by side, in
cells of 1000 pixels, 4 by 3 of them for 12 megapixels; a small one is continued by its mirror image, and gray."""

import math
import sys
from pathlib import Path

import numpy as np
from PIL import Image

CELL = 1000
KINDS = {".jpg", ".jpeg", ".png", ".tif", ".tiff", ".webp"}


def cell(file):
    gray = np.asarray(Image.open(file).convert("L"))[:CELL, :CELL]
    return np.pad(gray, [(0, CELL - length) for length in gray.shape], mode="symmetric")


def main(folder, megapixels, result):
    files = sorted(file for file in folder.rglob("*") if file.suffix.lower() in KINDS)
    if not files:
        sys.exit(f"picture.py: no photographs in {folder}")
    cells = [cell(file) for file in files]
    width = max(1, round(math.sqrt(megapixels * 4 / 3)))
    height = max(1, round(megapixels / width))
    rows = [np.hstack([cells[(y * width + x) % len(cells)] for x in range(width)]) for y in range(height)]
    Image.fromarray(np.vstack(rows)).save(result, compress_level=1)


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit("usage: picture.py FOLDER MEGAPIXELS RESULT")
    main(Path(sys.argv[1]), float(sys.argv[2]), sys.argv[3])
