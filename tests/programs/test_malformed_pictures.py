"""Broken pictures, restored together: each is restored or refused by name, and none ends the program."""
import re
import subprocess

import numpy
import pytest
from conftest import BIN
from malformed_pictures import malformed_picture, photograph, whole_pictures
from PIL import Image
from restored_batch import Batch

SEED, COUNT = 7, 60


@pytest.fixture(scope="module")
def batch(tmp_path_factory):
    model = tmp_path_factory.mktemp("model") / "model.safetensors"
    subprocess.run([BIN.parent / "tests" / "write_test_model", model], check=True)
    return Batch(BIN / "restore", model)


def outcomes(batch, folder, files):
    for name, data in files:
        (folder / name).write_bytes(data)
    return {picture.name: outcome for picture, outcome in batch.outcomes([folder / name for name, _ in files]).items()}


def test_whole_pictures_of_every_form_are_restored(batch, tmp_path):
    files = [(f"{i}{ending}", data) for i, (ending, data) in enumerate(whole_pictures(tmp_path))]
    assert set(outcomes(batch, tmp_path, files).values()) == {("restored", "")}


def test_broken_pictures_are_restored_or_refused_by_name(batch, tmp_path):
    whole = whole_pictures(tmp_path)
    found = outcomes(batch, tmp_path, [malformed_picture(whole, SEED, number) for number in range(COUNT)])
    assert len(found) == COUNT
    assert {name: said for name, (outcome, said) in found.items() if outcome not in ("restored", "refused")} == {}
    assert {outcome for outcome, _ in found.values()} == {"restored", "refused"}


def test_a_size_that_the_bytes_cannot_hold_is_refused(batch, tmp_path):
    photo = tmp_path / "a.jpg"
    Image.fromarray(photograph()).save(photo)
    data = bytearray(photo.read_bytes())
    frame = data.index(b"\xff\xc0")
    data[frame + 5:frame + 9] = 2 * (20000).to_bytes(2, "big")
    outcome, said = outcomes(batch, tmp_path, [("a.jpg", bytes(data))])["a.jpg"]
    assert outcome == "refused" and "400 megapixels" in said


def test_an_empty_file_is_said_to_be_one(batch, tmp_path):
    outcome, said = outcomes(batch, tmp_path, [("a.jpg", b"")])["a.jpg"]
    assert outcome == "refused" and "is empty" in said


def test_a_program_that_dies_is_noticed_and_the_picture_found(tmp_path):
    program = tmp_path / "restore"
    program.write_text('#!/usr/bin/env bash\n[[ "$*" != *bad.png* ]] || kill -SEGV $$\n')
    program.chmod(0o755)
    Image.fromarray(numpy.zeros((9, 9), numpy.uint8)).save(tmp_path / "bad.png")
    pictures = [tmp_path / name for name in ("a.png", "bad.png", "c.png")]
    found = Batch(program, tmp_path / "model").outcomes(pictures)
    assert {picture.name: outcome for picture, (outcome, _) in found.items()} == {
        "a.png": "unclear", "bad.png": "crashed", "c.png": "unclear"}


def test_what_decoders_hold_counts_as_memory(run, batch, tmp_path):
    """Of a progressive JPEG every coefficient is in memory, two bytes each, before the first row is there."""
    pixels = Image.fromarray(photograph(height=1500, width=2000))
    pixels.save(tmp_path / "rows.jpg", subsampling="4:4:4")
    pixels.save(tmp_path / "progressive.jpg", subsampling="4:4:4", progressive=True)
    result = run("restore", tmp_path / "rows.jpg", tmp_path / "progressive.jpg", "-o", tmp_path / "out", "--memory", "50M",
                 "--model", batch.model)
    assert result.returncode == 65
    rows, progressive = (int(re.search(rf"{name}.jpg: .*at least (\d+) MiB", result.stderr)[1])
                         for name in ("rows", "progressive"))
    assert progressive - rows == pytest.approx(2000 * 1500 * 6 / 2**20, abs=1)
