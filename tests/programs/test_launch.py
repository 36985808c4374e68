"""restore-launch with a small script in the worker's place, under the real mpirun."""
import json
import os
import shutil
import signal
import subprocess
import sys
import time

import pytest
from conftest import BIN

WORKER = f"""#!{sys.executable}
import json, os, signal, sys, time
from pathlib import Path
here, rank = Path(__file__).parent, os.environ.get("OMPI_COMM_WORLD_RANK", "0")
def save_and_stop(number, frame):
    if os.environ.get("NEVER_SAVE"):
        return (here / f"asked-{{rank}}").write_text("x")
    (here / f"saved-{{rank}}").touch()
    sys.exit(85)
signal.signal(signal.SIGUSR1, save_and_stop)
(here / f"started-{{rank}}").write_text(json.dumps({{"argv": sys.argv[1:], "threads": os.environ["OMP_NUM_THREADS"],
                                                     "pid": os.getpid()}}))
if os.environ.get("EXIT_WITH"):
    sys.exit(int(os.environ["EXIT_WITH"]))
while True:
    time.sleep(60)
"""


@pytest.fixture
def folder(tmp_path):
    """A folder with the launcher, a fake worker beside it and a configuration."""
    shutil.copy(BIN / "restore-launch", tmp_path)
    (tmp_path / "restore-worker").write_text(WORKER)
    (tmp_path / "restore-worker").chmod(0o755)
    (tmp_path / "train.yaml").write_text("run:\n  name: x\n")
    return tmp_path


def start(folder, *options, **environment):
    return subprocess.Popen(
        [folder / "restore-launch", "--config", folder / "train.yaml", "--workers", "2", "--oversubscribe", *options],
        env={**os.environ, **environment}, stderr=subprocess.PIPE, text=True)


def wait_for(*files, timeout=20):
    end = time.monotonic() + timeout
    while not all(file.exists() and file.stat().st_size for file in files):
        assert time.monotonic() < end, f"not there after {timeout} s: {files}"
        time.sleep(0.05)


def test_dry_run_prints_the_command_and_starts_nothing(folder, run):
    result = run(folder / "restore-launch", "--config", folder / "train.yaml", "--workers", "1", "--set",
                 "run.name=a b", "--resume", "never", "--dry-run")
    assert result.returncode == 0
    assert result.stdout.endswith(
        f"-np 1 {folder}/restore-worker --config {folder}/train.yaml --set 'run.name=a b' --resume never\n")
    assert not list(folder.glob("started-*"))


def test_workers_get_arguments_and_the_exit_code_comes_back_with_its_meaning(folder):
    job = start(folder, "--set", "schedule.steps=5", EXIT_WITH="78")
    _, messages = job.communicate(timeout=30)
    assert job.returncode == 78
    assert "exit code 78: the configuration is wrong" in messages
    seen = json.loads((folder / "started-1").read_text())
    assert seen["argv"] == ["--config", f"{folder}/train.yaml", "--set", "schedule.steps=5"]
    assert int(seen["threads"]) == max(1, len(os.sched_getaffinity(0)) // 2)


@pytest.mark.parametrize("number", [signal.SIGUSR1, signal.SIGTERM, signal.SIGINT])
def test_a_signal_lets_every_worker_save(folder, number):
    job = start(folder)
    wait_for(folder / "started-0", folder / "started-1")
    job.send_signal(number)
    _, messages = job.communicate(timeout=30)
    assert job.returncode == 85
    assert (folder / "saved-0").exists() and (folder / "saved-1").exists()
    assert "has saved" in messages


def test_a_second_signal_ends_workers_that_do_not_stop(folder):
    job = start(folder, NEVER_SAVE="1")
    wait_for(folder / "started-0", folder / "started-1")
    job.send_signal(signal.SIGTERM)
    wait_for(folder / "asked-0", folder / "asked-1")
    job.send_signal(signal.SIGTERM)
    _, messages = job.communicate(timeout=30)
    assert job.returncode not in (0, 85)
    assert "at once" in messages


def test_workers_die_with_a_killed_launcher(folder):
    job = start(folder)
    wait_for(folder / "started-0", folder / "started-1")
    pids = [json.loads((folder / f"started-{rank}").read_text())["pid"] for rank in (0, 1)]
    job.kill()
    job.communicate(timeout=30)
    end = time.monotonic() + 15
    while any(alive(pid) for pid in pids):
        assert time.monotonic() < end, "the workers outlived the launcher by 15 s"
        time.sleep(0.1)


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_two_workers_on_one_core_are_refused(folder, run):
    cores = len(os.sched_getaffinity(0))
    result = run(folder / "restore-launch", "--config", folder / "train.yaml", "--workers", cores + 1, "--dry-run")
    assert result.returncode == 64
    assert "--oversubscribe" in result.stderr
