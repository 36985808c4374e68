"""A model file as ONNX, of any height and width: python -m restore_photos.export_onnx model.safetensors -o model.onnx

Beside what restore_photos needs it takes the package onnx. The graph is float32, of opset 17, without code or weights elsewhere.
"""
import argparse
import hashlib
import os
import sys
import warnings
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional

from .networks import load_model, read_safetensors, restoration_of

OPSET = 17
LEVELS = 13  # of pull_push: enough for a shorter side of 2^13 pixels
WHAT = {
    "aged": "[N,1,H,W], luma of sRGB (BT.601), 0 black to 1 white; H and W multiples of {multiple}: mirror the picture beyond its border",
    "known_damage": "[N,1,H,W], opacity of the damage from 0 to 1 where it is known, -1 where it is not (-1 everywhere: find it)",
    "luma": "[N,1,H,W], restored, not clipped",
    "damage_logits": "[N,1,H,W]; its sigmoid is the probability of damage",
    "chroma": "[N,2,H/4,W/4], Cb and Cr of BT.601 about 0, a guess",
    "denoised": "[N,1,H,W], luma as if nothing were damaged",
    "filled": "[N,1,H,W], luma as if everything were",
}


def halved(x):
    """Means of 2x2 pixels, of fewer at an odd edge: an edge pixel twice has the mean of one."""
    return functional.avg_pool2d(functional.pad(x, (0, 1, 0, 1), mode="replicate"), 2)


def interpolated(picture, confidence, levels):
    if levels == 0:
        return picture
    height, width = picture.shape[2:]
    weight = halved(confidence)
    mean = halved(picture * confidence) / (weight + 1e-4)
    coarse = interpolated(mean, (4 * weight).clamp_max(1), levels - 1)
    enlarged = functional.interpolate(coarse, scale_factor=2, mode="bilinear")[:, :, :height, :width]
    is_line = torch._shape_as_tensor(picture)[2:].min() < 2  # where the pyramid ends
    return torch.where(is_line, picture, confidence * picture + (1 - confidence) * enlarged)


def pull_push(picture, confidence):
    """That of networks.py with a fixed number of levels: the same for a shorter side of up to 2^LEVELS pixels."""
    return 0.5 + interpolated(picture - 0.5, confidence, LEVELS)


class Exported(nn.Module):
    """What a network says, without what it does not say or was given."""

    def __init__(self, network):
        super().__init__()
        self.network = network
        self.inputs = ["aged"]
        if hasattr(network, "interpolation"):
            network.interpolation = pull_push
            self.inputs.append("known_damage")
        with torch.no_grad():
            aged = torch.rand(1, 1, 16, 16)
            said = restoration_of(network, aged)._asdict()
        self.outputs = [name for name, tensor in said.items() if tensor is not None and tensor is not aged]

    def forward(self, *inputs):
        said = restoration_of(self.network, *inputs)
        return tuple(getattr(said, name) for name in self.outputs)


def card(exported, metadata, digest):
    """For people, in Markdown."""
    def listed(names):
        return "\n".join(f"- `{name}` {WHAT[name].format(multiple=exported.network.multiple)}" for name in names)

    mixture = ("`luma` is (1 - d) denoised + d filled, with d the known damage or the probability of damage. The program `restore` mixes "
               "them by its strengths.\n" if "filled" in exported.outputs else "")
    limit = f"Exact for a shorter side of up to {2 ** LEVELS} pixels.\n" if "filled" in exported.outputs else ""
    return (f"# A network of Restore\n\nRestores old photographs. Network: `{metadata['restore.network']}`; made of the model file with SHA-256 "
            f"{digest}. How it was trained: `restore.about` in this file's metadata. float32.\n\n"
            f"Inputs:\n{listed(exported.inputs)}\n\nOutputs:\n{listed(exported.outputs)}\n\n{mixture}{limit}"
            "Analysis, tiles, colours and 16 bit are the program's: see docs/restoring.md. What it does badly: docs/quality.md. "
            "Colours and what fills holes are invented: say so where you show them.\n")


def export(model, result):
    """Writes the network of the model file `model` to `result`. Raises ValueError for a file that is no model of ours."""
    import onnx

    network, _ = load_model(model)
    exported = Exported(network).eval()
    inputs = tuple(torch.rand(1, 1, 48, 32) for _ in exported.inputs)
    sides = {0: "N", 2: "H", 3: "W"}
    quarter = {0: "N", 2: "H/4", 3: "W/4"}
    axes = {name: quarter if name == "chroma" else sides for name in exported.inputs + exported.outputs}
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the exporter that takes no further packages, and of what it traces
        torch.onnx.export(exported, inputs, str(result), dynamo=False, opset_version=OPSET, input_names=exported.inputs,
                          output_names=exported.outputs, dynamic_axes=axes)
    graph = onnx.load(str(result))
    metadata = read_safetensors(model)[1]
    digest = hashlib.sha256(Path(model).read_bytes()).hexdigest()
    kept = {name: text for name, text in metadata.items() if name.startswith("restore.")}
    text = card(exported, metadata, digest)
    onnx.helper.set_model_props(graph, {**kept, "restore.model_sha256": digest, "restore.multiple": str(network.multiple), "model_card": text})
    graph.doc_string, graph.producer_name = text, "restore_photos"
    onnx.checker.check_model(graph)
    onnx.save(graph, str(result))
    return exported


def main():
    parser = argparse.ArgumentParser(prog="python -m restore_photos.export_onnx", description=__doc__.splitlines()[0])
    parser.add_argument("model", help="of restore-export")
    parser.add_argument("-o", "--output", default="model.onnx", help="default: model.onnx")
    chosen = parser.parse_args()
    try:
        exported = export(chosen.model, chosen.output)
    except (ValueError, OSError, ImportError) as error:  # exit codes as those of the programs
        print(f"export_onnx: {error}", file=sys.stderr)
        sys.exit(74 if isinstance(error, OSError) else 65 if isinstance(error, ValueError) else 78)
    print(f"{chosen.output}: {', '.join(exported.inputs)} -> {', '.join(exported.outputs)}, {os.path.getsize(chosen.output) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
