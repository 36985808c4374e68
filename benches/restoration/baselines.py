"""Baselines that need no training, on the inputs that `restore-eval --pictures` wrote:
    baselines.py INPUTS OUTPUTS
writes OUTPUTS/METHOD/TASK/PHOTO.png for each task that a method can do, and prints a line METHOD=FOLDER for each.
Inpainting is told the true mask, denoising the true sigma; restore's own network is told neither."""

import re
import sys
from pathlib import Path

import cv2
import numpy as np
from scipy.fft import dctn, idctn
from skimage.restoration import denoise_nl_means

RADIUS = 3  # pixels around a missing one that inpainting looks at
WINDOW = 8  # of DCT thresholding, pixels
INPAINTING = {"scratches", "strokes", "holes"}


def telea(aged, mask):
    """Telea, 2004, An image inpainting technique based on the fast marching method."""
    return cv2.inpaint(aged, mask, RADIUS, cv2.INPAINT_TELEA)


def navier_stokes(aged, mask):
    """Bertalmio, Bertozzi and Sapiro, 2001, Navier-Stokes, fluid dynamics, and image and video inpainting."""
    return cv2.inpaint(aged, mask, RADIUS, cv2.INPAINT_NS)


def non_local_means(noisy, sigma):
    """Buades, Coll and Morel, 2005; patches of 5, search of 13."""
    return denoise_nl_means(noisy, patch_size=5, patch_distance=6, h=0.8 * sigma, sigma=sigma, fast_mode=True)


def dct(noisy, sigma):
    """Yu and Sapiro, 2011, DCT image denoising: a simple and effective image denoising algorithm (IPOL): the transform
    of every window, coefficients under 3 sigma set to zero, and the mean over the windows of a pixel."""
    windows = np.lib.stride_tricks.sliding_window_view(noisy, (WINDOW, WINDOW))
    coefficients = dctn(windows, axes=(2, 3), norm="ortho")
    means = coefficients[..., 0, 0].copy()
    coefficients[np.abs(coefficients) < 3 * sigma] = 0
    coefficients[..., 0, 0] = means
    windows = idctn(coefficients, axes=(2, 3), norm="ortho")
    total, count = np.zeros_like(noisy), np.zeros_like(noisy)
    rows, columns = windows.shape[:2]
    for y in range(WINDOW):
        for x in range(WINDOW):
            total[y : y + rows, x : x + columns] += windows[:, :, y, x]
            count[y : y + rows, x : x + columns] += 1
    return total / count


def inpainted(method, task):
    """(name of the photo, result in gray levels) for each input."""
    for file in sorted(task.rglob("*.aged.png")):
        stem = str(file)[: -len(".aged.png")]
        mask = (cv2.imread(stem + ".damage.png", cv2.IMREAD_GRAYSCALE) > 127).astype(np.uint8)
        yield Path(stem), method(cv2.imread(str(file), cv2.IMREAD_GRAYSCALE), mask)


def denoised(method, task, sigma):
    """The inputs are float, so that the noise is not clipped: 0 black to 1 white."""
    for file in sorted(task.rglob("*.aged.tif")):
        noisy = cv2.imread(str(file), cv2.IMREAD_UNCHANGED)
        levels = 255 * method(noisy, sigma / 255)
        yield Path(str(file)[: -len(".aged.tif")]), np.rint(levels.clip(0, 255)).astype(np.uint8)


def results_of(task):
    """{method: its results} for the baselines that can do this task."""
    if task.name in INPAINTING:
        return {"telea": inpainted(telea, task), "navier-stokes": inpainted(navier_stokes, task)}
    if noise := re.fullmatch(r"grain-(\d+)", task.name):
        sigma = float(noise[1])
        return {"nl-means": denoised(non_local_means, task, sigma), "dct": denoised(dct, task, sigma)}
    return {}


def main(inputs, outputs):
    methods = set()
    for task in sorted(folder for folder in inputs.iterdir() if folder.is_dir()):
        for method, results in results_of(task).items():
            methods.add(method)
            for photo, picture in results:
                file = outputs / method / photo.relative_to(inputs).with_name(photo.name + ".png")
                file.parent.mkdir(parents=True, exist_ok=True)
                if not cv2.imwrite(str(file), picture):
                    sys.exit(f"baselines.py: cannot write {file}; is the disk full?")
    for method in sorted(methods):
        print(f"{method}={outputs / method}")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: baselines.py INPUTS OUTPUTS")
    main(Path(sys.argv[1]), Path(sys.argv[2]))
