"""Seconds from the start of the program to the first tile done (see start)."""
import argparse
import statistics
import tempfile
from pathlib import Path

import numpy
from PIL import Image
from large_scan import write_scan
from timed_run import ROOT, restored


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--model")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        with Image.open(ROOT / "docs" / "pictures" / "released.jpg") as image:
            scan = write_scan(folder, "jpeg", numpy.asarray(image.convert("RGB")), 1)
        runs = [restored(scan, folder, model=chosen.model) for _ in range(chosen.runs)]
    seconds = [run["first_tile"] for run in runs]
    network = statistics.median(run["network_seconds"] for run in runs)
    print(f"first tile done after {statistics.median(seconds):.2f} s (median of {len(seconds)}; {min(seconds):.2f} to "
          f"{max(seconds):.2f}), {network:.2f} s of it in the network")


if __name__ == "__main__":
    main()
