"""Files as people have them: masks as editors export them, infrared of film scanners, files that are lost in part."""
import io
import subprocess
import sys
import zlib

import numpy
import pytest
from conftest import BIN, ROOT
from PIL import Image, ImageCms

sys.path.insert(0, str(ROOT / "tests" / "fuzz"))
import seeds  # noqa: E402

SIDE = 96


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    model = tmp_path_factory.mktemp("model") / "model.safetensors"
    subprocess.run([BIN.parent / "tests" / "write_test_model", model], check=True)
    return model


@pytest.fixture
def restore(run, model, tmp_path):
    return lambda *arguments: run("restore", *arguments, "--model", model, "-o", tmp_path / "out")


def photograph():
    y, x = numpy.mgrid[0:SIDE, 0:SIDE]
    gray = 128 + 60 * numpy.sin(x / 9) * numpy.cos(y / 7)
    return (gray[..., None] * [1, 0.8, 0.6]).astype(numpy.uint8)


def tiff(path, monkeypatch, *pages):
    monkeypatch.setattr(seeds, "SIDE", SIDE)
    path.write_bytes(seeds.tiff(*pages))
    return path


def with_infrared():
    infrared = numpy.full((SIDE, SIDE, 1), 200, numpy.uint8)
    infrared[:, 40] = 60
    return numpy.concatenate([photograph(), infrared], 2)


def test_an_opaque_mask_marks_its_strokes_alone(restore, tmp_path):
    Image.fromarray(photograph()).save(tmp_path / "a.png")
    mask = numpy.zeros((SIDE, SIDE, 4), numpy.uint8)
    mask[..., 3] = 255
    mask[40:44, :, :3] = 255
    Image.fromarray(mask).save(tmp_path / "mask.png")
    result = restore(tmp_path / "a.png", "--mask", tmp_path / "mask.png", "--only-mask", "--tasks", "inpaint")
    assert result.returncode == 0, result.stderr
    changed = (numpy.asarray(Image.open(tmp_path / "out" / "a.restored.png")) != photograph()).any(2).any(1)
    assert changed[40:44].all() and not changed[:38].any() and not changed[46:].any()
    assert "4.2% damaged" in result.stdout


def test_a_mask_that_contradicts_itself_is_refused_and_one_that_marks_most_is_said(restore, tmp_path):
    Image.fromarray(photograph()).save(tmp_path / "a.png")
    mask = numpy.zeros((SIDE, SIDE, 4), numpy.uint8)
    mask[40:44, :, :3] = 255
    mask[30:60, :, 3] = 255
    Image.fromarray(mask).save(tmp_path / "mask.png")
    result = restore(tmp_path / "a.png", "--mask", tmp_path / "mask.png")
    assert result.returncode == 65 and "Export it without transparency" in result.stderr
    Image.fromarray(255 - mask[..., 0]).save(tmp_path / "mask.png")
    report = tmp_path / "report.html"
    result = restore(tmp_path / "a.png", "--mask", tmp_path / "mask.png", "--report", report)
    assert result.returncode == 0 and "the mask marks 96% of the picture" in result.stderr
    assert "the mask marks 96% of the picture" in report.read_text()


@pytest.mark.parametrize("marks", [[0, 0], [1, 1], [100, 90]])
def test_a_mask_that_marks_nothing_is_said(restore, tmp_path, marks):
    Image.fromarray(photograph()).save(tmp_path / "a.png")
    mask = numpy.zeros((SIDE, SIDE), numpy.uint8)
    mask[10], mask[20] = marks
    Image.fromarray(mask).save(tmp_path / "mask.png")
    result = restore(tmp_path / "a.png", "--mask", tmp_path / "mask.png", "--only-mask")
    assert result.returncode == 0 and "the mask marks nothing" in result.stderr


