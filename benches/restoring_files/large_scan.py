"""Scans of any size, written a strip at a time: a photograph repeated, with grain that does not repeat."""
import struct
import zlib

import numpy
from PIL import Image

STRIP = 128


def strips(photo, width, height, bits=16):
    """Arrays of STRIP x width x 3, from the top; `photo` has 8 bit and three channels."""
    draw = numpy.random.default_rng(5)
    grain = draw.normal(0, 9 * 257, (2 * STRIP, width + 997, 1)).astype(numpy.int32)
    photo = numpy.concatenate([photo, photo[:, ::-1]], 1)  # mirrored, so that there are no seams
    photo = numpy.concatenate([photo, photo[::-1]], 0)
    across = numpy.arange(width) % photo.shape[1]
    for top in range(0, height, STRIP):
        rows = numpy.arange(top, min(top + STRIP, height))
        values = photo[rows % photo.shape[0]][:, across].astype(numpy.int32) * 257
        down, right = draw.integers(0, STRIP), draw.integers(0, 997)
        values += grain[down:down + len(rows), right:right + width]
        values = values.clip(0, 65535).astype(numpy.uint16)
        yield values if bits == 16 else (values >> 8).astype(numpy.uint8)


def write_tiff(path, rows, width, height):
    """Not compressed, 16 bit, as scanners write them."""
    offset, size = 8, width * STRIP * 6
    tops = range(0, height, STRIP)
    offsets = [offset + i * size for i in range(len(tops))]
    sizes = [width * 6 * min(STRIP, height - top) for top in tops]
    end = offsets[-1] + sizes[-1]
    entries = [(256, 4, [width]), (257, 4, [height]), (258, 3, [16, 16, 16]), (259, 3, [1]), (262, 3, [2]),
               (273, 4, offsets), (277, 3, [3]), (278, 4, [STRIP]), (279, 4, sizes)]
    with open(path, "wb") as file:
        file.write(struct.pack("<2sHI", b"II", 42, end))
        for strip in rows:
            file.write(strip.astype("<u2").tobytes())
        directory, beyond = struct.pack("<H", len(entries)), b""
        for tag, kind, values in entries:
            data = struct.pack(f"<{len(values)}{'HI'[kind - 3]}", *values)
            if len(data) > 4:
                place = end + 6 + 12 * len(entries) + len(beyond)
                beyond += data
                data = struct.pack("<I", place)
            directory += struct.pack("<HHI", tag, kind, len(values)) + data.ljust(4, b"\0")
        file.write(directory + bytes(4) + beyond)


def write_png(path, rows, width, height):
    """16 bit; each row as its difference from the pixels to the left, as scanners' programs do."""
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    packed = zlib.compressobj(3)
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 16, 2, 0, 0, 0)))
        for strip in rows:
            data = strip.astype(">u2").view(numpy.uint8).reshape(len(strip), width * 6)
            data[:, 6:] = data[:, 6:] - data[:, :-6]
            data = numpy.concatenate([numpy.ones((len(strip), 1), numpy.uint8), data], 1)
            file.write(chunk(b"IDAT", packed.compress(data.tobytes())))
        file.write(chunk(b"IDAT", packed.flush()) + chunk(b"IEND", b""))


def write_jpeg(path, rows, _width, _height):
    Image.fromarray(numpy.concatenate(list(rows))).save(path, quality=92)


FORMATS = {"tiff": ("scan.tif", 16, write_tiff), "png": ("scan.png", 16, write_png), "jpeg": ("scan.jpg", 8, write_jpeg)}


def write_scan(folder, form, photo, megapixels, rows=None):
    """The file of a scan with the sides 4 to 3, or of no more than its first rows."""
    name, bits, write = FORMATS[form]
    height = round((megapixels * 1e6 * 3 / 4) ** 0.5)
    width = round(megapixels * 1e6 / height)
    height = min(height, rows or height)
    path = folder / name
    write(path, strips(photo, width, height, bits), width, height)
    return path
