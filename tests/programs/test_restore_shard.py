"""restore-shard as a person meets it: bad input, full disks, runs that are repeated, killed or asked for something else."""
import fcntl
import os
import re
import subprocess
import time

import pytest
from conftest import ROOT
from PIL import Image
from shard_runs import SHARD, digests, make_photos, manifest, small, truncate


@pytest.fixture
def photos(tmp_path):
    return make_photos(tmp_path / "photos", 8)


@pytest.fixture
def shard(run, photos, tmp_path):
    """shard(*arguments) runs restore-shard on the photos with small settings, into tmp_path/store."""

    def run_shard(*arguments, **options):
        return run("restore-shard", "--photos", photos, "--store", tmp_path / "store", *small(*arguments), *arguments, **options)

    return run_shard


@pytest.fixture
def store(tmp_path):
    return tmp_path / "store"


def flip_last_bit(file):
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)


def test_no_such_folder(run, tmp_path):
    result = run("restore-shard", "--photos", tmp_path / "nowhere", "--store", tmp_path / "store")
    assert result.returncode == 64 and f"no folder {tmp_path}/nowhere" in result.stderr
    assert not (tmp_path / "store").exists()


def test_a_folder_without_pictures(run, tmp_path):
    (tmp_path / "notes.txt").write_text("no picture")
    result = run("restore-shard", "--photos", tmp_path, "--store", tmp_path / "store")
    assert result.returncode == 64 and f"no pictures in {tmp_path}" in result.stderr


@pytest.mark.parametrize("arguments", [["--patch", "0"], ["--valid-fraction", "1"], ["--variants", "x"], ["--dry-run", "--info"]])
def test_impossible_options(shard, store, arguments):
    result = shard(*arguments)
    assert result.returncode == 64 and arguments[0] in result.stderr
    assert not store.exists()


def test_an_unknown_recipe(shard, store):
    result = shard("--recipe", "old-foto")
    assert result.returncode == 78 and "old-foto" in result.stderr and not store.exists()


def test_a_truncated_photo_among_good_ones_is_named_skipped_and_counted(shard, photos, store):
    truncate(photos / "p03.jpg")
    (photos / "p05.jpg").write_text("no JPEG at all")
    Image.new("RGB", (300, 40)).save(photos / "p06.jpg")
    result = shard()
    assert result.returncode == 0, result.stderr
    for name in ("p03.jpg", "p05.jpg", "p06.jpg"):
        assert result.stderr.count(name) == 1
    assert "5 photos, " in result.stdout and "3 photos skipped" in result.stdout
    uses = {photo["name"]: photo["use"] for photo in manifest(store)["photos"]}
    assert uses["p03.jpg"] == uses["p05.jpg"] == "unreadable" and uses["p06.jpg"] == "too small"
    assert "up to date" in shard().stdout
    assert shard("--verify").returncode == 0


def test_a_truncated_photo_is_refused_when_strict(shard, photos, store):
    truncate(photos / "p03.jpg")
    result = shard("--strict")
    assert result.returncode == 65 and "p03.jpg" in result.stderr and "truncated" in result.stderr
    assert not (store / "store.json").exists() and not list(store.glob("*.tmp"))


def test_a_finished_store_with_a_skipped_photo_is_refused_when_strict(shard, photos):
    truncate(photos / "p03.jpg")
    assert shard().returncode == 0
    assert shard("--strict").returncode == 65


def test_photos_none_of_which_can_be_used(shard, photos, store):
    for photo in photos.iterdir():
        truncate(photo)
    result = shard()
    assert result.returncode == 65 and "none of the photographs can be used" in result.stderr
    assert not (store / "store.json").exists()


def test_a_second_run_does_nothing(shard, store):
    assert shard().returncode == 0
    before = {file: file.stat().st_mtime_ns for file in store.iterdir()}
    start = time.monotonic()
    result = shard()
    assert time.monotonic() - start < 1
    assert result.returncode == 0 and "Nothing to do" in result.stdout
    assert before == {file: file.stat().st_mtime_ns for file in store.iterdir()}


def test_touched_photos_are_the_same_photos(shard, photos):
    assert shard().returncode == 0
    for photo in photos.iterdir():
        os.utime(photo, (1, 1))
    assert "Nothing to do" in shard().stdout


@pytest.mark.parametrize("option, value", [("--seed", "2"), ("--variants", "3"), ("--set", "gray.orthochromatic=0.9")])
def test_other_parameters_are_refused_unless_overwrite(shard, store, option, value):
    assert shard().returncode == 0
    before = digests(store)
    result = shard(option, value)
    assert result.returncode == 78 and "--overwrite" in result.stderr
    assert option in result.stderr or "recipe" in result.stderr
    assert digests(store) == before
    assert shard(option, value, "--overwrite").returncode == 0
    assert digests(store) != before


