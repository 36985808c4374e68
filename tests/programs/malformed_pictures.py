"""Pictures that are broken in every way that files break, the same for the same seed. The tests take a few of them,
benches/restoring_files/fuzz thousands."""
import io
import random
import struct
import zlib

import libvips
import numpy
from PIL import Image, ImageCms

ENDINGS = [".jpg", ".png", ".tif", ".webp"]
WORDS = [0, 1, 2, 7, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 0xFFFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF]


def photograph(bits=8, channels=3, height=72, width=96):
    y, x = numpy.mgrid[0:height, 0:width]
    gray = 128 + 60 * numpy.sin(x / 9) * numpy.cos(y / 7) + numpy.random.default_rng(3).normal(0, 8, (height, width))
    values = numpy.stack([gray, 0.8 * gray, 0.5 * gray, 0.2 * gray][:channels], 2).clip(0, 255)
    return (values * 257).astype(numpy.uint16) if bits == 16 else values.astype(numpy.uint8)


def metadata():
    exif = Image.Exif()
    exif.update({0x010E: "The old mill", 0x0112: 6, 0x8298: "Ann", 0x011A: 300.0, 0x011B: 300.0})
    exif.get_ifd(0x8769).update({0x9003: "1956:07:08 09:10:11", 0x829A: 0.02, 0x927C: b"Maker\0\0" + bytes(range(99))})
    exif.get_ifd(0x8825).update({1: "N", 2: (48.0, 8.0, 13.0)})
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">' \
          b'<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" dc:title="The mill"/></rdf:RDF></x:xmpmeta>'
    return {"exif": exif, "xmp": xmp, "icc_profile": ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()}


def whole_pictures(folder):
    """Sound pictures of every form, as (ending, bytes)."""
    pictures = []

    def by_pillow(ending, pixels, **options):
        file = io.BytesIO()
        Image.fromarray(pixels.squeeze()).save(file, {".jpg": "JPEG", ".tif": "TIFF"}.get(ending, ending[1:]), **options)
        pictures.append((ending, file.getvalue()))

    def by_libvips(ending, pixels, options=""):
        path = folder / ("whole" + ending)
        libvips.save(path, pixels, options)
        pictures.append((ending, path.read_bytes()))
        path.unlink()

    colour, gray, deep, gray16, ink = (photograph(*form) for form in ((8, 3), (8, 1), (16, 3), (16, 1), (8, 4)))
    said = metadata()
    by_pillow(".jpg", colour, **said)
    by_pillow(".jpg", gray, progressive=True, comment=b"found in the attic")
    by_pillow(".png", colour, **{name: said[name] for name in ("exif", "icc_profile")})
    by_pillow(".png", gray)
    by_pillow(".webp", colour, **said)
    by_pillow(".webp", colour, lossless=True)
    by_pillow(".tif", colour, **said)
    by_pillow(".tif", gray, compression="tiff_lzw")
    by_pillow(".tif", colour, compression="jpeg")
    by_libvips(".jpg", ink)
    by_libvips(".png", deep)
    by_libvips(".png", gray16, "interlace")
    by_libvips(".tif", deep)
    by_libvips(".tif", deep, "tile,tile-width=32,tile-height=16,compression=lzw")
    by_libvips(".tif", gray16, "compression=deflate,predictor=horizontal")
    by_libvips(".tif", colour, "bigtiff,tile,tile-width=16,tile-height=16,pyramid")
    by_libvips(".tif", ink, "compression=packbits")
    return pictures


# What befalls any file.

def flipped_bits(draw, data, _):
    data = bytearray(data)
    for _ in range(draw.choice([1, 1, 2, 5, 20, 100])):
        data[draw.randrange(len(data))] ^= 1 << draw.randrange(8)
    return bytes(data)


def flipped_bits_at_start(draw, data, _):
    return flipped_bits(draw, data[:256], None) + data[256:]


