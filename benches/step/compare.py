"""Interleaved rounds of step_bench and of PyTorch DDP; prints medians and ratios as a table (see run)."""
import os
import statistics
import subprocess
import sys
import tempfile

ROUNDS, STEPS = 11, 3  # steps a round
PHASES = ("data", "forward", "backward", "reduce", "optimizer", "ema")
MPIRUN = ["mpirun", "--allow-run-as-root", "--bind-to", "none", "-np"]


class Job:
    """Processes, each reading rounds from a named pipe of its own; the first one's output answers them."""

    def __init__(self, folder, name, num_ranks, commands):
        prefix = f"{folder}/{name}"
        for rank in range(num_ranks):
            os.mkfifo(f"{prefix}.{rank}")
        self.processes = [subprocess.Popen(command(prefix), stdout=subprocess.PIPE, text=True) for command in commands]
        self.pipes = [open(f"{prefix}.{rank}", "w") for rank in range(num_ranks)]

    def ask(self, line):
        for pipe in self.pipes:
            pipe.write(line + "\n")
            pipe.flush()
        return [float(word) for word in self.processes[0].stdout.readline().split()]

    def end(self):
        for pipe in self.pipes:
            pipe.close()
        for process in self.processes:
            process.wait()


def ours(folder, bench, store, workers, *settings):
    words = ["run.threads=1", *settings]
    prefix = [*MPIRUN, str(workers)] if workers > 1 else []
    return Job(folder, f"ours-{workers}", workers, [lambda pipe: [*prefix, bench, store, pipe, *words]])


def ddp(folder, python):
    rank_of = lambda rank: lambda pipe: [python, "benches/step/ddp.py", pipe, str(rank), "2"]
    return Job(folder, "ddp", 2, [rank_of(0), rank_of(1)])


def measure(measures):
    """The median of each over interleaved rounds; the first round warms up."""
    taken = {name: [] for name in measures}
    for number in range(ROUNDS + 1):
        for name, ask in measures.items():
            answer = ask()
            if number > 0:
                taken[name].append(answer)
    return {name: [statistics.median(values) for values in zip(*answers)] for name, answers in taken.items()}


def row(what, ours, baseline, figure, wanted, passed):
    print(f"| {what} | {ours} | {baseline} | {figure} | {wanted} | {'PASS' if passed else 'short'} |", flush=True)


def main():
    bench, store, python, *settings = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        two, one = ours(folder, bench, store, 2, *settings), ours(folder, bench, store, 1, *settings)
        baseline = ddp(folder, python)
        flops = two.ask("flops")[0]
        seconds = measure({
            "ours": lambda: two.ask(f"step {STEPS}"),
            "nchw": lambda: baseline.ask(f"nchw {STEPS}"),
            "one": lambda: one.ask(f"step {STEPS}"),
            "channels_last": lambda: baseline.ask(f"channels_last {STEPS}"),
            "matmul": lambda: two.ask("matmul"),
        })
        for job in (two, one, baseline):
            job.end()
    step, one_step = seconds["ours"][0], seconds["one"][0]
    phases = dict(zip(PHASES, seconds["ours"][1:]))
    waiting = phases["data"] / step
    layout = min(("nchw", "channels_last"), key=lambda name: seconds[name][0])
    other = max(("nchw", "channels_last"), key=lambda name: seconds[name][0])
    rate, products = flops / step / 1e9, dict(zip(("at::mm", "1x1 convolution"), seconds["matmul"]))
    library, product = max(products.items(), key=lambda item: item[1])
    print(f"{ROUNDS} rounds of {STEPS} steps; DDP with {other}: {seconds[other][0]:.3f} s; products: "
          + ", ".join(f"{name} {figure:.0f} GFLOP/s" for name, figure in products.items()) + "\n")
    print("A step, ms: " + ", ".join(f"{name} {1e3 * value:.1f}" for name, value in phases.items()) + "\n")
    print("| what | restore | baseline | figure | wanted | |\n|---|---|---|---|---|---|")
    row(f"step, 2 workers x 1 thread, against PyTorch DDP (gloo, {layout})", f"{step:.3f} s", f"{seconds[layout][0]:.3f} s",
        f"{step / seconds[layout][0]:.2f}x", "at most 0.92x", step <= 0.92 * seconds[layout][0])
    row("2 workers against 1, same global batch", f"{step:.3f} s", f"{one_step:.3f} s", f"{one_step / step:.2f}x",
        "at least 1.85x", one_step >= 1.85 * step)
    row(f"convolutions of the step against a product of 1024 x 1024 ({library}), same cores", f"{rate:.0f} GFLOP/s",
        f"{product:.0f} GFLOP/s", f"{100 * rate / product:.0f}%", "at least 65%", rate >= 0.65 * product)
    row("waiting for data, share of the step", f"{100 * waiting:.2f}%", "", f"{100 * waiting:.2f}%", "under 1%",
        waiting < 0.01)


main()
