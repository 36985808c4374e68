"""Folders and names as real disks have them, restored by the program: what is passed over, what fails alone, what is said."""
import ctypes
import os
import shutil
import signal
import stat
import subprocess
import time

import numpy
import pytest
from conftest import BIN
from PIL import Image

SUMMARY = "photographs could not be restored"


def picture(path, kind=None, size=(30, 20), **options):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        Image.new("L", size, 100).save(file, kind or os.fsdecode(path).rsplit(".")[-1].replace("jpg", "jpeg").replace("tif", "tiff"), **options)
    return path


def names_below(folder):
    return sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file())


def without_roots_rights():
    """In the child, as root: folders that nobody may read cannot be read."""
    for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
        ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)


def test_what_systems_leave_on_disks_is_passed_over(run, model, tmp_path):
    folder = tmp_path / "in"
    for name in ("a.jpg", "deep/b.png", "._a.jpg", ".DS_Store.jpg", "@eaDir/a.jpg/SYNOPHOTO_THUMB_M.jpg", ".thumbnails/a.png",
                 "#recycle/old.jpg", "deep/#recycle/old.jpg", "__MACOSX/._a.jpg", "$RECYCLE.BIN/$R1.jpg",
                 "$Recycle.Bin/$R2.jpg", ".Trash-1000/files/c.jpg", "System Volume Information/x.png",
                 "lost+found/y.png", ".picasaoriginals/a.jpg"):
        picture(folder / name, "jpeg")
    for name in ("Thumbs.db", ".DS_Store", "desktop.ini"):
        (folder / name).write_bytes(b"x")
    result = run("restore", folder, "-o", tmp_path / "out", "--model", model)
    assert result.returncode == 0, result.stderr
    assert names_below(tmp_path / "out") == ["a.restored.jpg", "deep/b.restored.jpg"]
    assert "left out" not in result.stderr and SUMMARY not in result.stderr


def test_nothing_that_is_read_is_written_over(run, model, tmp_path):
    kept = {}
    for name in ("a.heic", "noending", "b.png", "b.restored.mask.png"):
        kept[name] = picture(tmp_path / name, "png").read_bytes()
    (tmp_path / "link.log").symlink_to("a.heic")
    (tmp_path / "notes.txt").write_text("of a person")
    for options in (["--timings", "a.heic", "a.heic"], ["--timings", "link.log", "a.heic"], ["--report", "noending", "noending"],
                    ["b.png", "--mask", "b.restored.mask.png", "--save-mask"],
                    ["b.png", "--mask", "b.restored.mask.png", "--timings", "b.restored.mask.png"],
                    ["b.png", "--timings", "x.html", "--report", "x.html"], ["b.png", "--report", "notes.txt"],
                    ["b.png", "--timings", "notes.txt"], ["b.png", "--report", "b.restored.json", "--sidecar"],
                    ["b.png", "--report", "b.restored.mask.png.html", "--timings", "b.restored.mask.png", "--save-mask"]):
        result = run("restore", *options, "--model", model, cwd=tmp_path)
        assert result.returncode == 64, result.stderr
        assert "overwr" in result.stderr or "one file" in result.stderr
        assert {name: (tmp_path / name).read_bytes() for name in kept} == kept
    assert (tmp_path / "notes.txt").read_text() == "of a person"


def test_devices_and_pipes_are_not_replaced(run, model, tmp_path):
    picture(tmp_path / "a.png")
    os.mkfifo(tmp_path / "pipe")
    result = run("restore", "a.png", "--report", "pipe", "--model", model, cwd=tmp_path)
    assert result.returncode == 74 and "is a device or a pipe" in result.stderr
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)


def test_a_file_as_the_folder_of_results_is_a_wrong_option(run, model, tmp_path):
    picture(tmp_path / "a.png")
    for folder in ("a.png", "a.png/x/y"):
        result = run("restore", "a.png", "-o", folder, "--model", model, cwd=tmp_path)
        assert result.returncode == 64 and "a.png is a file; name a folder" in result.stderr


