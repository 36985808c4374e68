"""What scripts/gpu-check measures; prints one table in Markdown and writes it as JSON.

    compare.py PROGRAMS JSON [PART ...]     PROGRAMS: the folder of gpu_check, restore-worker and make_tiny_store
                                            PART: gradients, jobs, speed-bf16, speed-tf32, speed-fp32; without: all"""
import importlib.util
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import torch

HERE = Path(__file__).resolve().parent
WIDTHS, SAMPLES, SIDE = [64, 128, 256, 512], 32, 256
ROUNDS, STEPS = 5, 10  # steps a round
JOB_S = 200  # a job of the tiny store takes seconds
# The largest relative error of a weight's gradient against fp32 on the CPU. A number is rounded by 2^-24 in fp32 and 2^-8
# in bf16, and cut off by up to 2^-10 on its way into tf32's tensor cores; through the forty convolutions that a gradient
# passes an H100 multiplied that by about 20 to 40.
TOLERANCES = {"fp32": 1e-5, "tf32": 5e-2, "bf16": 1e-1}
SPEEDS = ("bf16", "tf32", "fp32")
PARTS = ("gradients", "jobs", *(f"speed-{precision}" for precision in SPEEDS))
# Dense TFLOP/s that NVIDIA states, by a word of the GPU's name; fp32 without tensor cores.
PEAKS = {"H100": {"fp32": 67, "tf32": 494, "bf16": 989}, "H200": {"fp32": 67, "tf32": 494, "bf16": 989},
         "A100": {"fp32": 19.5, "tf32": 156, "bf16": 312}}
TINY = {"run.threads": 1, "run.log_every_steps": 1, "sampling.crop": 8, "network.blocks": 1,
        "network.find": "[4, 8]", "network.restore": "[4, 8]", "network.colourise": "[4]",
        "schedule.steps": 20, "schedule.micro_batches_per_step": 4, "schedule.micro_batch_size": 2, "validation.every_steps": 10,
        "validation.batch": 2}
ROWS = []


def row(what, figure, wanted="", passed=None):
    ROWS.append({"what": what, "figure": figure, "wanted": wanted, "passed": passed})
    verdict = {True: "PASS", False: "FAIL", None: ""}[passed]
    print(f"| {what} | {figure} | {wanted} | {verdict} |", flush=True)


