"""Rounds of ageing_bench and of the baselines, one after the other, on the photographs given (see run)."""

import statistics
import subprocess
import sys
import time

import baselines
import cv2
from photos import div2k_like_photos

ROUNDS = 15
SIZES = {"768 x 512 (the default --short-side)": 512, "2040 x 1356 (--short-side 0)": 0}


def read(file, short_side):
    photo = cv2.imread(file)
    scale = short_side / min(photo.shape[:2])
    if short_side == 0 or scale >= 1:
        return photo
    return cv2.resize(photo, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)


class Ours:
    def __init__(self, files, short_side):
        self.process = subprocess.Popen(["build/bin/ageing_bench", "seed", str(short_side), *files],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def seconds(self, what):
        self.process.stdin.write(what + "\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())


class Baseline:
    def __init__(self, ager, files, short_side):
        self.ager, self.files, self.short_side = ager, files, short_side
        self.photos = [read(file, short_side) for file in files]

    def seconds(self, what):
        taken = []
        for file, photo in zip(self.files, self.photos):
            start = time.perf_counter()
            self.ager.age(photo if what == "kernel" else read(file, self.short_side))
            taken.append(time.perf_counter() - start)
        return statistics.median(taken)


def compare(what, short_side, files):
    """Median seconds a photo of ours, albumentations and numpy."""
    agers = [baselines.Albumentations(), baselines.Numpy()]
    runners = [Ours(files, short_side), *(Baseline(ager, files, short_side) for ager in agers)]
    taken = [[] for _ in runners]
    for round_number in range(ROUNDS + 1):
        for runner, seconds in zip(runners, taken):
            result = runner.seconds(what)
            if round_number > 0:  # the first warms up
                seconds.append(result)
    return [statistics.median(seconds) for seconds in taken]


def main():
    files = sys.argv[1:] or div2k_like_photos("build/bench-photos", 6)
    print(f"recipe seed, {len(files)} photographs, one core, medians of {ROUNDS} interleaved rounds\n")
    print("| what | restore | albumentations | numpy | over albumentations | over numpy |")
    print("|---|---|---|---|---|---|")
    for size, short_side in SIZES.items():
        height, width = read(files[0], short_side).shape[:2]
        for what, unit in (("kernel", "MP/s"), ("file", "ms")):
            ours, albumentations, numpy = compare(what, short_side, files)
            rate = (lambda s: f"{width * height / s / 1e6:.0f} MP/s") if unit == "MP/s" else (lambda s: f"{s * 1e3:.1f} ms")
            name = "ageing alone" if what == "kernel" else "PNG file to aged"
            print(f"| {name}, {size} | {rate(ours)} | {rate(albumentations)} | {rate(numpy)} | "
                  f"{albumentations / ours:.2f}x | {numpy / ours:.2f}x |", flush=True)


main()