def test_a_photograph_that_changes_meanwhile_is_told(model, tmp_path):
    for name, gray in (("a.tif", 90), ("other.tif", 200)):
        Image.fromarray(numpy.full((1500, 1500), gray, numpy.uint8)).save(tmp_path / name)
    command = [BIN / "restore", tmp_path / "a.tif", "--model", model, "--strength", "1"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    while not (process.poll() is not None or list(tmp_path.glob("*.tmp"))):
        time.sleep(0.01)
    (tmp_path / "other.tif").rename(tmp_path / "a.tif")
    _, said = process.communicate(timeout=60)
    assert process.returncode == 65 and "was changed while it was restored" in said
    assert names_below(tmp_path) == ["a.tif"]


def test_folders_too_deep_to_look_at_are_named(run, model, tmp_path):
    picture(tmp_path / "in" / "a.png")
    folder = os.open(tmp_path / "in", os.O_RDONLY)
    for _ in range(25):
        os.mkdir("d" * 200, dir_fd=folder)
        below = os.open("d" * 200, os.O_RDONLY, dir_fd=folder)
        os.close(folder)
        folder = below
    os.close(folder)
    result = run("restore", tmp_path / "in", "-o", tmp_path / "out", "--model", model)
    assert result.returncode == 65
    assert "cannot look at" in result.stderr and "File name too long" in result.stderr
    assert names_below(tmp_path / "out") == ["a.restored.png"]
    subprocess.run(["rm", "-rf", tmp_path / "in"], check=True)


def test_a_closed_terminal_or_reader_leaves_nothing_half_done(model, tmp_path):
    for i in range(30):
        picture(tmp_path / "in" / f"{i:02}.png", size=(600, 400))
    command = [BIN / "restore", tmp_path / "in", "-o", tmp_path / "out", "--model", model]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                               preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL))
    process.stdout.readline()
    process.send_signal(signal.SIGHUP)
    assert process.wait(timeout=60) == 130
    assert not [name for name in names_below(tmp_path / "out") if ".tmp" in name]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    process.stdout.close()
    assert process.wait(timeout=120) == 0
    assert len(names_below(tmp_path / "out")) == 30


@pytest.mark.parametrize("closed", ["<&-", ">&-", "<&- >&-", "<&- >&- 2>&-"])
def test_closed_streams_change_nothing(model, tmp_path, closed):
    for i in range(12):
        picture(tmp_path / "in" / f"{i:02}.png")
    command = f'"$0" --model "$1" -o out --jobs 3 --memory 3G --report report.html in {closed}'
    ended = subprocess.run(["sh", "-c", command, BIN / "restore", model], cwd=tmp_path, timeout=60, stderr=subprocess.DEVNULL)
    assert ended.returncode == 0
    assert len(names_below(tmp_path / "out")) == 12
    assert "grain 0.0, 0% damaged\n" not in (tmp_path / "report.html").read_text()


def test_options_of_perl_are_not_exiftools(run, model, tmp_path):
    picture(tmp_path / "a.png")
    for name, value in (("PERL_UNICODE", "SDA"), ("PERL5OPT", "-MNoSuchModule"), ("PERLIO", ":crlf")):
        result = run("restore", tmp_path / "a.png", "--model", model, "--overwrite", env={**os.environ, name: value})
        assert result.returncode == 0, result.stderr


def test_more_jobs_than_photographs_share_nothing(run, model, tmp_path):
    picture(tmp_path / "a.png")
    assert run("restore", tmp_path / "a.png", "--model", model, "--jobs", "64").returncode == 0


def test_a_hidden_folder_is_taken_where_it_is_named(run, model, tmp_path):
    picture(tmp_path / ".old" / "a.png")
    assert run("restore", tmp_path / ".old", "-o", tmp_path / "out", "--model", model).returncode == 0
    assert names_below(tmp_path / "out") == ["a.restored.png"]


