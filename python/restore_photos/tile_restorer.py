"""Restores one tile: asks the network, and says what to change. restore/tile_restorer.h."""
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional

from .analysis import Strengths
from .networks import DamageRule, Restoration, pull_push, restoration_of
from .overview import Overview, damage_probability, dilate, enlarged
from .tiles import Span

TONE = 32  # what changes more slowly than over so many pixels is tone
DOUBTFUL, CERTAIN = 0.85, 0.98  # probabilities of damage: below none, above certain
SHOWN = 0.4  # by the small version, without caution


def slow_part(x: torch.Tensor) -> torch.Tensor:
    kernel = min(TONE, *x.shape[2:])
    means = functional.avg_pool2d(x, kernel, ceil_mode=True, count_include_pad=False)
    return functional.interpolate(means, x.shape[2:], mode="bilinear")


def smooth_step(x: torch.Tensor, none: float, all_: float) -> torch.Tensor:
    t = ((x - none) / (all_ - none)).clamp(0, 1)
    return t * t * (3 - 2 * t)


def damage_weight(probability: torch.Tensor, caution: float) -> torch.Tensor:
    if caution == 0:
        return probability
    return (1 - caution) * probability + caution * smooth_step(probability, DOUBTFUL, CERTAIN)


@dataclass
class TileRestorer:
    """Called with the layers of a tile: luma, then known damage (negative where nothing is known) and Cb and Cr if it has
    them. Returns the change of luma, the damage from 0 to 1 and, if it has chroma, the changes of Cb and Cr."""

    network: torch.nn.Module
    strengths: Strengths
    overview: Overview
    has_known: bool
    has_chroma: bool
    rule: DamageRule = DamageRule()

    def __call__(self, tile: list[np.ndarray], rows: Span, columns: Span) -> list[np.ndarray]:
        layers = [self._placed(layer) for layer in tile]
        aged, known = layers[0], layers[1] if self.has_known else None
        seen, known, hole = self._with_holes_inpainted(aged, known, rows, columns)
        said = self.overview.said or restoration_of(self.network, seen, known, self.rule)
        damage = damage_weight(damage_probability(said), self.strengths.caution)
        if known is not None:
            damage = torch.where(known < 0, damage, known)
        inpainted = torch.zeros_like(damage) if said.filled is None else said.filled
        change = self._change(said, seen, inpainted)
        if hole is not None:
            change = change + self.strengths.inpaint * (seen - aged)
            damage, inpainted = torch.where(hole, 1.0, damage), torch.where(hole, 1.0, inpainted)
        if not bool(torch.isfinite(change).all()):
            raise ValueError("the network gave values that are not numbers: the model file was trained wrongly or is damaged; load "
                             "another one")
        restored = [change, damage]
        if self.has_chroma:
            restored += self._chroma_change(torch.cat(layers[-2:], 1), inpainted).split(1, 1)
        return [plane[0, 0].cpu().numpy() for plane in restored]

    def _placed(self, plane: np.ndarray) -> torch.Tensor:
        return torch.from_numpy(plane)[None, None].to(next(self.network.parameters()).device)

    def _with_holes_inpainted(self, aged: torch.Tensor, known: torch.Tensor | None, rows: Span,
                              columns: Span) -> tuple[torch.Tensor, torch.Tensor | None, torch.Tensor | None]:
        """What the network sees, what is known of its damage, and where holes were (None: there are none)."""
        def there(plane: np.ndarray) -> torch.Tensor:
            return self._placed(enlarged(plane, self.overview.scale, rows, columns))

        if self.overview.damage is None and self.overview.hole is None:
            return aged, known, None
        told = known = torch.full_like(aged, -1) if known is None else known
        if self.overview.damage is not None:
            certain = SHOWN + self.strengths.caution * (CERTAIN - SHOWN)
            told = torch.where((known < 0) & (there(self.overview.damage) > certain), 1.0, known)
        if self.overview.hole is None:
            return aged, told, None
        hole, below = there(self.overview.hole), there(self.overview.luma)
        # Where a person said what is damaged, no hole reaches beyond it.
        is_hole = (hole > 0.5) & ((known < 0) | (known > 0.5))
        return torch.where(is_hole, below, aged), torch.where(is_hole, 0.0, told), is_hole

    def _change(self, said: Restoration, seen: torch.Tensor, inpainted: torch.Tensor) -> torch.Tensor:
        strengths = self.strengths
        residual = said.luma - seen
        wanted = strengths.grain * residual
        if strengths.tone != strengths.grain:
            wanted = wanted + (strengths.tone - strengths.grain) * slow_part(residual * (1 - inpainted))
        return (1 - inpainted) * wanted + inpainted * (strengths.inpaint * residual)

    def _chroma_change(self, chroma: torch.Tensor, damage: torch.Tensor) -> torch.Tensor:
        """Inpainted pixels take their colour from around the damage."""
        if damage.max() == 0:
            return torch.zeros_like(chroma)
        spread = (2 * dilate(damage, 2)).clamp_max(1)  # a little more: its edge has a bit of its colour
        return self.strengths.inpaint * damage * (pull_push(chroma + 0.5, 1 - spread) - 0.5 - chroma)
