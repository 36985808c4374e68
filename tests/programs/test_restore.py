"""restore as a person runs it, with a small network of random weights."""
import json
import os
import re
import resource
import signal
import subprocess

import numpy
import pytest
from conftest import BIN
from PIL import Image, ImageDraw, TiffImagePlugin


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


def pixels(path, mode=None):
    with Image.open(path) as image:
        return numpy.asarray(image.convert(mode) if mode else image).astype(int)


def luma(path):
    return pixels(path, "RGB") @ [0.299, 0.587, 0.114]


def names_below(folder):
    return sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file())


def test_results_have_the_photographs_format_size_and_colours(run, model, tmp_path):
    picture(tmp_path / "in" / "a.jpg", quality=95)
    picture(tmp_path / "in" / "deep" / "b.webp", mode="L")
    single = picture(tmp_path / "c.png", mode="L")
    result = run("restore", tmp_path / "in", single, "-o", tmp_path / "out", "--model", model, "--save-mask")
    assert result.returncode == 0, result.stderr
    assert names_below(tmp_path / "out") == [
        "a.restored.jpg", "a.restored.mask.png", "c.restored.mask.png", "c.restored.png",
        "deep/b.restored.mask.png", "deep/b.restored.webp"]
    for name, kind, mode in (("a.restored.jpg", "JPEG", "RGB"), ("c.restored.png", "PNG", "L"),
                             ("deep/b.restored.webp", "WEBP", "RGB"), ("a.restored.mask.png", "PNG", "L")):
        with Image.open(tmp_path / "out" / name) as restored:
            assert (restored.size, restored.format, restored.mode) == ((120, 90), kind, mode)


def test_colours_are_kept_where_luma_changes(run, model, tmp_path):
    scan = tmp_path / "a.png"
    colours = numpy.asarray(Image.open(picture(scan))).copy()
    colours[:, 60:] = colours[:, 60:, ::-1]  # of two hues: not one tone, whose colours follow its luma
    Image.fromarray(colours).save(scan)
    options = ["--model", model, "--strength", 1, "--tasks", "denoise"]
    assert run("restore", scan, *options).returncode == 0
    before, after = pixels(scan), pixels(tmp_path / "a.restored.png")
    change = after - before
    unclipped = ((after > 0) & (after < 255)).all(2)
    assert abs(change).max() > 5 and unclipped.mean() > 0.5
    assert (change.max(2) - change.min(2))[unclipped].max() <= 1


def test_a_photograph_alone_is_all_it_needs(run, tmp_path):
    scan = picture(tmp_path / "a.jpg", mode="L", quality=98)
    result = run("restore", scan, env={name: value for name, value in os.environ.items() if name != "RESTORE_MODEL"})
    assert result.returncode == 0, result.stderr
    y, x = numpy.mgrid[0:90, 0:120]
    clean = 0.826 * (128 + 60 * numpy.sin(x / 9) * numpy.cos(y / 7))  # the luma of its colours
    # Grain is what neighbours differ by; the tone of the whole is the model's to correct.
    aged, restored = (abs(numpy.diff(pixels(file) - clean)).mean() for file in (scan, tmp_path / "a.restored.jpg"))
    assert restored < aged / 2  # by the released model


def test_strength_zero_keeps_every_sample(run, model, tmp_path):
    scans = [picture(tmp_path / "in" / f"{mode.replace(';', '')}-{ending}.{ending}", 90, 133, mode)
             for mode in ("RGB", "RGBA", "L", "LA", "I;16", "P") for ending in ("png", "tif")
             if (mode, ending) != ("P", "tif")]  # libvips does not unfold the palettes of TIFF files
    options = ["--model", model, "--strength", 0, "--tile", 64, "--overlap", 16, "--threads", 1]
    result = run("restore", tmp_path / "in", "-o", tmp_path / "out", *options)
    assert result.returncode == 0, result.stderr
    for scan in scans:
        compared = "RGB" if scan.name == "P-png.png" else None
        restored = pixels(tmp_path / "out" / f"{scan.stem}.restored{scan.suffix}", compared)
        assert (restored == pixels(scan, compared)).all(), scan.name