class Answers:
    """A process that answers each line with a line."""

    def __init__(self, *command):
        self.process = subprocess.Popen([str(word) for word in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise RuntimeError(f"{self.process.args[0]} ended at '{line}' with {self.process.wait()}")
        return [float(word) for word in answer.split()]


def check_gradients(ours):
    for precision, tolerance in TOLERANCES.items():
        error, there, here = ours.ask(f"gradients {precision}")
        row(f"gradients, {precision}, against the CPU's fp32: largest relative error of a weight, median of 5 micro-batches",
            f"{error:.1e} (loss {here:.6f}, CPU {there:.6f})", f"at most {tolerance:g}", error <= tolerance)
    repeats = ours.ask("repeats") == [1]
    row("deterministic: the same micro-batch twice gives the same bits", "yes" if repeats else "no", "yes", repeats)


def measure_speed(ours, baselines, precisions):
    gpu = torch.cuda.get_device_name()
    peak = next((peaks for name, peaks in PEAKS.items() if name in gpu), None)
    flops = ours.ask("flops")[0]
    for precision in precisions:
        measures = {"eager of PyTorch": lambda: baselines.ask(f"eager {precision} {STEPS}"),
                    "restore": lambda: ours.ask(f"step {precision} 0 {STEPS}"),
                    "torch.compile": lambda: baselines.ask(f"compiled {precision} {STEPS}"),
                    "restore, recorded": lambda: ours.ask(f"step {precision} 1 {STEPS}"),
                    "torch.compile with CUDA graphs": lambda: baselines.ask(f"graphs {precision} {STEPS}")}
        if importlib.util.find_spec("triton") is None:  # what torch.compile needs on a GPU
            measures = {name: ask for name, ask in measures.items() if not name.startswith("torch.compile")}
        taken = {name: [] for name in measures}
        for number in range(ROUNDS + 1):  # the first round warms up
            for name, ask in measures.items():
                seconds = ask()[0]
                if number > 0:
                    taken[name].append(seconds)
        median = {name: statistics.median(values) for name, values in taken.items()}
        for name, seconds in median.items():
            share = f", {100 * flops / seconds / 1e12 / peak[precision]:.0f}% of the GPU's peak" if peak else ""
            row(f"step of {SAMPLES} x {SIDE} px, {precision}: {name}",
                f"{SAMPLES / seconds:.0f} samples/s{share}, {seconds / median['eager of PyTorch']:.2f}x eager's time")
    row("GPU memory of our trainers together", f"{ours.ask('peak')[0] / 2**30:.1f} GiB")


class Job:
    """restore-worker on the tiny store."""

    def __init__(self, programs, folder):
        self.programs, self.folder = programs, folder
        subprocess.run([programs / "make_tiny_store", folder / "store"], check=True)

    def run(self, name, workers=1, **settings):
        """The summary of a finished run; `__` stands for a dot."""
        values = {**TINY, "run.name": name, "run.folder": self.folder, "data.store": self.folder / "store",
                  **{key.replace("__", "."): value for key, value in settings.items()}}
        words = [f"--set={key}={value}" for key, value in values.items()]
        worker_group = ["mpirun", "--allow-run-as-root", "--oversubscribe", "--bind-to", "none", "-np", str(workers)]
        try:
            done = subprocess.run([*(worker_group if workers > 1 else []), self.programs / "restore-worker", *words],
                                  capture_output=True, text=True, timeout=JOB_S)
        except subprocess.TimeoutExpired:
            return {"error": f"no end within {JOB_S} s"}
        if done.returncode != 0:
            lines = done.stderr.strip().splitlines()  # the worker's own message, not those of mpirun about it
            return {"error": f"exit {done.returncode}: {[line for line in lines if ' E ' in line][:1] or lines[-1:]}"}
        return json.loads((self.folder / name / "summary.json").read_text())


def said(summary, key):
    return summary.get("error") or summary[key]


def check_jobs(job):
    cpu = job.run("cpu", run__device="cpu")
    if "error" in cpu:
        return row("restore-worker trains 20 steps on the CPU", cpu["error"], "a summary", False)
    for name, settings in {"fp32": {}, "recorded": {"run__cuda_graph": "true"}, "bf16": {"run__precision": "bf16"},
                           "NCCL with one worker": {"comm__backend": "nccl"}}.items():
        gpu = job.run(name.replace(" ", "-"), run__device="cuda", **settings)
        near = "error" not in gpu and abs(gpu["best_psnr"] - cpu["best_psnr"]) <= 0.2
        row(f"restore-worker trains 20 steps on the GPU, {name}: validation PSNR; on the CPU {cpu['best_psnr']:.2f} dB",
            said(gpu, "best_psnr"), "within 0.2 dB", near)
    tree = {"run__device": "cuda", "comm__reduction": "tree"}
    one = job.run("tree-1", **tree)
    for name, workers, settings in [("2 workers sharing the GPU over mpi", 2, {"comm__backend": "mpi"}),
                                    ("4 workers sharing the GPU over mpi", 4, {"comm__backend": "mpi"}),
                                    ("NCCL with one worker", 1, {"comm__backend": "nccl"})]:
        several = job.run(f"tree-{workers}-{settings['comm__backend']}", workers, **tree, **settings)
        same = "error" not in several and several["weights_xxh3"] == one.get("weights_xxh3")
        row(f"tree on the GPU: weights of {name} against one worker's {said(one, 'weights_xxh3')}",
            said(several, "weights_xxh3"), "identical", same)


def attempt(what, part):
    """A part that ends early is a row that failed: the other parts still tell something."""
    try:
        part()
    except (RuntimeError, OSError, subprocess.SubprocessError) as error:
        row(what, str(error), "to its end", False)


def main():
    programs, out, parts = Path(sys.argv[1]).resolve(), sys.argv[2], sys.argv[3:] or PARTS
    unknown = [part for part in parts if part not in PARTS]
    if unknown:
        raise SystemExit(f"gpu-check: no such part: {unknown[0]}; there are {', '.join(PARTS)}")
    print(f"{torch.cuda.get_device_name()}, PyTorch {torch.__version__}, {os.cpu_count()} cores; "
          f"widths {WIDTHS}; medians of {ROUNDS} interleaved rounds of {STEPS} steps\n")
    print("| what | figure | wanted | |\n|---|---|---|---|")

    def ours():
        return Answers(programs / "gpu_check", *(f"network.{part}={WIDTHS}" for part in ("find", "restore", "colourise")), f"sampling.crop={SIDE}",
                       f"schedule.micro_batch_size={SAMPLES}")

    if "gradients" in parts:
        attempt("gradients", lambda: check_gradients(ours()))
    if "jobs" in parts:
        with tempfile.TemporaryDirectory() as folder:
            attempt("jobs", lambda: check_jobs(Job(programs, Path(folder))))
    precisions = [precision for precision in SPEEDS if f"speed-{precision}" in parts]
    if precisions:
        baselines = Answers(sys.executable, HERE / "baselines.py", json.dumps(WIDTHS), SAMPLES, SIDE)
        attempt("speed", lambda: measure_speed(ours(), baselines, precisions))
    Path(out).write_text(json.dumps({"gpu": torch.cuda.get_device_name(), "torch": torch.__version__, "rows": ROWS}, indent=1) + "\n")
    if any(entry["passed"] is False for entry in ROWS):
        raise SystemExit("gpu-check: some rows failed")


main()
