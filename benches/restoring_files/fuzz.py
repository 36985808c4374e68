"""Restores broken pictures in batches and counts what became of them (see fuzz)."""
import argparse
import collections
import shutil
import sys
import tempfile
from pathlib import Path

from PIL import Image
from timed_run import BUILD, ROOT, tiny_model

sys.path.insert(0, str(ROOT / "tests" / "programs"))
from malformed_pictures import malformed_picture, whole_pictures  # noqa: E402
from restored_batch import Batch  # noqa: E402

BATCH = 50
ROWS = {"restored": "restored", "refused": "refused, named in one line", "crashed": "crashed", "hung": "hung (over 20 s)",
        "unclear": "without a word, or with a result that cannot be read"}


def options():
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("-o", dest="out", type=Path, default=BUILD / "bench-fuzz")
    return parser.parse_args()


def written(folder, whole, seed, numbers):
    pictures = []
    for number in numbers:
        name, data = malformed_picture(whole, seed, number)
        pictures.append(folder / name)
        pictures[-1].write_bytes(data)
    return pictures


def main():
    chosen = options()
    Image.MAX_IMAGE_PIXELS = None
    shutil.rmtree(chosen.out, ignore_errors=True)
    chosen.out.mkdir(parents=True)
    counts = collections.Counter()
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        whole = whole_pictures(folder)
        batch = Batch(BUILD / "bin" / "restore", tiny_model(folder))
        end = chosen.first + chosen.count
        for first in range(chosen.first, end, BATCH):
            pictures = written(folder, whole, chosen.seed, range(first, min(first + BATCH, end)))
            for picture, (outcome, said) in batch.outcomes(pictures).items():
                counts[outcome] += 1
                if outcome not in ("restored", "refused"):
                    shutil.copy(picture, chosen.out)
                    print(f"{outcome}: {chosen.out / picture.name}: {said}", file=sys.stderr, flush=True)
            for picture in pictures:
                picture.unlink()
            print(f"{sum(counts.values())} of {chosen.count}", file=sys.stderr, flush=True)
    print("| what became of it | pictures |\n|---|---|")
    print(f"| all | {sum(counts.values())} |")
    for outcome, row in ROWS.items():
        print(f"| {row} | {counts[outcome]} |")
    sys.exit(any(counts[outcome] for outcome in ("crashed", "hung", "unclear")))


if __name__ == "__main__":
    main()
