"""The little of libvips that tests and benches ask for, without a package: pictures written in forms that Pillow does
not write (tiles, 16 bit, BigTIFF), and whether a file can be decoded."""
import ctypes
import functools
import os

import numpy

FORMATS = {"uint8": 0, "uint16": 2}
INTERPRETATIONS = {(1, "uint8"): 1, (1, "uint16"): 26, (2, "uint16"): 26, (3, "uint8"): 22, (3, "uint16"): 25, (4, "uint8"): 15,
                   (4, "uint16"): 25}


@functools.cache
def _library():
    library = ctypes.CDLL("libvips.so.42")
    for name in ("vips_image_new_from_memory_copy", "vips_image_new_from_file", "vips_image_write_to_memory"):
        getattr(library, name).restype = ctypes.c_void_p
    library.vips_error_buffer_copy.restype = ctypes.c_char_p
    os.environ["VIPS_WARNING"] = "1"  # says no more of odd tags than is an error
    library.vips_init(b"tests")
    return library


def _complain():
    message = _library().vips_error_buffer_copy().decode(errors="replace").strip()
    raise OSError(message or "libvips failed")


def save(path, pixels, options=""):
    """Writes an array of HxWxC (of 4 channels: CMYK in 8 bit, RGBA in 16); options as libvips has them: "tile,compression=lzw"."""
    height, width, bands = pixels.shape
    data = pixels.tobytes()
    image = _library().vips_image_new_from_memory_copy(
        data, ctypes.c_size_t(len(data)), width, height, bands, FORMATS[pixels.dtype.name])
    copy = ctypes.c_void_p()
    failed = _library().vips_copy(ctypes.c_void_p(image), ctypes.byref(copy), b"interpretation",
                                  INTERPRETATIONS[bands, pixels.dtype.name], None)
    failed = failed or _library().vips_image_write_to_file(copy, f"{path}[{options}]".encode(), None)
    _library().g_object_unref(copy)
    _library().g_object_unref(ctypes.c_void_p(image))
    if failed:
        _complain()


def decode(path):
    """Width and height of a picture whose every pixel can be decoded; OSError otherwise."""
    image = _library().vips_image_new_from_file(str(path).encode(), b"fail_on", 3, b"access", 1, None)
    if not image:
        _complain()
    image = ctypes.c_void_p(image)
    mean = ctypes.c_double()
    failed = _library().vips_avg(image, ctypes.byref(mean), None)
    size = _library().vips_image_get_width(image), _library().vips_image_get_height(image)
    _library().g_object_unref(image)
    if failed:
        _complain()
    return size


def load(path):
    """The samples of a picture, HxWxC of uint8 or uint16."""
    image = _library().vips_image_new_from_file(str(path).encode(), None)
    if not image:
        _complain()
    image = ctypes.c_void_p(image)
    shape = [getattr(_library(), f"vips_image_get_{what}")(image) for what in ("height", "width", "bands")]
    kind = numpy.uint16 if _library().vips_image_get_format(image) == FORMATS["uint16"] else numpy.uint8
    size = ctypes.c_size_t()
    memory = ctypes.c_void_p(_library().vips_image_write_to_memory(image, ctypes.byref(size)))
    if not memory:
        _complain()
    samples = numpy.frombuffer(ctypes.string_at(memory, size.value), kind).reshape(shape)
    _library().g_free(memory)
    _library().g_object_unref(image)
    return samples
