"""Tiled against whole (see seams). The difference is of 8-bit levels of luma; PSNR is that of the tiled picture against
the whole one in the worst square of 100 pixels."""
import argparse
import tempfile
from pathlib import Path

import numpy
from PIL import Image
from timed_run import restored


def luma(file):
    with Image.open(file) as image:
        return numpy.asarray(image.convert("L")).astype(int)


def seam_distance(length, tile, overlap, multiple=8):
    """Of each pixel from the nearest range that two tiles share, along one side (restore/tiled_inference.cpp)."""
    padded = -(-length // multiple) * multiple
    distance = numpy.full(length, length)
    if tile >= padded:
        return distance
    count = -(-(padded - overlap) // (tile - overlap))
    size = -(-(padded + (count - 1) * overlap) // count // multiple) * multiple
    begins = [i * (padded - size) // (count - 1) // multiple * multiple for i in range(count)]
    places = numpy.arange(length)
    for left, right in zip(begins, begins[1:]):
        shared = range(right, left + size)
        away = numpy.maximum(numpy.maximum(shared.start - places, places - shared.stop + 1), 0)
        distance = numpy.minimum(distance, away)
    return distance


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tile", type=int, default=512)
    parser.add_argument("--overlap", type=int, default=128)
    parser.add_argument("--model")
    parser.add_argument("photos", nargs="+", type=Path)
    chosen = parser.parse_args()
    print("| photo | size | most in shared pixels | over 1 level | most outside | over 1 level | most 64 px outside | PSNR of the worst "
          "100 px, dB |\n|---|---|---|---|---|---|---|---|")
    for photo in chosen.photos:
        with tempfile.TemporaryDirectory() as folder:
            results = []
            for name, tile in (("whole", 8192), ("tiled", chosen.tile)):
                out = Path(folder) / name
                out.mkdir()
                restored(photo, out, "--strength", "1", "--tile", str(tile), "--overlap", str(chosen.overlap),
                         model=chosen.model)
                results.append(luma(next(out.glob("*.restored.*"))))
        whole, tiled = results
        height, width = whole.shape
        away = numpy.minimum(seam_distance(height, chosen.tile, chosen.overlap)[:, None],
                             seam_distance(width, chosen.tile, chosen.overlap)[None, :])
        difference = abs(whole - tiled)
        squares = (difference[: height // 100 * 100, : width // 100 * 100] ** 2).reshape(height // 100, 100, width // 100, 100)
        worst = 10 * numpy.log10(255**2 / max(squares.mean((1, 3)).max(), 1e-3))
        inside, outside = difference[away == 0], difference[away > 0]
        print(f"| {photo.name} | {width} x {height} | {inside.max()} | {100 * (inside > 1).mean():.2f}% | {outside.max()} "
              f"| {100 * (outside > 1).mean():.3f}% | {difference[away >= 64].max(initial=0)} | {worst:.1f} |", flush=True)


if __name__ == "__main__":
    main()
