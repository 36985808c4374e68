"""Restorer says what the program `restore` says: pictures of many kinds, restored by both with the released model."""
import os
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(os.environ.get("RESTORE_BIN", ROOT / "build" / "bin"))
sys.path[:0] = [str(ROOT / "python"), str(ROOT / "tests" / "programs")]
import libvips  # noqa: E402
from restore_photos import Restorer  # noqa: E402
from restore_photos.networks import RestorerNet  # noqa: E402
from restore_photos.tone_curve import s15  # noqa: E402

# Where the processor multiplies bf16 both do so, and round their sums in another order.
BF16 = "avx512_bf16" in Path("/proc/cpuinfo").read_text()
# Largest and mean difference of a sample, of 255 levels, and largest one of damage.
MOST_OF_8_BIT, MOST_OF_16_BIT, MOST_OF_DAMAGE = ((6, 0.05), (6, 0.05), 0.05) if BF16 else ((1, 0.01), (0.02, 0.001), 0.003)


def scene(height=133, width=171, seed=1):
    """[H,W] from 0 to 1: a smooth scene with edges, grain, scratches and a torn corner."""
    y, x = np.mgrid[0:height, 0:width]
    luma = 0.5 + 0.2 * np.sin(x / 19) * np.cos(y / 23) + 0.15 * ((x - 80) ** 2 + (y - 60) ** 2 < 1600) - 0.2 * (y > 0.8 * height)
    luma += np.random.default_rng(seed).normal(0, 0.035, luma.shape)
    luma[:, width // 3:width // 3 + 2] = 0.97
    luma[abs(y - x - 20) < 1.2] = 0.95
    luma[:height // 6, -width // 6:] = 0.98
    return luma.clip(0.02, 0.98)


def sepia(luma):
    return np.stack([luma ** 0.8, luma ** 1.05, luma ** 1.4], 2)


def colours(luma):
    y, x = np.mgrid[0:luma.shape[0], 0:luma.shape[1]]
    return (np.stack([luma * (0.8 + 0.2 * np.sin(x / 30)), luma * (0.8 + 0.2 * np.sin(y / 25)), luma * 0.8], 2)).clip(0, 1)


def with_alpha(planes):
    alpha = np.ones(planes.shape[:2])
    alpha[10:60, 20:70] = np.linspace(0, 1, 50)[:, None]
    return np.dstack([planes, alpha])


def levels(planes, white=255):
    return (planes * white).round().astype(np.uint8 if white == 255 else np.uint16)


def icc(space, **tags):
    table, data = struct.pack(">I", len(tags)), b""
    for name, tag in tags.items():
        table += name.encode() + struct.pack(">II", 132 + 12 * len(tags) + len(data), len(tag))
        data += tag + bytes(-len(tag) % 4)
    head = struct.pack(">I", 128 + len(table + data)) + bytes(4) + b"\x04\x20\0\0mntr" + space + b"XYZ " + bytes(12) + b"acsp" + bytes(28)
    return (head + s15(0.9642, 1, 0.8249)).ljust(128, b"\0") + table + data


def gamma(power):
    return b"curv" + struct.pack(">IIHH", 0, 1, round(power * 256), 0)


def xyz(*values):
    return b"XYZ " + bytes(4) + s15(*values)


GRAY_PROFILE = icc(b"GRAY", kTRC=gamma(1.4), wtpt=xyz(0.9642, 1, 0.8249))
WIDE_PROFILE = icc(b"RGB ", rXYZ=xyz(0.6097, 0.3111, 0.0195), gXYZ=xyz(0.2053, 0.6257, 0.0609), bXYZ=xyz(0.1492, 0.0632, 0.7446),
                   rTRC=gamma(1.8), gTRC=gamma(1.8), bTRC=gamma(1.8), wtpt=xyz(0.9642, 1, 0.8249))


def write_kinds(folder):
    """A photograph of each kind."""
    luma = scene()
    Image.fromarray(levels(luma)).save(folder / "gray.png")
    Image.fromarray(levels(sepia(luma))).save(folder / "toned.png")
    Image.fromarray(levels(colours(luma))).save(folder / "coloured.png")
    Image.fromarray(levels(with_alpha(colours(luma)))).save(folder / "rgba.png")
    Image.fromarray(levels(with_alpha(luma))).save(folder / "la.png")
    Image.fromarray(levels(colours(luma))).quantize(64).save(folder / "palette.png")
    Image.fromarray(levels(luma > 0.5)).convert("1").save(folder / "bits.png")
    Image.fromarray(levels(luma)).save(folder / "gray_profile.png", icc_profile=GRAY_PROFILE)
    Image.fromarray(levels(sepia(luma))).save(folder / "wide_profile.png", icc_profile=WIDE_PROFILE)
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(levels(colours(luma))).save(folder / "turned.jpg", quality=95, exif=exif)
    Image.fromarray(levels(luma, 65535)).save(folder / "gray16.png")
    libvips.save(folder / "toned16.tif", levels(sepia(luma), 65535))
    libvips.save(folder / "coloured16.png", levels(colours(luma), 65535))
    libvips.save(folder / "rgba16.tif", levels(with_alpha(colours(luma)), 65535))
    bordered = np.full((560, 600), 0.93)  # larger than its small version
    bordered[41:520, 50:551] = scene(479, 501)
    bordered[41:60, 50:70] = 0.93
    Image.fromarray(levels(bordered)).save(folder / "bordered.png")
    below_sky = scene(479, 501)
    below_sky[:180] = 0.93
    Image.fromarray(levels(below_sky)).save(folder / "below_sky.png")


@pytest.fixture(scope="module")
def restorer():
    return Restorer.load()


def opened(file):
    """Of PIL where it has such pictures."""
    return libvips.load(file) if "16" in file.stem else Image.open(file)


def compare(restorer, folder, options, **wishes):
    """Restores all pictures in the folder both ways, and compares. Returns what Restorer says, by name."""
    out = folder / "out"
    files = sorted(file for file in folder.iterdir() if file.is_file())
    subprocess.run([BIN / "restore", *files, "-o", out, "--format", "tiff", "--save-mask", *map(str, options)], check=True, timeout=110,
                   capture_output=True)
    differences, said = {}, {}
    for file in files:
        mine = restorer(opened(file), **wishes)
        samples = np.asarray(mine.image)
        wanted = libvips.load(out / f"{file.stem}.restored.tif")
        assert (samples if samples.ndim == 3 else samples[..., None]).shape == wanted.shape and samples.dtype == wanted.dtype, file
        white = 255 if samples.dtype == np.uint8 else 65535
        difference = abs(samples.reshape(wanted.shape).astype(float) - wanted) * 255 / white
        differences[file.stem] = difference.max(), difference.mean()
        damage = libvips.load(out / f"{file.stem}.restored.mask.png")[..., 0] / 255
        assert abs(mine.damage - damage).max() < MOST_OF_DAMAGE, file
        said[file.stem] = mine
    for name, (most, mean) in differences.items():
        limits = MOST_OF_16_BIT if "16" in name else MOST_OF_8_BIT
        assert most <= limits[0] and mean <= limits[1], differences
    print(max(differences.items(), key=lambda item: item[1]), max(mean for _, mean in differences.values()))
    return said


def test_pictures_of_all_kinds(restorer, tmp_path):
    write_kinds(tmp_path)
    said = compare(restorer, tmp_path, [])
    kinds = {name: one.found.colour for name, one in said.items()}
    assert (kinds["gray"], kinds["toned"], kinds["toned16"], kinds["coloured16"]) == ("gray", "toned", "toned", "coloured")
    assert said["gray"].damage[50, 171 // 3] > 10 * said["gray"].damage[90, 120]  # on a scratch, and beside it
    assert (said["bordered"].damage[:41] == 0).all() and said["bordered"].damage[300, 50 + 501 // 3] > 0.1
    assert (said["below_sky"].damage[5:170] == 0).all()
    assert said["gray_profile"].image.info["icc_profile"] == GRAY_PROFILE
    assert said["turned"].image.getexif().get(0x0112, 1) == 1


def write_few(folder, names=("gray", "toned", "rgba", "coloured16"), **size):
    luma = scene(**size)
    planes = {"gray": luma, "toned": sepia(luma), "rgba": with_alpha(colours(luma)), "coloured16": colours(luma)}
    for name in names:
        if "16" in name:
            libvips.save(folder / f"{name}.png", levels(planes[name], 65535))
        else:
            Image.fromarray(levels(planes[name])).save(folder / f"{name}.png")


@pytest.fixture
def mask():
    marked = np.zeros((133, 171), np.uint8)
    marked[40:90, 60:100] = 255
    return Image.fromarray(marked)


@pytest.mark.parametrize("wishes, options", [
    ({"strength": 0.4, "tasks": "denoise"}, ["--strength", "0.4", "--tasks", "denoise"]),
    ({"tasks": "inpaint"}, ["--tasks", "inpaint"]),
    ({"sensitivity": 1.5}, ["--sensitivity", "1.5"]),
    ({"strength": "auto"}, []),
    ({"tasks": "denoise,inpaint,colourise"}, ["--tasks", "denoise,inpaint,colourise"]),
    ({"tasks": ["colourise"], "keep_colour": True}, ["--tasks", "colourise", "--keep-colour"])], ids=str)
def test_options(restorer, tmp_path, wishes, options):
    write_few(tmp_path)
    said = compare(restorer, tmp_path, options, **wishes)
    for name, before in {name: opened(next(tmp_path.glob(f"{name}.*"))) for name in said}.items():
        is_kept = wishes.get("keep_colour", False) and name != "gray" and name != "toned"
        assert np.array_equal(np.asarray(said[name].image), np.asarray(before)) == is_kept, name


@pytest.mark.parametrize("only", [False, True])
def test_masks(restorer, mask, tmp_path, only):
    (tmp_path / "in").mkdir()
    write_few(tmp_path / "in")
    mask.save(tmp_path / "mask.png")
    options = ["--mask", tmp_path / "mask.png", *(["--only-mask"] if only else [])]
    said = compare(restorer, tmp_path / "in", options, mask=mask, only_mask=only)
    assert (said["gray"].damage[40:90, 60:100] == 1).all()
    assert (said["gray"].damage[:, 171 // 3].max() > 0.5) != only  # the scratch


@pytest.mark.parametrize("tasks", ["denoise,inpaint", "inpaint,colourise"])
def test_pictures_of_many_tiles(restorer, tmp_path, tasks):
    (tmp_path / "in").mkdir()
    write_few(tmp_path / "in", ["toned", "coloured16"], height=219, width=237)
    painted = np.zeros((219, 237, 4), np.uint8)
    painted[40:160, 60:190] = (200, 0, 0, 255)  # a hole that is wider than two overlaps
    Image.fromarray(painted).save(tmp_path / "mask.png")
    options = ["--tile", "128", "--overlap", "32", "--tasks", tasks, "--mask", tmp_path / "mask.png"]
    said = compare(restorer, tmp_path / "in", options, tile=128, overlap=32, tasks=tasks, mask=painted)
    assert (said["toned"].damage[40:160, 60:190] > 0.999).all()


def test_a_soft_scan(restorer, tmp_path):
    Image.fromarray(levels(scene(260, 300))).resize((600, 520), Image.Resampling.BICUBIC).save(tmp_path / "gray.png")
    assert compare(restorer, tmp_path, [])["gray"].found.sharpness < 0.25


def test_memory_chooses_the_tiles_of_the_program(restorer, tmp_path):
    Image.fromarray(levels(scene(250, 280))).save(tmp_path / "gray.png")
    said = compare(restorer, tmp_path, ["--memory", "435M"], memory=435 << 20)
    assert not np.array_equal(restorer(Image.open(tmp_path / "gray.png")).damage, said["gray"].damage)
    with pytest.raises(ValueError, match="280x250 pixels takes at least"):
        restorer(Image.open(tmp_path / "gray.png"), memory=400 << 20)


def test_the_kind_of_picture_that_is_given_comes_back(restorer):
    luma = scene(64, 72)
    for array in (levels(luma), levels(luma)[..., None], levels(sepia(luma), 65535), levels(with_alpha(luma))):
        restored = restorer(array).image
        assert restored.shape == array.shape and restored.dtype == array.dtype and not np.array_equal(restored, array)
    wide = Image.fromarray(levels(luma, 65535))
    for image in (wide, Image.frombytes("I;16B", wide.size, np.asarray(wide).astype(">u2").tobytes()), wide.convert("I")):
        restored = restorer(image).image
        assert restored.mode == image.mode and np.array_equal(np.asarray(restored), restorer(np.asarray(wide)).image)
    image = Image.fromarray(levels(luma))
    plain, image.info["icc_profile"] = restorer(image).image, GRAY_PROFILE
    restored = restorer(levels(luma), profile=GRAY_PROFILE).image
    assert np.array_equal(restored, np.asarray(restorer(image).image)) and not np.array_equal(restored, np.asarray(plain))
    gray = restorer(levels(with_alpha(luma)), tasks="colourise").image
    assert gray.shape == (64, 72, 4) and (gray[..., 0] != gray[..., 2]).any()


def test_what_cannot_be_is_said(restorer, mask):
    gray = levels(scene(64, 72))
    kinds = {"mode F": Image.fromarray(np.zeros((8, 8), np.float32)), "mode CMYK": Image.new("CMYK", (8, 8)), "float64": gray / 255,
             "5 channels": np.zeros((8, 8, 5), np.uint8), "give a PIL picture": "photo.jpg", "not empty": np.zeros((0, 8), np.uint8)}
    for words, image in kinds.items():
        with pytest.raises(ValueError, match=words):
            restorer(image)
    wishes = {"one or more of denoise": {"tasks": "denoise,paint"}, "0 .as it is.": {"strength": 1.5}, "needs a mask": {"only_mask": True},
              "not among denoise": {"tasks": "denoise", "mask": gray}, "mask's size|mask of the": {"mask": mask},
              "at least 64": {"tile": 32}, "half the tile": {"tile": 128, "overlap": 65}, "goes with": {"keep_colour": True}, "one or more of": {"tasks": None}, "overlap -3": {"overlap": -3},
              "sensitivity 3": {"sensitivity": 3}, "needs the task inpaint": {"sensitivity": 1, "tasks": "denoise"}}
    for words, wish in wishes.items():
        with pytest.raises(ValueError, match=words):
            restorer(gray, **wish)
    with pytest.raises(ValueError, match="different places"):
        restorer(gray, mask=np.dstack([np.where(gray > 128, 255, 0), np.where(gray > 100, 255, 0)]).astype(np.uint8))
    with pytest.raises(ValueError, match="numpy.asarray"):
        restorer(Image.fromarray(gray.astype(np.uint16) * 257), tasks="colourise")
    assert "marks nothing" in restorer(gray, mask=np.zeros_like(gray)).notes[0]
    assert "inverted" in restorer(gray, mask=np.ones(gray.shape, bool)).notes[0]
    wide = gray.astype(np.uint16) * 257
    assert np.array_equal(restorer(wide.astype(">u2")).image, restorer(wide).image)
    image = Image.fromarray(gray)
    image.info["icc_profile"] = b"none"
    assert "profile cannot be used" in restorer(image).notes[0]


def test_a_model_that_restores_nothing_says_so(restorer):
    blind = Restorer(RestorerNet([8], [], [], 1))
    gray = levels(scene(64, 72))
    said = blind(gray)
    assert np.array_equal(said.image, gray) and "neither denoises nor inpaints" in said.notes[0]
    assert not any("denoises" in note for note in restorer(gray).notes)


def test_the_model_is_found_as_the_program_finds_it(monkeypatch, tmp_path):
    monkeypatch.setenv("RESTORE_MODEL", str(tmp_path / "none.safetensors"))
    with pytest.raises(FileNotFoundError, match="none.safetensors"):
        Restorer.load()
    monkeypatch.delenv("RESTORE_MODEL")
    assert Restorer.load().about == Restorer.load(ROOT / "checkpoints" / "released" / "model.safetensors").about
    with pytest.raises(ValueError, match="is a folder"):
        Restorer.load(tmp_path)
    wrong = tmp_path / "wrong.safetensors"
    wrong.write_bytes(struct.pack("<Q", 2) + b"{}")
    with pytest.raises(ValueError, match="format version"):
        Restorer.load(wrong)
    released = (ROOT / "checkpoints" / "released" / "model.safetensors").read_bytes()
    for before, after in ((b"[32,64,96,128]", b"[31,64,96,128]"), (b'\\"restorer', b'\\"restorex')):
        assert before in released
        wrong.write_bytes(released.replace(before, after))
        with pytest.raises(ValueError, match="another version"):
            Restorer.load(wrong)
