"""restore and restore-eval as a person runs them, with a small network of random weights."""
import json
import os
import resource
import signal
import subprocess
from pathlib import Path

import numpy
import pytest
from conftest import BIN
from PIL import Image


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    file = tmp_path_factory.mktemp("model") / "model.safetensors"
    subprocess.run([BIN.parent / "tests" / "write_test_model", file], check=True)
    return file


def picture(path, height=90, width=120, mode="RGB", **options):
    """A smooth picture with some grain."""
    y, x = numpy.mgrid[0:height, 0:width]
    gray = 128 + 60 * numpy.sin(x / 9) * numpy.cos(y / 7) + numpy.random.default_rng(3).normal(0, 8, (height, width))
    gray = gray.clip(0, 255)
    if mode == "I;16":
        image = Image.fromarray((gray * 257).astype(numpy.uint16))
    else:
        colours = numpy.stack([gray, 0.8 * gray, 0.5 * gray], 2).astype(numpy.uint8)
        image = Image.fromarray(colours).convert(mode)
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path, **options)
    return path


def test_restores_files_and_folders_and_keeps_the_size(run, model, tmp_path):
    picture(tmp_path / "in" / "a.jpg")
    picture(tmp_path / "in" / "deep" / "b.webp", mode="L")
    single = picture(tmp_path / "c.png", mode="L")
    result = run("restore", tmp_path / "in", single, "-o", tmp_path / "out", "--model", model, "--save-damage")
    assert result.returncode == 0, result.stderr
    names = sorted(file.relative_to(tmp_path / "out").as_posix() for file in (tmp_path / "out").rglob("*.png"))
    assert names == ["a.restored.damage.png", "a.restored.png", "c.restored.damage.png", "c.restored.png",
                     "deep/b.restored.damage.png", "deep/b.restored.png"]
    with Image.open(tmp_path / "out" / "a.restored.png") as restored:
        assert (restored.size, restored.mode) == ((120, 90), "L")
    assert "a.jpg: it is in colour" in result.stderr
    assert "b.webp: it is in colour" not in result.stderr


def test_a_photograph_alone_is_all_it_needs(run, tmp_path):
    scan = picture(tmp_path / "a.jpg", mode="L")
    result = run("restore", scan, env={name: value for name, value in os.environ.items() if name != "RESTORE_MODEL"})
    assert result.returncode == 0, result.stderr
    y, x = numpy.mgrid[0:90, 0:120]
    clean = 0.826 * (128 + 60 * numpy.sin(x / 9) * numpy.cos(y / 7))  # the luma of its colours
    # Grain is what neighbours differ by; the tone of the whole is the model's to correct.
    aged, restored = (abs(numpy.diff(numpy.asarray(Image.open(file)).astype(float) - clean)).mean()
                      for file in (scan, tmp_path / "a.restored.png"))
    assert restored < aged / 2  # by the released model


def test_strength_zero_gives_the_luma_of_the_scan_back(run, model, tmp_path):
    scan = picture(tmp_path / "a.png")
    assert run("restore", scan, "-o", tmp_path / "out", "--model", model, "--strength", 0).returncode == 0
    luma = numpy.asarray(Image.open(scan)).astype(float) @ [0.299, 0.587, 0.114]
    restored = numpy.asarray(Image.open(tmp_path / "out" / "a.restored.png")).astype(float)
    assert abs(restored - luma).max() <= 0.51


def test_sixteen_bit_stay_sixteen(run, model, tmp_path):
    scan = picture(tmp_path / "a.tif", mode="I;16")
    for name in ("png", "tiff"):
        assert run("restore", scan, "-o", tmp_path, "--model", model, "--format", name, "--strength", 0).returncode == 0
        restored = numpy.asarray(Image.open(tmp_path / f"a.restored.{name}")).astype(int)
        assert abs(restored - numpy.asarray(Image.open(scan)).astype(int)).max() <= 1
    result = run("restore", scan, "-o", tmp_path, "--model", model, "--format", "jpeg")
    assert result.returncode == 0 and "16 were rounded to 8" in result.stderr


