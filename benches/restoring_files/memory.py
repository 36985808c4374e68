"""Restores large scans and prints what memory and time they take (see memory)."""
import argparse
import tempfile
from pathlib import Path

import numpy
from PIL import Image
from large_scan import FORMATS, write_scan
from timed_run import ROOT, restored, tiny_model

MEBIBYTE = 2**20


def options():
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--sizes", default="12,100,400")
    parser.add_argument("--rows", type=int)
    parser.add_argument("--formats", default="tiff")
    parser.add_argument("--model")
    parser.add_argument("--memory", default="2G")
    parser.add_argument("--photo", type=Path, default=ROOT / "docs" / "pictures" / "released.jpg")
    parser.add_argument("--folder", type=Path, help="where the scans lie meanwhile")
    return parser.parse_args()


def main():
    chosen = options()
    with Image.open(chosen.photo) as image:
        photo = numpy.asarray(image.convert("RGB"))
    print("| scan | megapixels | file, MB | peak, MiB | seconds | in the network | the rest | the rest, ms a megapixel "
          "| the rest / network | CPU s |\n|---|---|---|---|---|---|---|---|---|---|")
    for form in chosen.formats.split(","):
        for megapixels in map(float, chosen.sizes.split(",")):
            with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
                folder = Path(folder)
                model = tiny_model(folder) if chosen.quick else chosen.model
                scan = write_scan(folder, form, photo, megapixels, chosen.rows)
                # The tiny network on one thread: its threads would wait for each other more than they compute.
                threads = ["--threads", "1"] if chosen.quick else []
                took = restored(scan, folder, "--memory", chosen.memory, *threads, model=model)
                rest = took["seconds"] - took["network_seconds"]
                print(f"| {form}, {FORMATS[form][1]} bit | {took['megapixels']:.0f} | {scan.stat().st_size / 1e6:.0f} "
                      f"| {took['peak']:.0f} | {took['seconds']:.1f} | {took['network_seconds']:.1f} | {rest:.1f} "
                      f"| {1000 * rest / took['megapixels']:.0f} | {100 * rest / took['network_seconds']:.1f}% "
                      f"| {took['cpu']:.1f} |", flush=True)


if __name__ == "__main__":
    main()
