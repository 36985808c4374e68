"""Rounds of restore-shard with one and two threads, and one with a very large picture (see run)."""
import multiprocessing
import os
import re
import shutil
import statistics
import subprocess
import tempfile
import time

import numpy
from photos import div2k_like_photos
from PIL import Image

ROUNDS = 5
NUM_FILES, COPIES = 24, 3  # each file under three names: three photographs that age in ways of their own


def shard(photos, store, *options):
    """Wall seconds, peak memory in GiB and the summary of one run."""
    shutil.rmtree(store, ignore_errors=True)
    command = ["build/bin/restore-shard", "--photos", photos, "--store", store, *map(str, options)]
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    summary = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        raise SystemExit(f"{' '.join(command)} failed: {process.stderr.read()}")
    return time.monotonic() - start, usage.ru_maxrss / 2**20, summary


def time_threads(folder):
    photos = f"{folder}/photos"
    os.mkdir(photos)
    for file in div2k_like_photos("build/bench-photos", NUM_FILES):
        for copy in range(COPIES):
            os.symlink(os.path.abspath(file), f"{photos}/{copy}-{os.path.basename(file)}")
    seconds = {1: [], 2: []}
    for number in range(ROUNDS + 1):
        for threads, taken in seconds.items():
            wall, _, summary = shard(photos, f"{folder}/store", "--threads", threads)
            if number > 0:  # the first warms up
                taken.append(wall)
    one, two = (statistics.median(taken) for taken in seconds.values())
    shares = re.search(r"decoding .*threads", summary)[0]
    print(f"recipe old-photo, {NUM_FILES * COPIES} photographs of 2040 x 1356, 4 variants, medians of {ROUNDS} interleaved rounds\n")
    print("| one thread | two threads | ratio | at least | shares |\n|---|---|---|---|---|")
    print(f"| {one:.2f} s | {two:.2f} s | {one / two:.2f}x | 1.8x | {shares} |\n", flush=True)


def write_large_tiff(file):
    """Noise: nothing in it can be left out."""
    rows = numpy.random.default_rng(1).integers(0, 256, (1250, 16000, 3), numpy.uint8)
    Image.fromarray(numpy.tile(rows, (10, 1, 1))).save(file, compression="tiff_lzw")


def weigh_large_tiff(folder):
    photos = f"{folder}/large"
    os.mkdir(photos)
    # In a process of its own: what this one has held would count as the peak of those that it starts.
    writer = multiprocessing.Process(target=write_large_tiff, args=(f"{photos}/large.tif",))
    writer.start()
    writer.join()
    print("| a TIFF of 16000 x 12500 pixels | seconds | peak memory | at most |\n|---|---|---|---|")
    for side in (512, 0):
        options = ["--short-side", side, "--variants", 1, "--valid-fraction", 0]
        wall, memory, _ = shard(photos, f"{folder}/store", *options)
        print(f"| --short-side {side} | {wall:.1f} s | {memory:.2f} GiB | 2 GiB |", flush=True)


with tempfile.TemporaryDirectory(dir="build") as workplace:
    time_threads(workplace)
    weigh_large_tiff(workplace)