def test_a_changed_photo_is_refused_by_name(shard, photos, store):
    assert shard().returncode == 0
    Image.new("RGB", (160, 120), "red").save(photos / "p04.jpg")
    result = shard()
    assert result.returncode == 78 and "p04.jpg has changed" in result.stderr


def test_any_number_of_threads_makes_the_same_bytes(shard, photos, store):
    truncate(photos / "p02.jpg")
    assert shard("--threads", "1").returncode == 0
    one = digests(store)
    assert shard("--threads", "4", "--overwrite").returncode == 0
    assert digests(store) == one


def test_only_a_missing_shard_is_made(shard, store):
    assert shard().returncode == 0
    before, kept = digests(store), (store / "train-00000.h5").stat()
    (store / "valid-00000.h5").unlink()
    assert shard().returncode == 0
    assert digests(store) == before
    assert (store / "train-00000.h5").stat().st_ino == kept.st_ino


def test_a_damaged_shard_of_an_unfinished_store_is_made_anew(shard, store):
    assert shard().returncode == 0
    before = digests(store)
    (store / "store.json").unlink()
    flip_last_bit(store / "train-00000.h5")
    result = shard()
    assert result.returncode == 0 and "train-00000.h5" in result.stderr
    assert digests(store) == before


def test_a_killed_run_is_continued(tmp_path, run):
    photos = make_photos(tmp_path / "photos", 80)
    command = [SHARD, "--photos", photos, *small(), "--threads", "2", "--store"]
    assert run(*command, tmp_path / "whole").returncode == 0
    killed = subprocess.Popen([*map(str, command), tmp_path / "killed"], stdout=subprocess.DEVNULL)
    first = tmp_path / "killed" / "train-00000.h5"
    end = time.monotonic() + 30
    while not first.exists():
        assert time.monotonic() < end
        time.sleep(0.002)
    killed.kill()
    killed.wait()
    inode = first.stat().st_ino
    assert run(*command, tmp_path / "killed").returncode == 0
    assert first.stat().st_ino == inode
    assert digests(tmp_path / "killed") == digests(tmp_path / "whole")


def test_two_runs_do_not_share_a_store(shard, store):
    store.mkdir()
    lock = os.open(store, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    result = shard()
    os.close(lock)
    assert result.returncode == 64 and "another restore-shard" in result.stderr


def test_a_full_disk_is_an_io_error_and_the_run_goes_on_with_more_room(photos, tmp_path):
    if subprocess.run(["unshare", "-rm", "true"], capture_output=True).returncode != 0:
        pytest.skip("this system lets nobody mount a disk of its own")
    store = tmp_path / "store"
    store.mkdir()
    command = f"'{SHARD}' --photos '{photos}' --store '{store}' {' '.join(small())}"
    script = f"""mount -t tmpfs -o size=300k none '{store}'
        {command}; echo "full $?"; ls -A '{store}'
        mount -o remount,size=50m '{store}'
        {command}; echo "room $?"; {command} --verify"""
    result = subprocess.run(["unshare", "-rm", "bash", "-c", script], capture_output=True, text=True, timeout=60)
    assert "full 74" in result.stdout and "No space left on device" in result.stderr
    assert ".tmp" not in result.stdout and "store.json" not in result.stdout
    assert "room 0" in result.stdout and "every checksum matches" in result.stdout


def test_a_file_size_limit_is_an_io_error_and_whole_shards_stay(shard, store, photos):
    assert shard().returncode == 0
    before = digests(store)
    for name in ("store.json", "store.h5", "train-00000.h5"):
        (store / name).unlink()
    command = f"ulimit -f 300; exec '{SHARD}' --photos '{photos}' --store '{store}' {' '.join(small())}"
    result = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60)
    assert result.returncode == 74 and "File too large" in result.stderr
    assert digests(store) == {"valid-00000.h5": before["valid-00000.h5"]}


def test_another_format_version_is_refused_with_what_to_run(shard, store):
    assert shard().returncode == 0
    text = (store / "store.json").read_text()
    (store / "store.json").write_text(text.replace('"format_version": 4', '"format_version": 1'))
    for arguments in ([], ["--info"], ["--verify"]):
        result = shard(*arguments)
        assert result.returncode == 78 and "format 1" in result.stderr and "--overwrite" in result.stderr
    assert shard("--overwrite").returncode == 0 and shard("--verify").returncode == 0


def test_verify_names_shard_and_array_of_a_flipped_bit(shard, store):
    assert shard().returncode == 0
    assert "every checksum matches" in shard("--verify").stdout
    flip_last_bit(store / "train-00000.h5")
    result = shard("--verify")
    assert result.returncode == 65 and "train-00000.h5: /clean of sample" in result.stderr


