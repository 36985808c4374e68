"""Restores photographs as the program `restore` does: restore/engine.h of whole pictures in memory."""
import math
import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch

from .ageing import find_program
from .analysis import Findings, Strengths, ToneColours, box_downsample, downsample_scale, damaged, has_white_noise, noise_and_sharpness, quantiles, strengths_for, surely_old, without_fading
from .border import find_border, photo_in_border
from .mask import known_damage
from .networks import DamageRule, load_model, prepare_for_inference
from .overview import Overview, enlarged, make_overview
from .pixels import Pixels, as_given, coloured, read_pixels, rgb_of, upright
from .tile_restorer import TileRestorer
from .tiles import TileGrid, grid_of, grid_that_fits, tiled_inference
from .tone_curve import ToneCurve

TASKS = ("denoise", "inpaint", "colourise")
SMALL_FOR_HOLES, SMALL_FOR_COLOURS = 250_000, 1_000_000
LARGE = 1_600_000  # pixels: in such a picture damage is looked for in a small version, too,
SOFT = 0.25  # and in one that is less sharp than this
MOST_SENSITIVITY, LOGIT_PER_SENSITIVITY = 2, 1.5  # restore/strengths.h
CAUTIOUSLY_FILLED_FROM = 2.4  # restore/strengths.cpp


@dataclass(frozen=True)
class Restored:
    """`image`: of the kind that was given, upright. `damage` [H,W] float32: 0 to 1, the network's probability or what the
    mask says. `notes`: what a person should know."""

    image: Any
    damage: np.ndarray
    found: Findings
    strengths: Strengths
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Wishes:
    """Checked: raises ValueError for what cannot be."""

    tasks: set[str]
    strength: float | None
    keep_colour: bool
    sensitivity: float = 0.0
    only_mask: bool = False

    def damage_rule(self, found: Findings) -> DamageRule:
        """restore/strengths.h: damage_rule_for."""
        gain, offset = without_fading(found)
        rule = DamageRule(gain=gain, offset=offset, white_noise="denoise" in self.tasks and has_white_noise(found) and found.sure_share < 0.001)
        if "inpaint" not in self.tasks or self.only_mask:
            return replace(rule, filled_from=math.inf)
        rule = replace(rule, shift=LOGIT_PER_SENSITIVITY * self.sensitivity)
        if self.strength is not None:
            return rule
        share = damaged(found)
        bold = min(1.0, max(2 * share, surely_old(found)))
        return replace(rule, shift=rule.shift + share, twice=share > 0, filled_from=CAUTIOUSLY_FILLED_FROM + bold * (rule.filled_from - CAUTIOUSLY_FILLED_FROM))

    def inpaints(self) -> bool:
        return "inpaint" in self.tasks and self.strength != 0

    def small_pixels(self) -> int:
        return SMALL_FOR_COLOURS if "colourise" in self.tasks else SMALL_FOR_HOLES

    def colours(self, kind: str) -> bool:
        return "colourise" in self.tasks and not (self.keep_colour and kind == "coloured")


def parse_tasks(tasks: str | Iterable[str]) -> set[str]:
    words = set(tasks.split(",") if isinstance(tasks, str) else tasks or ())
    if not words or not words <= set(TASKS):
        raise ValueError(f"tasks {tasks!r}: expected one or more of {', '.join(TASKS)}")
    return words


def find_model() -> Path:
    """The model of RESTORE_MODEL, else the one that ships with the program or stands in the repository of this file."""
    if os.environ.get("RESTORE_MODEL"):
        return Path(os.environ["RESTORE_MODEL"])
    places = [Path(__file__).resolve().parents[2]]
    try:
        prefix = Path(find_program("restore")).resolve().parents[1]
        places += [prefix / "share" / "restore", prefix.parent]
    except FileNotFoundError:
        pass
    for place in places:
        if (model := place / "checkpoints" / "released" / "model.safetensors").is_file():
            return model
    raise FileNotFoundError("no released model beside this package or the program `restore`: install Restore (docs/installing.md), "
                            "or name a model file in RESTORE_MODEL or Restorer.load(path)")


