"""slurm/shard.sbatch on a real Slurm of two nodes: interrupted and requeued, it makes the store of an undisturbed run."""
import hashlib
import subprocess

import numpy as np
import pytest
from batch_job import wait_for
from conftest import BIN, ROOT
from PIL import Image

SETTINGS = ["--short-side", "96", "--patch", "64", "--variants", "6", "--valid-fraction", "0.25", "--threads", "1"]


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    folder = tmp_path_factory.mktemp("photos")
    random = np.random.default_rng(1)
    for number in range(140):
        coarse = random.integers(0, 256, (12, 16, 3), dtype=np.uint8)
        Image.fromarray(coarse).resize((160, 120), Image.BICUBIC).save(folder / f"p{number:03}.jpg", quality=90)
    return folder


def digests(store):
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in store.iterdir()}


def test_an_interrupted_job_of_two_nodes_makes_the_same_store(cluster, repository, photos):
    subprocess.run([BIN / "restore-shard", "--photos", photos, "--store", repository / "alone", *SETTINGS], check=True,
                   capture_output=True, timeout=100)
    store = repository / "sharded"
    job = cluster.submit(repository, ROOT / "slurm" / "shard.sbatch", photos, store, *SETTINGS,
                         options=["--nodes=2", "--cpus-per-task=1"])
    wait_for(lambda: list(store.glob("*.h5")), job.printed)
    job.signal("USR1", "--batch")
    assert job.wait_until_requeued() == 1
    assert not (store / "store.json").exists()
    job.start_now()
    job.wait_for("COMPLETED")
    assert "out of time; back into the queue" in job.printed()
    assert digests(store) == digests(repository / "alone")
