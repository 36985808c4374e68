"""Damage that a person marked: restore/mask_file.h."""
from typing import Any

import numpy as np

from .pixels import Pixels, read_pixels, upright

MARKED = 0.02  # below lies what a JPEG leaves of black
MOST_USUAL = 0.6


def known_damage(mask: Any, shape: tuple[int, ...], only_mask: bool) -> tuple[np.ndarray, list[str]]:
    """Its opacity from 0 to 1, where it is 0 what is known there (0: no damage, -1: nothing); and notes. Raises ValueError."""
    if isinstance(mask, np.ndarray) and mask.dtype == bool:
        mask = mask.astype(np.uint8) * 255
    pixels = read_pixels(upright(mask), "the mask")
    height, width = pixels.colours.shape[1:]
    if (height, width) != tuple(shape):
        raise ValueError(f"the mask has {width}x{height} pixels, the upright picture {shape[1]}x{shape[0]}: give a mask of the "
                         "picture's size")
    opacity = pixels.alpha if is_in_alpha(pixels) else Pixels(pixels.colours).luma()
    opacity = np.where(opacity < np.float32(MARKED), np.float32(0), opacity)
    notes, share = [], float((opacity >= 0.5).mean())
    if share == 0:
        notes.append(f"warning: the mask marks nothing: its lightest place is {100 * opacity.max():.0f}% of white; damage is white, "
                     "the rest black")
    if share > MOST_USUAL:
        notes.append(f"warning: the mask marks {100 * share:.0f}% of the picture as damage: white is damage, black is not; is it "
                     "inverted?")
    return np.where(opacity == 0, np.float32(0 if only_mask else -1), opacity), notes


def is_in_alpha(pixels: Pixels) -> bool:
    """An alpha that is the same everywhere, as editors export it, says nothing. Raises ValueError if both say different."""
    if pixels.alpha is None:
        return False
    gray, alpha = Pixels(pixels.colours).luma(), pixels.alpha
    dark, light, opaque, hidden = gray < 0.1, gray > 0.5, alpha > 1 - MARKED, alpha < MARKED
    few, is_flat = gray.size / 1000, alpha.max() - alpha.min() < MARKED
    if is_flat:
        contradicts = alpha.max() < MARKED and light.any() and dark.any()
    else:
        opaque_dark, opaque_light = int((dark & opaque).sum()), int((light & opaque).sum())
        has_strokes = min(opaque_dark, opaque_light) > few
        contradicts = has_strokes or (opaque_dark > gray.size / 2 and bool((light & hidden).any()) and opaque_light <= few)
    if contradicts:
        raise ValueError("the mask's gray and its transparency mark different places: give it without transparency, white where the "
                         "damage is and black elsewhere; or the damage alone on a transparent ground")
    return not is_flat or bool(alpha.max() < MARKED)