class Restorer:
    """One network, in the precision that the program takes. Memory grows with the picture: about 35 bytes a pixel of gray, 100 of colour, beside what a tile takes."""

    def __init__(self, network: torch.nn.Module, about: dict[str, Any] | None = None):
        self.network = prepare_for_inference(network.eval())
        self.about = about or {}

    @classmethod
    def load(cls, path: str | os.PathLike[str] | None = None, device: str = "cpu") -> "Restorer":
        """With the model file `path`, or find_model()'s. Raises FileNotFoundError, and ValueError for another file."""
        if path and Path(path).is_dir():
            raise ValueError(f"{path} is a folder: give a model file of restore-export")
        network, about = load_model(path or find_model())
        return cls(network.to(device), about)

    @torch.inference_mode()
    def __call__(self, image: Any, mask: Any = None, tasks: str | Iterable[str] = "denoise,inpaint", strength: float | str | None = None, *,
                 sensitivity: float = 0, only_mask: bool = False, keep_colour: bool = False, profile: bytes | None = None, tile: int = 0,
                 overlap: int | None = None, memory: int = 2 << 30) -> Restored:
        """Restores `image`: of PIL (1, L, LA, P, PA, RGB, RGBA, I;16) or numpy (uint8 or uint16 [H,W], [H,W,1 to 4]).

        `mask`: damage marked by hand, of the upright picture's size, white on black or painted on transparent ground; also
        bool. `strength`: 0 to 1; None or "auto": as much as the picture needs. `sensitivity`: -2 (little is taken for damage)
        to 2 (much is). `only_mask`: instead of what is found. `profile`: ICC,
        of an array. `tile`, `overlap`, `memory` (bytes) choose tiles as the program's options do. Raises ValueError.
        """
        wishes = Wishes(parse_tasks(tasks), None if strength == "auto" else strength, keep_colour, sensitivity, only_mask)
        refuse_contradictions(wishes, mask)
        overlap = min(128, tile // 2 if tile else 128) if overlap is None else overlap
        if tile == 0 and overlap < 0:
            raise ValueError(f"overlap {overlap}: expected 0 or more")
        given = upright(image)
        pixels = read_pixels(given)
        pixels.profile = profile or pixels.profile
        known, notes = (None, []) if mask is None else known_damage(mask, pixels.colours.shape[1:], only_mask)
        wide_of_pil = pixels.white == 65535 and not isinstance(image, np.ndarray)
        if wide_of_pil and wishes.colours("gray"):
            raise ValueError("PIL holds no colours of 16 bit: give numpy.asarray(image), or an image of 8 bit")
        curve = ToneCurve(pixels.profile, pixels.is_gray)
        notes += [curve.note] if curve.note else []
        size = {"tile": tile, "overlap": overlap, "memory": memory}
        done, damage, found, strengths, has_colours = self._restore(pixels, curve, known, wishes, size)
        if wishes.colours(found.colour) and not has_colours:
            notes.append("the model does not colour: it stays as it was")
        if not getattr(self.network, "restores_luma", True) and wishes.tasks & {"denoise", "inpaint"}:
            notes.append("warning: the model neither denoises nor inpaints: grain and damage stay")
        return Restored(as_given(done, given), damage, found, strengths, tuple(notes))

    def _restore(self, pixels: Pixels, curve: ToneCurve, known: np.ndarray | None, wishes: Wishes,
                 size: dict[str, int]) -> tuple[Pixels, np.ndarray, Findings, Strengths, bool]:
        luma = curve.to_srgb(pixels.luma())
        scale = downsample_scale(*luma.shape, wishes.small_pixels())
        border = find_border(box_downsample(luma, scale), scale)
        if border is None:
            return self._restore_photo(pixels, curve, known, wishes, size)
        photo = photo_in_border(border, scale, luma.shape, known)
        within = np.s_[..., photo.rows, photo.columns]
        inner = replace(pixels, colours=pixels.colours[within], alpha=None if pixels.alpha is None else pixels.alpha[within])
        done, damage_of_photo, found, *rest = self._restore_photo(inner, curve, photo.known, wishes, size, photo.in_border)
        colours, damage = pixels.colours.copy(), np.zeros_like(luma)
        if pixels.is_gray and not done.is_gray:
            colours = np.repeat(curve.to_srgb(colours), 3, 0)
        colours[within], damage[within] = done.colours, damage_of_photo
        found = replace(found, damaged_share=float((damage > 0.5).mean()))
        return replace(done, colours=colours, alpha=pixels.alpha), damage, found, *rest

    def _restore_photo(self, pixels: Pixels, curve: ToneCurve, known: np.ndarray | None, wishes: Wishes,
                       size: dict[str, int], in_border: np.ndarray | None = None) -> tuple[Pixels, np.ndarray, Findings, Strengths, bool]:
        luma = curve.to_srgb(pixels.luma())
        chroma = (np.zeros_like(luma),) * 2 if pixels.is_gray else pixels.chroma()
        scale = downsample_scale(*luma.shape, wishes.small_pixels())
        small = [box_downsample(plane, scale) for plane in (luma, *chroma)]
        tone = ToneColours(*small)
        measured = luma if in_border is None else np.where(in_border, np.float32(np.nan), luma)
        black, white = quantiles(measured)
        grain, coarseness, sharpness = noise_and_sharpness(measured)
        found = Findings(grain, black, white, tone.kind, sharpness=sharpness, coarseness=coarseness)
        is_coarse = luma.size > LARGE or (sharpness < SOFT and scale > 1)
        has_chroma = tone.kind == "coloured" and not wishes.colours(tone.kind) and wishes.inpaints()
        layers = [luma, *([] if known is None else [known]), *(chroma if has_chroma else [])]
        num_samples = len(pixels.colours) + (pixels.alpha is not None)
        sample_bytes = num_samples * (1 if pixels.white == 255 else 2)
        grid = self._grid(luma.shape, 4 * (len(layers) + 2 + 2 * has_chroma) + sample_bytes, **size)
        look = partial(self._look, luma, known, small[0], scale, grid, is_coarse, wishes, wishes.colours(tone.kind))
        view = look(wishes.damage_rule(found))
        seen, found = found, replace(found, sure_share=view.sure_share)
        rule = wishes.damage_rule(found)
        if rule != wishes.damage_rule(seen):  # so much is sure that another is right for it
            view = look(rule)
        strengths = strengths_for(found, wishes.strength, wishes.tasks)
        restore = TileRestorer(self.network, strengths, view, known is not None, has_chroma, rule)
        change, damage, *moved = tiled_inference(layers, grid, restore)
        if tone.kind == "toned":
            before = curve.to_srgb(pixels.luma())
            moved = [after - at for after, at in zip(tone.at(before + change), tone.at(before))]
        found = replace(found, damaged_share=float((damage > 0.5).mean()))  # of the result, as the program reports it
        done = add_change(pixels, curve, change, moved)
        if view.colours is not None:
            done = take_colours(done, curve, view)
        return done, damage, found, strengths, view.colours is not None

    def _grid(self, shape: tuple[int, ...], bytes_per_pixel: int, tile: int, overlap: int, memory: int) -> TileGrid:
        if tile:
            return grid_of(*shape, tile, overlap, self.network.multiple)
        return grid_that_fits(*shape, bytes_per_pixel, memory, overlap, self.network.multiple)

    def _look(self, luma: np.ndarray, known: np.ndarray | None, small: np.ndarray, scale: int, grid: TileGrid, is_coarse: bool,
              wishes: Wishes, colours: bool, rule: DamageRule) -> Overview:
        if grid.num_tiles == 1 and not is_coarse:
            return make_overview(self.network, luma, known, 1, wants_colours=colours, keeps=True, rule=rule)
        if not (wishes.inpaints() or colours or wishes.strength is None):
            return Overview()
        known = None if known is None else box_downsample(known, scale)
        return make_overview(self.network, small, known, scale, hole_pixels=2 * grid.overlap if wishes.inpaints() else 0,
                             wants_damage=wishes.inpaints() and is_coarse, wants_colours=colours, rule=rule)


def refuse_contradictions(wishes: Wishes, mask: Any) -> None:
    if wishes.strength is not None and (isinstance(wishes.strength, str) or not 0 <= wishes.strength <= 1):
        raise ValueError(f"strength {wishes.strength}: expected 0 (as it is) to 1 (all that the model says), None or \"auto\"")
    if not -MOST_SENSITIVITY <= wishes.sensitivity <= MOST_SENSITIVITY:
        raise ValueError(f"sensitivity {wishes.sensitivity}: expected {-MOST_SENSITIVITY} to {MOST_SENSITIVITY}")
    if wishes.sensitivity and ("inpaint" not in wishes.tasks or wishes.only_mask):
        raise ValueError("sensitivity says how much is taken for damage and repaired: it needs the task inpaint, and not only_mask")
    if wishes.only_mask and mask is None:
        raise ValueError("only_mask needs a mask")
    if mask is not None and "inpaint" not in wishes.tasks:
        raise ValueError(f"mask marks damage, and the task inpaint, which repairs it, is not among {', '.join(sorted(wishes.tasks))}")
    if wishes.keep_colour and "colourise" not in wishes.tasks:
        raise ValueError("keep_colour goes with the task colourise, which is not among the tasks")


def add_change(pixels: Pixels, curve: ToneCurve, change: np.ndarray, moved: list[np.ndarray]) -> Pixels:
    """restore/restored_rows.h: where nothing changes the values stay."""
    luma = pixels.luma()
    added = change if curve.is_identity else curve.from_srgb(curve.to_srgb(luma) + change) - luma
    added = np.where(change == 0, np.float32(0), added)
    opaque = np.float32(1) if pixels.alpha is None else pixels.alpha
    colours = pixels.colours + opaque * added
    if moved and not pixels.is_gray:
        colours = colours + rgb_of(np.float32(0), opaque * moved[0], opaque * moved[1])
    return replace(pixels, colours=colours)


def take_colours(pixels: Pixels, curve: ToneCurve, view: Overview) -> Pixels:
    luma = pixels.luma()
    if pixels.is_gray:  # a gray profile does not fit colours: the result has none
        luma = curve.to_srgb(luma)
    spans = [(0, side) for side in luma.shape]
    blue_slope, blue_offset, red_slope, red_offset = (enlarged(plane, view.scale, *spans) for plane in view.colours)
    return coloured(pixels, rgb_of(luma, blue_slope * luma + blue_offset, red_slope * luma + red_offset))