def test_an_unreadable_folder_is_named_and_the_rest_done(run, model, tmp_path):
    for name in ("in/a.png", "in/locked/b.png", "in/z/c.png"):
        picture(tmp_path / name)
    locked = tmp_path / "in" / "locked"
    locked.chmod(0)
    result = run("restore", tmp_path / "in", "-o", tmp_path / "out", "--model", model, preexec_fn=without_roots_rights)
    locked.chmod(0o755)
    assert result.returncode == 65, result.stderr
    assert f"cannot look through {locked}: Permission denied" in result.stderr and SUMMARY in result.stderr
    assert names_below(tmp_path / "out") == ["a.restored.png", "z/c.restored.png"]


def test_links_end_and_give_no_picture_twice(run, model, tmp_path):
    folder = tmp_path / "in"
    picture(folder / "a.png")
    (folder / "self").symlink_to("self")
    (folder / "self.png").symlink_to("self.png")
    (folder / "parent").symlink_to("..")
    (folder / "deep").mkdir()
    (folder / "deep" / "up").symlink_to(folder)
    (folder / "deep" / "again.png").symlink_to("../a.png")
    (folder / "gone.png").symlink_to("nothing.png")
    os.mkfifo(folder / "pipe.png")
    result = run("restore", folder, "-o", tmp_path / "out", "--model", model)
    assert result.returncode == 0, result.stderr
    assert names_below(tmp_path / "out") == ["a.restored.png"]
    for words in ("2 link to a folder", "3 link to nothing", "1 pipe or device"):
        assert words in result.stderr


def test_what_is_left_out_is_counted_by_kind(run, model, tmp_path):
    folder = tmp_path / "in"
    for name in ("a.JPG", "b.jpe", "c.jfif", "deep/d.Jpeg"):
        picture(folder / name, "jpeg")
    for name in ("e.TIF", "f.tiff", "g.TIFF"):
        picture(folder / name, "tiff")
    for name in ("1.bmp", "2.BMP", "3.dng", "4.pdf", "5.txt", "deep/6.txt", "notes", "odd.~1~"):
        (folder / name).write_bytes(b"no picture")
    result = run("restore", folder, "-o", tmp_path / "out", "--model", model)
    assert result.returncode == 0, result.stderr
    assert names_below(tmp_path / "out") == ["a.restored.JPG", "b.restored.jpe", "c.restored.jfif", "deep/d.restored.Jpeg",
                                             "e.restored.TIF", "f.restored.tiff", "g.restored.TIFF"]
    (line,) = [line for line in result.stderr.splitlines() if "left out" in line]
    assert "left out 2 BMP, 1 DNG, 1 PDF, 1 other, 2 text, 1 without suffix" in line
    (tmp_path / "none").mkdir()
    (tmp_path / "none" / "a.dng").touch()
    empty = run("restore", tmp_path / "none", "--model", model)
    assert empty.returncode == 64 and "it holds 1 DNG" in empty.stderr


def test_heic_kinds_in_a_folder_are_taken_where_they_are_read(run, model, tmp_path):
    picture(tmp_path / "in" / "a.avif", "avif", size=(64, 64))
    result = run("restore", tmp_path / "in", "-o", tmp_path / "out", "--model", model)
    if result.returncode == 64:
        assert "it holds 1 AVIF" in result.stderr  # this libvips has no module for it
    else:
        assert result.returncode == 0 and names_below(tmp_path / "out") == ["a.restored.png"], result.stderr


def test_formats_are_told_by_bytes(run, model, tmp_path):
    folder = tmp_path / "in"
    for name, kind in (("a.jpg", "png"), ("b.png", "jpeg"), ("c.tif", "webp"), ("d", "jpeg"), ("e.tiff", "tiff")):
        picture(folder / name, kind)
    result = run("restore", folder, "-o", tmp_path / "out", "--model", model)
    assert result.returncode == 0, result.stderr
    kinds = {}
    for file in (tmp_path / "out").iterdir():
        with Image.open(file) as restored:
            kinds[file.name] = restored.format
    assert kinds == {"a.restored.png": "PNG", "b.restored.jpg": "JPEG", "c.restored.webp": "WEBP", "d.restored.jpg": "JPEG",
                     "e.restored.tiff": "TIFF"}


