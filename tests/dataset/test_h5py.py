"""A store is plain HDF5: h5py reads a sample in a line. docs/dataset_format.md shows the same lines."""
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import h5py
import numpy as np
import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(os.environ.get("RESTORE_BIN", ROOT / "build" / "bin"))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """(photographs as arrays [H,W,3], sorted by name; the folder of their store)"""
    folder = tmp_path_factory.mktemp("h5py")
    (folder / "photos").mkdir()
    random = np.random.default_rng(1)
    photos = [random.integers(0, 256, (70, 100, 3), dtype=np.uint8) for _ in range(3)]
    for index, pixels in enumerate(photos):
        Image.fromarray(pixels).save(folder / "photos" / f"{index}.png")
    subprocess.run([BIN / "restore-shard", "--photos", folder / "photos", "--store", folder / "store", "--variants", "2",
                    "--short-side", "0", "--patch", "64"], check=True, timeout=60)
    return photos, folder / "store"


def test_a_sample_in_a_line(made):
    photos, store = made
    clean = h5py.File(store / "train-00000.h5")["clean"][5]
    assert clean.shape == (3, 64, 64) and clean.dtype == np.uint8
    photo, variant, x, y = h5py.File(store / "train-00000.h5")["origin"][5]
    assert np.array_equal(clean.transpose(1, 2, 0), photos[photo][y:y + 64, x:x + 64])


def test_shapes_are_those_of_store_json(made):
    _, store = made
    manifest = json.loads((store / "store.json").read_text())
    assert manifest["format_version"] == 4 and len(manifest["photos"]) == 3
    for split in ("train", "valid"):
        shards = manifest["splits"][split]["shards"]
        assert sum(shard["samples"] for shard in shards) == manifest["splits"][split]["samples"] > 0
        for shard in shards:
            with h5py.File(store / shard["file"]) as file:
                n = shard["samples"]
                shapes = {name: file[name].shape for name in file}
                assert shapes == {"clean": (n, 3, 64, 64), "aged": (n, 1, 64, 64), "damage": (n, 1, 64, 64),
                                  "origin": (n, 4), "xxh3": (n, 4)}
                assert all(file[name].chunks is None for name in file)


def test_a_shard_says_how_it_was_made(made):
    _, store = made
    with h5py.File(store / "valid-00000.h5") as file:
        about = json.loads(file.attrs["about"])
    assert about["parameters"]["patch"] == 64 and about["parameters"]["variants"] == 2
    assert "grain:" in about["parameters"]["recipe"]
    assert [photo["split"] for photo in about["photos"]] == ["valid"]


def test_store_h5_opens_all_shards_as_one_array(made, tmp_path, monkeypatch):
    photos, store = made
    moved = tmp_path / "moved"
    shutil.copytree(store, moved)
    monkeypatch.chdir(tmp_path)  # the shards are found beside store.h5, wherever one stands
    splits = json.loads((moved / "store.json").read_text())["splits"]
    with h5py.File(moved / "store.h5") as whole:
        for split in ("train", "valid"):
            shards = [h5py.File(moved / shard["file"]) for shard in splits[split]["shards"]]
            for name in ("clean", "aged", "damage", "origin", "xxh3"):
                array = whole[split][name]
                assert array.is_virtual and array.dtype == shards[0][name].dtype
                assert np.array_equal(array[:], np.concatenate([shard[name][:] for shard in shards]))
            assert len(whole[split]["clean"]) == splits[split]["samples"] > 0


def test_store_h5_joins_several_shards_and_its_lines_of_the_documentation_run(tmp_path, monkeypatch):
    (tmp_path / "photos").mkdir()
    for index in range(40):  # two shards to train on
        Image.new("RGB", (16, 16), (index, 0, 0)).save(tmp_path / "photos" / f"{index:02}.png")
    subprocess.run([BIN / "restore-shard", "--photos", tmp_path / "photos", "--store", tmp_path / "store", "--variants", "1",
                    "--short-side", "0", "--patch", "16", "--valid-fraction", "0"], check=True, timeout=60)
    monkeypatch.chdir(tmp_path)
    names = {}
    exec(documented_lines(), names)
    assert names["clean"].shape == (3, 16, 16) and names["aged"].shape == names["damage"].shape == (16, 16)
    with h5py.File("store/store.h5") as whole:
        assert len({source.file_name for source in whole["train/clean"].virtual_sources()}) == 2
        assert [whole["train/clean"][i, 0, 0, 0] for i in range(40)] == list(range(40))
        assert whole["valid/aged"].shape == (0, 1, 16, 16)


def documented_lines():
    """The Python of docs/dataset_format.md."""
    text = (ROOT / "docs" / "dataset_format.md").read_text()
    return re.search(r"```python\n(.*?)```", text, re.DOTALL).group(1)
