"""Every program explains itself and refuses what it does not know."""
import re

import pytest

PROGRAMS = ["restore-shard", "restore-launch", "restore-worker", "restore-prior", "restore-export", "restore",
            "restore-eval"]


@pytest.mark.parametrize("program", PROGRAMS)
def test_help_names_the_program_and_its_options(run, program):
    result = run(program, "--help")
    assert result.returncode == 0
    assert program in result.stdout and "--version" in result.stdout


@pytest.mark.parametrize("program", PROGRAMS)
def test_version_is_a_number(run, program):
    result = run(program, "--version")
    assert result.returncode == 0
    assert re.fullmatch(r"\d+\.\d+\.\d+", result.stdout.strip())


def test_who_names_no_photograph_is_told_what_to_do(run):
    result = run("restore")
    assert result.returncode == 64
    assert len(result.stderr.splitlines()) == 5 and "restore scan.jpg" in result.stderr
    assert "--serve takes no photographs" in run("restore", "--serve", "scan.jpg").stderr


@pytest.mark.parametrize("program", PROGRAMS)
def test_an_unknown_option_is_a_usage_error(run, program):
    result = run(program, "--no-such-option")
    assert result.returncode == 64
    assert result.stderr.strip()
