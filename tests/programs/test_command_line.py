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


@pytest.mark.parametrize("program", PROGRAMS)
def test_an_unknown_option_is_a_usage_error(run, program):
    result = run(program, "--no-such-option")
    assert result.returncode == 64
    assert result.stderr.strip()
