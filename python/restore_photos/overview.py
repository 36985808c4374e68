"""What the network says of a picture as a whole, which no tile can see: restore/overview.h."""
import math
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional

from .networks import DamageRule, Restoration, pull_push, restoration_of
from .tiles import Span, crop_with_reflection, round_up

SURE = 2  # logit of damage
CHROMA_RADIUS, CHROMA_EPSILON = 2, 1e-3  # model/chroma.h


@dataclass
class Overview:
    """Planes of one at `scale` pixels: `hole`, damage that is too wide for a tile, and `luma`, what is below it; `colours`
    [4,h,w]: slope and offset of Cb, of Cr, by luma; `damage`, its probability, of a large picture. `said`: of a picture that is
    one tile, all that the network says of it."""

    scale: int = 1
    sure_share: float = 0.0
    hole: np.ndarray | None = None
    luma: np.ndarray | None = None
    damage: np.ndarray | None = None
    colours: np.ndarray | None = None
    said: Restoration | None = None


def dilate(x: torch.Tensor, radius: int) -> torch.Tensor:
    """The largest of the square about each pixel, of values of 0 and more."""
    largest, side = functional.pad(x, (radius,) * 4), 2 * radius + 1
    for dim in (2, 3):
        covered = 1
        while covered < side:  # of 1 neighbour, of 2, of 4, ...
            step = min(covered, side - covered)
            length = largest.shape[dim] - step
            largest = torch.maximum(largest.narrow(dim, 0, length), largest.narrow(dim, step, length))
            covered += step
    return largest


def wide_parts(damage: torch.Tensor, radius: int) -> torch.Tensor:
    """What is left of the damage if everything narrower than 2 * radius + 1 is left out."""
    certain = (damage > 0.5).float()
    return dilate(1 - dilate(1 - certain, radius), radius + 1) * certain


def sure_share(logits: torch.Tensor, known: torch.Tensor | None) -> float:
    """Of the pixels that are not known to be intact."""
    sure = (logits > SURE).float()
    if known is None:
        return float(sure.mean())
    unknown = (known != 0).float()
    return float((sure * unknown).sum() / unknown.sum().clamp_min(1))


def box_mean(x: torch.Tensor) -> torch.Tensor:
    return functional.avg_pool2d(x, 2 * CHROMA_RADIUS + 1, 1, CHROMA_RADIUS, count_include_pad=False)


def chroma_lines(chroma: torch.Tensor, luma: torch.Tensor) -> torch.Tensor:
    """[1,4,H,W]: slope and offset of Cb, of Cr, as linear functions of luma; a guided filter."""
    guide = functional.adaptive_avg_pool2d(luma, chroma.shape[2:])
    guide_mean, chroma_mean = box_mean(guide), box_mean(chroma)
    covariance = box_mean(guide * chroma) - guide_mean * chroma_mean
    slope = covariance / (box_mean(guide * guide) - guide_mean * guide_mean + CHROMA_EPSILON)
    lines = torch.stack([box_mean(slope), box_mean(chroma_mean - slope * guide_mean)], 2).flatten(1, 2)
    return functional.interpolate(lines, luma.shape[2:], mode="bilinear")


def make_overview(network: torch.nn.Module, luma: np.ndarray, known: np.ndarray | None, scale: int, *, hole_pixels: int = 0, wants_damage: bool = False,
                  wants_colours: bool = False, keeps: bool = False, rule: DamageRule = DamageRule()) -> Overview:
    """Of luma at one of `scale` pixels. `hole_pixels`: a hole is wide from so many pixels of the picture on; 0: none is."""
    device = next(network.parameters()).device
    height, width = luma.shape
    spans = (0, round_up(height, network.multiple)), (0, round_up(width, network.multiple))

    def padded(plane: np.ndarray) -> torch.Tensor:
        return torch.from_numpy(crop_with_reflection(plane, *spans))[None, None].to(device)

    def cropped(tensor: torch.Tensor) -> np.ndarray:
        return tensor[0, :, :height, :width].cpu().numpy()

    there = None if known is None else padded(known)
    if there is not None and scale > 1:
        there = torch.where(there > 0, 1.0, there)  # of a small pixel that is partly damaged the luma is a mixture
    said = restoration_of(network, padded(luma), there, rule)
    damage = damage_probability(said)
    sure = 0.0 if said.damage_logits is None else sure_share(said.damage_logits, there)
    view = Overview(scale, sure, said=said if keeps else None)
    damage = damage if there is None else torch.where(there < 0, damage, there)
    if wants_damage and said.filled is not None:
        view.damage = cropped(damage)[0]
    if hole_pixels and said.filled is not None:
        hole = wide_parts(torch.minimum(damage, said.filled), max(math.ceil(hole_pixels / (2 * scale)), 1))
        if hole.max() > 0:
            view.hole, view.luma = cropped(hole)[0], cropped(pull_push(said.luma, hole))[0]  # its rim takes nothing from beside it
    if wants_colours and said.chroma is not None:
        view.colours = cropped(chroma_lines(said.chroma, said.luma))
    return view


def damage_probability(said: Restoration) -> torch.Tensor:
    return torch.zeros_like(said.luma) if said.damage_logits is None else torch.sigmoid(said.damage_logits)


def enlarged(small: np.ndarray, scale: int, rows: Span, columns: Span) -> np.ndarray:
    """A small plane at these pixels of the picture, interpolated bilinearly."""
    def places(begin: int, size: int, length: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        at = np.clip((np.arange(begin, begin + size) + 0.5) / scale - 0.5, 0, length - 1)
        first = np.minimum(at.astype(np.int64), max(length - 2, 0))
        return first, np.minimum(first + 1, length - 1), (at - first).astype(np.float32)

    upper, lower, down = places(*rows, small.shape[0])
    left, right, across = places(*columns, small.shape[1])
    lines = small[:, left] + across * (small[:, right] - small[:, left])
    return lines[upper] + down[:, None] * (lines[lower] - lines[upper])
