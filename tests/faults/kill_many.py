#!/usr/bin/env python3
"""Kills a random worker of a job at random moments, stops the job and compares its weights with an untouched run's.

One line a kill: when, which worker, in which phase and step, and how long until the next attempt did its first step.
Ends with 0 if all kills were survived and the weights are the same bits. Example: tests/faults/kill_many.py --kills 100
"""
import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BIN = Path(os.environ.get("RESTORE_BIN", Path(__file__).resolve().parents[2] / "build" / "bin"))
ENDLESS = 1_000_000
# The learning rate is constant, so the number of steps changes nothing else. A step takes 10 ms and more.
SETTINGS = {"run.threads": 1, "run.log_every_steps": 500, "sampling.crop": 16, "network.find": "[16, 32]",
            "network.restore": "[16, 32]", "network.colourise": "[16]", "network.blocks": 2, "schedule.micro_batches_per_step": 4, "schedule.micro_batch_size": 8, "schedule.warmup_steps": 10, "schedule.min_lr_ratio": 1,
            "validation.every_steps": 25, "validation.batch": 2, "validation.pictures": 1, "validation.patience": 0,
            "checkpoint.every_steps": 10, "comm.reduction": "fast"}


class Run:
    """A job under restore-launch."""

    def __init__(self, folder, name, store, steps, *options, **values):
        self.folder = folder / name
        self.log = folder / f"{name}.txt"
        config = folder / "empty.yaml"
        config.touch()
        settings = {**SETTINGS, "run.name": name, "run.folder": folder, "data.store": store, "schedule.steps": steps,
                    **values}
        self.command = [BIN / "restore-launch", "--config", config, "--oversubscribe", "--max-restarts", "1000",
                        *map(str, options), *(f"--set={key}={value}" for key, value in settings.items())]

    def start(self, **environment):
        return subprocess.Popen(self.command, stdout=subprocess.DEVNULL, stderr=open(self.log, "a"),
                                env={**os.environ, **environment})

    def heartbeats(self):
        beats = []
        for file in (self.folder / "heartbeats").glob("worker-*.json"):
            try:
                beats.append(json.loads(file.read_text()))
            except (FileNotFoundError, json.JSONDecodeError):  # goes with the next attempt
                pass
        return beats

    def events(self, event):
        file = self.folder / "launch.jsonl"
        lines = file.read_text().splitlines() if file.exists() else []
        return [row for row in map(json.loads, lines) if row["event"] == event]

    def summary(self):
        return json.loads((self.folder / "summary.json").read_text())

    def weights(self):
        return self.summary()["weights_xxh3"]


def wait_for(condition, launcher, what):
    """What the condition returns once it is true."""
    until = time.monotonic() + 120
    while not (found := condition()):
        if launcher.poll() is not None:
            raise RuntimeError(f"the job ended with exit code {launcher.returncode} before there was {what}")
        if time.monotonic() > until:
            raise TimeoutError(f"waited two minutes for {what}")
        time.sleep(0.02)
    return found


def kill_one(run, launcher, attempt, workers, early, chance):
    """Kills a worker of this attempt: while it begins if `early`, else some steps later. Its last heartbeat."""
    group = lambda: [beat for beat in run.heartbeats() if beat["attempt"] == attempt]  # noqa: E731
    wait_for(lambda: len(group()) == workers, launcher, f"a sign of life of all workers of attempt {attempt}")
    if not early:
        wait_for(lambda: any(beat["phase"] != "start" for beat in group()), launcher, "a first step")
        target = max(beat["step"] for beat in group()) + chance.randrange(30)
        wait_for(lambda: any(beat["step"] >= target for beat in group()), launcher, f"step {target}")
    time.sleep(chance.uniform(0, 0.5))  # between two heartbeats: in any phase of any step
    victim = chance.choice(group())
    if b"restore-worker" not in Path(f"/proc/{victim['pid']}/cmdline").read_bytes():
        raise RuntimeError(f"process {victim['pid']} is no worker any more")
    os.kill(victim["pid"], signal.SIGKILL)
    return victim


def back_at_work_s(run, launcher, attempt, killed_at):
    """Seconds from the kill to the attempt's first step, as its launcher saw it."""
    of_attempt = lambda: [row for row in run.events("first_step") if row["attempt"] == attempt]  # noqa: E731
    wait_for(of_attempt, launcher, f"the first step of attempt {attempt}")
    return time.monotonic() - killed_at


def kill_many(run, kills, workers, chance):
    """Kills so many workers, one of each attempt, and stops the job; the times until the next attempt's first step."""
    launcher = run.start()
    times = []
    early = False
    try:
        for attempt in range(kills):
            victim = kill_one(run, launcher, attempt, workers, early, chance)
            killed_at = time.monotonic()
            # Two early deaths in a row, and the third would rightly be taken for a crash loop.
            early = not early and attempt + 1 < kills and chance.random() < 0.2
            line = f"{victim['phase']} after step {victim['step']}"
            if not early:
                times.append(back_at_work_s(run, launcher, attempt + 1, killed_at))
                line += f"; back at work after {times[-1]:.1f} s"
            print(f"kill {attempt + 1} of {kills}: worker {victim['rank']} in phase {line}", flush=True)
        launcher.send_signal(signal.SIGUSR1)
        if launcher.wait(timeout=120) != 85:
            raise RuntimeError(f"asked to stop, the job ended with exit code {launcher.returncode}")
    except (RuntimeError, TimeoutError, OSError):
        sys.stderr.write(run.log.read_text()[-20_000:])
        raise
    finally:
        launcher.terminate()
        launcher.wait()
    return times


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1, help="of the moments and the victims")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kill-many-") as name:
        folder = Path(name)
        subprocess.run([BIN.parent / "tests" / "make_tiny_store", folder / "store"], check=True)
        killed = Run(folder, "killed", folder / "store", ENDLESS, "--workers", arguments.workers)
        times = kill_many(killed, arguments.kills, arguments.workers, random.Random(arguments.seed))
        steps = killed.summary()["steps"]
        untouched = Run(folder, "untouched", folder / "store", steps, "--workers", arguments.workers)
        if code := untouched.start().wait(timeout=3600):
            raise RuntimeError(f"the untouched run ended with exit code {code}: {untouched.log.read_text()}")
        print(f"{arguments.kills} kills, {len(killed.events('end'))} attempts, {steps} steps; back at work after "
              f"{max(times):.1f} s at most; weights {killed.weights()} and, untouched, {untouched.weights()}")
        return 0 if killed.weights() == untouched.weights() else 1


if __name__ == "__main__":
    sys.exit(main())
