"""restore-eval as a person and benches/restoration run it, with a small network of random weights."""
import csv
import io
import json
import os
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
    assert {row.get("strength") for key, row in rows.items() if key[1].startswith("model")} == {"auto"}
    assert rows["clean", "aged"]["psnr"] == 100 and "hole_psnr" not in rows["clean", "aged"]
    assert [picture["name"] for picture in rows["holes", "model"]["pictures"]] == ["a.png", "deep/b.png"]
    assert 0 <= rows["holes", "model"]["damage_f1"] <= 1 and "damage_f1" not in rows["holes", "model+mask"]

    text = run("restore-eval", *options).stdout.splitlines()
    assert text[0].split()[:5] == ["task", "method", "strength", "pictures", "PSNR"] and len(text) == 1 + len(rows)
    for line, row in zip(text[1:], rows.values()):
        assert line.split()[:5] == [row["task"], row["method"], row.get("strength", "-"), "2", f"{row['psnr']:.2f}"]
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
    rows = rows_of(run("restore-eval", *options, "--baseline", f"same={done}"))
    assert list(rows) == [("grain-25", "aged"), ("strokes", "aged"), ("strokes", "same")]
    assert rows["strokes", "same"]["hole_psnr"] == before["strokes", "aged"]["hole_psnr"]


def psnr(a, b):
    return 10 * numpy.log10(255**2 / ((a - b) ** 2).mean())


def test_figures_are_those_of_the_pictures_that_are_written(run, model, photos, tmp_path):
    """The task is old-photo unless said otherwise."""
    out = tmp_path / "out"
    rows = rows_of(run("restore-eval", model, "--photos", photos, "--short-side", 64, "--pictures", "-o", out,
                       "--format", "json"))
    assert list(rows) == [("old-photo", "aged"), ("old-photo", "model")]
    for row in rows.values():
        for picture in row["pictures"]:
            shown, original = (numpy.asarray(Image.open(out / file).convert("L")).astype(float) for file in
                               (picture["file"], picture["file"].replace(f".{row['method']}.", ".original.")))
            assert min(shown.shape) == 64 and shown.shape == original.shape
            # Of a picture in colours the luma was measured: rounding its channels moves it a little.
            assert picture["psnr"] == pytest.approx(psnr(shown, original), abs=0.02 if row["method"] == "model" else 1e-6)
        assert row["psnr"] == pytest.approx(numpy.mean([picture["psnr"] for picture in row["pictures"]]))


def test_the_model_is_measured_as_restore_restores(run, model, photos, tmp_path):
    """The same pixels as restore writes of the same aged picture, at the same strength."""
    for strength in ("1", "auto"):
        out = tmp_path / strength
        rows = rows_of(run("restore-eval", model, "--photos", photos, "--task", "scratches", "--strength", strength,
                           "--pictures", "-o", out, "--format", "json"))
        assert rows["scratches", "model"]["strength"] == strength
        aged = out / "scratches" / "a.aged.png"
        result = run("restore", aged, "-o", tmp_path / f"restored-{strength}", "--model", model, "--strength", strength)
        assert result.returncode == 0, result.stderr
        by_restore = numpy.asarray(Image.open(tmp_path / f"restored-{strength}" / "a.aged.restored.png"))
        assert (by_restore == numpy.asarray(Image.open(out / "scratches" / "a.model.png"))).all()


def test_only_who_writes_photographs_needs_exiftool(run, model, photos, tmp_path):
    without = {**os.environ, "PATH": str(tmp_path)}
    measured = run("restore-eval", model, "--photos", photos, "--task", "clean", "--limit", 1, env=without)
    assert measured.returncode == 0, measured.stderr
    refused = run("restore", photos / "a.png", "-o", tmp_path / "out", "--model", model, env=without)
    assert refused.returncode == 78 and "libimage-exiftool-perl" in refused.stderr
    assert not list(tmp_path.glob("out/*"))


def test_noise_has_the_sigma_of_the_papers(run, photos):
    rows = rows_of(run("restore-eval", "none", "--photos", photos, "--task", "grain-25", "--format", "json"))
    (row,) = rows.values()
    assert row["pictures"][1]["psnr"] == pytest.approx(20 * numpy.log10(255 / 25), abs=0.3)


def test_a_list_variants_and_a_limit_change_no_figure(run, photos, tmp_path):
    names = tmp_path / "names.txt"
    names.write_text("# held out\n\ndeep/b.png  # the last\n")
    options = ["none", "--photos", photos, "--format", "json"]
    everything, listed, first = (rows_of(run("restore-eval", *options, *more))["old-photo", "aged"]["pictures"] for more in
                                 ([], ["--include-from", names], ["--limit", 1, "--variants", 2]))
    assert listed == everything[1:]
    assert [picture["name"] for picture in first] == ["a.png#1", "a.png#2"]
    assert first[0]["psnr"] == everything[0]["psnr"] != first[1]["psnr"]


def test_names_that_are_not_there_are_refused(run, photos, tmp_path):
    names = tmp_path / "names.txt"
    names.write_text("d.jpg\n")
    result = run("restore-eval", "none", "--photos", photos, "--include-from", names)
    assert result.returncode == 64 and "no photograph 'd.jpg'" in result.stderr
    assert run("restore-eval", "none", "--photos", tmp_path / "nowhere").returncode == 64
    result = run("restore-eval", "none", "--photos", photos, "--task", "no-such-recipe")
    assert result.returncode == 78


@pytest.mark.parametrize("options, code, words", [
    (["--task", "clean", "--strength", "2"], 64, "--strength 2"),
    (["--task", "clean", "--pictures"], 64, "add -o DIR"),
    (["--task", "smudges"], 78, "neither scratches, strokes, holes, colourise, clean or border"),
    (["--task", "clean", "--format", "xml"], 64, "--format"),
    (["--task", "clean", "--baseline", "telea"], 64, "expected NAME=DIR"),
    (["--colour-model", "colour.safetensors", "--task", "colourise"], 64, "name a model file as MODEL"),
])
def test_impossible_wishes_say_what_to_do(run, photos, options, code, words):
    result = run("restore-eval", "none", "--photos", photos, *options)
    assert result.returncode == code and words in result.stderr, result.stderr
