"""What a person sees of a running job: the table on a terminal, --status and --explain from another one."""
import json
import os
import pty
import re
import select
import subprocess
import threading

import pytest
from conftest import wait_for

TABLE = re.compile(r"^ +(\d+)  \S+ +(\w+) +(\d+) +12\.5  (?:\d+\.\d s ago|gone)", re.MULTILINE)


def look(job, *arguments):
    result = subprocess.run([job.folder / "restore-launch", *map(str, arguments)], capture_output=True, text=True,
                            timeout=20)
    return result.returncode, result.stdout, result.stderr


class Terminal:
    """Keeps what a program writes to a terminal of its own."""

    def __init__(self, command, **environment):
        self.text = ""
        ours, theirs = pty.openpty()
        variables = {**os.environ, "TERM": "xterm", **environment}
        self.process = subprocess.Popen(command, stdout=theirs, stderr=theirs, env=variables)
        os.close(theirs)
        self.thread = threading.Thread(target=self.read, args=(ours,))
        self.thread.start()

    def read(self, ours):
        while self.process.poll() is None or select.select([ours], [], [], 0)[0]:
            if select.select([ours], [], [], 0.1)[0]:
                try:
                    self.text += os.read(ours, 65536).decode()
                except OSError:  # the other end is closed
                    break
        os.close(ours)


@pytest.fixture
def terminal(request):
    def start(*arguments, **options):
        started = Terminal(*arguments, **options)
        request.addfinalizer(lambda: (started.process.kill(), started.process.wait(), started.thread.join()))
        return started

    return start


def test_the_table_is_redrawn_in_place_with_the_workers_words_above_it(job, terminal):
    job.plan(steps=30, says="hello from a worker")
    seen = terminal(job.command(), NO_COLOR="1")
    assert seen.process.wait(timeout=30) == 0
    seen.thread.join()
    assert "\x1b[3A\r\x1b[J" in seen.text  # a heading and two workers are taken away before they are drawn again
    assert not re.search(r"\x1b\[[0-9;]*m", seen.text)
    rows = TABLE.findall(seen.text.replace("\r", ""))
    for worker in ("0", "1"):
        steps = [int(step) for rank, _, step in rows if rank == worker]
        assert len(steps) >= 3 and steps == sorted(steps) and steps[-1] > steps[0]
    assert "hello from a worker" in seen.text


def test_status_shows_the_same_from_another_terminal(job):
    launcher = job.start()
    job.wait_for_steps(4)
    code, said, _ = look(job, "--status", job.run)
    assert code == 0
    assert said.startswith(f"{job.run}, attempt 0: 2 workers, step ")
    rows = TABLE.findall(said)
    assert [row[:2] for row in rows] == [("0", "step"), ("1", "step")]
    assert all(int(row[2]) >= 4 for row in rows)
    launcher.kill()
    wait_for(lambda: look(job, "--status", job.run)[1].count("gone") == 2, "the workers' end")


def test_watching_goes_on_until_interrupted(job, terminal):
    job.start()
    job.wait_for_steps(1)
    seen = terminal([job.folder / "restore-launch", "--status", job.run, "--watch"])
    wait_for(lambda: len(TABLE.findall(seen.text.replace("\r", ""))) >= 6, "three tables")
    seen.process.send_signal(2)
    assert seen.process.wait(timeout=5) == -2


def test_a_folder_without_a_job_is_said_to_be_one(job):
    for option in ("--status", "--explain"):
        code, _, message = look(job, option, job.folder)
        assert code == 64 and "no job has run there" in message


def test_explain_names_the_worker_that_was_behind(job):
    collective = {"sequence": 37, "kind": "all_reduce", "what": "bucket 3", "bytes": 4096, "entered_s": 1.5}
    beat = {"rank": 0, "num_workers": 2, "host": "a", "pid": 1, "attempt": 0, "step": 12, "sequence": 37, "phase": "step",
            "phase_s": 61.0, "samples_per_s": 12.5, "beat": 9}
    behind = {**beat, "rank": 1, "sequence": 36, "phase": "data"}
    dump = {**beat, "deadline_s": 60, "threads": [], "collectives": [{**collective, "left_s": None}],
            "others": [{**behind, "silent_s": 0.4}]}
    other = {**dump, **behind, "collectives": [{**collective, "sequence": 36, "left_s": 2.0}]}
    (job.run / "dumps").mkdir(parents=True)
    for each in (dump, other):
        (job.run / "dumps" / f"worker-{each['rank']}.json").write_text(json.dumps(each))
    (job.run / "dumps" / "worker-7.json").write_text("{}")
    code, said, warned = look(job, "--explain", job.run)
    assert code == 0
    assert said.startswith("Attempt 0: worker 1 (process 1 on a) is behind: in phase data after step 12 for 61 s, at work after")
    assert "the others wait for it in collective 37 (all_reduce of bucket 3, 4096 bytes)" in said
    assert "worker-7.json is no dump" in warned


def test_explain_names_a_worker_that_the_launcher_found_stopped(job):
    job.plan(steps=12, **{"0": {"1": {"at": 7, "do": "stop"}}})
    assert job.launch("--heartbeat-timeout", "2", "--max-restarts", "0")[0] == 75
    _, said, _ = look(job, "--explain", job.run)
    assert "The launcher on its end: worker 1 (process" in said and "gave no sign of life for 2" in said
