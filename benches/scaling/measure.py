"""See run."""
import argparse
import json
import statistics
import subprocess
import tempfile
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

from hosts import Cluster
from step_model import TCP_SHARE, Machine, efficiency, fitted, lost_share, step

ROOT = Path(__file__).resolve().parents[2]
BIN = ROOT / "build" / "bin"
MPIRUN = ["mpirun", "--allow-run-as-root", "--oversubscribe", "--bind-to", "none", "--mca", "mpi_yield_when_idle", "1",
          "--mca", "btl_tcp_if_include", "10.78.0.0/24", "--mca", "oob_tcp_if_include", "10.78.0.0/24"]
PHOTOS = "/usr/share/backgrounds/mate/nature"
CORES = 2
GIGABIT = 1e9 / 8
RATES = (10, 1, 0.25)
ROUNDS = 5


def measure(cluster, folder, hosts, workers, seconds):
    """Median seconds of a step of `workers` on so many hosts, a micro-batch each, and the bytes of its weights."""
    run = Path(tempfile.mkdtemp(dir=folder)) / "run"
    settings = {"data.store": folder / "store", "run.folder": run.parent, "run.name": run.name, "run.threads": 1,
                "run.precision": "fp32", "run.log_every_steps": 1,
                "sampling.crop": 64, "schedule.micro_batches_per_step": workers, "schedule.micro_batch_size": 2,
                "schedule.steps": 1_000_000, "schedule.max_minutes": seconds / 60, "validation.every_steps": 1_000_000,
                "validation.samples": 2}
    words = [word for key, value in settings.items() for word in ("--set", f"{key}={value}")]
    cluster.run(*MPIRUN, "--host", ",".join(f"host{i + 1}:{workers // hosts}" for i in range(hosts)), "-np", workers,
                BIN / "restore-worker", "--config", ROOT / "configs" / "released.yaml", *words)
    rows = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    steps = [row["step_s"] for row in rows if row["kind"] == "train"][2:]  # the first warm up
    return statistics.median(steps), json.loads((run / "summary.json").read_text())["num_weights"] * 4


def main():
    line = argparse.ArgumentParser()
    line.add_argument("--seconds", type=float, default=8)
    seconds = line.parse_args().seconds
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        subprocess.run([BIN / "restore-shard", "--photos", PHOTOS, "--store", folder / "store", "--patch", "128", "--variants",
                        "2", "--short-side", "384"], check=True, capture_output=True)
        cluster = Cluster(folder, 4)
        try:
            def run(hosts, workers):
                return measure(cluster, folder, hosts, workers, seconds)

            compute, steps, weights = defaultdict(list), defaultdict(list), 0
            for _ in range(ROUNDS):  # by turns: a machine's speed changes within minutes
                for workers in (1, 2, 4):
                    found, weights = run(1, workers)
                    compute[workers].append(found)
                for gigabits in RATES:
                    cluster.limit(gigabits)
                    for hosts in (2, 4):
                        steps[hosts, gigabits].append(run(hosts, hosts)[0])
        finally:
            cluster.close()
    compute, steps = ({key: statistics.median(found) for key, found in rounds.items()} for rounds in (compute, steps))
    fast, slow = ((gigabits * GIGABIT * TCP_SHARE, steps[2, gigabits]) for gigabits in (max(RATES), min(RATES)))
    copy, cable = fitted(compute[2], weights, fast, slow, CORES)
    print(f"{weights / 1e6:.1f} MB of gradients; a step on one host of 1, 2, 4 workers:",
          ", ".join(f"{1000 * seconds:.0f}" for seconds in compute.values()), "ms;",
          f"fitted: {1e9 * copy:.2f} ns a byte, {cable:.2f} times the cable's time\n")
    print("hosts | cables | measured | model | error\n---|---|---|---|---")
    for (hosts, gigabits), measured in steps.items():
        predicted = step(Machine(compute[hosts], weights, gigabits * GIGABIT * TCP_SHARE / cable, copy=copy, cores=CORES), hosts)
        error = "fitted" if hosts == 2 and gigabits in (max(RATES), min(RATES)) else f"{predicted / measured - 1:+.0%}"
        print(f"{hosts} | {gigabits} Gbit/s | {1000 * measured:.0f} ms | {1000 * predicted:.0f} ms | {error}")
    print_clusters()


def print_clusters():
    """What the model says of clusters that are not here: assumptions stand in docs/scaling.md."""
    day = 86400
    one = Machine(compute=0.0131, weights=13.8e6, rate=0, latency=10e-6, sigma=0.0003, failures=300 * day, save=0.3, restart=60)
    large = replace(one, compute=0.0312, weights=140e6, sigma=0.0007, save=3)
    counts = (8, 64, 1000)
    print("\nnetwork | cables | " + " | ".join(f"{count} GPUs" for count in counts) + "\n---|---" + "|---" * len(counts))
    for name, network in (("3.4 M weights, 64 x 128 px a GPU", one), ("35 M, 32 x 256 px", large)):
        for gigabits in (1, 10, 100, 400):
            there = replace(network, rate=gigabits * GIGABIT * TCP_SHARE)
            cells = [f"{efficiency(there, count):.0%}, {1000 * step(there, count):.0f} ms" for count in counts]
            print(f"{name} | {gigabits} Gbit/s | " + " | ".join(cells))
    print(f"\nlost to checkpoints and failures: {', '.join(f'{lost_share(large, count):.2%}' for count in counts)}")


if __name__ == "__main__":
    main()