def cut(draw, data, _):
    return data[:draw.randrange(len(data))]


def spliced(draw, data, other):
    return data[:draw.randrange(len(data))] + other[draw.randrange(len(other)):]


def zeroed(draw, data, _):
    start = draw.randrange(len(data))
    size = min(draw.choice([4, 64, 1024, 10**6]), len(data) - start)
    return data[:start] + bytes(size) + data[start + size:]


def repeated(draw, data, _):
    start, end = sorted(draw.randrange(len(data)) for _ in range(2))
    return data[:end] + data[start:end] * draw.choice([1, 2, 9]) + data[end:]


def odd_word(draw, data, _):
    """A number of 2 or 4 bytes that some reader may take for a size."""
    data = bytearray(data)
    for _ in range(draw.choice([1, 1, 3])):
        size = draw.choice([2, 4])
        start = draw.randrange(min(len(data) - size, draw.choice([64, 600, 10**9])))
        data[start:start + size] = (draw.choice(WORDS) & (256**size - 1)).to_bytes(size, draw.choice(["big", "little"]))
    return bytes(data)


def nothing(_draw, _data, _other):
    return b""


def noise(draw, data, _):
    return data[:draw.choice([0, 4, 12, 30])] + draw.randbytes(draw.choice([1, 50, 3000]))


# What befalls the parts that a format is made of.

