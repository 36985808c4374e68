"""Rounds of comm_bench and of gloo, one after the other; prints medians and ratios as a table (see run)."""
import statistics
import subprocess
import sys

ROUNDS = 7
MEGABYTES = [4, 32, 128]
STEPS, WEIGHT_STEPS = 11, 50
MPIRUN = ["mpirun", "--allow-run-as-root", "--oversubscribe", "--bind-to", "none", "-np"]


def lines_of(*command):
    return [line.split() for line in subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()]


def numbers_of(*command):
    return [[float(word) for word in line] for line in lines_of(*command)]


def compare_sums(bench, python):
    """Median seconds of ours, OpenMPI and gloo for each size."""
    taken = {megabytes: [] for megabytes in MEGABYTES}
    for _ in range(ROUNDS):
        ours = numbers_of(*MPIRUN, "2", bench, "sums")
        gloo = numbers_of(python, "benches/comm/gloo.py", *map(str, MEGABYTES))
        for megabytes, by_us, by_gloo in zip(MEGABYTES, ours, gloo):
            taken[megabytes].append(by_us + by_gloo)
    return {megabytes: [statistics.median(column) for column in zip(*rows)] for megabytes, rows in taken.items()}


def row(what, measured, wanted, passed):
    print(f"| {what} | {measured} | {wanted} | {'PASS' if passed else 'short'} |", flush=True)


def main():
    bench, python = sys.argv[1:]
    print(f"medians of {ROUNDS} rounds, 2 workers of one thread\n\n| what | measured | wanted | |\n|---|---|---|---|")
    for megabytes, (ours, mpi, gloo) in compare_sums(bench, python).items():
        rate = lambda seconds, megabytes=megabytes: f"{megabytes / 1e3 / seconds:.2f} GB/s"
        row(f"sum of {megabytes} MB, over gloo", f"{rate(ours)}, {rate(gloo)}: {gloo / ours:.1f}x", "5x", gloo >= 5 * ours)
        row(f"sum of {megabytes} MB, over MPI_Allreduce", f"{rate(ours)}, {rate(mpi)}: {mpi / ours:.1f}x", "2x", mpi >= 2 * ours)
    fast, tree, gradients = numbers_of(*MPIRUN, "2", bench, "steps", str(STEPS))[0]
    row("sum of 31 MB of gradients, share of a step", f"{gradients * 1e3:.1f} ms of {fast:.3f} s: {100 * gradients / fast:.2f}%",
        "at most 1%", gradients <= 0.01 * fast)
    row("step by tree, against fast", f"{tree:.3f} s, {fast:.3f} s: {tree / fast:.3f}x", "at most 1.03x", tree <= 1.03 * fast)
    hashes = [lines_of(*MPIRUN, str(n), bench, "weights", str(WEIGHT_STEPS))[0][0] for n in (1, 2, 4)]
    row(f"weights after {WEIGHT_STEPS} steps by tree, 1, 2 and 4 workers", ", ".join(hashes), "identical", len(set(hashes)) == 1)


main()
