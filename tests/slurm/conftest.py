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

# The learning rate is constant, so the number of steps changes nothing else.
TINY = """
run: {name: %s, folder: runs, threads: 1, log_every_steps: 1, device: cpu}
data: {store: store}
sampling: {crop: 8}
network: {find: [4, 8], restore: [4, 8], colourise: [4], blocks: 1}
schedule: {steps: %d, warmup_steps: 5, min_lr_ratio: 1, micro_batches_per_step: 4, micro_batch_size: 2}
validation: {every_steps: %d, batch: 1, pictures: 1}
checkpoint: {keep_last: 1}
comm: {reduction: tree}
"""
STEPS = 60  # of a run, unless it has done more before it is let end


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
    """A training run: its configuration and its folder. It trains without end, validates and saves after each step."""

    def __init__(self, repository, name):
        self.name, self.folder, self.configuration = name, repository / "runs" / name, repository / f"{name}.yaml"
        self.configure(steps=1_000_000, every_steps=1)

    def configure(self, steps, every_steps):
        self.configuration.write_text(TINY % (self.name, steps, every_steps))

    def let_end(self, steps=None):
        """The next start validates and saves at the end only, which comes soon. The number of steps."""
        steps = steps or max(STEPS, self.saved_steps() + 10)
        self.configure(steps, every_steps=steps)
        return steps

    def saved_steps(self):
        return max((int(file.parent.name[5:]) for file in self.folder.glob("checkpoints/step-*[0-9]/complete.json")), default=0)

    def summary(self):
        return json.loads((self.folder / "summary.json").read_text())

    def hosts(self):
        """Where the workers of the last start ran."""
        return [json.loads(file.read_text())["host"] for file in self.folder.glob("heartbeats/worker-*.json")]

    def wait_for_steps(self, job):
        """Waits until a step of the run is saved."""
        wait_for(self.saved_steps, job.printed, timeout_s=60)


@pytest.fixture(scope="session")
def undisturbed(repository):
    """undisturbed(steps): the hash of the weights that one worker alone ends with."""

    @functools.cache
    def weights(steps):
        run = Run(repository, f"undisturbed-{steps}")
        run.let_end(steps)
        subprocess.run([BIN / "restore-worker", "--config", run.configuration], cwd=repository, check=True,
                       capture_output=True, timeout=400)
        return run.summary()["weights_xxh3"]

    return weights
