"""What is measured in a picture before any network sees it: restore/analysis.h, and what it decides: restore/strengths.h.

Sums are taken in the order of the C++ code: a quantile must not fall into the next bin.
"""
from dataclasses import dataclass

import numpy as np

SIDES = 16, 8  # of the blocks in the picture and in its half
DARKEST, LIGHTEST = np.float32(6 / 255), np.float32(249 / 255)
FLATTEST, BIASES, BINS_PER_LEVEL = 0.01, (1.25, 1.66), 16
TONE_BINS = 24
BLACK, WHITE = 0.06, 0.92  # a photograph that reaches further has not faded


@dataclass(frozen=True)
class Findings:
    """`grain`: standard deviation of the noise, of 255 levels; `sure_share` of the pixels: the network is sure that they are
    damaged; `damaged_share`: they count as damaged in the result; `black` and `white`: luma that 0.5% of the pixels are below
    and above; `colour`: "gray", "toned" or "coloured"; `sharpness`, `coarseness`:
    imaging/noise_estimator.h."""

    grain: float
    black: float
    white: float
    colour: str
    damaged_share: float = 0.0
    sure_share: float = 0.0
    sharpness: float = 1.0
    coarseness: float = 1.0


@dataclass(frozen=True)
class Strengths:
    """How much of what the network says is done. `caution` 1: what is damaged in doubt counts as intact."""

    grain: float = 1.0
    tone: float = 1.0
    inpaint: float = 1.0
    caution: float = 0.0


def between(value: float, none: float, all_: float) -> float:
    return min(max((value - none) / (all_ - none), 0.0), 1.0)


def grainy(found: Findings) -> float:
    return between(found.grain, 1.1, 2.2)


def aged_grain(found: Findings) -> float:
    return grainy(found) * max(between(found.coarseness, 0.8, 1.2), between(found.grain, 5, 8))


def faded(found: Findings) -> float:
    return max(between(found.black, BLACK, 0.14), between(found.white, WHITE, 0.8))


def without_fading(found: Findings) -> tuple[float, float]:
    """Gain and offset of DamageRule: restore/strengths.cpp, rule_without_fading."""
    full, span, middle = WHITE - BLACK, found.white - found.black, (found.white + found.black) / 2
    if span >= full:
        return 1.0, 0.0
    gain = full / max(span, full / 6)
    return gain, min(max(middle, full / 2), 1 - full / 2) - gain * middle


def surely_old(found: Findings) -> float:
    return between(aged_grain(found) * faded(found), 0.5, 1.0)


def looks_old(found: Findings) -> float:
    return max(aged_grain(found), faded(found)) if found.colour == "toned" else aged_grain(found)


def has_white_noise(found: Findings) -> bool:
    return grainy(found) > 0.5 and found.coarseness < 1


def damaged(found: Findings) -> float:
    """0 for an intact photograph to 1 for a damaged one. Without a sign of age that takes more: restore/strengths.cpp."""
    old = looks_old(found)
    return between(found.sure_share, 0.01 + old * (0.001 - 0.01), 0.03 + old * (0.005 - 0.03))


def strengths_for(found: Findings, strength: float | None, tasks: set[str]) -> Strengths:
    if strength is not None:
        grain = tone = inpaint = strength
        caution = 0.0
    else:
        grain = grainy(found)
        tone, inpaint, caution = max(faded(found), grain), 1.0, 1 - max(damaged(found), surely_old(found))
    if "denoise" not in tasks:
        grain = tone = 0.0
    return Strengths(grain, tone, inpaint if "inpaint" in tasks else 0.0, caution)


def quantiles(luma: np.ndarray) -> tuple[float, float]:
    """Of 0.5% and 99.5% of the pixels; NaN is none."""
    bins = (np.clip(luma[~np.isnan(luma)], 0, 1) * np.float32(1023) + np.float32(0.5)).astype(np.int64)
    below = np.cumsum(np.bincount(bins.ravel(), minlength=1024))
    low, high = (int(np.searchsorted(below, share * below[-1])) / 1023 for share in (0.005, 0.995))
    return low, high


