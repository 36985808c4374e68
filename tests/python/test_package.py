"""restore_photos, the Python package: stores as datasets, ageing, models; and the examples of docs/python.md."""
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np
import pytest
import torch
from PIL import Image
from torch.utils.data import DataLoader

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(os.environ.get("RESTORE_BIN", ROOT / "build" / "bin"))
sys.path.insert(0, str(ROOT / "python"))
from restore_photos import ShardDataset, age, load_model  # noqa: E402


def picture(side=96, seed=1):
    random = np.random.default_rng(seed)
    ramp = np.add.outer(np.arange(side), np.arange(side)) * 200 // (2 * side)
    return (ramp[..., None] + random.integers(0, 40, (side, side, 3))).astype(np.uint8)


def make_store(folder, *options):
    (folder / "photos").mkdir()
    for index in range(4):
        Image.fromarray(picture(seed=index)).save(folder / "photos" / f"{index}.png")
    subprocess.run([BIN / "restore-shard", "--photos", folder / "photos", "--store", folder / "store", "--variants", "2",
                    "--short-side", "0", "--patch", "48", "--valid-fraction", "0.25", *options], check=True, timeout=60)
    return folder / "store"


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return make_store(tmp_path_factory.mktemp("store"), "--set", "awgn.sigma=[25, 25]")


def test_items_are_those_of_the_store(store):
    samples = ShardDataset(store, noise=False)
    with h5py.File(store / "store.h5") as whole:
        train = whole["train"]
        assert len(samples) == len(train["aged"]) > 0
        for index in (0, len(samples) - 1, -1):
            item = samples[index]
            for name, planes in (("aged", 1), ("damage", 1), ("clean", 3)):
                assert item[name].shape == (planes, 48, 48) and item[name].dtype == torch.float32
                assert np.array_equal((item[name] * 255).round().numpy(), train[name][index % len(samples)])
            assert item["origin"].tolist() == train["origin"][index % len(samples)].tolist()
    with pytest.raises(IndexError, match="of"):
        samples[len(samples)]
    assert len(list(samples)) == len(samples)


def test_noise_of_the_recipe_is_new_in_training_and_the_same_in_validation(store):
    plain, train, valid = ShardDataset(store, noise=False), ShardDataset(store), ShardDataset(store, "valid")
    noise = torch.stack([train[i]["aged"] - plain[i]["aged"] for i in range(len(train))])
    assert 23 / 255 < noise.std() < 27 / 255
    assert not torch.equal(train[0]["aged"], train[0]["aged"])
    assert torch.equal(valid[0]["aged"], valid[0]["aged"])
    assert not torch.equal(valid[0]["aged"], ShardDataset(store, "valid", noise=False)[0]["aged"])


@pytest.mark.parametrize("context", ["fork", "spawn"])
def test_workers_of_a_data_loader_read_it(store, context):
    samples = ShardDataset(store, noise=False)
    samples[0]  # opened here, too
    loader = DataLoader(samples, batch_size=4, num_workers=2, multiprocessing_context=context)
    aged = torch.cat([batch["aged"] for batch in loader])
    assert torch.equal(aged, torch.stack([samples[i]["aged"] for i in range(len(samples))]))


def test_a_transform_makes_the_item(store):
    assert ShardDataset(store, transform=lambda item: (item["aged"], item["damage"]))[0][1].shape == (1, 48, 48)


def test_what_is_no_store_is_said(store, tmp_path):
    with pytest.raises(FileNotFoundError, match="restore-shard has not finished"):
        ShardDataset(tmp_path)
    with pytest.raises(ValueError, match="train, valid"):
        ShardDataset(store, "test")
    broken = tmp_path / "broken"
    for change, error, words in ((lambda: (broken / "train-00000.h5").unlink(), FileNotFoundError, "train-00000.h5 is missing"),
                                 (lambda: os.truncate(broken / "train-00000.h5", 999), FileNotFoundError, "cut short"),
                                 (lambda: (broken / "store.h5").unlink(), FileNotFoundError, "store.h5 is missing"),
                                 (lambda: (broken / "store.json").write_text("{"), ValueError, "describes no store"),
                                 (lambda: (broken / "store.json").write_text('{"format": "x", "format_version": 4}'), ValueError, "got x")):
        shutil.copytree(store, broken)
        change()
        with pytest.raises(error, match=words):
            ShardDataset(broken)
        shutil.rmtree(broken)


