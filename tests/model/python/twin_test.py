"""The C++ networks and their Python twin say the same of the same picture."""
import json
import os
import pathlib
import re
import subprocess
import sys

import pytest
import torch
from torch.nn import functional
from torch.utils.flop_counter import FlopCounterMode

ROOT = pathlib.Path(__file__).parents[3]
sys.path.insert(0, str(ROOT / "python" / "restore_photos"))
import networks  # noqa: E402


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    folder = tmp_path_factory.mktemp("parity")
    subprocess.run([os.environ["PARITY_SAMPLE"], str(folder)], check=True)
    return folder


def tensors_of(sample, name):
    return networks.read_safetensors(sample / f"{name}_sample.safetensors")[0]


@pytest.mark.parametrize("name, multiple", [("restorer", 8), ("red_without_skips", 1), ("red_even", 1), ("red_odd", 1), ("colour", 8)])
def test_forward_is_that_of_cpp(sample, name, multiple):
    network, about = networks.load_model(sample / f"{name}.safetensors")
    tensors = tensors_of(sample, name)
    with torch.no_grad():
        said = dict(zip(["luma", "damage_logits", "chroma"], network(tensors["aged"])))
    assert about == {"task": "parity"}
    assert network.multiple == multiple
    assert {what for what in said if said[what] is not None} == said.keys() & tensors.keys()
    for what in said.keys() & tensors.keys():
        assert said[what].shape == tensors[what].shape
        assert (said[what] - tensors[what]).abs().max() < 1e-5
    # A network that does nothing would compare equal, too.
    changed = tensors["chroma"] if name == "colour" else tensors["luma"] - tensors["aged"]
    assert changed.std() > 0.01


def test_takes_known_damage_as_cpp_does(sample):
    network, _ = networks.load_model(sample / "restorer.safetensors")
    tensors = tensors_of(sample, "restorer")
    with torch.no_grad():
        luma, _, chroma = network(tensors["aged"], tensors["known_damage"])
    assert chroma.shape == (2, 2, 6, 10) and tensors["chroma"].std() > 0.01
    assert (luma - tensors["luma_with_known"]).abs().max() < 1e-5
    assert (tensors["luma_with_known"] - tensors["luma"]).abs().max() > 0.01


def test_looks_twice_and_denoises_as_cpp_does(sample):
    network, _ = networks.load_model(sample / "restorer.safetensors")
    tensors = tensors_of(sample, "restorer")
    with torch.no_grad():
        luma = network.restoration(tensors["aged"], tensors["known_damage"], networks.DamageRule(twice=True, white_noise=True)).luma
    assert (luma - tensors["luma_of_noisy"]).abs().max() < 1e-5
    assert (tensors["luma_of_noisy"] - tensors["luma_with_known"]).abs().max() > 0.01


def test_the_released_model_sees_a_place_alike_in_windows_of_any_size():
    """The same place in windows of 112 to 304 pixels and in the whole: what is right about it differs by at most 0.05 dB."""
    network, _ = networks.load_model(ROOT / "checkpoints" / "released" / "model.safetensors")
    random = torch.Generator().manual_seed(1)
    coarse = [torch.rand(1, 1, side, side, generator=random) for side in (6, 12, 24, 48)]
    clean = sum(functional.interpolate(one, size=(480, 480), mode="bicubic") / 4 for one in coarse).clamp(0, 1)
    noisy = clean + 25 / 255 * torch.randn(clean.shape, generator=random)
    begin, side = 208, 64

    def decibels(window):
        first = 240 - window // 2
        with torch.inference_mode():
            luma = network(noisy[:, :, first:first + window, first:first + window])[0]
        here = luma[:, :, begin - first:, begin - first:][:, :, :side, :side]
        return -10 * (here - clean[:, :, begin:begin + side, begin:begin + side]).square().mean().log10()

    whole = decibels(480)
    assert whole > 28
    for window in (112, 144, 208, 304):
        assert abs(decibels(window) - whole) < 0.05, window


def test_colour_logits_are_those_of_cpp(sample):
    network, _ = networks.load_model(sample / "colour.safetensors")
    tensors = tensors_of(sample, "colour")
    with torch.no_grad():
        logits = network.logits(tensors["aged"])
    assert logits.shape == (2, 313, 6, 10)
    assert (logits - tensors["colour_logits"]).abs().max() < 1e-5
    assert tensors["colour_logits"].std((2, 3)).mean() > 0.01  # not the same of every pixel


def test_refuses_a_file_that_is_no_model(sample):
    with pytest.raises(ValueError, match="format version 1, got None"):
        networks.load_model(sample / "restorer_sample.safetensors")


def test_sizes_are_as_documented():
    row = re.compile(r"^\| \w+ \|" + 3 * r" (\[[\d, ]+\]) \|" + r" (\d+) \| ([\d.]+) M \| ([\d.]+) \|", re.M)
    sizes = row.findall((ROOT / "docs" / "model_format.md").read_text())
    assert len(sizes) == 4
    for *widths, blocks, parameters, products in sizes:
        find, restore, colourise = map(json.loads, widths)
        description = {"name": "restorer", "find": find, "restore": restore, "colourise": colourise, "blocks": int(blocks)}
        with torch.device("meta"), FlopCounterMode(display=False) as work:
            network = networks.make_network(description)
            network(torch.empty(1, 1, 256, 256))
        assert sum(p.numel() for p in network.parameters()) == pytest.approx(float(parameters) * 1e6, rel=0.01)
        assert work.get_total_flops() / 2 == pytest.approx(float(products) * 1e9, rel=0.01)
