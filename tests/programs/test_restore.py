"""restore as a person runs it, with a small network of random weights: what becomes of pixels, sizes and resolutions."""
import json
import os
import re
import subprocess

import numpy
import pytest
from PIL import Image, TiffImagePlugin
from sample_pictures import luma, names_below, picture, pixels


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
