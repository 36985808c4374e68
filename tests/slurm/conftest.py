"""What the tests on a real Slurm share: the cluster, and a folder like the repository with something to train on."""
import functools
import json
import os
import subprocess
from pathlib import Path

import pytest
from batch_job import wait_for
from slurm_cluster import SlurmCluster

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(os.environ.get("RESTORE_BIN", ROOT / "build" / "bin"))

# Validation and a checkpoint after each step slow training down without changing what is learnt; see Run.hurry.
TINY = """
run: {name: %s, folder: runs, threads: 1, log_every_steps: 1, device: cpu}
data: {store: store}
sampling: {crop: 8}
network: {widths: [4, 8], blocks: 1}
schedule: {steps: %d, micro_batches: 4, micro_batch: 2}
validation: {every_steps: 1, batch: 1, pictures: 1}
checkpoint: {keep_last: 1}
comm: {reduction: tree}
"""


@pytest.fixture(scope="session")
def cluster():
    cluster = SlurmCluster()
    yield cluster
    cluster.close()


@pytest.fixture(scope="session")
def repository(tmp_path_factory):
    """A folder from which batch scripts are submitted: build/bin and a store."""
    folder = tmp_path_factory.mktemp("slurm")
    (folder / "build").symlink_to(BIN.parent)
    subprocess.run([BIN.parent / "tests" / "make_tiny_store", folder / "store"], check=True)
    return folder


class Run:
    """A training run: its configuration and its folder."""

    def __init__(self, repository, name, steps=400):
        self.steps, self.folder = steps, repository / "runs" / name
        self.configuration = repository / f"{name}.yaml"
        self.configuration.write_text(TINY % (name, steps))

    def hurry(self):
        """The next start of the job validates and saves at the end only."""
        self.configuration.write_text(self.configuration.read_text().replace("every_steps: 1,", f"every_steps: {self.steps},"))

    def summary(self):
        return json.loads((self.folder / "summary.json").read_text())

    def hosts(self):
        """Where the workers of the last start ran."""
        return [json.loads(file.read_text())["host"] for file in self.folder.glob("heartbeats/worker-*.json")]

    def wait_for_steps(self, job):
        """Waits until a step of the run is saved."""
        wait_for(lambda: list(self.folder.glob("checkpoints/step-*/complete.json")), job.printed, timeout_s=60)


@pytest.fixture(scope="session")
def undisturbed(repository):
    """undisturbed(steps): the hash of the weights that one worker alone ends with."""

    @functools.cache
    def weights(steps):
        run = Run(repository, f"undisturbed-{steps}", steps)
        run.hurry()
        subprocess.run([BIN / "restore-worker", "--config", run.configuration], cwd=repository, check=True,
                       capture_output=True, timeout=400)
        return run.summary()["weights_xxh3"]

    return weights