def test_ageing_is_that_of_restore_shard(tmp_path):
    (tmp_path / "photos").mkdir()
    Image.fromarray(picture()).save(tmp_path / "photos" / "photo.png")
    subprocess.run([BIN / "restore-shard", "--photos", tmp_path / "photos", "--store", tmp_path / "store", "--variants", "1",
                    "--short-side", "0", "--patch", "96", "--seed", "7", "--valid-fraction", "0", "--set", "awgn.sigma=[0, 0]"],
                   check=True, timeout=60)
    sample = ShardDataset(tmp_path / "store")[0]
    old = age(picture(), seed=7, settings={"awgn.sigma": [0, 0]}, program=BIN / "restore-shard")
    for name in ("aged", "damage"):
        assert np.array_equal(getattr(old, name), (sample[name][0] * 255).round().numpy())
    assert np.array_equal(old.clean, picture())


def test_pictures_of_all_kinds_age_alike(tmp_path):
    program = BIN / "restore-shard"
    gray = picture()[..., 0]
    wanted = age(gray, program=program)
    for same in (gray.astype(np.uint16) * 257, Image.fromarray(gray.astype(np.uint16) * 257), Image.fromarray(gray),
                 np.repeat(gray[..., None], 3, 2)):
        assert np.array_equal(age(same, program=program).aged, wanted.aged)
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    Image.fromarray(np.rot90(gray)).save(tmp_path / "turned.png", exif=exif)
    assert np.array_equal(age(Image.open(tmp_path / "turned.png"), program=program).clean, wanted.clean)
    assert np.array_equal(age(gray, settings={"grain.sigma": np.array([20.0, 30.0])}, program=program).clean, wanted.clean)
    for other in (gray / 255, gray.astype(np.int64), picture()[:, :, :2], "photo.jpg"):
        with pytest.raises(ValueError, match="expected PIL's"):
            age(other, program=program)


def test_ageing_says_what_is_wrong(monkeypatch):
    with pytest.raises(ValueError, match="no-such"):
        age(picture(), "no-such", program=BIN / "restore-shard")
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.delenv("RESTORE_BIN", raising=False)
    with pytest.raises(FileNotFoundError, match="RESTORE_BIN"):
        age(picture())


def test_the_wheel_installs_without_a_compiler(tmp_path):
    shutil.copytree(ROOT / "python", tmp_path / "python")
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index",
                    "--disable-pip-version-check", "--target", tmp_path / "site", tmp_path / "python"], check=True)
    said = subprocess.run([sys.executable, "-c", "import restore_photos; print(restore_photos.__file__)"], check=True,
                          capture_output=True, text=True, cwd=tmp_path,
                          env={**os.environ, "PYTHONPATH": f"{tmp_path / 'site'}"})
    assert said.stdout.startswith(str(tmp_path / "site"))
    version = re.search(r'version = "(.*)"', (ROOT / "python" / "pyproject.toml").read_text())[1]
    assert f"project(restore VERSION {version} " in (ROOT / "CMakeLists.txt").read_text()


def test_the_examples_of_the_page_run(store, model, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RESTORE_BIN", str(BIN))
    (tmp_path / "stores").mkdir()
    (tmp_path / "stores" / "first").symlink_to(store)
    shutil.copy(model, tmp_path / "model.safetensors")
    Image.fromarray(picture()).save("photo.jpg")
    page = (ROOT / "docs" / "python.md").read_text()
    examples = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert len(examples) == 4
    for example in examples:
        exec(example, {})
    assert Image.open("restored.png").size == (96, 96)


@pytest.fixture
def model(tmp_path):
    """A small network of random weights."""
    subprocess.run([BIN.parent / "tests" / "write_test_model", tmp_path / "written.safetensors"], check=True)
    return tmp_path / "written.safetensors"