def test_names_that_are_too_long_fail_alone(run, model, tmp_path):
    for length in (200, 242, 247, 251):
        picture(tmp_path / "in" / ("a" * length + ".png"))
    command = ["restore", tmp_path / "in", "-o", tmp_path / "out", "--model", model]
    result = run(*command, "--save-mask")
    assert result.returncode == 65 and f"3 of 4 {SUMMARY}" in result.stderr
    assert result.stderr.count("File name too long; give another -o, or a shorter --suffix") == 3
    assert len(names_below(tmp_path / "out")) == 2
    assert run(*command, "--suffix", "").returncode == 0
    assert len(names_below(tmp_path / "out")) == 6


def test_a_side_over_the_formats_limit_fails_alone(run, model, tmp_path):
    picture(tmp_path / "in" / "long.tif", size=(70000, 4))
    picture(tmp_path / "in" / "mid.tif", size=(20000, 4))
    picture(tmp_path / "in" / "small.tif")
    for kind, limit, done in (("jpeg", 65535, ["mid.restored.jpg", "small.restored.jpg"]),
                              ("webp", 16383, ["small.restored.webp"])):
        result = run("restore", tmp_path / "in", "-o", tmp_path / kind, "--model", model, "--format", kind)
        assert result.returncode == 65 and f"holds at most {limit} pixels a side" in result.stderr
        assert names_below(tmp_path / kind) == done


def test_a_place_that_cannot_be_written_fails_alone(run, model, tmp_path):
    for name in ("a", "b", "c", "locked/d", "e", "file/f"):
        picture(tmp_path / "in" / f"{name}.png")
    out = tmp_path / "out"
    (out / "b.restored.png").mkdir(parents=True)
    (out / "file").touch()
    (out / "locked").mkdir(mode=0o555)
    (out / "e.restored.png").touch(mode=0o444)
    result = run("restore", tmp_path / "in", "-o", out, "--model", model, "--overwrite", preexec_fn=without_roots_rights)
    assert result.returncode == 65 and f"4 of 6 {SUMMARY}" in result.stderr, result.stderr
    for reason in ("b.restored.png for", "it is a folder", "Permission denied", "write-protected", "Not a directory"):
        assert reason in result.stderr
    assert names_below(out) == ["a.restored.png", "c.restored.png", "e.restored.png", "file"]
    assert (out / "e.restored.png").stat().st_size == 0


@pytest.mark.skipif(shutil.which("mount") is None or os.geteuid() != 0, reason="only root may make a small disk")
@pytest.mark.parametrize("ending", ["png", "jpeg", "tiff", "webp"])
def test_only_a_full_disk_ends_the_batch(run, model, tmp_path, ending):
    noise = Image.effect_noise((700, 700), 80)
    for name in ("a", "b"):
        os.makedirs(tmp_path / "in", exist_ok=True)
        noise.save(tmp_path / "in" / f"{name}.tif")
    out = tmp_path / "out"
    out.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "small", out], capture_output=True).returncode != 0:
        pytest.skip("no small disk can be made here")
    try:
        result = run("restore", tmp_path / "in", "-o", out, "--model", model, "--format", ending)
        assert result.returncode == 74 and "i/o error" in result.stderr, result.stderr
        assert names_below(out) == []
    finally:
        subprocess.run(["umount", out], check=True)


ODD = [b"[1950s] a", b"a[shrink=2]", b"-o", b"--help", b" two  words ", b"new\nline", b"tab\t\x1b[31mred\x07", b"gr\xfc\xdfe",
       "祖母".encode(), b"a%d$(id)`id`", b"a\\b\"c'd", b"*?", b"a#b", b"100%", b"a,b;c{d}|e<f>&g"]


