"""The commands that a person runs: their syntax, their refusals, and which photographs the demo holds out."""
import subprocess

import pytest
from conftest import ROOT

BASH = ["scripts/setup", "scripts/build", "scripts/demo", "scripts/test", ".ci/run", "scripts/lib/say.sh",
        "scripts/lib/demo_photos.sh", "slurm/train.sbatch", "slurm/shard.sbatch"]


def bash(*words, **options):
    return subprocess.run(["bash", *map(str, words)], cwd=ROOT, capture_output=True, text=True, timeout=30, **options)


@pytest.mark.parametrize("script", BASH)
def test_syntax(script):
    assert bash("-n", script).returncode == 0


@pytest.mark.parametrize("script", ["scripts/setup", "scripts/build", "scripts/demo", "scripts/test"])
def test_help_shows_the_usage(script):
    result = bash(script, "--help")
    assert result.returncode == 0 and f"Usage: {script}" in result.stdout


@pytest.mark.parametrize("arguments", [["--minute", "3"], ["--minutes", "soon"], ["--minutes"], ["--workers", "0"],
                                       ["--name", "a/b"], ["--photos", "/no/such/folder"],
                                       ["--scans", "slurm"]])
def test_demo_refuses_before_it_does_anything(arguments):
    result = bash("scripts/demo", *arguments)
    assert result.returncode == 64
    assert arguments[0] in result.stderr and result.stdout == ""


@pytest.fixture
def divide(tmp_path):
    """divide(number of photographs) -> the held-out and the validation names that the demo chooses."""

    def run(count):
        folder, out = tmp_path / f"photos-{count}", tmp_path / f"run-{count}"
        (folder / "summer").mkdir(parents=True)
        out.mkdir()
        for index in range(count):
            (folder / "summer" / f"{index:02}.jpg").touch()
        (folder / "notes.txt").touch()
        result = bash("-c", f"source scripts/lib/say.sh; source scripts/lib/demo_photos.sh; divide_own_photos {folder} {out}")
        if result.returncode != 0:
            return result
        assert len(list((out / "photos").iterdir())) == count
        return [(out / name).read_text().split() for name in ("held-out.txt", "valid.txt")]

    return run


def test_a_tenth_of_own_photographs_is_held_out_and_another_validates(divide):
    assert divide(25) == [["summer__00.jpg", "summer__10.jpg", "summer__20.jpg"], ["summer__05.jpg", "summer__15.jpg"]]


def test_of_few_photographs_one_is_held_out_and_one_validates(divide):
    assert divide(3) == [["summer__00.jpg"], ["summer__01.jpg"]]


def test_two_photographs_are_too_few(divide):
    result = divide(2)
    assert result.returncode == 64 and "at least 3" in result.stderr


def test_every_listed_photograph_has_a_use():
    lines = (ROOT / "scripts/demo_photos.txt").read_text().splitlines()
    uses = [line.split()[0] for line in lines if line and not line.startswith("#")]
    assert set(uses) == {"train", "valid", "test"}
    assert uses.count("test") == 6 and uses.count("valid") == 3
