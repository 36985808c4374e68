"""What a result says of how it was made, as exiftool reads it."""
import hashlib
import json
import os
import re
import subprocess
from datetime import datetime, timedelta, timezone

import numpy
import pytest
from metadata_fields import carried, fields, fill, lost
from PIL import Image

ENDINGS = ("jpg", "png", "tif", "webp")
TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"


def scan(path, size=(60, 40)):
    y, x = numpy.mgrid[0:size[1], 0:size[0]]
    gray = 128 + 60 * numpy.sin(x / 9) * numpy.cos(y / 7) + numpy.random.default_rng(3).normal(0, 8, x.shape)
    Image.fromarray(gray.clip(0, 255).astype(numpy.uint8)).convert("RGB").save(path)
    return path


def xmp(picture):
    """XMP as structures: {"History": [...], ...}."""
    command = ["exiftool", "-json", "-struct", "-XMP:all", str(picture)]
    return json.loads(subprocess.run(command, capture_output=True, check=True).stdout)[0]


def sha256(file):
    return hashlib.sha256(file.read_bytes()).hexdigest()


def without(fields_of_result):
    return {name for name in carried(fields_of_result)
            if not re.match(r"XMP-(iptcExt:DigitalSourceType|xmpMM:(DerivedFrom|History)|x:XMPToolkit)", name)}


def test_what_was_invented_once_stays_said(run, model, tmp_path):
    for stronger in ("compositeWithTrainedAlgorithmicMedia", "trainedAlgorithmicMedia"):
        photo = scan(tmp_path / "a.jpg")
        subprocess.run(["exiftool", "-q", "-overwrite_original", f"-XMP-iptcExt:DigitalSourceType={TYPES}{stronger}", photo], check=True)
        run("restore", photo, "--model", model, "--strength", "0", "--overwrite").check_returncode()
        assert xmp(tmp_path / "a.restored.jpg")["DigitalSourceType"] == TYPES + stronger


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_result_says_what_made_it_from_which_scan(run, model, tmp_path, ending):
    photo = scan(tmp_path / f"[1950s] a, b|{{c}}.{ending}")
    result = run("restore", photo, "-o", tmp_path / "out", "--model", model, "--strength", 0.5, "--tasks", "denoise")
    assert result.returncode == 0, result.stderr
    said = xmp(tmp_path / "out" / f"[1950s] a, b|{{c}}.restored.{ending}")
    assert said["DigitalSourceType"] == TYPES + "algorithmicallyEnhanced"
    assert said["DerivedFrom"] == {"FilePath": photo.name, "DocumentID": "sha256:" + sha256(photo)}
    (entry,) = said["History"]
    assert entry["Action"] == "edited" and re.fullmatch(r"restore \d+\.\d+.*", entry["SoftwareAgent"])
    when = datetime.strptime(entry["When"].replace("Z", "+00:00"), "%Y:%m:%d %H:%M:%S%z")
    assert abs(when - datetime.now(timezone.utc)) < timedelta(minutes=5)
    parameters = json.loads(entry["Parameters"])
    assert parameters["model_sha256"] == sha256(model)
    assert (parameters["tasks"], parameters["strength"], parameters["inpaint"]) == ("denoise", "0.5", 0)
    assert 0.1 < parameters["changed_share"] <= 1


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_the_scan_says_is_kept_and_its_history_added_to(run, model, tmp_path, ending):
    photo = fill(scan(tmp_path / f"a.{ending}"))
    subprocess.run(["exiftool", "-q", "-overwrite_original",
                    "-XMP-xmpMM:History+={Action=created,SoftwareAgent=Scan 2,Parameters=a|, b}",
                    "-XMP-xmpMM:History+={Action=saved,SoftwareAgent=Scan 2}",
                    "-XMP-xmpMM:DerivedFrom={DocumentID=xmp.did:1,InstanceID=xmp.iid:2}",
                    "-XMP-iptcExt:DigitalSourceType=" + TYPES + "print", photo], check=True)
    before = fields(photo)
    assert run("restore", photo, "--model", model).returncode == 0
    restored = tmp_path / f"a.restored.{ending}"
    assert lost({name: value for name, value in before.items() if "DerivedFromInstanceID" not in name},
                fields(restored)) == []
    assert without(fields(restored)) == without(before)
    said = xmp(restored)
    assert [entry["Action"] for entry in said["History"]] == ["created", "saved", "edited"]
    assert said["History"][0]["Parameters"] == "a, b"
    assert said["DerivedFrom"]["FilePath"] == photo.name and len(said["DerivedFrom"]) == 2
    assert said["DigitalSourceType"] != TYPES + "print"
    # restored once more, from one format to another
    assert run("restore", restored, "--model", model, "--format", "png" if ending == "jpg" else "jpeg", "-o",
               tmp_path / "twice").returncode == 0
    (twice,) = (tmp_path / "twice").iterdir()
    assert [entry["Action"] for entry in xmp(twice)["History"]] == ["created", "saved", "edited", "edited"]


