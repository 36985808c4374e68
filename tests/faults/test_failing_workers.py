"""A worker that dies or throws, in whatever phase: all workers end, and the output says which one it was."""
import json
import os
import re
import shutil
import signal

import pytest

from conftest import wait_for, wait_until_gone

ENDS_S = 8  # mpirun ends the others within 3 s; a worker that is not the first lets the first speak for 3 s


def end_of(job):
    code, seconds = job.wait_for_end(30)
    assert seconds < 30
    return code


def flip_a_bit_of_each_sample(shard):
    """In the pixels, which are most of the file: whichever sample is read next is damaged."""
    with shard.open("r+b") as file:
        size = shard.stat().st_size
        for offset in range(size // 4, size, 512):
            file.seek(offset)
            byte = file.read(1)
            file.seek(offset)
            file.write(bytes([byte[0] ^ 1]))


@pytest.mark.parametrize("rank", [0, 1])
def test_a_killed_worker_ends_all_and_is_named(start, rank):
    job = start(2)
    pids = job.wait_for_step(20)
    os.kill(pids[rank], signal.SIGKILL)
    code, seconds = job.wait_for_end(30)
    assert code == 137 and seconds < ENDS_S
    assert f"process rank {rank} " in job.stderr() and "signal 9 (Killed)" in job.stderr()
    wait_until_gone(pids)


def test_an_error_before_the_workers_have_met_names_the_worker(start):
    job = start(2, of_rank_1=["--set=schedule.stepz=1"])
    assert end_of(job) == 78
    assert "restore-worker worker 1: configuration error" in job.stderr() and "schedule.stepz" in job.stderr()


def test_an_error_of_one_worker_at_the_start_ends_all(start):
    job = start(2, of_rank_1=["--set=optimizer.learning_rate=0.5"])
    assert end_of(job) == 78
    assert "error in worker 0: the configuration of worker 1 differs" in job.stderr()


def test_a_damaged_training_sample_ends_all_and_names_worker_and_shard(start, store):
    job = start(2, validation__every_steps=1_000_000)
    pids = job.wait_for_step(20)
    flip_a_bit_of_each_sample(store / "train-00000.h5")
    assert end_of(job) == 65
    assert re.search(r"bad data error in worker [01]: .*train-00000\.h5", job.messages()[0])
    wait_until_gone(pids)


def test_a_damaged_validation_sample_ends_all_and_names_worker_and_shard(start, store):
    job = start(2, validation__every_steps=50)
    job.wait_for_step(20)
    flip_a_bit_of_each_sample(store / "valid-00000.h5")
    assert end_of(job) == 65
    assert re.search(r"bad data error in worker [01]: .*valid-00000\.h5", job.messages()[0])


def test_a_disk_that_is_full_at_a_save_ends_all_and_names_the_worker(start, on_small_disk):
    job = start(2, through=on_small_disk, validation__every_steps=1_000_000, run__log_every_steps=1_000_000,
                checkpoint__every_steps=1, checkpoint__keep_last=1_000_000)
    assert end_of(job) == 74
    assert re.search(r"i/o error in worker 0: .*checkpoints.*No space left on device", job.messages()[0])


def test_a_store_that_is_deleted_in_mid_run_is_still_read(start, store):
    job = start(2, validation__every_steps=50)
    job.wait_for_step(20)
    shutil.rmtree(store)
    reached = max(job.heartbeat(rank)["step"] for rank in (0, 1))
    job.wait_for_step(reached + 100)  # over two validations
    assert job.messages() == []


def test_a_batch_smaller_than_the_number_of_workers_is_refused(start):
    job = start(4, schedule__micro_batches_per_step=2)
    assert end_of(job) == 78
    assert "start 1, 2 workers" in job.messages()[0]


def test_a_heartbeat_that_cannot_be_written_is_warned_about_once_and_ends_nothing(start):
    job = start(2, run__log_every_steps=1)
    job.wait_for_step(20)
    shutil.move(job.run_folder / "heartbeats", job.run_folder / "away")
    warnings = lambda: [line for line in job.stderr().splitlines() if "no heartbeat of worker" in line]
    wait_for(lambda: len(warnings()) == 2, "a warning of each worker")
    before = (job.run_folder / "metrics.jsonl").stat().st_size
    wait_for(lambda: (job.run_folder / "metrics.jsonl").stat().st_size > before + 5000, "more steps")
    assert len(warnings()) == 2
    assert job.mpirun.poll() is None
