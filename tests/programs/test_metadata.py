"""Metadata reach a written picture, as exiftool sees them: from each format to each."""
import resource
import signal
import struct
import subprocess

import pytest
from conftest import BIN
from metadata_fields import carried, fields, fill, lost, matches
from PIL import Image

CARRY = BIN.parent / "tests" / "copy_metadata"
EXTENSIONS = {"jpeg": ".jpg", "png": ".png", "tiff": ".tif", "webp": ".webp"}


def picture(path, size=(120, 90), mode="RGB", **options):
    Image.new(mode, size, "gray" if mode == "RGB" else 30000).save(path, **options)
    return path


def result_of(source, kind, **options):
    """The bare picture that `source` would be restored to, lying the other way, with what was carried into it."""
    to = picture(source.with_name("result" + EXTENSIONS[kind]), (90, 120), dpi=(300, 300), **options)
    run = subprocess.run([CARRY, source, to], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    with Image.open(to) as restored:
        restored.load()
        assert restored.size == (90, 120)
    return to, run.stdout.splitlines()


def warnings(picture_fields):
    return [value for name, value in picture_fields.items() if name.startswith("ExifTool:") and "Version" not in name]


@pytest.mark.parametrize("kind", EXTENSIONS)
def test_nothing_is_lost_where_the_format_stays(tmp_path, kind):
    source = fill(picture(tmp_path / ("a" + EXTENSIONS[kind]), dpi=(300, 300)), orientation=6)
    before = fields(source)
    assert len(before) > 60 and before["IFD0:Orientation"] == "Rotate 90 CW"
    to, notes = result_of(source, kind)
    after = fields(to)
    assert lost(before, after) == []
    assert notes == [] and warnings(after) == warnings(before)
    assert [name for name in carried(after) if name not in before] == []


@pytest.mark.parametrize("kind", EXTENSIONS)
def test_orientation_and_size_are_those_of_the_result(tmp_path, kind):
    source = fill(picture(tmp_path / ("a" + EXTENSIONS[kind]), dpi=(300, 300)), orientation=6)
    after = fields(result_of(source, kind)[0])
    assert after["IFD0:Orientation"] == after["XMP-tiff:Orientation"] == "Horizontal (normal)"
    assert (after["ExifIFD:ExifImageWidth"], after["ExifIFD:ExifImageHeight"]) == (90, 120)
    assert after["XMP-exif:ExifImageWidth"] == 90
    if kind != "webp":  # which has no other place for it
        assert after["IFD0:XResolution"] == pytest.approx(300, abs=2)


# What another format has no place for, or calls by another name.
UNLIKE = {"jpeg": [r"File:Comment"], "png": [r"PNG:.*"], "tiff": [r"IFD0:PageNumber"], "webp": []}


@pytest.mark.parametrize("source_kind", EXTENSIONS)
@pytest.mark.parametrize("kind", EXTENSIONS)
def test_another_format_has_what_it_has_place_for(tmp_path, source_kind, kind):
    source = fill(picture(tmp_path / ("a" + EXTENSIONS[source_kind])))
    subprocess.run(["exiftool", "-q", "-overwrite_original", "-UserComment=", source], check=True)
    before = fields(source)
    to, notes = result_of(source, kind)
    after = fields(to)
    unlike = [(pattern, "") for pattern in UNLIKE[source_kind]] if kind != source_kind else []
    assert [name for name in lost(before, after) if not matches(name, unlike)] == []
    assert notes == []
    if source_kind in ("jpeg", "png"):
        comments = str([value for name, value in after.items() if name.endswith("Comment")])
        assert "found in the attic" in comments
        assert source_kind != "png" or kind == "png" or "Source: Album 3" in comments


def test_a_long_xmp_fills_several_segments_of_jpeg_and_is_one_packet_elsewhere(tmp_path):
    source = fill(picture(tmp_path / "a.png"))
    story = "".join(f"Line {i} of what grandmother told. " for i in range(6000))
    (tmp_path / "story.txt").write_text(story)
    subprocess.run(["exiftool", "-q", "-overwrite_original", f"-XMP-dc:Description<={tmp_path}/story.txt", source],
                   check=True)
    before = fields(source)
    assert before["XMP-dc:Description"] == story
    jpeg, notes = result_of(source, "jpeg")
    split = fields(jpeg)
    assert notes == [] and warnings(split) == []
    assert [name for name in lost(before, split) if name.startswith("XMP")] == []
    again, notes = result_of(jpeg.rename(tmp_path / "b.jpg"), "jpeg")
    assert notes == [] and fields(again)["XMP-dc:Description"] == story
    for kind in ("png", "tiff", "webp"):
        joined = fields(result_of(tmp_path / "b.jpg", kind)[0])
        assert [name for name in lost(before, joined) if name.startswith("XMP")] == []
        assert "XMP-xmpNote:HasExtendedXMP" not in joined and warnings(joined) == []


def canon_exif(note_at):
    """EXIF with a Canon's maker notes, whose offsets count from its beginning, as exiftool reads them."""
    model, firmware, owner = b"IMG:EOS 5D Archive".ljust(32, b"\0"), b"Firmware 1.1.1".ljust(24, b"\0"), b"Ann".ljust(32, b"\0")
    values = note_at + 2 + 3 * 12 + 4
    note = struct.pack("<H", 3)
    for tag, text in ((6, model), (7, firmware), (9, owner)):
        note += struct.pack("<HHII", tag, 2, len(text), values)
        values += len(text)
    note += struct.pack("<I", 0) + model + firmware + owner
    head = struct.pack("<2sHIH", b"II", 42, 8, 2)
    head += struct.pack("<HHII", 271, 2, 6, 80) + struct.pack("<HHIII", 34665, 4, 1, 100, 0)
    head = head.ljust(80, b"\0") + b"Canon\0"
    head = head.ljust(100, b"\0") + struct.pack("<HHHIII", 1, 37500, 7, len(note), note_at, 0)
    return head.ljust(note_at, b"\0") + note


@pytest.mark.parametrize("kind", EXTENSIONS)
@pytest.mark.parametrize("note_at", [130, 4000])
def test_maker_notes_are_still_understood(tmp_path, kind, note_at):
    source = picture(tmp_path / "a.jpg", exif=b"Exif\0\0" + canon_exif(note_at))
    before = fields(source)
    assert before["Canon:CanonImageType"] == "IMG:EOS 5D Archive" and before["Canon:OwnerName"] == "Ann"
    to, notes = result_of(source, kind)
    assert notes == [] and warnings(fields(to)) == []
    assert lost(before, fields(to)) == []
    # and back from where they lie now
    back = fields(result_of(to.rename(tmp_path / ("b" + EXTENSIONS[kind])), "jpeg")[0])
    assert lost(before, back) == [] and warnings(back) == []


def test_of_what_a_bigtiff_lacks_is_told(tmp_path):
    source = fill(picture(tmp_path / "a.tif"))
    big, notes = result_of(source, "tiff", big_tiff=True)
    assert big.read_bytes()[:4] == b"II\x2b\0"
    assert len(notes) == 2 and "BigTIFF" in notes[0] and "could not be copied" in notes[1]


def test_a_thumbnail_of_the_damage_is_left_out(tmp_path):
    thumbnail = picture(tmp_path / "thumbnail.jpg", (16, 12))
    source = fill(picture(tmp_path / "a.jpg"))
    subprocess.run(["exiftool", "-q", "-overwrite_original", f"-ThumbnailImage<={thumbnail}", source], check=True)
    assert "IFD1:ThumbnailLength" in fields(source)
    to, _ = result_of(source, "jpeg")
    assert not any("Thumbnail" in name for name in fields(to))
    assert thumbnail.read_bytes() not in to.read_bytes()


def test_what_is_broken_is_named_and_the_picture_stays(tmp_path):
    source = picture(tmp_path / "a.jpg", exif=b"Exif\0\0II*\0\xff\xff\xff\xff")
    to, notes = result_of(source, "jpeg")
    assert len(notes) == 1 and notes[0].startswith("its metadata are broken in part (")


def test_a_result_that_cannot_be_written_is_an_io_error(tmp_path):
    source = fill(picture(tmp_path / "a.jpg"))
    run = subprocess.run([CARRY, source, tmp_path / "absent.png"], capture_output=True, text=True)
    assert run.returncode == 74 and "absent.png" in run.stderr
    for kind in EXTENSIONS:
        to = picture(tmp_path / ("result" + EXTENSIONS[kind]))
        run = subprocess.run([CARRY, source, to], capture_output=True, text=True, preexec_fn=small_files_only)
        assert run.returncode == 74 and "cannot write" in run.stderr
        with Image.open(to) as whole:
            whole.load()
        assert len(list(tmp_path.glob("result*"))) == 1
        to.unlink()


def small_files_only():
    """In the child: writing more than 3,000 bytes to a file fails, as on a full disk."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))
