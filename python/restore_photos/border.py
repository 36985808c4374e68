"""The border of a picture, which is intact: restore/border.h."""
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional

from .overview import dilate, enlarged

FLAT, NEAR, NEAR_WITHIN = 4 / 255, 24 / 255, 12 / 255
LEAST_OF_SIDE, MOST_OF_PICTURE = 0.6, 0.7
LEAST_OF_LENGTH, LEAST_INSIDE = 0.125, 0.01
SMALLEST, MOST_BORDERS = 32, 3  # a mount on a scanner's bed, say
TONES, EDGE, GAP = 64, 3, 6
WIRE, FLAT_PER_GRAIN, NEAR_PER_GRAIN, TEXTURE = 8, 0.5, 1, 10 / 255
LEAST_OF_LINE, DEPTH_OF_LINE = 0.4, 0.05
MOST_GRAIN, DEVIATION_OF_MEDIAN = 2 / 255, 1.4826


@dataclass
class Border:
    """`is_border` [H,W] bool: what belongs to a border around all four sides, or to one within it; `rows` and `columns` hold the
    photograph, or all where the border may be a backdrop, or has grain. Not `is_around`: what is flat along most of a side."""

    is_border: np.ndarray
    rows: slice
    columns: slice
    is_around: bool = True


def find_border(luma: np.ndarray, scale: int) -> Border | None:
    """Of luma whose pixels are each of scale x scale of the picture."""
    if min(luma.shape) < SMALLEST:
        return None
    view = View(torch.from_numpy(luma)[None, None])
    nowhere = np.zeros(luma.shape, bool)
    sides = [nowhere.copy() for _ in range(4)]
    for side, at in zip(sides, (np.s_[0], np.s_[-1], np.s_[:, 0], np.s_[:, -1])):
        side[at] = True
    found = view.flat_parts(sides, NEAR, nowhere)
    if found is None:
        grounds = [ground for ground in map(view.ground_along, sides) if ground is not None and ground.any()]
        return Border(np.any(grounds, 0), *(slice(0, side) for side in luma.shape), is_around=False) if grounds else None
    border, apart = found
    for _ in range(MOST_BORDERS - 1):
        within = dilated(border, GAP) & ~dilated(border, GAP - 1)
        inner = view.flat_parts([within], NEAR_WITHIN, border)
        if inner is None:
            break
        border, apart = (outer | part | (dilated(outer, GAP) & dilated(part, GAP)) for outer, part in zip((border, apart), inner))
    if apart.all():
        return None
    photo = photo_rectangle(apart)
    if not fills(photo, apart) or scale * view.grain(border) > MOST_GRAIN:
        photo = slice(0, luma.shape[0]), slice(0, luma.shape[1])
    return Border(border, *photo)


def fills(photo: tuple[slice, slice], border: np.ndarray) -> bool:
    """Whether a photograph's edge follows its rectangle all around."""
    inside = ~border[photo]
    for turned in (inside, inside.T):
        depth = int(DEPTH_OF_LINE * len(turned))
        if min(turned[depth].mean(), turned[len(turned) - 1 - depth].mean()) < LEAST_OF_LINE:
            return False
    return True


