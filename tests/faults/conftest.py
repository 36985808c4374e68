"""What the tests of faults share: a job that trains a tiny store and can be harmed while it runs."""
import json
import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(os.environ.get("RESTORE_BIN", ROOT / "build" / "bin"))
MPIRUN = ["mpirun", "--allow-run-as-root", "--oversubscribe", "--bind-to", "none", "-np"]
# A run that lasts until it is harmed: a step takes milliseconds.
ENDLESS = {"run.name": "tiny", "run.threads": 1, "sampling.crop": 8, "network.blocks": 1,
           "network.find": "[4, 8]", "network.restore": "[4, 8]", "network.colourise": "[4]",
           "schedule.steps": 1_000_000, "schedule.micro_batches_per_step": 4, "schedule.micro_batch_size": 2,
           "validation.every_steps": 500, "validation.batch": 2, "validation.pictures": 1}


def wait_for(condition, what, seconds=120):  # a guard against hanging, on a slow machine too
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if result := condition():
            return result
        time.sleep(0.02)
    raise AssertionError(f"waited {seconds} s for {what}")


def is_running(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def program_of(pid):
    """A child of mpirun is mpirun until it becomes the worker; mpirun waits for that and, if it is stopped before, for ever."""
    try:
        return os.readlink(f"/proc/{pid}/exe")
    except OSError:
        return None


def wait_until_gone(pids):
    """mpirun may end a moment before the last process that it has killed."""
    wait_for(lambda: not any(map(is_running, pids)), f"the end of the processes {pids}", seconds=3)


def children_of(pid):
    try:
        return list(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))
    except OSError:
        return []


class Job:
    """mpirun and its workers; all of them are gone when the test is over."""

    def __init__(self, words, folder, name):
        self.run_folder = folder / name
        self.output = folder / "output.txt"
        self.pids = set()
        self.ended_s = None
        self.mpirun = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=open(self.output, "w"),
                                       start_new_session=True)

    def stderr(self):
        return self.output.read_text()

    def worker_processes(self):
        """The processes of the workers as the kernel knows them, before any of them has a heartbeat, too."""
        self.pids |= set(children_of(self.mpirun.pid))
        return [pid for pid in sorted(self.pids) if is_running(pid) and program_of(pid) != program_of(self.mpirun.pid)]

    def heartbeat(self, rank):
        try:
            beat = json.loads((self.run_folder / "heartbeats" / f"worker-{rank}.json").read_text())
        except OSError:
            return None
        self.pids.add(beat["pid"])
        return beat

    def wait_for_step(self, step, workers=2):
        """Returns the workers' processes, by rank, once all have done this many steps."""
        def pids():
            assert self.mpirun.poll() is None, self.stderr()
            beats = [self.heartbeat(rank) for rank in range(workers)]
            return all(beat and beat["step"] >= step for beat in beats) and [beat["pid"] for beat in beats]
        return wait_for(pids, f"step {step}")

    def wait_for_end(self, seconds):
        """The job's exit code and how long it took from now on."""
        before = time.monotonic()
        code = self.mpirun.wait(timeout=seconds)
        return code, time.monotonic() - before

    def messages(self):
        """The error lines of the workers."""
        return [line for line in self.stderr().splitlines() if re.match(r"[0-9:]+ \[worker \d\] E ", line)]

    def dump(self, rank):
        return json.loads((self.run_folder / "dumps" / f"worker-{rank}.json").read_text())

    def end(self):
        for pid in [*filter(is_running, {*self.pids, *children_of(self.mpirun.pid)}), self.mpirun.pid]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.mpirun.wait()


class Jobs:
    """Starts jobs in one folder, with the programs' tiny store; end() ends all of them."""

    def __init__(self, store, folder):
        self.store, self.folder, self.started = store, folder, []

    def __call__(self, workers, of_rank_1=(), through=(), **values):
        """`__` in the name of a value stands for a dot. `of_rank_1` are words that only worker 1 gets, `through` is a
        command that runs the job."""
        settings = {**ENDLESS, "run.folder": self.folder, "data.store": self.store,
                    **{key.replace("__", "."): value for key, value in values.items()}}
        worker = [str(BIN / "restore-worker"), *(f"--set={key}={value}" for key, value in settings.items())]
        words = [*MPIRUN, str(workers), *worker]
        if of_rank_1:
            words = [*MPIRUN, "1", *worker, ":", "-np", "1", *worker, *of_rank_1]
        self.started.append(Job([*through, *words], self.folder, settings["run.name"]))
        return self.started[-1]

    def end(self):
        for job in self.started:
            job.end()


@pytest.fixture(scope="session")
def tiny_store(tmp_path_factory):
    """A store that no test changes."""
    folder = tmp_path_factory.mktemp("tiny") / "store"
    subprocess.run([BIN.parent / "tests" / "make_tiny_store", folder], check=True)
    return folder


@pytest.fixture
def store(tiny_store, tmp_path):
    """A store of the test's own."""
    return shutil.copytree(tiny_store, tmp_path / "store")


@pytest.fixture
def start(store, tmp_path):
    jobs = Jobs(store, tmp_path)
    yield jobs
    jobs.end()


@pytest.fixture
def on_small_disk(tmp_path):
    """A command whose children have 512 KiB for the run's folder; for them alone, in namespaces of their own."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    mount = f"mount -t tmpfs -o size=512k none '{folder}' && exec \"$@\""
    return ["unshare", "--user", "--map-root-user", "--mount", "bash", "-c", mount, "small-disk"]
