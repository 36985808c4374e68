#!/usr/bin/env python3
"""Writes small pictures of all formats and odd kinds into a folder, for read_photo_fuzzer to start from.
Usage: seeds.py FOLDER"""
import io
import struct
import sys
from pathlib import Path

import numpy
from PIL import Image, ImageCms

SIDE = 24
SHORT, LONG = 3, 4


def photograph(channels=3):
    y, x = numpy.mgrid[0:SIDE, 0:SIDE]
    return numpy.stack([x * 10, y * 10, (x * y) % 256, 255 - x * 3][:channels], 2).clip(0, 255).astype(numpy.uint8)


def by_pillow(form, pixels, **options):
    file = io.BytesIO()
    image = pixels if isinstance(pixels, Image.Image) else Image.fromarray(pixels.squeeze())
    image.save(file, form, **options)
    return file.getvalue()


def directory(at, tags, following):
    """A TIFF directory at `at`, with what does not fit into its entries behind it."""
    behind, entries = b"", b""
    after = at + 2 + 12 * len(tags) + 4
    for tag, kind, values in sorted(tags):
        data = struct.pack("<%d%s" % (len(values), "H" if kind == SHORT else "I"), *values)
        if len(data) > 4:
            data, behind = struct.pack("<I", after + len(behind)), behind + data
        entries += struct.pack("<HHI", tag, kind, len(values)) + data.ljust(4, b"\0")
    body = struct.pack("<H", len(tags)) + entries
    return lambda more: body + struct.pack("<I", at + len(body) + 4 + len(behind) if more else 0) + behind


def tiff(*pages):
    """Each page: (pixels as bytes, bits, samples, photometric, further tags)."""
    out = b"II*\0" + struct.pack("<I", 8)
    for number, (pixels, bits, samples, photometric, further) in enumerate(pages):
        def tags(place):
            return [(256, LONG, [SIDE]), (257, LONG, [SIDE]), (258, SHORT, [bits] * samples), (259, SHORT, [1]),
                    (262, SHORT, [photometric]), (273, LONG, [place]), (277, SHORT, [samples]), (278, LONG, [SIDE]),
                    (279, LONG, [len(pixels)]), *further]
        more = number + 1 < len(pages)
        size = len(directory(len(out), tags(0), more)(False))
        page = directory(len(out), tags(len(out) + size), more)(False)
        if more:  # the next one stands behind the pixels
            end = 2 + 12 * len(tags(0))
            page = page[:end] + struct.pack("<I", len(out) + size + len(pixels)) + page[end + 4:]
        out += page + pixels
    return out


def seeds():
    colour, gray, ink = photograph(), photograph(1), photograph(4)
    srgb, lab = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
    profile = ImageCms.ImageCmsProfile(srgb).tobytes()
    exif = Image.Exif()
    exif[0x0112] = 6
    jpeg = by_pillow("JPEG", colour, exif=exif, icc_profile=profile)
    yield "colour.jpg", jpeg
    yield "cut.jpg", jpeg[:-2]
    yield "half.jpg", jpeg[:len(jpeg) * 2 // 3]
    yield "stray.jpg", jpeg[:-100] + b"\xff\xd9" + jpeg[-100:]
    yield "progressive.jpg", by_pillow("JPEG", colour, progressive=True)
    yield "restart.jpg", by_pillow("JPEG", gray, restart_marker_rows=1)
    yield "ink.jpg", by_pillow("JPEG", Image.fromarray(ink, "CMYK"))
    yield "colour.png", by_pillow("PNG", colour, exif=exif, icc_profile=profile)
    yield "alpha.png", by_pillow("PNG", ink)
    yield "palette.png", by_pillow("PNG", Image.fromarray(colour).quantize(16))
    yield "bit.png", by_pillow("PNG", Image.fromarray(gray.squeeze()).convert("1"))
    yield "wide.png", by_pillow("PNG", gray.astype(numpy.uint16) * 257)
    yield "cut.png", by_pillow("PNG", colour)[:-12]
    yield "lossy.webp", by_pillow("WEBP", colour, exif=exif)
    yield "alpha.webp", by_pillow("WEBP", ink, lossless=True)
    for name in ("tiff_lzw", "tiff_deflate", "packbits", "jpeg"):
        yield f"{name}.tif", by_pillow("TIFF", colour, compression=name)
    yield "fax.tif", by_pillow("TIFF", Image.fromarray(gray.squeeze()).convert("1"), compression="group4")
    yield "lab.tif", by_pillow("TIFF", ImageCms.profileToProfile(Image.fromarray(colour), srgb, lab, outputMode="LAB"))
    rgb, wide = colour.tobytes(), (colour.astype(numpy.uint16) * 257).tobytes()
    reduced, alpha, extra = [(254, LONG, [1])], [(338, SHORT, [2])], [(338, SHORT, [0])]
    yield "lab16.tif", tiff((wide, 16, 3, 8, []))
    yield "icclab.tif", tiff((rgb, 8, 3, 9, []))
    yield "icclab16.tif", tiff((wide, 16, 3, 9, []))
    yield "twelve.tif", tiff((bytes(SIDE * SIDE * 3 // 2), 12, 1, 1, []))
    yield "twelve_colour.tif", tiff((bytes(range(256)) * (SIDE * SIDE * 9 // 2 // 256 + 1), 12, 3, 2, []))
    yield "ten.tif", tiff((bytes(SIDE * SIDE * 10 // 8), 10, 1, 0, [(274, SHORT, [6])]))
    yield "alpha.tif", tiff((ink.tobytes(), 8, 4, 2, alpha))
    yield "infrared.tif", tiff((ink.tobytes(), 8, 4, 2, extra))
    yield "infrared_alpha.tif", tiff((ink.tobytes() + gray.tobytes(), 8, 5, 2, [(338, SHORT, [0, 2])]))
    yield "pages.tif", tiff((rgb, 8, 3, 2, reduced), (wide, 16, 3, 2, []), (gray.tobytes(), 8, 1, 1, []))
    yield "sensor.tif", tiff((rgb, 8, 3, 2, reduced), (gray.tobytes(), 8, 1, 32803, []))
    yield "float.tif", by_pillow("TIFF", gray.squeeze().astype(numpy.float32) / 255)
    yield "photo.avif", by_pillow("AVIF", colour)


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in seeds():
        (folder / name).write_bytes(data)


if __name__ == "__main__":
    main()