class View:
    """A small picture, and where it is flat."""

    def __init__(self, picture: torch.Tensor):
        self.picture = picture
        self.smooth = functional.avg_pool2d(picture, 5, 1, 2, count_include_pad=False)
        self.steps = functional.max_pool2d(self.smooth, 3, 1, 1) + functional.max_pool2d(-self.smooth, 3, 1, 1)

    def flat_parts(self, sides: list[np.ndarray], near: float, beside: np.ndarray, step: float = FLAT,
                   reach: int = 0) -> tuple[np.ndarray, np.ndarray] | None:
        """What is flat, of one tone and reaches one of `sides`: without what is narrow, as a crack that runs into it, and with it.
        None if it does not hold most of each side, or is most of the picture. `beside` is flat, too."""
        begin = np.any(sides, 0)
        if not begin.any():
            return None
        tone = common_tone(self.smooth[0, 0][torch.from_numpy(begin)])
        if tone is None:
            return None
        flat = ((self.steps <= step) & ((self.smooth - tone).abs() <= near)).float()
        outside = torch.from_numpy(dilated(beside, GAP))[None, None].float()
        wide = flat * without_tongues(torch.maximum(flat, outside), max(2, min(begin.shape) // 64))
        is_near = ((self.picture - tone).abs() <= near).float()
        is_wide, is_flat = (part[0, 0].numpy() > 0 for part in (wide, flat))
        near_wide = dilated(is_wide, reach)
        reached, apart = is_wide & spread(begin & near_wide, near_wide), spread(begin & is_flat, is_flat)
        if any(reached[side].mean() < LEAST_OF_SIDE for side in sides) or (reached | beside).mean() > MOST_OF_PICTURE:
            return None
        return to_edge(reached, is_near), to_edge(apart, is_near)

    def ground_along(self, side: np.ndarray) -> np.ndarray | None:
        """What is as flat as grain allows, of one tone and reaches this side, but for specks in it and what is thin across it; None
        if it does not hold most of the side."""
        noise = self.grain(side)
        noise = noise if noise < TEXTURE else 0.0
        near = NEAR_WITHIN + NEAR_PER_GRAIN * noise
        parts = self.flat_parts([side], near, np.zeros_like(side), FLAT + FLAT_PER_GRAIN * noise, WIRE)
        if parts is None:
            return None
        tone = self.picture[0, 0][torch.from_numpy(parts[0])].median()
        return parts[0] & ((self.picture - tone).abs() <= near)[0, 0].numpy()

    def grain(self, mask: np.ndarray) -> float:
        """Standard deviation of the noise there."""
        return DEVIATION_OF_MEDIAN * float((self.picture - self.smooth).abs()[0, 0][torch.from_numpy(mask)].median())


def dilated(mask: np.ndarray, radius: int) -> np.ndarray:
    return dilate(torch.from_numpy(mask)[None, None].float(), radius)[0, 0].numpy() > 0


def to_edge(border: np.ndarray, near: torch.Tensor) -> np.ndarray:
    """With what smoothing hid at the photograph's edge."""
    grown = torch.from_numpy(border)[None, None].float()
    for _ in range(EDGE):
        grown = torch.maximum(grown, dilate(grown, 1) * near)
    return grown[0, 0].numpy() > 0


@dataclass
class PhotoInBorder:
    """The photograph within a border, cut out: `rows` and `columns` of the whole picture. `in_border` [h,w] bool: border that is
    left in it; `known` [h,w]: its known damage, 0 there and at its edge, which has a bit of border; -1: nothing is known."""

    rows: slice
    columns: slice
    in_border: np.ndarray
    known: np.ndarray


def photo_in_border(border: Border, scale: int, shape: tuple[int, ...], known: np.ndarray | None) -> PhotoInBorder:
    """Of a picture of `shape`; `border` is that of its small version, a pixel for scale x scale of it. Nothing is
    cut off where a person marked damage in the border."""
    rows, columns = (slice(part.start * scale, min(part.stop * scale, side)) for part, side in zip((border.rows, border.columns), shape))
    if known is not None:
        outside = np.ones(shape, bool)
        outside[rows, columns] = False
        if len(np.unique(known[outside])) > 1:  # a person marked a part of the border
            rows, columns = (slice(0, side) for side in shape)
    spans = [(part.start, part.stop - part.start) for part in (rows, columns)]
    in_border = enlarged(border.is_border.astype(np.float32), scale, *spans) > 0.5
    if in_border.mean() < LEAST_INSIDE:  # as likely white damage at the edge of the photograph
        in_border[:] = False
    intact = in_border.copy()
    if not border.is_around:
        in_border[:] = False  # a part of the photograph: it counts in what is measured
    for part, length, turned in ((rows, shape[0], intact), (columns, shape[1], intact.T)):
        turned[:scale + EDGE - 1] |= part.start > 0
        turned[len(turned) - scale - EDGE + 1:] |= part.stop < length
    marked = np.full(intact.shape, -1, np.float32) if known is None else known[rows, columns]
    return PhotoInBorder(rows, columns, in_border, np.where(intact & (marked < 0), np.float32(0), marked))


def photo_rectangle(border: np.ndarray) -> tuple[slice, slice]:
    """The rows and columns of what is large beside the border: captions and perforations are not."""
    inside = ~border
    labels = spread(np.where(inside, np.arange(1, inside.size + 1).reshape(inside.shape), 0), inside)
    ys, xs = np.nonzero(inside)
    _, which = np.unique(labels[ys, xs], return_inverse=True)
    ends = []  # of each part: top, bottom, left, right
    for at in (ys, xs):
        first, last = np.full(which.max() + 1, border.size), np.zeros(which.max() + 1, int)
        np.minimum.at(first, which, at)
        np.maximum.at(last, which, at + 1)
        ends += [first, last]
    top, bottom, left, right = ends
    large = (bottom - top >= LEAST_OF_LENGTH * len(border)) & (right - left >= LEAST_OF_LENGTH * border.shape[1])
    large |= ~large.any()
    return slice(int(top[large].min()), int(bottom[large].max())), slice(int(left[large].min()), int(right[large].max()))


def spread(values: np.ndarray, within: np.ndarray) -> np.ndarray:
    """The largest value of each part of `within`, whose pixels are joined by their four neighbours."""
    values, before = values.copy(), None
    while before is None or (values != before).any():
        before = values.copy()
        for turned, mask in ((values, within), (values.T, within.T)):  # whole runs of a row, then of a column
            begins = np.ones(mask.shape, bool)
            begins[:, 1:] = mask[:, 1:] != mask[:, :-1]
            runs = np.flatnonzero(begins)
            most = np.maximum.reduceat(turned.ravel(), runs)
            turned[...] = np.where(mask, np.repeat(most, np.diff(runs, append=mask.size)).reshape(mask.shape), turned)
    return values


def common_tone(values: torch.Tensor) -> torch.Tensor | None:
    """Of most values."""
    is_near = (values - torch.arange(TONES + 1)[:, None] / TONES).abs() <= NEAR
    counts = is_near.sum(1)
    most = int(counts.argmax())
    return values[is_near[most]].mean() if int(counts[most]) >= LEAST_OF_SIDE * len(values) else None


def without_tongues(flat: torch.Tensor, radius: int) -> torch.Tensor:
    """Without what is narrower than 2 * radius + 1, as a crack that runs into the border; outside the picture all is flat."""
    inner = functional.pad(1 - dilate(1 - flat, radius), (radius,) * 4, value=1)
    return dilate(inner, radius)[..., radius:-radius, radius:-radius]
