"""Pictures for restore, and how the tests look at what it makes of them."""
import numpy
from PIL import Image


def picture(path, height=90, width=120, mode="RGB", **options):
    """A smooth picture with some grain."""
    y, x = numpy.mgrid[0:height, 0:width]
    gray = 128 + 60 * numpy.sin(x / 9) * numpy.cos(y / 7) + numpy.random.default_rng(3).normal(0, 8, (height, width))
    gray = gray.clip(0, 255)
    if mode == "I;16":
        image = Image.fromarray((gray * 257).astype(numpy.uint16))
    else:
        colours = numpy.stack([gray, 0.8 * gray, 0.5 * gray], 2).astype(numpy.uint8)
        image = Image.fromarray(colours).convert(mode)
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path, **options)
    return path


def pixels(path, mode=None):
    with Image.open(path) as image:
        return numpy.asarray(image.convert(mode) if mode else image).astype(int)


def luma(path):
    return pixels(path, "RGB") @ [0.299, 0.587, 0.114]


def names_below(folder):
    return sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file())
