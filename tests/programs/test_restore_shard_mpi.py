"""restore-shard on several processes: one store, the bytes of one process, whenever it is killed; and when one process
fails, all end with its exit code."""
import os
import random
import signal
import subprocess
import time

import pytest
from shard_runs import MPIRUN, SHARD, digests, make_photos, manifest, small, truncate

NUM_PHOTOS = 140  # four shards to train on, two of validation


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    folder = make_photos(tmp_path_factory.mktemp("mpi") / "photos", NUM_PHOTOS)
    truncate(folder / "p03.jpg")
    return folder


def command(photos, store, *options):
    return [str(word) for word in (SHARD, "--photos", photos, "--store", store, *small(), *options)]


@pytest.fixture(scope="module")
def alone(photos, tmp_path_factory):
    """The store of one process with one thread."""
    store = tmp_path_factory.mktemp("alone") / "store"
    subprocess.run(command(photos, store, "--threads", "1"), check=True, capture_output=True, timeout=60)
    return store


def run_on(processes, words, **options):
    return subprocess.run([*MPIRUN, str(processes), *words], capture_output=True, text=True, timeout=90, **options)


@pytest.mark.parametrize("processes, threads", [(3, 1), (2, 2)])
def test_any_number_of_processes_makes_the_same_bytes(photos, alone, tmp_path, processes, threads):
    result = run_on(processes, command(photos, tmp_path / "store", "--threads", threads))
    assert result.returncode == 0, result.stderr
    assert digests(tmp_path / "store") == digests(alone)
    assert len(manifest(alone)["splits"]["train"]["shards"]) == 4
    assert result.stdout.count("fingerprint") == 1 and "ageing" in result.stdout
    assert result.stderr.count("p03.jpg") == 1
    again = run_on(processes, command(photos, tmp_path / "store"))
    assert again.returncode == 0 and again.stdout.count("Nothing to do") == 1


@pytest.mark.parametrize("processes", [1, 3])
def test_runs_killed_at_any_moment_end_in_the_same_bytes(photos, alone, tmp_path, processes):
    store = tmp_path / "store"
    words = command(photos, store, "--threads", "2" if processes == 1 else "1")
    kills = 0
    for delay in (0.05, 0.15, 0.3, 0.6):
        launcher = [] if processes == 1 else [*MPIRUN, str(processes)]
        job = subprocess.Popen([*launcher, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               start_new_session=True)
        time.sleep(delay + random.uniform(0, 0.05) + (0.3 if launcher else 0))
        kills += job.poll() is None
        for victim in our_processes(store):
            os.kill(victim, signal.SIGKILL)
        job.wait(timeout=30)
    assert kills > 0
    result = run_on(processes, words)
    assert result.returncode == 0, result.stderr
    assert digests(store) == digests(alone)


def our_processes(store):
    """The processes of restore-shard that work on this store."""
    found = []
    for process in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{process}/cmdline", "rb") as file:
                words = file.read().decode().split("\0")
        except OSError:
            continue
        if words[0].endswith("restore-shard") and str(store) in words:
            found.append(int(process))
    return found


def test_when_one_process_fails_all_end_with_its_exit_code(photos, tmp_path):
    result = run_on(3, command(photos, tmp_path / "store", "--strict"))
    assert result.returncode == 65 and "p03.jpg" in result.stderr and "process" in result.stderr
    assert not (tmp_path / "store" / "store.json").exists()


def test_what_is_wrong_for_all_is_said_once(photos, tmp_path):
    result = run_on(3, command(photos, tmp_path / "store", "--recipe", "old-foto"))
    assert result.returncode == 78 and result.stderr.count("no recipe 'old-foto'") == 1


def test_srun_without_pmix_is_refused(photos, tmp_path):
    result = subprocess.run(command(photos, tmp_path / "store"), capture_output=True, text=True, timeout=60,
                            env={**os.environ, "SLURM_STEP_NUM_TASKS": "3"})
    assert result.returncode == 64 and "srun --mpi=pmix" in result.stderr