def test_a_lossless_webp_with_alpha_still_has_it_when_it_says_how_it_was_made(restore, tmp_path):
    rgba = numpy.dstack([photograph(), numpy.tile(numpy.arange(SIDE, dtype=numpy.uint8) * 2 + 1, (SIDE, 1))])
    Image.fromarray(rgba).save(tmp_path / "a.webp", lossless=True, exact=True)
    assert restore(tmp_path / "a.webp", "--strength", "0").returncode == 0
    made = tmp_path / "out" / "a.restored.webp"
    assert (numpy.asarray(Image.open(made)) == rgba).all()
    assert restore(made, "--strength", "0", "--format", "png", "--suffix", ".again").returncode == 0
    assert (numpy.asarray(Image.open(tmp_path / "out" / "a.restored.again.png"))[..., 3] == rgba[..., 3]).all()


def test_further_frames_are_missed(restore, tmp_path):
    frames = [Image.fromarray(photograph()), Image.fromarray(255 - photograph())]
    for ending in ("webp", "png"):
        frames[0].save(tmp_path / f"a.{ending}", save_all=True, append_images=frames[1:])
        assert "only the first of its" in restore(tmp_path / f"a.{ending}").stderr


def test_a_resolution_without_a_unit_is_none(restore, tmp_path, monkeypatch):
    Image.fromarray(photograph()).save(tmp_path / "a.tif", tiffinfo={282: 1.0, 283: 1.0, 296: 1})
    assert restore(tmp_path / "a.tif").returncode == 0
    with Image.open(tmp_path / "out" / "a.restored.tif") as image:
        assert image.tag_v2.get(296, 1) == 1


def test_an_infrared_channel_is_kept_and_shows_dust_if_asked(restore, tmp_path, monkeypatch):
    scan = with_infrared()
    tiff(tmp_path / "a.tif", monkeypatch, (scan.tobytes(), 8, 4, 2, [(338, seeds.SHORT, [0])]))
    result = restore(tmp_path / "a.tif", "--infrared", "--save-mask", "--strength", "0")
    assert result.returncode == 0, result.stderr
    assert "its infrared shows dust and scratches in" in result.stderr
    with Image.open(tmp_path / "out" / "a.restored.tif") as image:
        assert image.tag_v2[338] in (0, (0,))
    restored = subprocess.run(["exiftool", "-b", "-StripOffsets", tmp_path / "out" / "a.restored.tif"],
                              capture_output=True, text=True, check=True)
    start = int(restored.stdout.split()[0])
    data = (tmp_path / "out" / "a.restored.tif").read_bytes()[start:start + scan.nbytes]
    kept = numpy.frombuffer(data, numpy.uint8)[3::4]
    assert (kept == scan[..., 3].ravel()[:kept.size]).all()
    dust = numpy.asarray(Image.open(tmp_path / "out" / "a.restored.mask.png"))
    assert dust[:, 39:42].min() == 255 and dust[:, :38].max() < 255
    Image.fromarray(photograph()).save(tmp_path / "b.png")
    result = restore(tmp_path / "b.png", "--infrared")
    assert result.returncode == 65 and "b.png has no infrared channel" in result.stderr
    result = restore(tmp_path / "a.tif", "--format", "png")
    assert "png has no place for its further channels" in result.stderr
    with Image.open(tmp_path / "out" / "a.restored.png") as image:
        assert image.mode == "RGB"


@pytest.mark.parametrize("photometric", [8, 9])
def test_lab_becomes_what_littlecms_makes_of_it(restore, tmp_path, monkeypatch, photometric):
    srgb = ImageCms.createProfile("sRGB")
    to_lab = ImageCms.buildTransform(srgb, ImageCms.createProfile("LAB"), "RGB", "LAB")
    to_srgb = ImageCms.buildTransform(ImageCms.createProfile("LAB"), srgb, "LAB", "RGB")
    lab = ImageCms.applyTransform(Image.fromarray(photograph()), to_lab)
    expected = numpy.asarray(ImageCms.applyTransform(lab, to_srgb), float)
    # Pillow gives a and b as bytes with a sign, as CIELab has them; in ICCLab 128 is 0.
    samples = numpy.asarray(lab) ^ numpy.array([0, 0, 0] if photometric == 8 else [0, 128, 128], numpy.uint8)
    tiff(tmp_path / "a.tif", monkeypatch, (samples.tobytes(), 8, 3, photometric, []))
    result = restore(tmp_path / "a.tif", "--strength", "0", "--tasks", "denoise")
    assert result.returncode == 0, result.stderr
    with Image.open(tmp_path / "out" / "a.restored.tif") as image:
        error = numpy.mean((numpy.asarray(image, float) - expected) ** 2)
    assert 10 * numpy.log10(255 ** 2 / error) >= 45