def test_inpainted_pixels_make_it_a_composite(run, tmp_path):
    photo = scan(tmp_path / "a.png", (200, 160))
    marked = numpy.zeros((160, 200), numpy.uint8)
    marked[60:90, 70:110] = 255
    Image.fromarray(marked).save(tmp_path / "mask.png")
    options = [photo, "--mask", tmp_path / "mask.png", "--only-mask", "--tasks", "inpaint"]
    assert run("restore", *options, "--save-mask", "--sidecar").returncode == 0
    said = xmp(tmp_path / "a.restored.png")
    assert said["DigitalSourceType"] == TYPES + "compositeWithTrainedAlgorithmicMedia"
    parameters = json.loads(said["History"][0]["Parameters"])
    assert parameters["mask"] == "mask.png" and parameters["only_mask"] is True
    share = 30 * 40 / (160 * 200)
    assert parameters["damaged_share"] == pytest.approx(share, rel=0.01)
    changed = (numpy.asarray(Image.open(tmp_path / "a.restored.png")) != numpy.asarray(Image.open(photo))).any(2)
    assert parameters["changed_share"] == pytest.approx(changed.mean(), rel=0.05)
    record = json.loads((tmp_path / "a.restored.json").read_text())
    assert record["history"]["parameters"] == parameters
    assert record["damage_mask"] == "a.restored.mask.png" and record["result"] == "a.restored.png"
    assert record["derived_from"] == {"name": "a.png", "sha256": sha256(photo)}
    assert record["digital_source_type"] == said["DigitalSourceType"]


def test_colours_of_the_model_make_it_a_composite(run, tmp_path):
    photo = scan(tmp_path / "a.png")
    assert run("restore", photo, "--tasks", "colourise").returncode == 0
    said = xmp(tmp_path / "a.restored.png")
    assert said["DigitalSourceType"] == TYPES + "compositeWithTrainedAlgorithmicMedia"
    assert json.loads(said["History"][0]["Parameters"])["coloured"] is True


@pytest.mark.parametrize("ending", ENDINGS)
def test_without_provenance_nothing_is_added(run, model, tmp_path, ending):
    photo = scan(tmp_path / f"a.{ending}")
    assert run("restore", photo, "--model", model, "--no-provenance", "--sidecar").returncode == 0
    assert not {"DigitalSourceType", "History", "DerivedFrom"} & set(xmp(tmp_path / f"a.restored.{ending}"))
    assert json.loads((tmp_path / "a.restored.json").read_text())["damage_mask"] is None


def test_names_of_any_bytes_are_told(run, model, tmp_path):
    photo = scan(tmp_path / "a.png")
    odd = bytes(tmp_path) + b"/gr\xfc\xdfe\n\x1b[31m \\ \xe7\xa5\x96.png"
    os.rename(photo, odd)
    assert run("restore", tmp_path, "-o", tmp_path / "out", "--model", model, "--sidecar").returncode == 0
    name = "gr\\xfc\\xdfe\\n\\x1b[31m \\ 祖.png"
    (picture,) = [file for file in (tmp_path / "out").iterdir() if file.suffix == ".png"]
    (record,) = [file for file in (tmp_path / "out").iterdir() if file.suffix == ".json"]
    picture.rename(tmp_path / "out" / "plain.png")
    assert xmp(tmp_path / "out" / "plain.png")["DerivedFrom"]["FilePath"] == name
    assert json.loads(record.read_bytes())["derived_from"]["name"] == name
