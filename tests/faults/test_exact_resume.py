"""A run that is killed at random moments, while checkpoints are written in the background, ends with the weights of a
run that never was. RESTORE_KILLS=N in the environment kills N times instead of a few."""
import functools
import json
import os
import random
import resource
import shutil
import signal
import time

import pytest

from conftest import Jobs, wait_for

KILLS = int(os.environ.get("RESTORE_KILLS", 4))
# Saves lie in the midst of epochs (24 samples, 8 a step) and follow each other closely: most kills hit one.
RUN = {"schedule__steps": 30 * (KILLS + 1), "validation__every_steps": 35, "checkpoint__every_steps": 2}


def weights_of(run_folder):
    return json.loads((run_folder / "summary.json").read_text())["weights_xxh3"]


def newest_step(run_folder):
    return max((int(path.name[5:]) for path in run_folder.glob("checkpoints/step-*[0-9]")), default=0)


@pytest.fixture(scope="module")
def untouched(tiny_store, tmp_path_factory):
    """untouched(order of sums): the folder of a run that nothing happened to. By tree one worker computes the bits of
    any number of workers."""
    start = Jobs(tiny_store, tmp_path_factory.mktemp("untouched"))

    @functools.cache
    def folder(reduction):
        job = start({"fast": 2, "tree": 1}[reduction], run__name=reduction, comm__reduction=reduction, **RUN)
        assert job.wait_for_end(90)[0] == 0, job.stderr()
        return job.run_folder

    yield folder
    start.end()


def kill_later(job, dice):
    """After a random number of steps and a random while, one worker or all at once."""
    goal = newest_step(job.run_folder) + dice.randrange(1, 25)
    wait_for(lambda: job.mpirun.poll() is not None or newest_step(job.run_folder) >= goal, f"step {goal}")
    time.sleep(dice.random() / 10)
    victims = job.worker_processes()
    assert victims, "the job ended before it was killed: " + job.stderr()
    if dice.random() < 0.5:
        os.kill(dice.choice(victims), signal.SIGKILL)
        assert job.wait_for_end(30)[0] != 0
    job.end()
    wait_for(lambda: not job.worker_processes(), "the death of the workers")


@pytest.mark.parametrize("reduction, workers", [("fast", [2]), ("tree", [2]), ("tree", [4, 1, 2])])
def test_killed_at_random_moments_it_ends_with_the_weights_of_an_untouched_run(start, untouched, reduction, workers):
    values = {**RUN, "comm__reduction": reduction}
    expected = weights_of(untouched(reduction))
    dice = random.Random(f"{reduction} {workers}")
    for kill in range(KILLS):
        kill_later(start(workers[kill % len(workers)], **values), dice)
    last = start(workers[KILLS % len(workers)], **values)
    assert last.wait_for_end(90)[0] == 0, last.stderr()
    assert "resumed at step" in last.stderr()
    assert weights_of(last.run_folder) == expected


def test_asked_to_stop_it_ends_when_its_last_checkpoint_is_on_disk(start):
    job = start(2, schedule__steps=100_000)
    job.wait_for_step(20)
    job.mpirun.send_signal(signal.SIGUSR1)
    assert job.wait_for_end(30)[0] == 85
    steps = json.loads((job.run_folder / "summary.json").read_text())["steps"]
    assert (job.run_folder / "checkpoints" / f"step-{steps:08}" / "complete.json").exists()


def test_a_disk_that_is_full_in_mid_run_ends_it_with_a_message_and_what_was_saved_goes_on(start, untouched):
    values = {**RUN, "comm__reduction": "fast"}
    saved = untouched("fast") / "checkpoints" / f"step-{RUN['schedule__steps']:08}"
    size = (saved / "state.safetensors").stat().st_size
    job = start(2, **{**values, "validation__every_steps": 1_000})
    wait_for(lambda: newest_step(job.run_folder) >= 10, "step 10")
    for pid in job.worker_processes():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (size - 1, size - 1))  # write(2) fails as on a full disk
    assert job.wait_for_end(30)[0] == 74
    assert "cannot write" in job.messages()[0] and "state.safetensors" in job.messages()[0]
    assert not list(job.run_folder.glob("checkpoints/*.tmp"))
    again = start(2, **values)
    assert again.wait_for_end(90)[0] == 0, again.stderr()
    assert "resumed at step" in again.stderr()
    assert weights_of(again.run_folder) == weights_of(untouched("fast"))


def test_the_newest_checkpoint_cut_off_is_passed_over_by_name(start, untouched, tmp_path):
    values = {**RUN, "comm__reduction": "tree"}
    shutil.copytree(untouched("tree"), tmp_path / "tiny")
    (tmp_path / "tiny" / "summary.json").unlink()
    newest = tmp_path / "tiny/checkpoints" / f"step-{newest_step(tmp_path / 'tiny'):08}"
    os.truncate(newest / "state.safetensors", 1000)
    job = start(2, **values)
    assert job.wait_for_end(90)[0] == 0, job.stderr()
    assert f"passed over: {newest} is damaged: size or checksum of state.safetensors" in job.stderr()
    assert weights_of(tmp_path / "tiny") == weights_of(untouched("tree"))
