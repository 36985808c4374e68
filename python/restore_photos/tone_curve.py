"""Between the grays of a picture's colour space and those of sRGB, which the networks know: imaging/tone_curve.h."""
import io
import struct

import numpy as np
from PIL import Image, ImageCms

STEPS = 4096
SAME_WITHIN = 0.5 / 255  # of sRGB's own curve
RELATIVE_COLORIMETRIC = 1


def s15(*values: float) -> bytes:
    return b"".join(struct.pack(">i", round(value * 65536)) for value in values)


def gray_of_srgb() -> bytes:
    """An ICC profile of gray with sRGB's curve: PIL has 16 bit for gray alone."""
    white = s15(0.9642, 1, 0.8249)
    curve = b"para" + struct.pack(">IHH", 0, 3, 0) + s15(2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
    parts = [(b"kTRC", curve), (b"wtpt", b"XYZ " + bytes(4) + white)]
    table, data = struct.pack(">I", len(parts)), b""
    for name, part in parts:
        table += name + struct.pack(">II", 128 + 4 + 12 * len(parts) + len(data), len(part))
        data += part
    head = struct.pack(">I", 128 + len(table + data)) + bytes(4) + bytes([4, 0x20, 0, 0]) + b"mntrGRAYXYZ " + bytes(12) + b"acsp" + bytes(28)
    return (head + white).ljust(128, b"\0") + table + data


def through_profile(profile: bytes, is_gray: bool) -> np.ndarray:
    """sRGB's gray at even steps of the profile's from 0 to 1. Raises ImageCms.PyCMSError and OSError."""
    given, wanted = (ImageCms.ImageCmsProfile(io.BytesIO(data)) for data in (profile, gray_of_srgb()))
    steps = STEPS if is_gray else 255  # PIL has colours of 8 bit
    levels = np.arange(steps + 1) * (65535 if is_gray else 255) // steps
    if is_gray:
        ramp = Image.frombytes("I;16", (steps + 1, 1), levels.astype("<u2").tobytes())
    else:
        ramp = Image.fromarray(np.repeat(levels.astype(np.uint8)[None, :, None], 3, 2))
    transform = ImageCms.buildTransform(given, wanted, ramp.mode, "I;16", RELATIVE_COLORIMETRIC)
    said = np.maximum.accumulate(np.asarray(transform.apply(ramp))[0].astype(np.float32) / np.float32(65535))
    return np.interp(np.arange(STEPS + 1) / STEPS, np.arange(steps + 1) / steps, said).astype(np.float32)


class ToneCurve:
    """Values as they are without a profile, and with one that says nearly the same as sRGB. `note`: one that cannot be used."""

    def __init__(self, profile: bytes | None = None, is_gray: bool = True):
        self.is_identity, self.note = True, None
        if not profile:
            return
        try:
            self._to = through_profile(profile, is_gray)
            why = "it has no grays" if self._to[-1] - self._to[0] < 0.5 else None
        except (ImageCms.PyCMSError, OSError) as error:
            why = str(error)
        if why:
            self.note = f"its colour profile cannot be used; its values were taken as sRGB ({why})"
            return
        even = np.arange(STEPS + 1, dtype=np.float32) / np.float32(STEPS)
        self.is_identity = bool(np.abs(self._to - even).max() <= SAME_WITHIN)
        above = np.clip(np.searchsorted(self._to, even), 1, STEPS)
        low, high = self._to[above - 1], self._to[above]
        share = np.clip((even - low) / np.where(high > low, high - low, 1), 0, 1) * (high > low)
        self._from = ((above - 1 + share) / STEPS).astype(np.float32)

    def to_srgb(self, values: np.ndarray) -> np.ndarray:
        return values if self.is_identity else look_up(self._to, values)

    def from_srgb(self, values: np.ndarray) -> np.ndarray:
        return values if self.is_identity else look_up(self._from, values)


def look_up(table: np.ndarray, values: np.ndarray) -> np.ndarray:
    place = np.clip(values, 0, 1) * np.float32(STEPS)
    below = np.minimum(place.astype(np.int64), STEPS - 1)
    share = place - below.astype(np.float32)
    return table[below] + share * (table[below + 1] - table[below])
