"""A job of fake workers (fake_worker.py) under the real restore-launch and mpirun."""
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(os.environ.get("RESTORE_BIN", ROOT / "build" / "bin"))
CONFIG = """run:
  folder: "{folder}"
  name: "run"
  device: "cpu"
schedule:
  micro_batches_per_step: 4
comm:
  reduction: "{reduction}"
watchdog:
  start_s: 60
  save_s: 60
"""


def wait_for(condition, what, timeout=30):
    end = time.monotonic() + timeout
    while not (found := condition()):
        assert time.monotonic() < end, f"waited {timeout} s for {what}"
        time.sleep(0.05)
    return found


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


class Job:
    """A folder with the launcher, a fake worker beside it and a configuration."""

    def __init__(self, folder):
        self.folder, self.run = folder, folder / "run"
        shutil.copy(BIN / "restore-launch", folder)
        worker = folder / "restore-worker"
        worker.write_text(f"#!{sys.executable}\n" + (Path(__file__).parent / "fake_worker.py").read_text())
        worker.chmod(0o755)
        self.configure()
        self.plan()
        self.launched = []

    def configure(self, reduction="fast"):
        (self.folder / "config.yaml").write_text(CONFIG.format(folder=self.folder, reduction=reduction))

    def plan(self, steps=1_000_000, **fates):
        (self.folder / "plan.json").write_text(json.dumps({"steps": steps, **fates}))

    def command(self, *options):
        return [self.folder / "restore-launch", "--config", self.folder / "config.yaml", "--workers", "2",
                "--oversubscribe", *map(str, options)]

    def start(self, *options, **environment):
        process = subprocess.Popen(self.command(*options), env={**os.environ, **environment}, stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT, text=True)
        self.launched.append(process)
        return process

    def launch(self, *options, timeout=60, **environment):
        """Runs to the end: (exit code, what was said)."""
        process = self.start(*options, **environment)
        said, _ = process.communicate(timeout=timeout)
        return process.returncode, said

    def rows(self, name, event):
        file = self.folder / name
        lines = file.read_text().splitlines() if file.exists() else []
        return [row for row in map(json.loads, lines) if row["event"] == event]

    def notes(self, event="started"):
        return self.rows("notes.jsonl", event)

    def events(self, event):
        return self.rows("run/launch.jsonl", event)

    def heartbeat(self, rank):
        file = self.run / "heartbeats" / f"worker-{rank}.json"
        return json.loads(file.read_text()) if file.exists() else {"step": -1, "attempt": -1}

    def wait_for_steps(self, steps=2, attempt=0, ranks=(0, 1)):
        beats = lambda: [self.heartbeat(rank) for rank in ranks]  # noqa: E731
        wait_for(lambda: all(b["step"] >= steps and b["attempt"] >= attempt for b in beats()), f"step {steps}")
        return [beat["pid"] for beat in beats()]

    def clean_up(self):
        for process in self.launched:
            if process.poll() is None:
                process.kill()
            process.stdout.close()
            process.wait()
        for note in self.notes():
            if alive(note["pid"]) and "restore-worker" in Path(f"/proc/{note['pid']}/cmdline").read_text():
                os.kill(note["pid"], signal.SIGKILL)


@pytest.fixture
def job(tmp_path):
    made = Job(tmp_path)
    yield made
    made.clean_up()
