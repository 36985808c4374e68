"""Regenerates colour.txt with scikit-image 0.25.2, an independent reference:
    python3 -m venv /tmp/golden && /tmp/golden/bin/pip install scikit-image==0.25.2
    /tmp/golden/bin/python tests/model/golden/colour.py > tests/model/golden/colour.txt
Rows: lab R G B L a b (8-bit sRGB) | rgb L a b R G B (0 to 1, clipped) | difference R G B R G B dE (8-bit sRGB).
"""
import warnings

import numpy as np
from skimage.color import deltaE_ciede2000, lab2rgb, rgb2lab

BLACK_TO_WHITE = [(0, 0, 0), (1, 2, 3), (8, 9, 10), (10, 11, 12), (128, 128, 128), (255, 255, 255)]
PURE = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0), (0, 255, 255), (255, 0, 255)]
OF_PHOTOS = [(178, 132, 109), (70, 104, 41), (108, 151, 206), (24, 16, 40)]
OUTSIDE = [(50, 100, 100), (50, 0, -120), (97, -60, 40), (3, 20, 60)]


def row(kind, *values):
    print(kind, *(f"{value:.10f}" if isinstance(value, float) else value for value in values))


def lab_of(colour):
    return rgb2lab(np.array(colour, float).reshape(1, 1, 3) / 255).ravel()


warnings.simplefilter("ignore")  # negative Z of a colour outside is clipped, as wished
colours = BLACK_TO_WHITE + PURE + OF_PHOTOS
for colour in colours:
    row("lab", *colour, *lab_of(colour).tolist())
for lab in OUTSIDE + [(60, 20, 30), (30, -10, 5)]:
    row("rgb", *lab, *lab2rgb(np.array(lab, float).reshape(1, 1, 3)).ravel().tolist())
for one, other in zip(colours, colours[1:] + colours[:1]):
    row("difference", *one, *other, float(deltaE_ciede2000(lab_of(one), lab_of(other))))
