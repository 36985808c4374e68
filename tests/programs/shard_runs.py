"""What the tests of restore-shard share: small photographs, small settings and what a store consists of."""
import hashlib
import json

import numpy as np
from conftest import BIN
from PIL import Image

SMALL = {"--short-side": 96, "--patch": 64, "--variants": 2, "--valid-fraction": 0.25}
SHARD = BIN / "restore-shard"
MPIRUN = ["mpirun", "--allow-run-as-root", "--oversubscribe", "--bind-to", "none", "-np"]


def small(*replaced):
    """The small settings as words, without those that the test gives itself."""
    return [str(word) for option, value in SMALL.items() if option not in replaced for word in (option, value)]


def make_photos(folder, count):
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(count)
    for index in range(count):
        coarse = random.integers(0, 256, (12, 16, 3), dtype=np.uint8)
        Image.fromarray(coarse).resize((160, 120), Image.BICUBIC).save(folder / f"p{index:02}.jpg", quality=90)
    return folder


def truncate(photo):
    photo.write_bytes(photo.read_bytes()[:photo.stat().st_size // 2])


def digests(store):
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in store.iterdir()}


def manifest(store):
    return json.loads((store / "store.json").read_text())