@pytest.mark.parametrize("odd", ODD)
def test_any_path_of_the_system_works_in_every_place(model, tmp_path, odd):
    where = bytes(tmp_path)
    photo = picture(where + b"/" + odd + b"/" + odd + b".png")
    mask = picture(where + b"/" + odd + b"/mask " + odd + b".png", size=(30, 20))
    out = where + b"/" + odd + b"/out " + odd
    for named, folder in ((photo, where), (b"./" + odd + b".png", where + b"/" + odd)):
        command = [BIN / "restore", b"--model", bytes(model), b"--mask", mask, b"--save-mask", b"--sidecar", b"--overwrite",
                   b"--report", out + b"/page " + odd + b".html", b"--timings", where + b"/t" + odd, b"-o", out, named]
        result = subprocess.run(command, capture_output=True, cwd=folder)
        assert result.returncode == 0, result.stderr
        for text in (result.stdout, result.stderr, open(out + b"/page " + odd + b".html", "rb").read()):
            assert all(line.decode().isprintable() for line in text.split(b"\n"))
    assert sorted(os.listdir(out)) == sorted([odd + b".restored.png", odd + b".restored.mask.png", odd + b".restored.json",
                                              b"page " + odd + b".html"])
    folder = subprocess.run([BIN / "restore", where + b"/" + odd, b"--model", bytes(model), b"-o", where + b"/all"],
                            capture_output=True)
    assert folder.returncode == 0 and odd + b".restored.png" in os.listdir(where + b"/all")


def test_a_name_that_looks_like_an_option_follows_two_dashes(model, tmp_path):
    picture(tmp_path / "-a.png")
    result = subprocess.run([BIN / "restore", "--model", model, "-o", "out", "--", "-a.png"], capture_output=True, text=True,
                            cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    assert names_below(tmp_path / "out") == ["-a.restored.png"]


def test_masks_without_a_suffix_clash_with_nothing(run, model, tmp_path):
    for name in ("a.png", "a.mask.png", "carnival.mask.png", "the.mask.jpg"):
        picture(tmp_path / "in" / name)
    out = tmp_path / "out"
    result = run("restore", tmp_path / "in", "-o", out, "--model", model, "--save-mask", "--suffix", "")
    assert result.returncode == 0 and "passed over 1 pictures" in result.stderr
    assert names_below(out) == ["a.mask.png", "a.png", "carnival.mask.mask.png", "carnival.mask.png", "the.mask.jpg",
                                "the.mask.mask.png"]
    clash = run("restore", tmp_path / "in" / "a.png", tmp_path / "in" / "a.mask.png", "-o", tmp_path / "other",
                "--model", model, "--save-mask", "--suffix", "")
    assert clash.returncode == 64 and "a.mask.png would be written for two photographs" in clash.stderr
    assert not (tmp_path / "other").exists()


def test_ctrl_c_does_not_wait_for_a_hanging_exiftool(model, tmp_path, fake_programs):
    picture(tmp_path / "in" / "a.png")
    environment = fake_programs(exiftool="""while read -r line; do case $line in
-ver) asked=1 ;;
-execute*) [ "$asked" ] || { touch "$HANGS"; sleep 100; }; asked=; echo "{ready${line#-execute}}" ;;
esac; done
""")
    hangs = tmp_path / "hangs"
    process = subprocess.Popen([BIN / "restore", tmp_path / "in", "-o", tmp_path / "out", "--model", model],
                               env={**environment, "HANGS": str(hangs)}, stderr=subprocess.PIPE, text=True)
    while not hangs.exists():
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    start = time.monotonic()
    _, log = process.communicate(timeout=60)
    assert process.returncode == 130 and time.monotonic() - start < 30, log
    assert names_below(tmp_path / "out") == []


def peak_bytes(model, photos, out):
    """Of a run over photographs that are all done already: what the plan and the batch hold."""
    process = subprocess.Popen([BIN / "restore", photos, "-o", out, "--model", model], stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return usage.ru_maxrss * 1024


def test_memory_hardly_grows_with_the_number_of_files(model, tmp_path):
    """Of each file a plan and nothing more: a kilobyte or two."""
    peaks = []
    for count in (1000, 10000):
        folder, out = tmp_path / f"in{count}", tmp_path / f"out{count}"
        for index in range(count):
            name = f"{index // 1000}/{index // 100 % 10}/{index % 100}"
            for place, ending in ((folder, ".png"), (out, ".restored.png")):
                (place / name).parent.mkdir(parents=True, exist_ok=True)
                (place / (name + ending)).touch()
        peaks.append(peak_bytes(model, folder, out))
    assert (peaks[1] - peaks[0]) / 9000 < 4096, peaks
