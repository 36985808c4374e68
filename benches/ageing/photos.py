"""Photographs to measure with: the demo's, cut to the size of DIV2K's (2040 x 1356) and saved as PNG."""
import os
import sys

import cv2


def div2k_like_photos(folder, count):
    """Their file names; made once, kept in `folder`."""
    os.makedirs(folder, exist_ok=True)
    names = [line.split()[1] for line in open("scripts/demo_photos.txt") if not line.startswith("#")]
    files = []
    for name in names:
        file = os.path.join(folder, f"{len(files):04}.png")
        if not os.path.exists(file) and not save_cut(name, file):
            continue
        files.append(file)
        if len(files) == count:
            return files
    sys.exit(f"only {len(files)} photographs of scripts/demo_photos.txt are large enough: run scripts/setup, or name PNG files")


def save_cut(name, file):
    photo = cv2.imread(name)
    if photo is None or photo.shape[0] < 1080 or photo.shape[1] < 1600:
        return False
    scale = max(2040 / photo.shape[1], 1356 / photo.shape[0])
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    photo = cv2.resize(photo, None, fx=scale, fy=scale, interpolation=way)[:1356, :2040]
    return photo.shape == (1356, 2040, 3) and cv2.imwrite(file, photo, [cv2.IMWRITE_PNG_COMPRESSION, 9])