def test_sixteen_bit_stay_sixteen_where_they_can(run, model, tmp_path):
    scan = picture(tmp_path / "a.tif", mode="I;16")
    assert run("restore", scan, "--model", model, "--format", "png", "--strength", 0).returncode == 0
    assert (pixels(tmp_path / "a.restored.png") == pixels(scan)).all()
    result = run("restore", scan, "-o", tmp_path, "--model", model, "--format", "jpeg")
    assert result.returncode == 0 and "16 were rounded to 8" in result.stderr


def test_a_photograph_lying_on_its_side_is_turned(run, model, tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    scan = picture(tmp_path / "a.jpg", exif=exif, dpi=(300, 300), quality=98)
    assert run("restore", scan, "-o", tmp_path, "--model", model, "--strength", 0, "--quality", 98).returncode == 0
    with Image.open(tmp_path / "a.restored.jpg") as restored:
        assert restored.size == (90, 120)
        assert restored.info["dpi"] == pytest.approx((300, 300), abs=0.1)
        assert restored.getexif().get(0x0112, 1) == 1
    assert abs(luma(tmp_path / "a.restored.jpg") - numpy.rot90(luma(scan), -1)).mean() < 2


def test_quality_decides_the_size(run, model, tmp_path):
    scan = picture(tmp_path / "a.jpg")
    for quality in (30, 95):
        run("restore", scan, "-o", tmp_path / str(quality), "--model", model, "--strength", 0, "--quality", quality,
            "--no-provenance")
    small, large = ((tmp_path / quality / "a.restored.jpg").stat().st_size for quality in ("30", "95"))
    assert 2 * small < large


def test_only_what_a_mask_marks_is_inpainted(run, tmp_path):
    scan = picture(tmp_path / "a.png", height=160, width=200)
    marked = numpy.zeros((160, 200), numpy.uint8)
    marked[60:90, 70:110] = 255
    Image.fromarray(marked).save(tmp_path / "mask.png")
    result = run("restore", scan, "--mask", tmp_path / "mask.png", "--only-mask", "--tasks", "inpaint", "--save-mask")
    assert result.returncode == 0, result.stderr
    changed = (pixels(tmp_path / "a.restored.png") != pixels(scan)).any(2)
    assert not changed[marked == 0].any() and changed[marked > 0].mean() > 0.8
    assert (pixels(tmp_path / "a.restored.mask.png") == marked).all()


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


def test_jobs_and_memory_change_no_pixel(run, model, tmp_path):
    for index in range(4):
        picture(tmp_path / "in" / f"{index}.png", height=90 + 50 * index)
    options = [tmp_path / "in", "--model", model, "--strength", 1]
    assert run("restore", *options, "-o", tmp_path / "one").returncode == 0
    assert run("restore", *options, "-o", tmp_path / "two", "--jobs", 2, "--memory", "1.5G").returncode == 0
    for name in names_below(tmp_path / "one"):
        assert abs(pixels(tmp_path / "one" / name) - pixels(tmp_path / "two" / name)).max() <= 1
    result = run("restore", *options, "-o", tmp_path / "three", "--memory", "100M")
    assert result.returncode == 65 and "give more with --memory" in result.stderr


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


def test_a_sensitivity_that_has_no_say_is_refused(run, model, tmp_path):
    scan, mask = picture(tmp_path / "a.png"), picture(tmp_path / "mask.png", mode="L")
    for options, said in ((("--tasks", "denoise"), "--tasks denoise"), (("--mask", mask, "--only-mask"), "--only-mask")):
        result = run("restore", scan, "--model", model, "--sensitivity", -1, *options)
        assert result.returncode == 64 and "--sensitivity" in result.stderr and said in result.stderr
    assert names_below(tmp_path) == ["a.png", "mask.png"]


def test_a_sensitivity_finds_more_or_less_and_is_told(run, tmp_path):
    scan = picture(tmp_path / "a.png", 240, 320)
    scratched = pixels(scan).astype(numpy.uint8)
    scratched[:, 100:102] = 230
    Image.fromarray(scratched).save(scan)

    def restored(sensitivity):
        name = f"{sensitivity}"
        result = run("restore", scan, "--save-mask", "--sidecar", "-o", tmp_path / name, "--report", tmp_path / name / "all.html",
                     *(["--sensitivity", sensitivity] if sensitivity is not None else []))
        assert result.returncode == 0, result.stderr
        parameters = json.loads((tmp_path / name / "a.restored.json").read_text())["history"]["parameters"]
        return pixels(tmp_path / name / "a.restored.png"), pixels(tmp_path / name / "a.restored.mask.png"), parameters

    usual, zero, more, less = (restored(sensitivity) for sensitivity in (None, 0, 1, -1))
    assert (usual[0] == zero[0]).all() and (usual[1] == zero[1]).all() and "sensitivity" not in zero[2]
    assert more[1].mean() > zero[1].mean() > less[1].mean()
    assert more[2]["sensitivity"] == 1 and more[2]["damaged_share"] > less[2]["damaged_share"]
    assert "+1: more was taken for damage" in (tmp_path / "1" / "all.html").read_text()
    assert "was taken for damage" not in (tmp_path / "0" / "all.html").read_text()


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


def old_photo(path):
    """Toned, with some detail, grain and a few scratches across the borders of the tiles."""
    y, x = numpy.mgrid[0:192, 0:448]
    gray = 120 + 50 * numpy.sin(x / 41) * numpy.cos(y / 33) + 30 * numpy.sin((x + 2 * y) / 9) * (x > 200)
    gray = gray + numpy.random.default_rng(11).normal(0, 10, gray.shape)
    for left in (90, 220, 390):
        gray[30:160, left:left + 2] = 235
    colours = numpy.stack([gray, 0.92 * gray, 0.8 * gray], 2).clip(0, 255).astype(numpy.uint8)
    Image.fromarray(colours).save(path)
    return path


def test_tiles_leave_no_seams(run, tmp_path):
    """The released model in tiles of 256 and in one: what a tile lacks of its surroundings does not show."""
    scan = old_photo(tmp_path / "a.png")
    for name, tile in (("whole", 4096), ("tiled", 256)):
        result = run("restore", scan, "-o", tmp_path / name, "--strength", 1, "--tasks", "denoise,inpaint",
                     "--tile", tile, "--overlap", 64, timeout=120)
        assert result.returncode == 0, result.stderr
    whole, tiled = (pixels(tmp_path / name / "a.restored.png") for name in ("whole", "tiled"))
    difference = abs(whole - tiled).max(2)
    assert abs(whole - pixels(scan)).mean() > 3  # much was done
    # The two tiles share the columns 192 to 256.
    assert difference[:, :192].max() <= 1 and difference[:, 256:].max() <= 1
    assert (difference[:, 192:256] <= 1).mean() > 0.97


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


def test_what_the_format_can_hold_stays(run, model, tmp_path):
    """Lossless WebP, and no resolution at all."""
    for name, options in (("a.webp", {"lossless": True}), ("b.jpg", {}), ("c.png", {}), ("d.tif", {}), ("e.webp", {})):
        picture(tmp_path / "in" / name, **options)
    result = run("restore", tmp_path / "in", "-o", tmp_path / "out", "--model", model, "--strength", 0)
    assert result.returncode == 0, result.stderr
    assert (pixels(tmp_path / "out" / "a.restored.webp") == pixels(tmp_path / "in" / "a.webp")).all()
    listed = subprocess.run(["exiftool", "-a", "-G1", "-s", "-XResolution", "-PixelsPerUnitX", tmp_path / "out"],
                            capture_output=True, text=True).stdout
    said = [line for line in listed.splitlines() if "Resolution" in line or "PerUnit" in line]
    assert [re.split(r"\s*: ", line) for line in said] == [["[JFIF]          XResolution", "1"]]  # of unit none
    with Image.open(tmp_path / "out" / "b.restored.jpg") as restored:
        assert "dpi" not in restored.info and restored.info["jfif_unit"] == 0


@pytest.mark.parametrize("kind", ["plain", "exif", "xmp", "odd"])
@pytest.mark.parametrize("ending", ["jpg", "png", "tif", "webp"])
def test_metadata_give_no_resolution_to_what_has_none(run, model, tmp_path, ending, kind):
    scan = picture(tmp_path / "a.tif", mode="L")
    written = {"plain": [], "exif": ["-EXIF:Artist=Ann"], "xmp": ["-XMP-dc:Title=x"], "odd": []}[kind]
    subprocess.run(["exiftool", "-q", "-overwrite_original", *written, "-IFD0:XResolution=", "-IFD0:YResolution=",
                    "-IFD0:ResolutionUnit=", scan])
    if kind == "odd":  # 300 to 0
        Image.open(scan).save(scan, tiffinfo={282: TiffImagePlugin.IFDRational(300, 0), 283: TiffImagePlugin.IFDRational(0, 1),
                                              296: 2})
    result = run("restore", scan, "--model", model, "--format", {"jpg": "jpeg", "tif": "tiff"}.get(ending, ending))
    assert result.returncode == 0, result.stderr
    listed = subprocess.run(["exiftool", "-a", "-G1", "-s", "-XResolution", "-YResolution", "-PixelsPerUnitX",
                             tmp_path / f"a.restored.{ending}"], capture_output=True, text=True).stdout
    assert [line for line in listed.splitlines() if not re.search(r"JFIF.*: 1$", line)] == []


@pytest.mark.parametrize("ending", ["jpg", "png", "tif", "webp"])
@pytest.mark.parametrize("orientation", [1, 3, 5, 6, 7, 8])
def test_the_resolution_turns_with_the_picture(run, model, tmp_path, ending, orientation):
    scan = picture(tmp_path / f"a.{ending}", mode="RGB", **({} if ending == "webp" else {"dpi": (300, 600)}))
    subprocess.run(["exiftool", "-q", "-overwrite_original", f"-IFD0:Orientation#={orientation}", "-IFD0:XResolution=300",
                    "-IFD0:YResolution=600", "-IFD0:ResolutionUnit#=2", scan], check=True)
    result = run("restore", scan, "--model", model)
    assert result.returncode == 0, result.stderr
    listed = subprocess.run(["exiftool", "-a", "-G1", "-s", "-n", "-XResolution", "-YResolution", "-PixelsPerUnitX",
                             "-PixelsPerUnitY", tmp_path / f"a.restored.{ending}"], capture_output=True, text=True).stdout
    said = dict(re.findall(r"\](?: +)(\S+) +: ([\d.]+)", listed))
    across, down = (600, 300) if orientation >= 5 else (300, 600)
    assert said
    for name, value in said.items():
        an_inch = 0.0254 if "PerUnit" in name else 1
        assert float(value) * an_inch == pytest.approx(across if "X" in name else down, abs=2), listed


def test_times_are_kept_if_asked(run, model, tmp_path):
    scan = picture(tmp_path / "a.jpg")
    os.utime(scan, (1e9, 1e9 + 0.25))
    assert run("restore", scan, "--model", model, "--keep-times").returncode == 0
    assert (tmp_path / "a.restored.jpg").stat().st_mtime == 1e9 + 0.25
    assert run("restore", scan, "--model", model, "--overwrite").returncode == 0
    assert (tmp_path / "a.restored.jpg").stat().st_mtime > 1.5e9
