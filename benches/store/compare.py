"""Interleaved rounds of store_bench and of its baselines on one store; prints medians and ratios as a table (see run)."""
import statistics
import subprocess
import sys

ROUNDS = 9
COLD_ROUNDS = 5


class Runner:
    """A program that answers each line, the name of a round, with its seconds."""

    def __init__(self, *command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def start(self, name):
        self.process.stdin.write(name + "\n")
        self.process.stdin.flush()

    def answer(self):
        return float(self.process.stdout.readline())

    def seconds(self, name):
        self.start(name)
        return self.answer()


def medians(rounds, measures):
    """The median of each of the named measures over interleaved rounds; the first round warms up."""
    taken = {name: [] for name in measures}
    for number in range(rounds + 1):
        for name, measure in measures.items():
            seconds = measure()
            if number > 0:
                taken[name].append(seconds)
    return {name: statistics.median(values) for name, values in taken.items()}


def both(runners):
    for runner in runners:
        runner.start("cached")
    return max([runner.answer() for runner in runners])


def row(what, ours, baseline, ratio, least):
    verdict = "PASS" if ratio >= least else f"{ratio:.2f} of {least}"
    print(f"| {what} | {ours} | {baseline} | {ratio:.2f}x | {least}x | {verdict} |", flush=True)


def main():
    bench, store, python = sys.argv[1:]
    runners = [Runner(bench, "read", store), Runner(bench, "read", store)]
    loader = Runner(python, "benches/store/dataloader.py", store)
    one = runners[0]
    for runner in runners:  # each sample is hashed when first read, then every fourth time: count the lasting state
        runner.seconds("cached")
    cached = medians(ROUNDS, {
        "cached": lambda: one.seconds("cached"),
        "pread": lambda: one.seconds("pread"),
        "loader": lambda: loader.seconds("round"),
        "threads": lambda: one.seconds("two-threads"),
        "processes": lambda: both(runners),
        "open": lambda: one.seconds("open"),
    })
    cold = medians(COLD_ROUNDS, {name: lambda name=name: one.seconds(name) for name in ("cold", "sequential", "direct")})
    gigabytes = 2000 * 5 * 256 * 256 / 1e9
    rate = lambda seconds, times=1: f"{times * gigabytes / seconds:.2f} GB/s"
    ours = cached["cached"]
    print("| what | restore | baseline | ratio | at least | |\n|---|---|---|---|---|---|")
    row("random samples, page-cached, over raw pread", rate(ours), rate(cached["pread"]), cached["pread"] / ours, 0.85)
    row("the same, over DataLoader and h5py, 2 workers", rate(ours), rate(cached["loader"]), cached["loader"] / ours, 6)
    row("two threads over one", rate(cached["threads"], 2), rate(ours), 2 * ours / cached["threads"], 1.7)
    row("two processes over one", rate(cached["processes"], 2), rate(ours), 2 * ours / cached["processes"], 1.9)
    row("cold, 16 in flight, over the disk's sequential rate (O_DIRECT)", rate(cold["cold"]), rate(cold["direct"]),
        cold["direct"] / cold["cold"], 1.0)
    row("cold, 16 in flight, over sequential reading by way of the page cache", rate(cold["cold"]), rate(cold["sequential"]),
        cold["sequential"] / cold["cold"], 1.0)
    row("opening 20,000 samples, against 20 ms", f"{cached['open'] * 1e3:.1f} ms", "20 ms", 0.020 / cached["open"], 1.0)
    if cold["cold"] < 1.5 * cached["cached"]:
        print("\nThe cold rounds were hardly slower than the cached ones: this file system keeps its pages, so they say nothing.")


main()
