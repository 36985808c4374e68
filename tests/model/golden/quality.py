"""Regenerates quality.txt with scikit-image 0.25.2, an independent reference:
    python3 -m venv /tmp/golden && /tmp/golden/bin/pip install scikit-image==0.25.2
    /tmp/golden/bin/python tests/model/golden/quality.py > tests/model/golden/quality.txt
A row: height, width, noise (amplitude in 8-bit levels), psnr, ssim. quality_test.cpp makes the same pictures.
"""
import numpy as np
from skimage.metrics import peak_signal_noise_ratio, structural_similarity


def pictures(height, width, noise):
    """A smooth picture with texture and a disturbed copy, 8 bit, from a linear congruential generator."""
    state, clean, aged = 1, np.zeros((height, width), np.uint8), np.zeros((height, width), np.uint8)
    for y in range(height):
        for x in range(width):
            state = (state * 1103515245 + 12345) % 2**31
            clean[y, x] = (3 * x + 5 * y + (x * y) % 17) % 256
            aged[y, x] = min(max(int(clean[y, x]) + (state >> 16) % (2 * noise + 1) - noise, 0), 255)
    return clean, aged


for size in [(11, 11, 40), (48, 64, 5), (64, 48, 60)]:
    a, b = pictures(*size)
    psnr = peak_signal_noise_ratio(a, b, data_range=255)
    ssim = structural_similarity(a, b, data_range=255, gaussian_weights=True, sigma=1.5, use_sample_covariance=False)
    print(*size, f"{psnr:.10f}", f"{ssim:.10f}")
