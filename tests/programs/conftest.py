"""What the tests of whole programs share: where the programs are and how one is run."""
import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(os.environ.get("RESTORE_BIN", ROOT / "build" / "bin"))


@pytest.fixture
def run():
    """run(program, *arguments) -> CompletedProcess with text; a program without a slash is one of ours."""

    def run_program(program, *arguments, timeout=60, **options):
        path = Path(program)
        command = [str(path if path.is_absolute() else BIN / path), *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, timeout=timeout, **options)

    return run_program


@pytest.fixture
def fake_programs(tmp_path):
    """fake_programs(name=script) -> an environment whose PATH has these shell scripts first."""

    def make(**scripts):
        folder = tmp_path / "fake-bin"
        folder.mkdir(exist_ok=True)
        for name, script in scripts.items():
            file = folder / name
            file.write_text("#!/usr/bin/env bash\n" + script)
            file.chmod(0o755)
        return {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}

    return make


@pytest.fixture(scope="session")
def model(tmp_path_factory):
    """A small network of random weights."""
    file = tmp_path_factory.mktemp("model") / "model.safetensors"
    subprocess.run([BIN.parent / "tests" / "write_test_model", file], check=True)
    return file
