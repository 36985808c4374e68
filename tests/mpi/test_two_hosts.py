"""Training over the network between two hosts: the same bits as on one, and what happens when the cable is cut."""
import json
import os
import subprocess
import time
from pathlib import Path

import pytest
from two_hosts import TwoHosts

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(os.environ.get("RESTORE_BIN", ROOT / "build" / "bin"))
MPIRUN = ["mpirun", "--allow-run-as-root", "--oversubscribe", "--bind-to", "none"]
TINY = {"run.threads": 1, "run.log_every_steps": 1, "run.device": "cpu", "sampling.crop": 8,
        "network.find": "[4, 8]", "network.restore": "[4, 8]", "network.colourise": "[4]",
        "network.blocks": 1, "schedule.steps": 9, "schedule.micro_batches_per_step": 4, "schedule.micro_batch_size": 2,
        "validation.every_steps": 3, "validation.batch": 2, "comm.reduction": "tree"}
# mpirun's daemons notice within 6 s that they cannot reach each other; OpenMPI's own values make it 8 minutes.
WATCHFUL = {"OMPI_MCA_oob_tcp_keepalive_time": "3", "OMPI_MCA_oob_tcp_keepalive_intvl": "1",
            "OMPI_MCA_oob_tcp_keepalive_probes": "3"}


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("two-hosts") / "store"
    subprocess.run([BIN.parent / "tests" / "make_tiny_store", folder], check=True)
    return folder


@pytest.fixture
def hosts(tmp_path):
    hosts = TwoHosts(tmp_path)
    yield hosts
    hosts.close()


@pytest.fixture
def worker(store, tmp_path):
    """worker(name, **values): the command line of one worker of a tiny run; `__` stands for a dot."""

    def words(name, **values):
        settings = {**TINY, "run.name": name, "run.folder": tmp_path, "data.store": store,
                    **{key.replace("__", "."): value for key, value in values.items()}}
        return [BIN / "restore-worker", *(word for key, value in settings.items() for word in ("--set", f"{key}={value}"))]

    return words


def summary(folder):
    return json.loads((folder / "summary.json").read_text())


def wait_for_steps(job, run_folder):
    metrics = run_folder / "metrics.jsonl"
    while not (metrics.exists() and metrics.stat().st_size):
        assert job.poll() is None, job.communicate()
        time.sleep(0.1)


@pytest.fixture
def alone(worker, tmp_path):
    """alone(**values): the weights' hash of one worker on this machine."""

    def train(**values):
        subprocess.run(list(map(str, worker("alone", **values))), check=True, capture_output=True, timeout=60)
        return summary(tmp_path / "alone")["weights_xxh3"]

    return train


@pytest.mark.parametrize("workers_of_each", [1, 2])
def test_workers_of_two_hosts_learn_what_one_learns_alone(hosts, worker, alone, tmp_path, workers_of_each):
    job = hosts.start(*MPIRUN, "--host", f"left:{workers_of_each},right:{workers_of_each}", "-np", 2 * workers_of_each,
                      *worker("both"))
    _, messages = job.communicate(timeout=100)
    assert job.returncode == 0, messages
    started = [line.rsplit(" ", 1)[1] for line in messages.splitlines() if "threads, process" in line]
    assert sorted(started) == sorted(["left", "right"] * workers_of_each)
    assert summary(tmp_path / "both")["weights_xxh3"] == alone()


def test_a_host_with_another_configuration_is_refused_and_its_worker_named(hosts, worker):
    job = hosts.start(*MPIRUN, "--host", "left", "-np", 1, *worker("refused"),
                      ":", "--host", "right", "-np", 1, *worker("refused", run__seed=2))
    _, messages = job.communicate(timeout=60)
    assert job.returncode == 78
    assert "the configuration of worker 1 differs from worker 0's" in messages


def test_a_cut_cable_ends_the_job_on_both_hosts_and_the_lost_one_is_named(hosts, worker, tmp_path):
    hosts.environment.update(WATCHFUL)
    for host in hosts.hosts:
        host.give_up_soon()
    job = hosts.start(*MPIRUN, "--host", "left,right", "-np", 2, *worker("cut", schedule__steps=1_000_000))
    wait_for_steps(job, tmp_path / "cut")
    hosts.cut()
    _, messages = job.communicate(timeout=60)
    assert job.returncode not in (0, 85)
    assert "lost communication" in messages and "on node right" in messages
    hosts.wait_until_empty(timeout_s=10)


def test_workers_end_at_their_deadline_where_mpirun_still_waits(hosts, worker, tmp_path):
    deadline_s = 4
    job = hosts.start(*MPIRUN, "--host", "left,right", "-np", 2,
                      *worker("late", schedule__steps=1_000_000, validation__every_steps=1_000_000, watchdog__step_s=deadline_s))
    wait_for_steps(job, tmp_path / "late")
    hosts.cut()
    end = time.monotonic() + deadline_s + 6  # the dumps of others are waited for
    while left := [line for line in hosts.command_lines() if "restore-worker" in line.split(" ")[0]]:
        assert time.monotonic() < end, f"beyond the deadline: {left}"
        time.sleep(0.1)
    dumps = [json.loads((tmp_path / "late" / "dumps" / f"worker-{rank}.json").read_text()) for rank in (0, 1)]
    assert {dump["host"] for dump in dumps} == {"left", "right"}
    assert all(dump["collectives"][-1]["left_s"] is None for dump in dumps)
    assert "watchdog.step_s" in (tmp_path / "late" / "worker-0.log").read_text() + \
        (tmp_path / "late" / "worker-1.log").read_text()


def test_the_launcher_goes_on_without_the_host_that_was_cut_off_to_the_same_weights(hosts, worker, alone, tmp_path):
    hosts.environment.update(WATCHFUL)
    for host in hosts.hosts:
        host.give_up_soon()
    (tmp_path / "empty.yaml").write_text("")
    settings = {"schedule__steps": 400, "validation__every_steps": 50}
    job = hosts.start(BIN / "restore-launch", "--config", tmp_path / "empty.yaml", "--hosts", "left:1,right:1",
                      *worker("launched", **settings)[1:])
    wait_for_steps(job, tmp_path / "launched")
    hosts.cut()
    _, messages = job.communicate(timeout=60)
    assert job.returncode == 0, messages
    assert "host right cannot be reached; going on without it" in messages
    assert summary(tmp_path / "launched")["num_workers"] == 1
    assert summary(tmp_path / "launched")["weights_xxh3"] == alone(**settings)
    hosts.wait_until_empty(timeout_s=10)


def test_a_short_break_of_the_network_is_survived(hosts, worker, alone, tmp_path):
    settings = {"schedule__steps": 400, "validation__every_steps": 100}
    job = hosts.start(*MPIRUN, "--host", "left,right", "-np", 2, *worker("broken", **settings))
    wait_for_steps(job, tmp_path / "broken")
    hosts.cut()
    time.sleep(1)
    assert job.poll() is None
    hosts.heal()
    _, messages = job.communicate(timeout=60)
    assert job.returncode == 0, messages
    assert summary(tmp_path / "broken")["weights_xxh3"] == alone(**settings)
