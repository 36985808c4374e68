"""Runs of restore, with a small network of random weights: what they pass over, refuse, say and leave when they fail."""
import os
import resource
import signal
import subprocess

import numpy
import pytest
from conftest import BIN
from PIL import Image, ImageDraw
from sample_pictures import names_below, picture, pixels


def test_a_mask_of_another_size_is_said(run, model, tmp_path):
    scan = picture(tmp_path / "a.png")
    mask = picture(tmp_path / "mask.png", height=91)
    result = run("restore", scan, "--mask", mask, "--model", model)
    assert result.returncode == 65 and "120x91" in result.stderr and "120x90" in result.stderr
    assert names_below(tmp_path) == ["a.png", "mask.png"]


def test_what_is_there_is_passed_over_unless_overwritten(run, model, tmp_path):
    for name in ("a.png", "b.png"):
        picture(tmp_path / "in" / name)
    out = tmp_path / "out"
    out.mkdir()
    (out / "a.restored.png").write_text("earlier")
    options = [tmp_path / "in", "-o", out, "--model", model]
    result = run("restore", *options)
    assert result.returncode == 0 and "1 of 2 were there already" in result.stderr
    assert (out / "a.restored.png").read_text() == "earlier"
    assert run("restore", *options, "--overwrite").returncode == 0
    assert pixels(out / "a.restored.png").shape == (90, 120, 3)


def test_a_report_tells_of_all(run, model, tmp_path):
    for name in ("a.png", "b.jpg"):
        picture(tmp_path / "in" / name)
    report = tmp_path / "pages" / "report.html"
    result = run("restore", tmp_path / "in", "-o", tmp_path / "out", "--model", model, "--report", report)
    assert result.returncode == 0, result.stderr
    page = report.read_text()
    assert "a.png" in page and "b.jpg" in page and page.count("data:image/") >= 4


