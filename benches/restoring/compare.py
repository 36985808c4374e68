"""restore beside its baselines on one picture, in turn, each time in the other order:
    compare.py --restore PROGRAM --model FILE --onnx FILE --python PYTHON --torch-python PYTHON --rounds N
               --methods M[,M...] --work FOLDER PICTURE [option of restore ...]
Prints a table in Markdown: medians of the whole process, of its processor time and of the network with its tiles, the
ratio of ours to each, the most memory, and how far the baseline's picture is from ours. Of restore the network's time is the
photograph's, with reading and writing."""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
from PIL import Image

HERE = Path(__file__).parent
OURS = "restore"
Image.MAX_IMAGE_PIXELS = None


def timed(command):
    """({"whole_s", "processor_s", "peak_bytes"}, standard output) of a process."""
    begin = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"compare.py: {' '.join(map(str, command))} ended with {process.returncode}")
    measured = {"whole_s": time.perf_counter() - begin, "processor_s": usage.ru_utime + usage.ru_stime,
                "peak_bytes": 1024 * usage.ru_maxrss}
    return measured, output


def run_ours(options):
    folder = options.work / OURS
    # The strength is given: what a photograph needs is not measured by the baselines either.
    command = [options.restore, "--model", options.model, "-o", folder, "--overwrite", "--strength", 1, "--threads", os.environ["OMP_NUM_THREADS"],
               *options.rest, options.picture]
    measured, output = timed(list(map(str, command)))
    printed = re.findall(r"([\d.]+) s\b", output)  # of the photograph, with reading and writing
    return measured | {"network_s": float(printed[-1]) if printed else measured["whole_s"]}


def run_baseline(method, options):
    eager = method == "pytorch"
    command = [options.torch_python if eager else options.python, HERE / "baselines.py", method,
               options.model if eager else options.onnx, options.picture, options.work / f"{method}.png"]
    measured, output = timed(list(map(str, command)))
    return measured | json.loads(output.splitlines()[-1])


def luma_of(file):
    return np.asarray(Image.open(file).convert("L"), np.int16)


def result_of(method, options):
    if method != OURS:
        return luma_of(options.work / f"{method}.png")
    return luma_of(next((options.work / OURS).glob(f"{options.picture.stem}.restored.*")))


def print_table(results, options):
    def median(method, what):
        return statistics.median(result[what] for result in results[method])

    ours = result_of(OURS, options)
    print(f"\n{options.picture.name}, {ours.shape[1]} x {ours.shape[0]}, medians of {options.rounds}\n")
    print("| program | whole, s | ours to it | processor, s | ours to it | network, s | ours to it | peak, MiB | from ours, levels |")
    print("|---|---|---|---|---|---|---|---|---|")
    for method in results:
        apart = np.abs(result_of(method, options) - ours)
        times = " | ".join(f"{median(method, what):.1f} | {median(OURS, what) / median(method, what):.2f}"
                           for what in ("whole_s", "processor_s", "network_s"))
        peak = max(result["peak_bytes"] for result in results[method]) / 2**20
        print(f"| {method} | {times} | {peak:.0f} | mean {apart.mean():.2f}, most {apart.max()} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("restore", "model", "onnx", "python", "torch-python", "methods"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--work", required=True, type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("picture", type=Path)
    options, options.rest = parser.parse_known_args()
    methods = [OURS, *options.methods.split(",")]
    results = {method: [] for method in methods}
    for turn in range(options.rounds):
        for method in methods if turn % 2 == 0 else reversed(methods):
            result = run_ours(options) if method == OURS else run_baseline(method, options)
            results[method].append(result)
            print(f"round {turn + 1}: {method} {result['whole_s']:.1f} s, processor {result['processor_s']:.1f} s, "
                  f"network {result['network_s']:.1f} s, {result['peak_bytes'] / 2**20:.0f} MiB", file=sys.stderr)
    print_table(results, options)


if __name__ == "__main__":
    main()
