"""What a checkpoint that is written in the background costs the steps: prints a table (see run).

One job saves every 2 x BLOCK steps and records every BLOCK: the rows of metrics.jsonl are, in turn, of a block that
begins with a save (the copy, and the write beside its steps) and of one without. The same process, neighbouring
seconds."""
import json
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BLOCK, PAIRS = 8, 15  # steps a block; pairs of blocks
MPIRUN = ["mpirun", "--allow-run-as-root", "--bind-to", "none", "-np"]
# The network of configs/train.yaml. The store's patches are small: 256 of them have the pixels of 4 of its crops, a
# step is an eighth of its.
SETTINGS = {"run.name": "bench", "run.threads": 1, "run.log_every_steps": BLOCK, "sampling.crop": 16,
            "network.find": "[32, 64, 96]", "network.restore": "[64, 96, 128]", "network.colourise": "[]", "schedule.steps": 1_000_000,
            "schedule.micro_batches_per_step": 2, "schedule.micro_batch_size": 256, "validation.every_steps": 1_000_000,
            "checkpoint.every_steps": 2 * BLOCK, "checkpoint.keep_last": 1}


def rows_of(path):
    lines = path.read_text().splitlines() if path.exists() else []
    return [json.loads(line) for line in lines if line.endswith("}")]


def seconds_of_blocks(program, store, workers):
    """Of blocks that begin with a save, and of those that do not, in order."""
    with tempfile.TemporaryDirectory(dir=Path(store).parent) as folder:
        settings = {**SETTINGS, "run.folder": folder, "data.store": store}
        words = [f"--set={key}={value}" for key, value in settings.items()]
        job = subprocess.Popen([*MPIRUN, str(workers), program, *words], stderr=subprocess.DEVNULL)
        metrics = Path(folder) / "bench" / "metrics.jsonl"
        while len(rows_of(metrics)) < 2 * PAIRS + 3:
            if job.poll() is not None:
                sys.exit(f"restore-worker ended with {job.returncode}")
            time.sleep(1)
        rows = rows_of(metrics)[:2 * PAIRS + 3]
        job.send_signal(signal.SIGUSR1)
        job.wait()
    blocks = [(after["step"], after["seconds"] - before["seconds"]) for before, after in zip(rows, rows[1:])]
    # The block that ends BLOCK steps after a save began with it. The first save pays for the memory of its copy.
    with_save = [seconds for step, seconds in blocks if step % (2 * BLOCK) == BLOCK]
    without = [seconds for step, seconds in blocks if step % (2 * BLOCK) == 0]
    return with_save[1:1 + PAIRS], without[1:1 + PAIRS]


def spread(values):
    return f"{statistics.median(values):.3f} s ({min(values):.3f} to {max(values):.3f})"


def main():
    program, store = sys.argv[1:]
    print(f"\nBlocks of {BLOCK} steps of 8 x 128 x 128 pixels, {PAIRS} with a save at their beginning and {PAIRS} "
          "without, in turn; one thread a worker; seconds: median (least to most)\n")
    print("| workers | block with a save | without | a save costs | of the steps between two saves, one every "
          f"{2 * BLOCK} | wanted | |\n|---|---|---|---|---|---|---|")
    for workers in (1, 2):
        with_save, without = seconds_of_blocks(program, store, workers)
        cost = statistics.median(a - b for a, b in zip(with_save, without))
        share = cost / (2 * statistics.median(without))
        print(f"| {workers} | {spread(with_save)} | {spread(without)} | {1e3 * cost:.0f} ms | {100 * share:.2f}% | "
              f"at most 2% | {'PASS' if share <= 0.02 else 'short'} |", flush=True)


main()
