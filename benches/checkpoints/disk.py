"""Interleaved rounds of checkpoint_bench and of dd on the same bytes and the same disk; prints a table (see run)."""
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

WRITES, READS = 9, 25  # rounds; reading is quick, and a disk that has just written reads unevenly


class Bench:
    """checkpoint_bench, asked for rounds."""

    def __init__(self, program, folder):
        self.process = subprocess.Popen([program, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, round):
        self.process.stdin.write(round + "\n")
        self.process.stdin.flush()
        return [float(word) for word in self.process.stdout.readline().split()]

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def dd(*words):
    begin = time.monotonic()
    subprocess.run(["dd", "bs=1M", "status=none", *words], check=True)
    return [time.monotonic() - begin]


def newest_tensors(folder):
    return max(folder.glob("step-*/state.safetensors"))


def forget(path):
    """The file's pages leave the page cache: the next read is one of the disk."""
    with open(path, "rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def load(bench, folder):
    forget(newest_tensors(folder))
    return bench.ask("load")


def dd_read(folder):
    forget(newest_tensors(folder))
    return dd(f"if={newest_tensors(folder)}", "of=/dev/null")


def spread(values):
    return f"{statistics.median(values):.2f} s ({min(values):.2f} to {max(values):.2f})"


def row(what, ours, baseline):
    """Medians, and how the rates compare."""
    ratio = statistics.median(baseline) / statistics.median(ours)
    print(f"| {what} | {spread(ours)} | {spread(baseline)} | {ratio:.2f}x | at least 0.7x | "
          f"{'PASS' if ratio >= 0.7 else 'short'} |")


def alternate(rounds, **measures):
    """Answers of each, interleaved, who is first changing from round to round; the first round warms up."""
    taken = {name: [] for name in measures}
    for number in range(rounds + 1):
        for name in sorted(measures, reverse=number % 2 == 1):
            answer = measures[name]()
            if number > 0:
                taken[name].append(answer)
    return taken


def main():
    program, root, memory = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    folder = root / "checkpoints"
    bench = Bench(program, folder)
    bench.ask("save")
    same_bytes = memory / "same-bytes"  # in memory: dd writes them without reading a disk
    dd(f"if={newest_tensors(folder)}", f"of={same_bytes}")
    taken = alternate(WRITES, save=lambda: bench.ask("save"),
                      dd_write=lambda: dd(f"if={same_bytes}", f"of={root / 'dd'}", "conv=fsync"))
    taken |= alternate(READS, load=lambda: load(bench, folder), dd_read=lambda: dd_read(folder))
    bench.end()
    gigabytes = same_bytes.stat().st_size / 1e9
    last = {name: [answer[-1] for answer in answers] for name, answers in taken.items()}
    print(f"{WRITES} and {READS} interleaved rounds of {gigabytes:.3f} GB; seconds: median (least to most); figure: rate against "
          "dd's\n")
    print("| what | restore | dd | figure | wanted | |\n|---|---|---|---|---|---|")
    row("save: copy, write, checksum, fsync, rename; dd conv=fsync", last["save"], last["dd_write"])
    row("load: read, checksum, check; dd to /dev/null; both of the disk", last["load"], last["dd_read"])
    print(f"\nOf a save, training stands still for the copy: {spread([answer[0] for answer in taken['save']])}; "
          f"copy and write take this much of one core: {spread([answer[1] for answer in taken['save']])}")


main()
