"""restore-eval by tasks, as a person and benches/restoration run it, with a small network of random weights."""
import csv
import io
import json
import subprocess

import numpy
import pytest
from conftest import BIN
from PIL import Image


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    file = tmp_path_factory.mktemp("model") / "model.safetensors"
    subprocess.run([BIN.parent / "tests" / "write_test_model", file], check=True)
    return file


@pytest.fixture
def photos(tmp_path):
    """Two photographs of different gray, one in a folder below."""
    folder = tmp_path / "photos"
    (folder / "deep").mkdir(parents=True)
    Image.new("L", (120, 96), 200).save(folder / "a.png")
    Image.new("L", (96, 64), 90).save(folder / "deep" / "b.png")
    return folder


def rows_of(result):
    assert result.returncode == 0, result.stderr
    return {(row["task"], row["method"]): row for row in json.loads(result.stdout)["rows"]}


def test_one_table_in_three_formats(run, model, photos, tmp_path):
    options = [model, "--photos", photos, "--task", "grain-25,holes", "--task", "clean"]
    rows = rows_of(run("restore-eval", *options, "--format", "json", "-o", tmp_path / "out"))
    assert list(rows) == [("grain-25", "aged"), ("grain-25", "model"), ("holes", "aged"), ("holes", "model"),
                          ("holes", "model+mask"), ("clean", "aged"), ("clean", "model")]
    assert rows["clean", "aged"]["psnr"] == 100 and "hole_psnr" not in rows["clean", "aged"]
    assert [picture["name"] for picture in rows["holes", "model"]["pictures"]] == ["a.png", "deep/b.png"]
    assert 0 <= rows["holes", "model"]["damage_f1"] <= 1 and "damage_f1" not in rows["holes", "model+mask"]

    text = run("restore-eval", *options).stdout.splitlines()
    assert text[0].split()[:4] == ["task", "method", "pictures", "PSNR"] and len(text) == 1 + len(rows)
    for line, row in zip(text[1:], rows.values()):
        assert line.split()[:4] == [row["task"], row["method"], "2", f"{row['psnr']:.2f}"]
    table = run("restore-eval", *options, "--format", "csv").stdout
    assert [float(line["psnr"]) for line in csv.DictReader(io.StringIO(table))] == [row["psnr"] for row in rows.values()]
    assert (tmp_path / "out" / "results.csv").read_text() == table
    assert json.loads((tmp_path / "out" / "results.json").read_text())["rows"] == list(rows.values())


def test_a_photograph_has_its_own_damage_wherever_it_stands(run, photos):
    options = ["none", "--photos", photos, "--task", "scratches,grain-50", "--format", "json"]
    everything = rows_of(run("restore-eval", *options))
    first = rows_of(run("restore-eval", *options, "--limit", 1))
    other = rows_of(run("restore-eval", *options, "--limit", 1, "--seed", 8))
    for key, row in first.items():
        assert row["pictures"][0] == everything[key]["pictures"][0]
        assert row["psnr"] != other[key]["psnr"]


def test_handed_over_inputs_keep_the_noise_and_come_back_as_rows(run, photos, tmp_path):
    inputs, done = tmp_path / "inputs", tmp_path / "done"
    options = ["none", "--photos", photos, "--task", "grain-25,strokes", "--format", "json"]
    before = rows_of(run("restore-eval", *options, "--pictures", "-o", inputs))
    with Image.open(inputs / "grain-25" / "deep" / "b.aged.tif") as file:
        noisy = numpy.asarray(file)
    assert noisy.dtype == numpy.float32 and (noisy * 255 - 90).std() == pytest.approx(25, abs=1)
    damage = numpy.asarray(Image.open(inputs / "strokes" / "a.damage.png"))
    assert set(numpy.unique(damage)) == {0, 255}
    for name in ("a", "deep/b"):  # a program that gives its input back
        (done / "strokes" / name).parent.mkdir(parents=True, exist_ok=True)
        (done / "strokes" / f"{name}.png").write_bytes((inputs / "strokes" / f"{name}.aged.png").read_bytes())
    rows = rows_of(run("restore-eval", *options, "--restored-by", f"same={done}"))
    assert list(rows) == [("grain-25", "aged"), ("strokes", "aged"), ("strokes", "same")]
    assert rows["strokes", "same"]["hole_psnr"] == before["strokes", "aged"]["hole_psnr"]


@pytest.mark.parametrize("options, code, words", [
    (["--task", "clean", "--recipe", "old-photo"], 64, "--recipe"),
    (["--task", "clean", "--pictures"], 64, "add -o DIR"),
    (["--task", "smudges"], 78, "neither scratches, strokes, holes, colour or clean"),
    (["--task", "clean", "--format", "xml"], 64, "--format"),
    (["--task", "clean", "--restored-by", "telea"], 64, "expected NAME=DIR"),
    (["--recipe", "grain-25"], 64, "add --task grain-25"),
    (["--colour-model", "colour.safetensors"], 64, "--task"),
    (["--colour-model", "colour.safetensors", "--task", "colour"], 64, "name a model file as MODEL"),
])
def test_impossible_wishes_say_what_to_do(run, photos, options, code, words):
    result = run("restore-eval", "none", "--photos", photos, *options)
    assert result.returncode == code and words in result.stderr, result.stderr