def test_a_bad_photograph_is_named_and_the_others_go_on(run, model, tmp_path):
    picture(tmp_path / "in" / "good.png")
    cut = picture(tmp_path / "in" / "cut.jpg")
    cut.write_bytes(cut.read_bytes()[:900])
    (tmp_path / "in" / "drawing.jpg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
    (tmp_path / "in" / "empty.png").touch()
    missing = tmp_path / "missing.png"
    result = run("restore", tmp_path / "in", missing, "-o", tmp_path / "out", "--model", model)
    assert result.returncode == 65
    assert names_below(tmp_path / "out") == ["good.restored.png"]
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


@pytest.mark.parametrize("option", [("--tile", 8), ("--tile", 512, "--overlap", 400), ("--strength", 2),
                                    ("--strength", "much"), ("--format", "gif"), ("--threads", -1), ("--quality", 0),
                                    ("--jobs", 0), ("--memory", "2T"), ("--tasks", "polish"), ("--only-mask",), ("--sensitivity", 2.5),
                                    ("--sensitivity", "nan"), ("--sensitivity", "high")])
def test_impossible_values_are_usage_errors(run, model, tmp_path, option):
    scan = picture(tmp_path / "a.png")
    result = run("restore", scan, "-o", tmp_path / "out", "--model", model, *option)
    assert result.returncode == 64 and option[-2 if len(option) > 1 else 0] in result.stderr
    assert not (tmp_path / "out").exists()


def test_a_small_tile_needs_no_overlap(run, model, tmp_path):
    result = run("restore", picture(tmp_path / "a.png"), "-o", tmp_path / "out", "--model", model, "--tile", 64)
    assert result.returncode == 0, result.stderr


def test_a_sensitivity_that_has_no_say_is_refused(run, model, tmp_path):
    scan, mask = picture(tmp_path / "a.png"), picture(tmp_path / "mask.png", mode="L")
    for options, said in ((("--tasks", "denoise"), "--tasks denoise"), (("--mask", mask, "--only-mask"), "--only-mask")):
        result = run("restore", scan, "--model", model, "--sensitivity", -1, *options)
        assert result.returncode == 64 and "--sensitivity" in result.stderr and said in result.stderr
    assert names_below(tmp_path) == ["a.png", "mask.png"]


def test_much_damage_is_doubted_once_in_log_and_report(run, tmp_path):
    y, x = numpy.mgrid[0:480, 0:640]
    painted = Image.fromarray((120 + 50 * numpy.sin(x / 41) * numpy.cos(y / 33)).astype(numpy.uint8))
    draw = ImageDraw.Draw(painted)
    for i in range(14):  # half of it is painted over
        draw.line([(45 * i, 0), (45 * i + 30, 240), (45 * i - 10, 480)], fill=250 * (i % 2), width=22)
    painted.save(tmp_path / "painted.png")
    result = run("restore", tmp_path / "painted.png", "--report", tmp_path / "all.html", "--sensitivity", 2)
    assert result.returncode == 0, result.stderr
    (said,) = [line for line in result.stderr.splitlines() if "was taken for damage" in line]
    assert " W " in said and "--sensitivity 1" in said and "--tasks denoise" in said
    assert "So much is seldom damage" in (tmp_path / "all.html").read_text()


def small_files_only():
    """In the child: writing more than 9,000 bytes to a file fails, as on a full disk."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (9000, 9000))


@pytest.mark.parametrize("ending", ["png", "jpg", "tif", "webp"])
def test_a_full_disk_is_an_io_error_and_leaves_no_half_picture(run, model, tmp_path, ending):
    scan = picture(tmp_path / f"a.{ending}", height=400, width=400)
    result = run("restore", scan, "-o", tmp_path / "out", "--model", model, preexec_fn=small_files_only)
    assert result.returncode == 74 and "cannot write" in result.stderr
    assert list((tmp_path / "out").iterdir()) == []


def test_an_interrupted_batch_leaves_nothing_half_done_and_is_finished_by_the_same_command(run, model, tmp_path):
    for index in range(6):
        picture(tmp_path / "in" / f"{index}.png", height=256, width=256)
    out = tmp_path / "out"
    options = [tmp_path / "in", "-o", out, "--model", model, "--tile", 64, "--overlap", 16, "--threads", 1,
               "--save-mask"]
    process = subprocess.Popen([BIN / "restore", *map(str, options)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               text=True)
    assert "0.restored.png" in process.stdout.readline()  # the first is done, the next has begun
    process.send_signal(signal.SIGINT)
    _, log = process.communicate(timeout=60)
    assert process.returncode == 130 and "the same command goes on" in log
    left = [file.name for file in out.iterdir()]
    pictures = sorted(name for name in left if not name.endswith(".mask.png"))
    assert 1 <= len(pictures) < 6 and not any(name.endswith(".tmp") for name in left)
    assert len(left) == 2 * len(pictures)  # each with its mask
    result = run("restore", *options)
    assert result.returncode == 0 and f"{len(pictures)} of 6 were there already" in result.stderr
    assert len(list(out.iterdir())) == 12


@pytest.mark.parametrize("option", ["--report", "--timings"])
def test_a_picture_is_never_overwritten_by_a_page_or_a_list(run, model, tmp_path, option):
    """As a shell's `--report scans/*.png` would."""
    first, second = (picture(tmp_path / name, mode="L") for name in ("a.png", "b.png"))
    before = first.read_bytes()
    result = run("restore", option, first, second, "-o", tmp_path / "out", "--model", model)
    assert result.returncode == 64 and "would overwrite a picture" in result.stderr
    assert first.read_bytes() == before and not (tmp_path / "out").exists()


def test_a_report_stays_when_there_is_nothing_new(run, model, tmp_path):
    page = tmp_path / "page.html"
    command = ["restore", picture(tmp_path / "a.png", mode="L"), "-o", tmp_path / "out", "--model", model, "--report", page]
    assert run(*command).returncode == 0
    before = page.read_bytes()
    assert run(*command).returncode == 0 and page.read_bytes() == before
    refused = run(*command[:-1], tmp_path)
    assert refused.returncode == 64 and "is a folder" in refused.stderr


def test_names_may_be_as_long_as_the_file_system_takes(run, model, tmp_path):
    names = ["a" * length + ".png" for length in (200, 230, 237, 242)]
    for name in names:
        picture(tmp_path / "in" / name, 20, 30, mode="L")
    result = run("restore", tmp_path / "in", "-o", tmp_path / "out", "--model", model)
    assert result.returncode == 0, result.stderr
    assert len(names_below(tmp_path / "out")) == len(names)


def test_a_file_size_limit_is_said(run, model, tmp_path):
    scan = picture(tmp_path / "a.png", 300, 300, mode="L")
    result = run("restore", scan, "-o", tmp_path / "out", "--model", model,
                 preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000)))
    assert result.returncode == 74 and "is the disk full" in result.stderr
    assert names_below(tmp_path / "out") == []


def test_times_are_kept_if_asked(run, model, tmp_path):
    scan = picture(tmp_path / "a.jpg")
    os.utime(scan, (1e9, 1e9 + 0.25))
    assert run("restore", scan, "--model", model, "--keep-times").returncode == 0
    assert (tmp_path / "a.restored.jpg").stat().st_mtime == 1e9 + 0.25
    assert run("restore", scan, "--model", model, "--overwrite").returncode == 0
    assert (tmp_path / "a.restored.jpg").stat().st_mtime > 1.5e9