def parts_of(data):
    """(start, end) of PNG's and WebP's chunks, JPEG's segments or the entries of TIFF's first directory."""
    if data[:4] == b"\x89PNG":
        return _chunks(data, 8, lambda at: 12 + int.from_bytes(data[at:at + 4], "big"))
    if data[:4] == b"RIFF":
        return _chunks(data, 12, lambda at: 8 + (int.from_bytes(data[at + 4:at + 8], "little") + 1) // 2 * 2)
    if data[:2] == b"\xff\xd8":
        return _chunks(data, 2, lambda at: 2 + int.from_bytes(data[at + 2:at + 4], "big"))
    start = struct.unpack("<Q", data[8:16])[0] if data[2] == 43 else struct.unpack("<I", data[4:8])[0]
    entry, skipped = (20, 8) if data[2] == 43 else (12, 2)
    count = int.from_bytes(data[start:start + 2], "little")
    return [(start + skipped + i * entry, start + skipped + (i + 1) * entry) for i in range(count)]


def _chunks(data, at, size):
    chunks = []
    while at + 8 < len(data) and len(chunks) < 100:
        chunks.append((at, at + size(at)))
        at += size(at)
    return chunks


def _entry_number(data, start):
    """Where the value of an entry of a TIFF directory stands, and how many bytes it has."""
    return (start + 12, 8) if data[2] == 43 else (start + 8, 4)


def part_doubled(draw, data, _):
    start, end = draw.choice(parts_of(data))
    return data[:end] + data[start:end] * draw.choice([1, 3, 2000]) + data[end:]


def part_lost(draw, data, _):
    start, end = draw.choice(parts_of(data))
    return data[:start] + data[end:]


def part_swapped(draw, data, _):
    (a, b), (c, d) = sorted(draw.choice(parts_of(data)) for _ in range(2))
    return data if b > c else data[:a] + data[c:d] + data[b:c] + data[a:b] + data[d:]


def part_of_other_size(draw, data, _):
    """The length that a part says it has, or of a TIFF entry its count."""
    start, _end = draw.choice(parts_of(data))
    size = draw.choice(WORDS)
    if data[:4] == b"\x89PNG":
        return data[:start] + struct.pack(">I", size) + data[start + 4:]
    if data[:2] == b"\xff\xd8":
        return data[:start + 2] + struct.pack(">H", size & 0xFFFF) + data[start + 4:]
    return data[:start + 4] + struct.pack("<I", size) + data[start + 8:]


def other_picture_size(draw, data, _):
    """Width or height as large as can be, with sound checksums, over the same pixels."""
    data, side = bytearray(data), draw.choice([0, 1, 9000, 20000, 30000, 65535, 10**6, 0x7FFFFFFF])
    both = draw.random() < 0.3
    for start, _end in parts_of(data):
        if data[:4] == b"\x89PNG" and data[start + 4:start + 8] == b"IHDR":
            at = start + 8 + draw.choice([0, 4])
            data[at:at + 4] = struct.pack(">I", side)
            data[start + 8:start + 16] = struct.pack(">II", side, side) if both else data[start + 8:start + 16]
            data[start + 21:start + 25] = struct.pack(">I", zlib.crc32(data[start + 4:start + 21]))
        elif data[:2] == b"\xff\xd8" and data[start + 1] in (0xC0, 0xC2):
            sides = data[start + 5:start + 9]
            at = draw.choice([0, 2])
            sides[at:at + 2] = struct.pack(">H", side & 0xFFFF)
            data[start + 5:start + 9] = 2 * sides[at:at + 2] if both else sides
        elif data[:4] == b"RIFF" and data[start:start + 4] in (b"VP8X", b"VP8 ", b"VP8L"):
            at = start + draw.choice([9, 12, 14, 16])
            data[at:at + 3] = struct.pack("<I", side)[:3]
        elif data[:2] == b"II" and int.from_bytes(data[start:start + 2], "little") in (256, 257) and (
                both or draw.random() < 0.7):
            at, size = _entry_number(data, start)
            data[at:at + size] = side.to_bytes(size, "little")
    return bytes(data)


def looped(draw, data, _):
    """An offset in a TIFF or in EXIF that leads back to where it stands, or to the file's start."""
    parts = parts_of(data)
    if data[:2] != b"II":
        at = data.find(b"II*\0")
        return odd_word(draw, data, None) if at < 0 else data[:at + 4] + struct.pack("<I", draw.choice(
            [0, 4, 8, 9, 2**32 - 8])) + data[at + 8:] if draw.random() < 0.3 else _exif_loop(draw, data, at)
    first = parts[0][0] - (8 if data[2] == 43 else 2)
    size = 8 if data[2] == 43 else 4
    at = parts[-1][1] if draw.random() < 0.5 else _entry_number(data, draw.choice(parts)[0])[0]
    return data[:at] + draw.choice([first, 0, 8, at]).to_bytes(size, "little") + data[at + size:]


def _exif_loop(draw, data, at):
    count = int.from_bytes(data[at + 8:at + 10], "little")
    pointers = [at + 10 + 12 * i + 8 for i in range(count)
                if int.from_bytes(data[at + 10 + 12 * i:at + 12 + 12 * i], "little") in (0x8769, 0x8825)]
    pointer = draw.choice([*pointers, at + 10 + 12 * count])
    return data[:pointer] + struct.pack("<I", draw.choice([0, 8, 10, pointer - at])) + data[pointer + 4:]


ANY = [flipped_bits, flipped_bits_at_start, cut, spliced, zeroed, repeated, odd_word, noise]
BY_FORMAT = [part_doubled, part_lost, part_swapped, part_of_other_size, other_picture_size, looped]


def malformed_picture(whole, seed, number):
    """(name, bytes) of the number-th broken picture; `whole` as whole_pictures() gives it."""
    draw = random.Random(f"{seed}/{number}")
    ending, data = draw.choice(whole)
    befalls = draw.choice([nothing] + 8 * ANY + 14 * BY_FORMAT)
    names = [befalls.__name__]
    data = befalls(draw, data, draw.choice(whole)[1])
    if draw.random() < 0.2 and len(data) > 8:
        data = flipped_bits(draw, data, None)
        names.append("flipped_bits")
    if draw.random() < 0.1:
        ending = draw.choice(ENDINGS)
        names.append("named_otherwise")
    return f"{number:05}-{'-'.join(names)}{ending}", data
