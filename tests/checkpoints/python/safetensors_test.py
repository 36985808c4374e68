"""Files of Python's safetensors package go through our reader and writer without a changed byte."""
import os
import subprocess

import numpy
import pytest
from safetensors.numpy import load_file, save_file

DTYPES = ["bool", "uint8", "int8", "int16", "float16", "int32", "float32", "float64", "int64"]


def copy(source, target):
    return subprocess.run([os.environ["SAFETENSORS_COPY"], source, target], capture_output=True, text=True)


def every_kind():
    tensors = {f"{name}.{dtype}": numpy.arange(6).reshape(2, 3).astype(dtype) for dtype in DTYPES for name in "zab"}
    return tensors | {"scalar": numpy.array(2.5), "empty": numpy.zeros((0, 3)), "é\n\x01\"\\/": numpy.ones(1)}


@pytest.mark.parametrize("metadata", [None, {"note": "ü \x1f \t \" \\ /"}])
@pytest.mark.parametrize("tensors", [{}, {"a": numpy.ones(7, numpy.float32)}, every_kind()])
def test_bytes_are_those_of_the_package(tmp_path, tensors, metadata):
    theirs, ours = tmp_path / "theirs", tmp_path / "ours"
    save_file(tensors, theirs, metadata)
    assert copy(theirs, ours).returncode == 0
    assert ours.read_bytes() == theirs.read_bytes()


def test_the_package_reads_ours(tmp_path):
    save_file(every_kind(), tmp_path / "theirs", {"b": "1", "a": "2", "c": "3"})
    copy(tmp_path / "theirs", tmp_path / "ours")
    read = load_file(tmp_path / "ours")
    assert read.keys() == every_kind().keys()
    assert all((read[name] == value).all() for name, value in every_kind().items())


def test_export_refuses_what_is_no_run(tmp_path):
    result = subprocess.run([os.environ["RESTORE_EXPORT"], tmp_path], capture_output=True, text=True)
    assert result.returncode == 64
    assert "is not the folder of a run" in result.stderr
