"""restore-launch starts workers and passes on what people ask: arguments, signals, exit codes."""
import os
import signal
import subprocess
import time

import pytest
from conftest import alive, wait_for


def test_dry_run_prints_the_command_and_starts_nothing(job):
    code, said = job.launch("--set", "run.name=a b", "--init", "m.safetensors", "--freeze", "encoder.*", "--resume",
                            "never", "--dry-run")
    assert code == 0
    assert said.endswith(f"-np 2 {job.folder}/restore-worker --config {job.folder}/config.yaml --set 'run.name=a b' "
                         "--init m.safetensors --freeze 'encoder.*' --resume never\n")
    assert job.notes() == []


def test_workers_get_arguments_and_threads_and_the_job_ends_with_them(job):
    job.plan(steps=3)
    code, said = job.launch("--set", "schedule.steps=5")
    assert code == 0 and "exit code 0: the job is done" in said
    ranks = {note["rank"]: note for note in job.notes()}
    assert sorted(ranks) == [0, 1]
    assert ranks[1]["argv"] == ["--config", f"{job.folder}/config.yaml", "--set", "schedule.steps=5"]
    assert int(ranks[1]["threads"]) == max(1, len(os.sched_getaffinity(0)) // 2)


def test_the_number_of_workers_is_one_that_can_share_a_step(job):
    # 4 micro-batches: of at most N cores' workers, 1, 2 or 4 can share them equally.
    cores = len(os.sched_getaffinity(0))
    command = [job.folder / "restore-launch", "--config", job.folder / "config.yaml", "--dry-run"]
    line = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert f"-np {max(n for n in (1, 2, 4) if n <= cores)} " in line


def test_two_workers_on_one_core_are_refused(job):
    cores = len(os.sched_getaffinity(0))
    command = [job.folder / "restore-launch", "--config", job.folder / "config.yaml", "--workers", str(cores + 1)]
    result = subprocess.run([*command, "--dry-run"], capture_output=True, text=True)
    assert result.returncode == 64
    assert "--oversubscribe" in result.stderr


def test_a_refused_configuration_is_told_once_and_starts_nothing(job):
    worker = job.folder / "restore-worker"
    worker.write_text("#!/bin/sh\necho 'schedule.stepz is unknown' >&2\nexit 78\n")
    code, said = job.launch()
    assert code == 78
    assert said.count("schedule.stepz") == 1 and not job.run.exists()


@pytest.mark.parametrize("number", [signal.SIGUSR1, signal.SIGTERM, signal.SIGINT])
def test_a_signal_lets_every_worker_save(job, number):
    launcher = job.start()
    job.wait_for_steps()
    launcher.send_signal(number)
    said, _ = launcher.communicate(timeout=30)
    assert launcher.returncode == 85
    assert sorted(note["rank"] for note in job.notes("saved")) == [0, 1]
    assert "has saved" in said


@pytest.mark.parametrize("after_s", [0.005, 0.05, 0.3, 0.6])
def test_a_signal_before_the_workers_are_ready_waits_for_them(job, after_s):
    job.plan(**{"*": {"*": {"start_s": 1}}})
    launcher = job.start()
    wait_for(lambda: "restore-launch" in open(f"/proc/{launcher.pid}/cmdline").read(), "the launcher")
    time.sleep(after_s)
    launcher.send_signal(signal.SIGUSR1)
    launcher.communicate(timeout=30)
    assert launcher.returncode == 85
    saved = [note["rank"] for note in job.notes("saved")]
    assert sorted(saved) == ([0, 1] if job.notes() else [])


def test_a_second_signal_ends_workers_that_do_not_stop(job):
    job.plan(never_saves=True)
    launcher = job.start()
    job.wait_for_steps()
    launcher.send_signal(signal.SIGTERM)
    wait_for(lambda: len(job.notes("asked")) >= 2, "the workers to be asked")
    launcher.send_signal(signal.SIGTERM)
    said, _ = launcher.communicate(timeout=30)
    assert launcher.returncode not in (0, 85)
    assert "at once" in said


@pytest.mark.parametrize("stopped", [False, True])
def test_workers_die_with_a_killed_launcher(job, stopped):
    launcher = job.start()
    pids = job.wait_for_steps()
    if stopped:
        os.kill(pids[1], signal.SIGSTOP)
    launcher.kill()
    wait_for(lambda: not any(alive(pid) for pid in pids), "the workers' end", timeout=15)
