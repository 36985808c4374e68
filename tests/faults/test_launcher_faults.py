"""Real jobs under restore-launch that lose a worker, mpirun, the launcher or a machine: the weights at the end have the bits
of a run that nothing happened to."""
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from conftest import BIN, children_of, is_running, wait_for
from kill_many import Run

STEPS = 120


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("launched")
    subprocess.run([BIN.parent / "tests" / "make_tiny_store", folder / "store"], check=True)
    return folder


@pytest.fixture(scope="module")
def untouched(folder):
    """Weights of the runs that nothing happens to, by the order of their sums."""
    known = {}

    def weights(reduction):
        if reduction not in known:
            run = Run(folder, f"untouched-{reduction}", folder / "store", STEPS, "--workers", 2,
                      **{"comm.reduction": reduction})
            assert run.start().wait(timeout=120) == 0, run.log.read_text()
            known[reduction] = run.weights()
        return known[reduction]

    return weights


@pytest.fixture
def launch(folder, request):
    """launch(*options, **environment) -> (Run, launcher); all of its processes are gone when the test is over."""
    started = []

    def start(*options, reduction="fast", **environment):
        name = re.sub(r"\W+", "-", request.node.name)
        run = Run(folder, name, folder / "store", STEPS, *options, **{"comm.reduction": reduction})
        started.append((run, run.start(**environment)))
        return started[-1]

    yield start
    for run, launcher in started:
        pids = [beat["pid"] for beat in run.heartbeats()]
        launcher.kill()
        launcher.wait()
        for pid in filter(is_running, pids):
            os.kill(pid, signal.SIGKILL)


def wait_for_checkpoint(run):
    """The workers' processes by rank, once a checkpoint is there that the next attempt can go on from."""
    wait_for(lambda: list((run.folder / "checkpoints").glob("step-????????")), "a checkpoint", 60)
    beats = wait_for(lambda: len(found := run.heartbeats()) == 2 and found, "two heartbeats")
    return [beat["pid"] for beat in sorted(beats, key=lambda beat: beat["rank"])]


def finish(run, launcher):
    assert launcher.wait(timeout=120) == 0, run.log.read_text()
    return run.weights()


def test_kills_of_random_workers_at_random_moments_cost_no_bit():
    script = Path(__file__).parent / "kill_many.py"
    result = subprocess.run([sys.executable, script, "--kills", "3"], capture_output=True, text=True, timeout=170)
    assert result.returncode == 0, result.stdout + result.stderr
    assert len(re.findall(r"^kill \d of 3: worker \d in phase", result.stdout, re.MULTILINE)) == 3


def test_a_killed_mpirun_takes_its_workers_along_and_the_job_goes_on(launch, untouched):
    run, launcher = launch("--workers", 2)
    pids = wait_for_checkpoint(run)
    (mpirun,) = children_of(launcher.pid)
    os.kill(mpirun, signal.SIGKILL)
    wait_for(lambda: run.events("end"), "the end of the attempt", 5)
    assert not any(map(is_running, pids))
    assert finish(run, launcher) == untouched("fast")
    assert [end["exit_code"] for end in run.events("end")] == [137, 0]


def test_after_a_killed_launcher_the_same_command_goes_on(launch, untouched):
    run, launcher = launch("--workers", 2)
    pids = wait_for_checkpoint(run)
    launcher.kill()
    wait_for(lambda: not any(map(is_running, pids)), "the workers' end", 10)
    second = run.start()
    assert finish(run, second) == untouched("fast")
    assert [start["attempt"] for start in run.events("start")] == [0, 1]
    assert "resumed at step" in run.log.read_text()


def test_a_stopped_worker_is_named_in_time_and_the_job_goes_on(launch, untouched):
    run, launcher = launch("--workers", 2, "--heartbeat-timeout", 4)
    pids = wait_for_checkpoint(run)
    os.kill(pids[1], signal.SIGSTOP)
    stopped_at = time.monotonic()
    wait_for(lambda: f"worker 1 (process {pids[1]} on" in run.log.read_text(), "the worker's name", 9)
    assert time.monotonic() - stopped_at > 3
    wait_for(lambda: run.events("first_step"), "the next attempt's first step", 15)
    assert finish(run, launcher) == untouched("fast")
    assert not any(map(is_running, pids))
    explained = subprocess.run([BIN / "restore-launch", "--explain", run.folder], capture_output=True, text=True)
    assert explained.returncode == 0 and "Attempt 1:" in explained.stdout


def test_a_clock_that_is_set_back_in_mid_run_changes_nothing(launch, untouched, tmp_path):
    clock = tmp_path / "clock"
    clock.write_text("+0")
    (library,) = Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1")
    run, launcher = launch("--workers", 2, LD_PRELOAD=str(library), FAKETIME_TIMESTAMP_FILE=str(clock), FAKETIME_NO_CACHE="1",
                           FAKETIME_DONT_FAKE_MONOTONIC="1")
    wait_for_checkpoint(run)
    clock.write_text("-2h")
    assert finish(run, launcher) == untouched("fast")
    assert [end["exit_code"] for end in run.events("end")] == [0]
    stamps = re.findall(r"^(\d\d):(\d\d):\d\d ", run.log.read_text(), re.MULTILINE)
    minutes = [60 * int(hour) + int(minute) for hour, minute in stamps]
    day = 24 * 60
    assert any((later - earlier) % day in (day - 120, day - 119) for earlier, later in zip(minutes, minutes[1:])), "no jump"


def test_after_the_loss_of_a_host_fewer_workers_compute_the_same_bits(launch, untouched, tmp_path):
    """A script in the place of ssh runs its command on this machine, as long as a file is there."""
    agent = tmp_path / "agent"
    agent.write_text(f'#!/bin/bash\nwhile [[ $1 == -* ]]; do shift; done\n[[ -e {tmp_path}/$1.up ]] || exit 255\n'
                     'shift\nexec sh -c "$*"\n')
    agent.chmod(0o755)
    (tmp_path / "other.up").touch()
    run, launcher = launch("--hosts", "localhost:1,other:1", reduction="tree", OMPI_MCA_plm_rsh_agent=str(agent))
    pids = wait_for_checkpoint(run)
    (tmp_path / "other.up").unlink()
    os.kill(pids[1], signal.SIGKILL)
    assert finish(run, launcher) == untouched("tree")
    assert [start["workers"] for start in run.events("start")] == [2, 1]
