"""What restore-launch does when something dies: it says what, ends the rest, starts again or gives up."""
import os
import re
import signal
import time
from pathlib import Path

import pytest
from conftest import alive, wait_for


def test_a_killed_worker_is_named_and_the_job_goes_on_from_its_checkpoint(job):
    job.plan(steps=40, **{"0": {"1": {"at": 7, "do": "kill"}}})
    code, said = job.launch("--resume", "never")
    assert code == 0
    first, second = job.events("start")
    assert first["command"].endswith("--resume never") and second["command"].endswith("--resume auto")
    died, done = job.events("end")
    assert (died["exit_code"], died["restart"], died["backoff_s"]) == (137, True, 1)
    assert "first gone was worker 1" in died["reason"] and "signal 9" in died["reason"]
    assert (done["attempt"], done["exit_code"], done["step"]) == (1, 0, 40)
    assert {note["step"] for note in job.notes() if note["attempt"] == 1} == {job.notes()[-1]["step"]}
    assert job.notes()[-1]["step"] >= 5  # where the first attempt had saved
    assert "attempt 1 goes on" in said


def test_a_stopped_worker_is_named_and_ended(job):
    job.plan(steps=12, **{"0": {"1": {"at": 7, "do": "stop"}}})
    code, said = job.launch("--heartbeat-timeout", "2")
    assert code == 0
    end = job.events("end")[0]
    assert end["exit_code"] == 75 and re.match(r"worker 1 \(process \d+ on .*\) gave no sign of life for 2", end["reason"])
    assert end["seconds"] < 2 + 5 + 2  # steps, patience, ending
    assert not any(alive(note["pid"]) for note in job.notes())


def test_workers_that_a_killed_mpirun_leaves_are_ended_before_the_restart(job):
    job.plan(steps=30)
    launcher = job.start()
    pids = job.wait_for_steps(3)
    mpirun = int(Path(f"/proc/{pids[0]}/stat").read_text().rsplit(")", 1)[1].split()[1])
    os.kill(mpirun, signal.SIGKILL)
    job.wait_for_steps(3, attempt=1)
    assert not any(alive(pid) for pid in pids)
    launcher.communicate(timeout=30)
    assert launcher.returncode == 0
    assert [end["exit_code"] for end in job.events("end")] == [137, 0]


@pytest.mark.parametrize("code", [64, 65, 70, 78])
def test_what_a_restart_cannot_mend_ends_the_job(job, code):
    job.plan(**{"*": {"1": {"at": 2, "do": f"exit:{code}"}}})
    assert job.launch()[0] == code
    assert len(job.events("start")) == 1


@pytest.mark.parametrize("code", [74, 75])
def test_other_failures_are_started_again(job, code):
    job.plan(steps=8, **{"0": {"0": {"at": 2, "do": f"exit:{code}"}}})
    assert job.launch()[0] == 0
    assert [end["exit_code"] for end in job.events("end")] == [code, 0]


def test_a_crash_loop_is_given_up_and_the_pauses_double(job):
    job.plan(**{"*": {"*": {"at": 2, "do": "exit:75"}}})
    code, said = job.launch()
    assert code == 75
    assert "giving up: a crash loop: 3 times in a row it died with exit code 75 after step 2" in said
    ends = job.events("end")
    assert [end.get("backoff_s") for end in ends] == [1, 2, None]
    assert "crash loop" in ends[-1]["gave_up"]


def test_restarts_without_progress_are_counted(job):
    job.plan(**{str(g): {"*": {"at": step, "do": "exit:75"}} for g, step in enumerate([3, 1, 2, 1])})
    code, said = job.launch("--max-restarts", "2")
    assert code == 75
    assert len(job.events("start")) == 3 and "2 restarts without progress" in said


def test_attempts_count_on_over_launches(job):
    job.plan(steps=3)
    job.launch()
    job.plan(steps=5)
    job.launch()
    assert [start["attempt"] for start in job.events("start")] == [0, 1]
    assert job.heartbeat(0)["attempt"] == 1


def test_a_job_asked_to_stop_is_not_started_again(job):
    job.plan(never_saves=True, **{"0": {"1": {"at": 15, "do": "exit:75"}}})
    launcher = job.start()
    job.wait_for_steps()
    launcher.send_signal(signal.SIGUSR1)
    said, _ = launcher.communicate(timeout=30)
    assert launcher.returncode == 85
    assert len(job.events("start")) == 1 and "goes on from the newest checkpoint" in said


def test_a_signal_between_two_attempts_ends_the_job(job):
    job.plan(**{"*": {"*": {"at": 1, "do": "exit:75"}}})
    launcher = job.start()
    wait_for(lambda: len(job.events("end")) == 2, "two deaths")  # the pause is 2 s now
    launcher.send_signal(signal.SIGTERM)
    began = time.monotonic()
    launcher.communicate(timeout=30)
    assert launcher.returncode == 85 and time.monotonic() - began < 1.5
    assert len(job.events("start")) == 2


def test_a_lost_host_is_left_out(job):
    """A script in the place of ssh runs its command here; the second host answers only while a file is there."""
    agent = job.folder / "agent"
    agent.write_text(f"""#!/bin/bash
while [[ $1 == -* ]]; do shift; done
host=$1; shift
[[ -e {job.folder}/$host.up ]] || exit 255
exec sh -c "$*"
""")
    agent.chmod(0o755)
    (job.folder / "other.up").touch()
    job.configure(reduction="tree")
    job.plan(steps=14, **{"0": {"1": {"at": 5, "do": "kill"}}})
    launcher = job.start("--hosts", "localhost:1,other:1", OMPI_MCA_plm_rsh_agent=str(agent))
    wait_for(lambda: job.events("start"), "the first start")
    (job.folder / "other.up").unlink()
    said, _ = launcher.communicate(timeout=60)
    assert launcher.returncode == 0, said
    assert "host other cannot be reached" in said
    assert [start["workers"] for start in job.events("start")][-1] == 1
    assert "--host localhost:1 " in job.events("start")[-1]["command"]