def deviations(luma: np.ndarray, side: int) -> np.ndarray:
    """Of the diagonal detail of each block that is not clipped and has no NaN."""
    rows, columns = (length // side for length in luma.shape)
    blocks = luma[:rows * side, :columns * side].reshape(rows, side, columns, side)
    total = np.zeros((rows, columns), np.float32)
    squares = np.zeros_like(total)
    for y in range(0, side, 2):
        for x in range(0, side, 2):
            a, b = blocks[:, y, :, x], blocks[:, y, :, x + 1]
            c, d = blocks[:, y + 1, :, x], blocks[:, y + 1, :, x + 1]
            detail = (a - b - c + d) / 2
            squares += detail * detail
            total += a + b + c + d
    mean = total / np.float32(side * side)
    return np.sqrt(squares / np.float32(side * side / 4))[(mean >= DARKEST) & (mean <= LIGHTEST)]


def noise_and_sharpness(luma: np.ndarray) -> tuple[float, float, float]:
    """Grain, its coarseness, and sharpness: imaging/noise_estimator.h: what remains below the last whole block is not looked at."""
    whole = luma[:len(luma) // SIDES[0] * SIDES[0]]
    even = whole[:, :whole.shape[1] // 2 * 2]
    half = (even[::2, ::2] + even[::2, 1::2] + even[1::2, ::2] + even[1::2, 1::2]) / 4
    noise, energy = [0.0, 0.0], [0.0, 0.0]
    for scale, plane in enumerate((whole, half)):
        details = deviations(plane, SIDES[scale]).astype(np.float64) * 255
        if details.size == 0:
            continue
        below = np.cumsum(np.bincount(np.minimum((details * BINS_PER_LEVEL).astype(np.int64), 1023), minlength=1024))
        painted = below[0] if 2 * below[0] < below[-1] else 0
        noise[scale] = BIASES[scale] * int(np.searchsorted(below - painted, FLATTEST * (below[-1] - painted))) / BINS_PER_LEVEL
        energy[scale] = max(0.0, float((details ** 2).mean()) - noise[scale] ** 2)
    return max(noise), noise[1] / noise[0] if noise[0] > 0 else 1.0, 1.0 if energy[1] < 0.01 else energy[0] / energy[1]


def downsample_scale(height: int, width: int, pixels: int) -> int:
    scale = 1
    while -(-height // scale) * -(-width // scale) > pixels:
        scale += 1
    return scale


def box_downsample(plane: np.ndarray, scale: int) -> np.ndarray:
    """Means of scale x scale pixels, of fewer at the right and lower border."""
    if scale == 1:
        return plane
    height, width = plane.shape
    padded = np.pad(plane, ((0, -height % scale), (0, -width % scale)))
    blocks = padded.reshape(padded.shape[0] // scale, scale, padded.shape[1] // scale, scale)
    total = np.zeros(blocks.shape[::2], np.float32)
    for y in range(scale):
        line = np.zeros_like(total)
        for x in range(scale):
            line += blocks[:, y, :, x]
        total += line
    counts = [np.bincount(np.arange(side) // scale).astype(np.float32) for side in (height, width)]
    return total / (counts[0][:, None] * counts[1])


class ToneColours:
    """The one colour that each luma has in a toned photograph: imaging/tone_colours.h. `chroma`, `unexplained`: root mean
    squares of Cb and Cr, and of what is left of them without these colours."""

    def __init__(self, luma: np.ndarray, blue: np.ndarray, red: np.ndarray):
        bins = np.minimum((luma.ravel() * np.float32(TONE_BINS)).astype(np.int64), TONE_BINS - 1)
        counts = np.bincount(bins, minlength=TONE_BINS)
        planes = [plane.ravel().astype(np.float64) for plane in (blue, red)]
        sums = [np.bincount(bins, plane, TONE_BINS) for plane in planes]
        squares = float((planes[0] ** 2 + planes[1] ** 2).sum())
        filled = counts > 0
        explained = float(((sums[0] ** 2 + sums[1] ** 2)[filled] / counts[filled]).sum())
        self.chroma = (squares / luma.size) ** 0.5
        self.unexplained = (max(0.0, squares - explained) / luma.size) ** 0.5
        means = np.stack(sums)[:, filled] / counts[filled]
        at = np.flatnonzero(filled)
        nearest = [int(np.abs(at - place).argmin()) for place in range(TONE_BINS)]  # of two as near the lower one
        self._bins = means[:, nearest].astype(np.float32)

    def at(self, luma: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        place = np.clip(luma * np.float32(TONE_BINS) - np.float32(0.5), 0, TONE_BINS - 1)
        below = np.minimum(place.astype(np.int64), TONE_BINS - 2)
        share = place - below.astype(np.float32)
        blue, red = (bins[below] + share * (bins[below + 1] - bins[below]) for bins in self._bins)
        return blue, red

    @property
    def kind(self) -> str:
        if self.chroma < 0.008:
            return "gray"
        return "toned" if self.unexplained < 0.016 else "coloured"
