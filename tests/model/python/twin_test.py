"""The C++ networks and their Python twin say the same of the same picture."""
import os
import pathlib
import subprocess
import sys

import pytest
import torch

ROOT = pathlib.Path(__file__).parents[3]
sys.path.insert(0, str(ROOT / "model" / "python"))
import restore_models  # noqa: E402


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    folder = tmp_path_factory.mktemp("parity")
    subprocess.run([os.environ["PARITY_SAMPLE"], str(folder)], check=True)
    return folder


def test_forward_is_that_of_cpp(sample):
    network, about = restore_models.load_model(sample / "model.safetensors")
    tensors, _ = restore_models.read_safetensors(sample / "sample.safetensors")
    with torch.no_grad():
        luma, damage_logits = network(tensors["aged"])
    assert about == {"task": "parity"}
    assert network.multiple == 4
    assert (luma - tensors["luma"]).abs().max() < 1e-5
    assert (damage_logits - tensors["damage_logits"]).abs().max() < 1e-5
    assert tensors["luma"].std() > 0.01  # a constant would compare equal too


def test_refuses_a_file_that_is_no_model(sample):
    with pytest.raises(ValueError, match="format version 1, got None"):
        restore_models.load_model(sample / "sample.safetensors")
