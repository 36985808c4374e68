"""A model file as ONNX, of any height and width: python -m restore_photos.export_onnx model.safetensors -o model.onnx

A restorer becomes a file for each part, model.find.onnx, model.restore.onnx and model.colourise.onnx; another network one file.
Beside what restore_photos needs it takes the package onnx. The graphs are float32, of opset 17, without code or weights elsewhere.
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

from .networks import RestorerNet, load_model, read_safetensors

OPSET = 17
LEVELS = 13  # of pull_push: enough for a shorter side of 2^13 pixels
WHAT = {
    "aged": "[N,1,H,W], luma of sRGB (BT.601), 0 black to 1 white; H and W multiples of {multiple}: mirror the picture beyond its border",
    "damage": "[N,1,H,W], what is filled, 0 to 1",
    "opacity": "[N,1,H,W], how likely it is that nothing of the photograph shows there, 0 to 1",
    "luma": "[N,1,H,W], restored, not clipped",
    "damage_logits": "[N,1,H,W]; its sigmoid is the probability of damage",
    "chroma": "[N,2,H/4,W/4], Cb and Cr of BT.601 about 0, a guess",
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
    """A network, or one part of a restorer, that says one thing."""

    def __init__(self, network, inputs, output, said, multiple):
        super().__init__()
        self.network, self.inputs, self.output, self.said, self.multiple = network, inputs, output, said, multiple

    def forward(self, *inputs):
        return self.said(*inputs)


def parts_of(network):
    """{name of the part, "" of a network that has none: Exported}."""
    if not isinstance(network, RestorerNet):
        output = 2 if network(torch.rand(1, 1, 16, 16))[2] is not None else 0
        name = ("luma", None, "chroma")[output]
        return {"": Exported(network, ["aged"], name, lambda aged: network(aged)[output], network.multiple)}
    network.interpolation = pull_push
    parts = {}
    if network.find is not None:
        parts["find"] = Exported(network.find, ["aged"], "damage_logits", network.damage_logits, network.find.multiple)
    if network.restore is not None:
        parts["restore"] = Exported(network.restore, ["aged", "damage", "opacity"], "luma", network.restored, network.restore.multiple)
    if network.denoise is not None:
        parts["denoise"] = Exported(network.denoise, ["aged"], "luma", network.denoised, network.denoise.multiple)
    if network.colourise is not None:
        parts["colourise"] = Exported(network.colourise, ["luma"], "chroma", network.chroma, 2 * network.colourise.multiple)
    return parts


def card(exported, metadata, digest):
    """For people, in Markdown."""
    def listed(name):
        return f"- `{name}` {WHAT[name].format(multiple=exported.multiple)}"

    limit = f"Exact for a shorter side of up to {2 ** LEVELS} pixels.\n" if "damage" in exported.inputs else ""
    inputs = "\n".join(map(listed, exported.inputs))
    return (f"# A network of Restore\n\nRestores old photographs. Network: `{metadata['restore.network']}`; made of the model file with SHA-256 "
            f"{digest}. How it was trained: `restore.about` in this file's metadata. float32.\n\n"
            f"Inputs:\n{inputs}\n\nOutput:\n{listed(exported.output)}\n\n{limit}"
            "`find` says what is damaged; `restore` is told `damage` max_pool2d(sigmoid(8 (logit + 2)), 3), nearly 1 where the logit is "
            "over -2 and a pixel about that, and `opacity` sigmoid(logit), or both from what is known; `denoise` does better in intact photographs with white noise; `colourise` sees what it "
            "restored. Analysis, tiles, colours and 16 bit are the program's: see docs/restoring.md. What it does badly: docs/quality.md. Colours and what fills holes are invented: say "
            "so where you show them.\n")


def write(exported, file, metadata, digest):
    import onnx

    inputs = tuple(torch.rand(1, 1, 48, 32) for _ in exported.inputs)
    sides = {0: "N", 2: "H", 3: "W"}
    quarter = {0: "N", 2: "H/4", 3: "W/4"}
    axes = {name: quarter if name == "chroma" else sides for name in [*exported.inputs, exported.output]}
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the exporter that takes no further packages, and of what it traces
        torch.onnx.export(exported.eval(), inputs, str(file), dynamo=False, opset_version=OPSET, input_names=exported.inputs,
                          output_names=[exported.output], dynamic_axes=axes)
    graph = onnx.load(str(file))
    kept = {name: text for name, text in metadata.items() if name.startswith("restore.")}
    text = card(exported, metadata, digest)
    onnx.helper.set_model_props(graph, {**kept, "restore.model_sha256": digest, "restore.multiple": str(exported.multiple), "model_card": text})
    graph.doc_string, graph.producer_name = text, "restore_photos"
    onnx.checker.check_model(graph)
    onnx.save(graph, str(file))


def export(model, result):
    """Writes the network of the model file `model` to `result`, or its parts to files beside that name; returns {file: Exported}.
    Raises ValueError for a file that is no model of ours."""
    network, _ = load_model(model)
    metadata = read_safetensors(model)[1]
    digest = hashlib.sha256(Path(model).read_bytes()).hexdigest()
    with torch.no_grad():
        parts = parts_of(network)
    files = {}
    for part, exported in parts.items():
        file = Path(result).with_suffix(f".{part}.onnx" if part else ".onnx")
        write(exported, file, metadata, digest)
        files[file] = exported
    return files


def main():
    parser = argparse.ArgumentParser(prog="python -m restore_photos.export_onnx", description=__doc__.splitlines()[0])
    parser.add_argument("model", help="of restore-export")
    parser.add_argument("-o", "--output", default="model.onnx", help="default: model.onnx")
    chosen = parser.parse_args()
    try:
        files = export(chosen.model, chosen.output)
    except (ValueError, OSError, ImportError) as error:  # exit codes as those of the programs
        what = f"{error.filename}: {error.strerror}" if isinstance(error, OSError) and error.filename else error
        print(f"export_onnx: {what}", file=sys.stderr)
        sys.exit(74 if isinstance(error, OSError) else 65 if isinstance(error, ValueError) else 78)
    for file, exported in files.items():
        print(f"{file}: {', '.join(exported.inputs)} -> {exported.output}, {os.path.getsize(file) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
