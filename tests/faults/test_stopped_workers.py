"""A worker that stops without dying: the others name it within its deadline and all of them end."""
import os
import signal
import time

import pytest

from conftest import Jobs, wait_for, wait_until_gone

DEADLINE_S = 4
ALL_PHASES = {f"watchdog__{phase}_s": DEADLINE_S for phase in ("start", "data", "step", "validation", "save")}


def stop(pid):
    os.kill(pid, signal.SIGSTOP)


class Stopped:
    """A job of two workers one of which was stopped, after its end. Its folder held dumps of an earlier failure."""

    def __init__(self, start, rank):
        self.rank, self.living = rank, 1 - rank
        dumps = start.folder / "tiny" / "dumps"
        dumps.mkdir(parents=True)
        for earlier in (0, 1, 2):
            (dumps / f"worker-{earlier}.json").write_text('{"pid": 1}')
        self.job = start(2, watchdog__step_s=DEADLINE_S, validation__every_steps=1_000_000)
        self.pids = self.job.wait_for_step(20)
        stop(self.pids[rank])
        self.code, self.seconds = self.job.wait_for_end(DEADLINE_S + 10)


@pytest.fixture(scope="module", params=[0, 1])
def stopped(request, tiny_store, tmp_path_factory):
    start = Jobs(tiny_store, tmp_path_factory.mktemp("stopped"))
    yield Stopped(start, request.param)
    start.end()


def test_a_stopped_worker_is_named_and_the_job_ends_within_its_deadline_and_5_s(stopped):
    assert stopped.code == 75
    assert stopped.seconds < DEADLINE_S + 5
    (message,) = stopped.job.messages()
    assert f"worker {stopped.rank} (process {stopped.pids[stopped.rank]} on" in message
    assert "gave no sign of life" in message and "(watchdog.step_s)" in message
    wait_until_gone(stopped.pids)


def test_the_living_worker_dumps_its_collectives_and_stacks(stopped):
    living, pid = stopped.living, stopped.pids[stopped.living]
    dump = stopped.job.dump(living)
    assert (dump["rank"], dump["num_workers"], dump["pid"], dump["attempt"]) == (living, 2, pid, 0)
    assert dump["phase"] == "step" and DEADLINE_S <= dump["phase_s"] < DEADLINE_S + 2
    assert dump["deadline_s"] == DEADLINE_S
    (other,) = dump["others"]
    assert other["rank"] == stopped.rank and other["silent_s"] > 2
    assert len(dump["collectives"]) == 64
    assert [record["sequence"] for record in dump["collectives"]][-1] == dump["sequence"]
    assert dump["collectives"][-1]["left_s"] is None
    assert all(record["left_s"] >= record["entered_s"] for record in dump["collectives"][:-1])
    (main,) = [thread for thread in dump["threads"] if thread["id"] == pid]
    assert any("worker::train_step" in frame for frame in main["frames"])
    assert any("libmpi" in frame for frame in main["frames"])


def test_dumps_of_an_earlier_failure_do_not_stay(stopped):
    assert stopped.job.dump(stopped.living)["pid"] == stopped.pids[stopped.living]
    left = [file.name for file in (stopped.job.run_folder / "dumps").iterdir()]
    assert left == [f"worker-{stopped.living}.json"]  # mpirun wakes the other one up, to end it


def test_all_living_workers_dump_and_one_of_them_tells(start):
    job = start(4, watchdog__step_s=DEADLINE_S, validation__every_steps=1_000_000)
    pids = job.wait_for_step(20, workers=4)
    stop(pids[2])
    code, seconds = job.wait_for_end(DEADLINE_S + 10)
    assert code == 75 and seconds < DEADLINE_S + 5
    (message,) = job.messages()
    assert f"worker 2 (process {pids[2]} on" in message
    assert [job.dump(rank)["pid"] for rank in (0, 1, 3)] == [pids[0], pids[1], pids[3]]
    assert not (job.run_folder / "dumps" / "worker-2.json").exists()


@pytest.mark.parametrize("moment_s", [0.1, 0.7])
def test_whatever_phase_it_is_in(start, moment_s):
    job = start(2, **ALL_PHASES, validation__every_steps=2, checkpoint__every_steps=1)
    pids = job.wait_for_step(3)
    time.sleep(moment_s)
    stop(pids[0])
    code, seconds = job.wait_for_end(DEADLINE_S + 10)
    assert code == 75 and seconds < DEADLINE_S + 5
    assert "worker 0 (process" in job.messages()[0]


def test_before_the_workers_have_met(start):
    job = start(2, watchdog__start_s=DEADLINE_S)
    pids = wait_for(lambda: len(job.worker_processes()) == 2 and job.worker_processes(), "two processes")
    stop(pids[1])
    code, seconds = job.wait_for_end(DEADLINE_S + 10)
    assert code != 0 and seconds < DEADLINE_S + 5
    assert "phase start of worker 0" in job.messages()[0]
    wait_until_gone(pids)
