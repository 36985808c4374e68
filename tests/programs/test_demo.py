"""The demo's pipeline in miniature: three tiny photographs, twenty steps, two workers, every program once."""
import json
import os
import shutil
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image
from conftest import BIN, ROOT

NAMES = ["hills.png", "stripes.jpg", "rings.png"]


def make_photos(folder, height=140):
    """Smooth, detailed and colourful pictures, 20 pixels wider than high."""
    folder.mkdir(parents=True)
    y, x = np.mgrid[0:height, 0:height + 20] / 20.0
    shapes = [np.sin(x) * np.cos(y), np.sign(np.sin(3 * x + y)), np.sin(np.hypot(x - 4, y - 3) * 4)]
    for name, shape in zip(NAMES, shapes):
        channels = [127 + 90 * shape, 127 + 60 * np.roll(shape, 5, 0), 127 - 80 * shape]
        Image.fromarray(np.stack(channels, -1).astype(np.uint8)).save(folder / name)


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """Runs the pipeline once, in a folder of its own; a step that fails shows its messages."""
    here = tmp_path_factory.mktemp("demo")

    def step(*command):
        result = subprocess.run([str(word) for word in command], cwd=here, capture_output=True, text=True, timeout=100)
        assert result.returncode == 0, f"{' '.join(map(str, command))}\n{result.stdout}\n{result.stderr}"

    make_photos(here / "photos")
    (here / "valid.txt").write_text("stripes.jpg\n")
    (here / "held-out.txt").write_text("rings.png\n")
    step(BIN / "restore-shard", "--photos", "photos", "--store", "store", "--recipe", "old-photo", "--patch", 64,
         "--valid-from", "valid.txt", "--exclude-from", "held-out.txt")
    step(BIN / "restore-launch", "--config", ROOT / "configs" / "demo.yaml", "--workers", 2, "--oversubscribe",
         *settings(run__name="mini", data__store="store", schedule__steps=20, validation__every_steps=10, sampling__crop=32,
                   network__find="[8, 16]", network__restore="[8, 16]", network__colourise="[8]", network__blocks=1, run__log_every_steps=5))
    step(BIN / "restore-export", "runs/mini", "-o", "runs/mini/model.safetensors")
    step(BIN / "restore-eval", "runs/mini/model.safetensors", "--photos", "photos", "--include-from", "held-out.txt",
         "--pictures", "-o", "runs/mini/pictures")
    step(BIN / "restore", "photos/hills.png", "--model", "runs/mini/model.safetensors", "-o", "runs/mini/scans")
    step(sys.executable, ROOT / "scripts" / "report", "runs/mini", "--scans", "photos")
    return here / "runs" / "mini"


def settings(**values):
    return [word for key, value in values.items() for word in ("--set", f"{key.replace('__', '.')}={value}")]


def test_training_ran_all_steps_and_validated(demo):
    rows = [json.loads(line) for line in (demo / "metrics.jsonl").read_text().splitlines()]
    assert max(row["step"] for row in rows) == 20
    assert [row["step"] for row in rows if row["kind"] == "validation"] == [10, 20]
    assert json.loads((demo / "summary.json").read_text())["steps"] == 20


def test_the_held_out_photograph_is_restored_at_its_size(demo):
    results = json.loads((demo / "pictures" / "results.json").read_text())
    assert [row["method"] for row in results["rows"]] == ["aged", "model"]
    for row in results["rows"]:
        (picture,) = row["pictures"]
        assert picture["name"] == "rings.png"
        assert Image.open(demo / "pictures" / picture["file"]).size == (160, 140)


def test_the_scan_is_restored_at_its_size(demo):
    (restored,) = (demo / "scans").iterdir()
    assert Image.open(restored).size == (160, 140)


def test_the_report_shows_them(demo):
    page = (demo / "report.html").read_text()
    assert "rings.png" in page and "Real scans" in page and page.count("data:image/jpeg") == 2 * 3 + 2 * 2


@pytest.fixture
def unused_name():
    name = f"test-{os.getpid()}"
    yield name
    for place in [*(ROOT / "runs").glob(f"{name}*"), *(ROOT / "stores").glob(f"{name}*")]:
        shutil.rmtree(place) if place.is_dir() else place.unlink()


def test_train_released_goes_from_photographs_to_a_model_of_all_parts(tmp_path, unused_name):
    for i in range(4):
        make_photos(tmp_path / "photos" / str(i), height=200 + i)  # other pixels each: the same photograph counts once
    command = ["scripts/train-released", "--photos", tmp_path / "photos", "--minutes", 2, "--workers", 2, "--name", unused_name,
               *settings(schedule__steps=4, validation__every_steps=2, validation__samples=2, sampling__crop=32,
                         network__find="[8, 16]", network__restore="[8, 16]", network__denoise="[8, 16]", network__colourise="[8]",
                         network__blocks=1)]
    for _ in range(2):  # the second time all is there
        result = subprocess.run([str(word) for word in command], cwd=ROOT, capture_output=True, text=True, timeout=100)
        assert result.returncode == 0, result.stdout + result.stderr
    model = ROOT / "runs" / f"{unused_name}.safetensors"
    names = json.loads(model.read_bytes()[8:8 + int.from_bytes(model.read_bytes()[:8], "little")])
    assert {name.split(".")[0] for name in names} == {"__metadata__", "find", "restore", "denoise", "colourise"}