def test_a_photograph_that_is_lost_in_part_is_restored_only_with_partial(restore, tmp_path):
    photo = tmp_path / "a.jpg"
    Image.fromarray(photograph()).save(photo, quality=95)
    data = photo.read_bytes()
    middle = data.index(b"\xff\xda") + (len(data) - data.index(b"\xff\xda")) // 2
    photo.write_bytes(data[:middle] + b"\xff\xd9" + data[middle:])
    result = restore(photo)
    assert result.returncode == 65
    assert "only the first" in result.stderr and "--partial" in result.stderr
    assert not (tmp_path / "out" / "a.restored.jpg").exists()
    result = restore(photo, "--partial")
    assert result.returncode == 0 and "only the first" in result.stderr
    photo.write_bytes(data[:-2])
    result = restore(photo, "--overwrite")
    assert result.returncode == 0 and "the end of the file is missing" in result.stderr


def test_what_a_store_cannot_use_is_passed_over(run, tmp_path):
    photos = tmp_path / "photos"
    photos.mkdir()
    whole = numpy.tile(photograph(), (3, 3, 1))
    for name in ("a.png", "b.png"):
        Image.fromarray(whole).save(photos / name)
    Image.fromarray(whole).save(photos / "lost.jpg", quality=95)
    data = (photos / "lost.jpg").read_bytes()
    (photos / "lost.jpg").write_bytes(data[:len(data) // 2] + b"\xff\xd9" + data[len(data) // 2:])
    Image.fromarray(whole[..., 0].astype(numpy.float32) / 255).save(photos / "float.tif")
    result = run("restore-shard", "--photos", photos, "--store", tmp_path / "store", "--patch", "128")
    assert result.returncode == 0, result.stderr
    assert "lost.jpg is damaged or cut short" in result.stderr
    assert "float.tif has samples of type float" in result.stderr
    assert ": 2 photos" in result.stdout and "2 photos skipped" in result.stdout


def png(pixels):
    data = io.BytesIO()
    Image.fromarray(pixels).save(data, "PNG")
    return data.getvalue()


def test_colours_coded_for_video_are_warned_about(restore, tmp_path):
    """cICP: of BT.2020 with PQ, and of sRGB, which a result has anyway."""
    for coded, warned in ((b"\x09\x10\x00\x01", True), (b"\x01\x0d\x00\x01", False)):
        data = png(photograph())
        chunk = b"cICP" + coded
        head = 8 + 25  # signature and IHDR
        data = data[:head] + len(coded).to_bytes(4, "big") + chunk + zlib.crc32(chunk).to_bytes(4, "big") + data[head:]
        (tmp_path / "a.png").write_bytes(data)
        result = restore(tmp_path / "a.png", "--overwrite")
        assert result.returncode == 0
        assert ("coded for video" in result.stderr) == warned


def test_a_tiff_that_is_broken_is_said_to_be_one(restore, tmp_path):
    (tmp_path / "a.tif").write_bytes(b"II*\0\x08\0\0\0\x01\0\x00\x01\x03\0\x01\0\0\0\x09\0\0\0\0\0\0\0")
    result = restore(tmp_path / "a.tif")
    assert result.returncode == 65
    assert "is a TIFF that cannot be read" in result.stderr and "magick" not in result.stderr


def test_heic_kinds_become_png(restore, tmp_path):
    exif = Image.Exif()
    exif[0x010E] = "a river"
    Image.fromarray(photograph()).save(tmp_path / "a.avif", quality=95, exif=exif)
    result = restore(tmp_path / "a.avif", "--strength", "0")
    if "AVIF file" in result.stderr:
        pytest.skip("this system's libvips reads no HEIC")
    assert result.returncode == 0, result.stderr
    with Image.open(tmp_path / "out" / "a.restored.png") as image:
        assert image.size == (SIDE, SIDE)
        assert image.getexif()[0x010E] == "a river"
    assert "could not be copied" not in result.stderr