def test_a_photograph_lying_on_its_side_is_turned(run, model, tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    scan = picture(tmp_path / "a.jpg", exif=exif, dpi=(300, 300))
    assert run("restore", scan, "-o", tmp_path, "--model", model).returncode == 0
    with Image.open(tmp_path / "a.restored.png") as restored:
        assert restored.size == (90, 120)
        assert restored.info["dpi"] == pytest.approx((300, 300), abs=0.1)


def test_tiles_leave_nothing_out(run, model, tmp_path):
    scan = picture(tmp_path / "a.png", height=211, width=333, mode="L")
    options = ["--model", model, "--strength", 0, "--tile", 64, "--overlap", 16]
    assert run("restore", scan, "-o", tmp_path, *options).returncode == 0
    assert (numpy.asarray(Image.open(tmp_path / "a.restored.png")) == numpy.asarray(Image.open(scan))).all()


def test_a_bad_photograph_is_named_and_the_others_go_on(run, model, tmp_path):
    picture(tmp_path / "in" / "good.png")
    cut = picture(tmp_path / "in" / "cut.jpg")
    cut.write_bytes(cut.read_bytes()[:900])
    (tmp_path / "in" / "drawing.jpg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
    (tmp_path / "in" / "empty.png").touch()
    missing = tmp_path / "missing.png"
    result = run("restore", tmp_path / "in", missing, "-o", tmp_path / "out", "--model", model)
    assert result.returncode == 65
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["good.restored.png"]
    assert "4 of 5 photographs could not be restored" in result.stderr
    for name in ("cut.jpg", "drawing.jpg", "empty.png", "missing.png"):
        assert name in result.stderr


def test_a_photograph_is_never_overwritten(run, model, tmp_path):
    scan = picture(tmp_path / "a.png")
    before = scan.read_bytes()
    result = run("restore", scan, "-o", tmp_path, "--suffix", "", "--model", model)
    assert result.returncode == 64 and "would be overwritten" in result.stderr
    assert scan.read_bytes() == before


def test_a_model_that_is_none_or_not_there(run, tmp_path):
    scan = picture(tmp_path / "a.png")
    absent = run("restore", scan, "-o", tmp_path / "out", "--model", tmp_path / "absent.safetensors")
    assert absent.returncode == 64 and "scripts/demo" in absent.stderr
    wrong = run("restore", scan, "-o", tmp_path / "out", "--model", scan)
    assert wrong.returncode == 65 and "a.png" in wrong.stderr
    named = run("restore", scan, "-o", tmp_path / "out",
                env={**os.environ, "RESTORE_MODEL": str(tmp_path / "other.safetensors")})
    assert named.returncode == 64 and "RESTORE_MODEL" in named.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("option", [("--tile", 8), ("--overlap", 400), ("--strength", 2), ("--format", "gif"),
                                    ("--threads", -1)])
def test_impossible_values_are_usage_errors(run, model, tmp_path, option):
    scan = picture(tmp_path / "a.png")
    result = run("restore", scan, "-o", tmp_path / "out", "--model", model, *option)
    assert result.returncode == 64 and option[0] in result.stderr


def small_files_only():
    """In the child: writing more than 9,000 bytes to a file fails, as on a full disk."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (9000, 9000))


def test_a_full_disk_is_an_io_error_and_leaves_no_half_picture(run, model, tmp_path):
    scan = picture(tmp_path / "a.png", height=400, width=400)
    result = run("restore", scan, "-o", tmp_path / "out", "--model", model, preexec_fn=small_files_only)
    assert result.returncode == 74 and "cannot write" in result.stderr
    assert list((tmp_path / "out").iterdir()) == []


@pytest.fixture
def photos(tmp_path):
    for name in ("a.jpg", "b.png", "deep/c.jpg"):
        picture(tmp_path / "photos" / name, height=160, width=200)
    return tmp_path / "photos"


def test_evaluation_prints_a_table_and_writes_results_and_pictures(run, model, photos, tmp_path):
    out = tmp_path / "out"
    result = run("restore-eval", model, "--photos", photos, "--short-side", 96, "-o", out)
    assert result.returncode == 0, result.stderr
    assert max(map(len, result.stdout.splitlines())) <= 100
    results = json.loads((out / "results.json").read_text())
    assert [row["name"] for row in results["photos"]] == ["a.jpg", "b.png", "deep/c.jpg"]
    for row in results["photos"]:
        aged, restored, original = (numpy.asarray(Image.open(out / row["files"][kind])).astype(float)
                                    for kind in ("aged", "restored", "original"))
        assert aged.shape == original.shape == (96, 120)
        assert row["psnr_aged"] == pytest.approx(psnr(aged, original), abs=1e-6)
        assert row["psnr_restored"] == pytest.approx(psnr(restored, original), abs=1e-6)
        assert f"{row['psnr_aged']:.2f} -> {row['psnr_restored']:.2f}" in result.stdout
    mean = sum(row["psnr_restored"] for row in results["photos"]) / 3
    assert results["mean"]["psnr_restored"] == pytest.approx(mean)


def psnr(a, b):
    return 10 * numpy.log10(255**2 / ((a - b) ** 2).mean())


def test_evaluation_adds_the_noise_of_the_papers(run, model, tmp_path):
    folder = tmp_path / "gray"
    folder.mkdir()
    Image.new("RGB", (128, 128), "gray").save(folder / "a.png")
    run("restore-eval", model, "--photos", folder, "--recipe", "grain-25", "-o", tmp_path / "out")
    results = json.loads((tmp_path / "out/results.json").read_text())
    assert results["photos"][0]["psnr_aged"] == pytest.approx(20 * numpy.log10(255 / 25), abs=0.15)


def test_a_list_and_a_limit_change_no_figure(run, model, photos, tmp_path):
    names = tmp_path / "names.txt"
    names.write_text("# held out\n\ndeep/c.jpg  # the last\n")
    options = ["--photos", photos, "--short-side", 96]
    everything = run("restore-eval", model, *options).stdout.splitlines()
    listed = run("restore-eval", model, *options, "--only-list", names).stdout.splitlines()
    first = run("restore-eval", model, *options, "--limit", 1, "--variants", 2).stdout.splitlines()
    assert listed[1].split() == everything[3].split()
    assert first[1].split()[1:] == everything[1].split()[1:]
    assert first[1].split()[1:] != first[2].split()[1:]


def test_evaluation_refuses_names_that_are_not_there(run, model, photos, tmp_path):
    names = tmp_path / "names.txt"
    names.write_text("d.jpg\n")
    result = run("restore-eval", model, "--photos", photos, "--only-list", names)
    assert result.returncode == 64 and "no photograph 'd.jpg'" in result.stderr
    result = run("restore-eval", model, "--photos", Path(tmp_path / "nowhere"))
    assert result.returncode == 64
    result = run("restore-eval", model, "--photos", photos, "--recipe", "no-such-recipe")
    assert result.returncode == 78
