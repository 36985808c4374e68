"""See versions."""
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[2]


def seconds(version, photo, folder):
    with tempfile.TemporaryDirectory(dir=folder) as restored:
        start = time.monotonic()
        subprocess.run([version / "build/bin/restore", photo, "-o", restored], check=True, capture_output=True)
        return time.monotonic() - start


def main():
    other, photo, runs = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        scan = folder / "scan.png"
        with Image.open(photo) as image:
            scale = (1e6 / (image.width * image.height)) ** 0.5
            image.convert("L").resize((round(image.width * scale), round(image.height * scale))).save(scan)
        rounds = [[seconds(version, scan, folder) for version in (ROOT, other)] for _ in range(runs + 1)][1:]
    ours, theirs = (min(column) for column in zip(*rounds, strict=True))
    print(f"{ours:.2f} s; {other.name}: {theirs:.2f} s; {ours / theirs:.2f}x (the fastest of {runs} each)")


if __name__ == "__main__":
    main()
