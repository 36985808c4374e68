"""comm.reduction=tree: a run ends with the same bits whatever number of workers computed which of its steps."""
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(os.environ.get("RESTORE_BIN", ROOT / "build" / "bin"))
MPIRUN = ["mpirun", "--allow-run-as-root", "--oversubscribe", "--bind-to", "none", "-np"]
TINY = {"run.threads": 1, "run.log_every_steps": 1, "sampling.crop": 8,
        "network.find": "[4, 8]", "network.restore": "[4, 8]", "network.colourise": "[4]", "network.blocks": 1,
        "schedule.steps": 9, "schedule.micro_batches_per_step": 4, "schedule.micro_batch_size": 2, "validation.every_steps": 3,
        "validation.batch": 2, "comm.reduction": "tree"}


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tree") / "store"
    subprocess.run([BIN.parent / "tests" / "make_tiny_store", folder], check=True)
    return folder


@pytest.fixture
def train(store, tmp_path):
    """train(workers, name, **values): runs a job of these workers; `__` stands for a dot."""

    def run(workers, name, *arguments, **values):
        settings = {**TINY, "run.name": name, "run.folder": tmp_path, "data.store": store,
                    **{key.replace("__", "."): value for key, value in values.items()}}
        words = [f"--set={key}={value}" for key, value in settings.items()]
        return subprocess.run([*MPIRUN, str(workers), BIN / "restore-worker", *words, *arguments],
                              capture_output=True, text=True, timeout=100)

    return run


def what_was_learnt(folder):
    """The weights' hash, the validations and the losses of the steps."""
    summary = json.loads((folder / "summary.json").read_text())
    rows = [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]
    kept = ("step", "kind", "loss", "grad_norm", "psnr")
    return summary["weights_xxh3"], [{key: row[key] for key in kept if key in row} for row in rows]


def test_1_2_and_4_workers_write_the_same_numbers(train, tmp_path):
    for workers in (1, 2, 4):
        result = train(workers, f"of-{workers}")
        assert result.returncode == 0, result.stderr
    assert what_was_learnt(tmp_path / "of-2") == what_was_learnt(tmp_path / "of-1")
    assert what_was_learnt(tmp_path / "of-4") == what_was_learnt(tmp_path / "of-1")


def cut_back(folder, step):
    """The run as a kill right after saving this step would have left it."""
    for checkpoint in (folder / "checkpoints").glob("step-*"):
        if checkpoint.name > f"step-{step:08}":
            shutil.rmtree(checkpoint)
    (folder / "summary.json").unlink()


def test_a_run_that_changes_its_number_of_workers_ends_as_one_that_does_not(train, tmp_path):
    assert train(1, "steady").returncode == 0
    for workers, end in ((4, 3), (2, 6), (1, 9)):
        result = train(workers, "changing", checkpoint__keep_last=9)
        assert result.returncode == 0, result.stderr
        if end < 9:
            cut_back(tmp_path / "changing", end)
    assert "resumed at step 6" in result.stderr
    assert what_was_learnt(tmp_path / "changing") == what_was_learnt(tmp_path / "steady")


def test_a_number_of_workers_that_cannot_keep_the_tree_is_refused_with_those_that_can(train):
    result = train(2, "refused", schedule__micro_batches_per_step=6)
    assert result.returncode == 78
    assert "start 1, 3, 6 workers" in result.stderr