def test_verify_names_a_damaged_store_h5_and_a_missing_one_is_made_again(shard, store):
    assert shard().returncode == 0
    before = digests(store)
    flip_last_bit(store / "store.h5")
    result = shard("--verify")
    assert result.returncode == 65 and "store.h5 does not match" in result.stderr
    (store / "store.h5").unlink()
    assert shard("--verify").returncode == 65
    assert shard().returncode == 0 and digests(store) == before


def test_the_summary_tells_what_the_time_went_on(shard):
    line = shard().stdout
    shares = [int(share) for share in re.findall(r"(?:decoding|ageing|writing) (\d+)%", line)]
    assert len(shares) == 3 and 98 <= sum(shares) <= 102 and "s of threads" in line


def test_info_describes_the_store(shard, store):
    assert shard().returncode == 0
    result = shard("--info")
    samples = manifest(store)["splits"]["train"]["samples"]
    assert result.returncode == 0
    assert f"{samples} to train on" in result.stdout and manifest(store)["fingerprint"] in result.stdout


def test_lists_choose_what_is_used(run, photos, store, tmp_path):
    (tmp_path / "held-out.txt").write_text("# never seen\np00.jpg\n")
    (tmp_path / "valid.txt").write_text("p01.jpg\n")
    lists = ["--exclude-from", tmp_path / "held-out.txt", "--valid-from", tmp_path / "valid.txt"]
    result = run("restore-shard", "--photos", photos, "--store", store, *small("--valid-fraction"), *lists)
    assert result.returncode == 0, result.stderr
    splits = {photo["name"]: photo["split"] for photo in manifest(store)["photos"]}
    assert "p00.jpg" not in splits and len(splits) == 7
    assert [name for name, split in splits.items() if split == "valid"] == ["p01.jpg"]


def test_a_list_may_come_from_a_pipe_and_from_an_editor_that_marks_utf_8(run, photos, store, tmp_path):
    """Both were taken for empty or unknown: photographs that were held out would have been trained on."""
    (tmp_path / "valid.txt").write_bytes(b"\xef\xbb\xbfp01.jpg\r\n")
    result = run("restore-shard", "--photos", photos, "--store", store, *small("--valid-fraction"), "--exclude-from", "/dev/stdin",
                 "--valid-from", tmp_path / "valid.txt", input="p00.jpg\n")
    assert result.returncode == 0, result.stderr
    splits = {photo["name"]: photo["split"] for photo in manifest(store)["photos"]}
    assert "p00.jpg" not in splits and splits["p01.jpg"] == "valid"


def test_a_list_with_a_misspelt_name_is_refused(shard, tmp_path):
    (tmp_path / "list.txt").write_text("p1.jpg\n")
    result = shard("--exclude-from", tmp_path / "list.txt")
    assert result.returncode == 64 and "'p1.jpg'" in result.stderr


def test_preview_does_not_replace_a_photograph(run, tmp_path):
    photo = tmp_path / "a.png"
    Image.new("RGB", (64, 64), "gray").save(photo)
    before = photo.read_bytes()
    result = run("restore-shard", "--photos", tmp_path, "--preview", "1", "--preview-file", photo, "--short-side", "0")
    assert result.returncode == 64 and "would be overwritten" in result.stderr
    assert photo.read_bytes() == before


def test_preview_is_a_picture_and_no_store(shard, store, tmp_path):
    result = shard("--preview", "2", "--preview-file", tmp_path / "sheet.png")
    assert result.returncode == 0, result.stderr
    sheet = Image.open(tmp_path / "sheet.png")
    assert sheet.size == (3 * 128 + 4 * 8, 2 * 96 + 3 * 8)
    assert not store.exists()


def test_dry_run_writes_nothing(shard, store):
    result = shard("--dry-run")
    assert result.returncode == 0 and "2 of 2 shards" in result.stdout
    assert not store.exists()


def test_the_default_recipe_is_written_out_in_full(run):
    printed = run("restore-shard", "--print-recipe")
    assert printed.returncode == 0, printed.stderr
    assert printed.stdout in (ROOT / "configs" / "recipes" / "old-photo.yaml").read_text()


@pytest.mark.parametrize("recipe", sorted(file.stem for file in (ROOT / "configs/recipes").glob("*.yaml")))
def test_the_shipped_recipes_are_accepted_and_in_the_documents(run, recipe):
    assert run("restore-shard", "--print-recipe", "--recipe", recipe).returncode == 0
    assert re.search(rf"`(grain)?-?{recipe.removeprefix('grain')}`", (ROOT / "docs" / "ageing.md").read_text())
