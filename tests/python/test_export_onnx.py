"""A network as ONNX says what the C++ network says, at several sizes, by onnxruntime and by OpenVINO."""
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import openvino
import pytest
import torch

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(os.environ.get("RESTORE_BIN", ROOT / "build" / "bin"))
PARITY_SAMPLE = os.environ.get("PARITY_SAMPLE", BIN.parent / "tests" / "parity_sample")
sys.path.insert(0, str(ROOT / "python"))
from restore_photos import export_onnx, load_model  # noqa: E402
from restore_photos.networks import pull_push, read_safetensors, restoration_of  # noqa: E402

TOLERANCE = 1e-4
SIZES = [(24, 40), (8, 8), (8, 136), (104, 72)]  # of one row of the deepest cells, odd at some level, of a power of two
RELEASED = ROOT / "checkpoints" / "released" / "model.safetensors"


@pytest.fixture(scope="module")
def samples(tmp_path_factory):
    """{(H, W): folder with what C++ says}."""
    folders = {size: tmp_path_factory.mktemp(f"{size[0]}x{size[1]}") for size in SIZES}
    for (height, width), folder in folders.items():
        subprocess.run([PARITY_SAMPLE, folder, str(height), str(width)], check=True, timeout=60)
    return folders


def by_onnxruntime(file):
    session = onnxruntime.InferenceSession(file)
    names = [output.name for output in session.get_outputs()]
    return lambda inputs: dict(zip(names, session.run(None, inputs)))


def by_openvino(file):
    model = openvino.Core().compile_model(file, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    names = [output.get_any_name() for output in model.outputs]
    return lambda inputs: dict(zip(names, model(inputs).values()))


def exported(folder, model):
    """{name of the part, "" of a network without: file}."""
    return {file.name.removeprefix("model.").removesuffix("onnx").removesuffix("."): file
            for file in export_onnx.export(model, folder / "model.onnx")}


def said_by(parts, run):
    """What the parts of a restorer say one after the other, as the network mixes them."""
    find, restore, colourise = (run(parts[name]) for name in ("find", "restore", "colourise"))

    def say(aged, known):
        logits = find({"aged": aged})["damage_logits"]
        said = torch.from_numpy(logits)
        found = torch.nn.functional.max_pool2d(torch.sigmoid(8 * (said + 2)), 3, stride=1, padding=1).numpy()
        told = {"damage": np.where(known < 0, found, known), "opacity": np.where(known < 0, torch.sigmoid(said).numpy(), known)}
        luma = restore({"aged": aged, **told})["luma"]
        return {"damage_logits": logits, "luma": luma, "chroma": colourise({"luma": luma})["chroma"]}
    return say


@pytest.mark.parametrize("run", [by_onnxruntime, by_openvino])
@pytest.mark.parametrize("name, output", [("red_even", "luma"), ("red_odd", "luma"), ("colour", "chroma")])
def test_it_is_the_network_of_cpp(samples, tmp_path, run, name, output):
    parts = exported(tmp_path, samples[24, 40] / f"{name}.safetensors")
    assert parts.keys() == {""}
    said_of, most = run(parts[""]), 0
    for size, folder in samples.items():
        wanted, _ = read_safetensors(folder / f"{name}_sample.safetensors")
        assert wanted["aged"].shape[2:] == size
        said = said_of({"aged": wanted["aged"].numpy()})
        assert said.keys() == {output} and said[output].shape == wanted[output].shape
        most = max(most, float(abs(said[output] - wanted[output].numpy()).max()))
    print(most)
    assert most < TOLERANCE


@pytest.mark.parametrize("run", [by_onnxruntime, by_openvino])
def test_the_parts_of_a_restorer_are_those_of_cpp(samples, tmp_path, run):
    parts = exported(tmp_path, samples[24, 40] / "restorer.safetensors")
    assert parts.keys() == {"find", "restore", "denoise", "colourise"}
    say, most = said_by(parts, run), 0
    for folder in samples.values():
        wanted, _ = read_safetensors(folder / "restorer_sample.safetensors")
        aged, known = wanted["aged"].numpy(), wanted["known_damage"].numpy()
        said = say(aged, np.full_like(aged, -1))
        for what in said:
            assert said[what].shape == wanted[what].shape
            most = max(most, float(abs(said[what] - wanted[what].numpy()).max()))
        most = max(most, float(abs(say(aged, known)["luma"] - wanted["luma_with_known"].numpy()).max()))
        intact, denoised = wanted["known_damage"] == 0, run(parts["denoise"])({"aged": aged})["luma"]
        most = max(most, float(abs(torch.from_numpy(denoised) - wanted["luma_of_noisy"])[intact].max()))
        assert abs(wanted["luma_with_known"] - wanted["luma"]).max() > 0.01
    print(most)
    assert most < TOLERANCE


@pytest.mark.parametrize("run", [by_onnxruntime, by_openvino])
def test_the_released_network(tmp_path, run):
    say = said_by(exported(tmp_path, RELEASED), run)
    network, about = load_model(RELEASED)
    random = torch.Generator().manual_seed(1)
    for height, width in ((64, 64), (80, 208), (336, 256)):
        aged = torch.rand(1, 1, height, width, generator=random)
        known = torch.full_like(aged, -1)
        known[..., height // 4:, width // 3:] = 1  # a hole that only the coarse levels see across
        with torch.inference_mode():
            wanted = restoration_of(network, aged, known)
        said = say(aged.numpy(), known.numpy())
        for what in said:
            assert abs(said[what] - getattr(wanted, what).numpy()).max() < TOLERANCE, what


def test_the_pyramid_of_fixed_depth_is_that_of_any_size():
    random = torch.Generator().manual_seed(1)
    for height, width in ((1, 1), (1, 9), (2, 2), (5, 3), (16, 16), (100, 37)):
        picture, confidence = torch.rand(2, 1, 1, height, width, generator=random)
        confidence = confidence.round()
        assert torch.equal(export_onnx.pull_push(picture, confidence), pull_push(picture, confidence)), (height, width)


def test_the_file_says_what_it_is(tmp_path):
    done = subprocess.run([sys.executable, "-m", "restore_photos.export_onnx", RELEASED, "-o", "model.onnx"], cwd=tmp_path, check=True,
                          capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT / "python")})
    assert "model.restore.onnx: aged, damage, opacity -> luma" in done.stdout
    said = {entry.key: entry.value for entry in onnx.load(tmp_path / "model.restore.onnx").metadata_props}
    assert json.loads(said["restore.network"])["name"] == "restorer"
    assert json.loads(said["restore.about"]) == load_model(RELEASED)[1] and said["restore.multiple"] == "8"
    assert "multiples of 8" in said["model_card"] and "`damage`" in said["model_card"]
    (tmp_path / "model.onnx").write_bytes((tmp_path / "model.restore.onnx").read_bytes())
    refused = subprocess.run([sys.executable, "-m", "restore_photos.export_onnx", "model.onnx"], cwd=tmp_path, capture_output=True,
                             text=True, env={**os.environ, "PYTHONPATH": str(ROOT / "python")})
    assert (refused.returncode, refused.stderr.splitlines()) == (
        65, ["export_onnx: model.onnx is no safetensors file: give a model file of restore-export"])
