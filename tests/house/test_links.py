"""What each program loads: a program that people start often must not wait for LibTorch, and a worker is carried to bare
machines without picture libraries. CUDA comes with the module alone."""
import os
import subprocess
from pathlib import Path

import pytest

BIN = Path(os.environ.get("RESTORE_BIN", Path(__file__).resolve().parents[2] / "build" / "bin"))
FORBIDDEN = {
    "restore-launch": ["libtorch", "libc10", "libmpi", "libvips", "libhdf5"],
    "restore-shard": ["libtorch", "libc10"],
    "restore-worker": ["libvips", "libtorch_cuda"],
    "restore-prior": ["libvips", "libtorch_cuda", "libmpi"],
    "restore-export": ["libvips", "libtorch_cuda"],
    "restore": ["libtorch_cuda", "libmpi"],
    "restore-eval": ["libtorch_cuda", "libmpi"],
}


@pytest.mark.parametrize("program", FORBIDDEN)
def test_program_does_not_load(program):
    loaded = subprocess.run(["ldd", BIN / program], capture_output=True, text=True, check=True).stdout
    assert "not found" not in loaded
    assert [library for library in FORBIDDEN[program] if library in loaded] == []


def test_the_gpu_module_exports_what_programs_ask_it_for_and_brings_cuda():
    module = BIN.parent / "lib" / "librestore_gpu.so"
    names = subprocess.run(["nm", "-D", "--defined-only", module], capture_output=True, text=True, check=True).stdout
    exported = {line.split()[-1] for line in names.splitlines()}
    assert {"restore_gpu", "restore_open_nccl_group"} <= exported
    needed = subprocess.run(["readelf", "-d", module], capture_output=True, text=True, check=True).stdout
    for library in ["libtorch_cuda.so", "libnccl.so.2", "libcudart.so.13"]:
        assert f"[{library}]" in needed
