"""Pictures of PIL and numpy as float32 from 0 to 1, and back: imaging/row_buffer.h of whole pictures."""
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from PIL import Image, ImageOps

LUMA = np.float32([0.299, 0.587, 0.114])  # BT.601
BLUE_RANGE, RED_RANGE = np.float32(2 * (1 - 0.114)), np.float32(2 * (1 - 0.299))
PLAIN, WIDE = ("L", "LA", "RGB", "RGBA"), ("I;16", "I;16L", "I;16B", "I;16N", "I")
OPENED_AS = {"1": "L", "P": "RGB", "PA": "RGBA"}
KEPT_INFO = ("icc_profile", "dpi", "exif")


@dataclass
class Pixels:
    """`colours` [1 or 3,H,W] and `alpha` [H,W] (None: opaque), float32 from 0 to 1; `white`: 255 or 65535."""

    colours: np.ndarray
    alpha: np.ndarray | None = None
    white: int = 255
    profile: bytes | None = None  # ICC

    @property
    def is_gray(self) -> bool:
        return len(self.colours) == 1

    def luma(self) -> np.ndarray:
        """Of the values as they are, laid on white where they are transparent."""
        luma = self.colours[0] if self.is_gray else luma_of(self.colours)
        return luma if self.alpha is None else self.alpha * luma + (1 - self.alpha)

    def chroma(self) -> tuple[np.ndarray, np.ndarray]:
        """Cb and Cr about 0."""
        luma = luma_of(self.colours)
        return (self.colours[2] - luma) / BLUE_RANGE, (self.colours[0] - luma) / RED_RANGE

    def samples(self) -> np.ndarray:
        """[H,W,C] of uint8 or uint16, rounded and clipped."""
        planes = [*self.colours] if self.alpha is None else [*self.colours, self.alpha]
        levels = np.rint(np.clip(np.stack(planes, 2), 0, 1) * np.float32(self.white))
        return levels.astype(np.uint8 if self.white == 255 else np.uint16)


def luma_of(colours: np.ndarray) -> np.ndarray:
    return LUMA[0] * colours[0] + LUMA[1] * colours[1] + LUMA[2] * colours[2]


def rgb_of(luma: np.ndarray | np.float32, blue: np.ndarray, red: np.ndarray) -> np.ndarray:
    """[3,H,W] of luma, Cb and Cr."""
    r, b = luma + RED_RANGE * red, luma + BLUE_RANGE * blue
    return np.stack([r, (luma - LUMA[0] * r - LUMA[2] * b) / LUMA[1], b])


def upright(image: Any) -> Any:
    """As a person sees it: a PIL picture turned by its orientation, of a mode that its values are read in."""
    if not isinstance(image, Image.Image):
        return image
    image = ImageOps.exif_transpose(image)
    mode = OPENED_AS.get(image.mode, image.mode)
    if "transparency" in image.info and image.mode not in WIDE:
        return image.convert("LA" if mode == "L" else "RGBA")
    return image if image.mode == mode else image.convert(mode)


def read_pixels(image: Any, what: str = "the picture") -> Pixels:
    """Of upright(image). Raises ValueError for what is neither 8 nor 16 bit, gray nor RGB, and says what it is."""
    profile = None
    if isinstance(image, Image.Image):
        if image.mode not in PLAIN + WIDE:
            raise ValueError(f"{what} is of PIL's mode {image.mode}: 1, L, LA, P, PA, RGB, RGBA and I;16 are restored; convert it to "
                             "RGB or L first (the program `restore` reads CMYK and Lab)")
        profile = image.info.get("icc_profile")
    elif not isinstance(image, np.ndarray):
        raise ValueError(f"{what} is a {type(image).__name__}: give a PIL picture, or uint8 or uint16 of numpy")
    samples = np.asarray(image)
    if isinstance(image, Image.Image) and image.mode in WIDE:
        if samples.min(initial=0) < 0 or samples.max(initial=0) > 65535:
            raise ValueError(f"{what} has values beyond 16 bit: bring them to 0 to 65535")
        samples = samples.astype(np.uint16)
    samples = samples.astype(samples.dtype.newbyteorder("="), copy=False)  # some readers of TIFF leave the file's order
    if samples.dtype not in (np.uint8, np.uint16) or samples.ndim not in (2, 3) or samples.size == 0:
        raise ValueError(f"{what} is {samples.dtype} {samples.shape}: expected uint8 or uint16 [H,W] or [H,W,1 to 4], not empty")
    planes = samples[None] if samples.ndim == 2 else np.moveaxis(samples, 2, 0)
    if len(planes) > 4:
        raise ValueError(f"{what} has {len(planes)} channels: expected gray or RGB, with or without alpha")
    white = 255 if samples.dtype == np.uint8 else 65535
    values = planes.astype(np.float32) / np.float32(white)
    colours = len(values) - (len(values) + 1) % 2
    return Pixels(np.ascontiguousarray(values[:colours]), values[colours] if colours < len(values) else None, white, profile)


def as_given(pixels: Pixels, image: Any) -> Any:
    """The same kind of picture as upright(image), which `pixels` came from; in colour if they are by now."""
    samples = pixels.samples()
    if isinstance(image, np.ndarray):
        return samples[..., 0] if image.ndim == 2 and samples.shape[2] == 1 else samples
    flat = samples[..., 0] if samples.shape[2] == 1 else samples
    if image.mode == "I":
        result = Image.fromarray(flat.astype(np.int32))
    elif image.mode in WIDE:
        order = ">u2" if image.mode == "I;16B" else "<u2"
        result = Image.frombytes(image.mode, image.size, flat.astype(order).tobytes())
    else:
        result = Image.fromarray(flat)
    result.info.update({name: image.info[name] for name in KEPT_INFO if name in image.info})
    if pixels.profile is None:  # of gray, which it is no more
        result.info.pop("icc_profile", None)
    return result


def coloured(pixels: Pixels, colours: np.ndarray) -> Pixels:
    return replace(pixels, colours=colours, profile=None if pixels.is_gray else pixels.profile)
