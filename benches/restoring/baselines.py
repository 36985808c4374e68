"""One baseline, one picture: baselines.py METHOD NETWORK PICTURE RESULT. A process of its own, so that its memory is its own.
METHOD  onnxruntime, openvino or openvino-f32, with NETWORK an ONNX file: fixed tiles of 512 pixels, 64 shared
        pytorch, with NETWORK a model file: eager, the whole picture at once
OMP_NUM_THREADS threads, or 2.
Prints JSON: seconds of the network with its tiles, and bytes of memory at the peak."""

import json
import os
import resource
import sys
import time
from pathlib import Path

import numpy as np
from PIL import Image

import tiles

TILE, OVERLAP = 512, 64
THREADS = int(os.environ.get("OMP_NUM_THREADS", "2"))
Image.MAX_IMAGE_PIXELS = None


def onnxruntime_network(file):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = THREADS
    session = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
    return lambda tile: session.run(["luma", "damage"], {"aged": tile})[0]


def openvino_network(file, **settings):
    """By itself it computes in bf16 where the processor does."""
    import openvino

    settings |= {"INFERENCE_NUM_THREADS": THREADS, "PERFORMANCE_HINT": "LATENCY"}
    model = openvino.Core().compile_model(file, "CPU", settings)
    request = model.create_infer_request()
    return lambda tile: request.infer([tile], share_inputs=True, share_outputs=True)["luma"]


def in_tiles(network):
    network(np.zeros((1, 1, TILE, TILE), np.float32))  # what it compiles or packs at first is not timed
    return lambda picture: tiles.restored(picture, network, TILE, OVERLAP)[0]


def pytorch_network(file):
    sys.path.insert(0, str(Path(__file__).parents[2] / "python" / "restore_photos"))
    import networks
    import torch

    torch.set_num_threads(THREADS)
    network, _ = networks.load_model(file)

    def whole(picture):
        height, width = picture.shape
        rest = [-length % network.multiple for length in (height, width)]
        padded = torch.from_numpy(np.pad(picture, ((0, rest[0]), (0, rest[1])), mode="symmetric"))
        with torch.inference_mode():
            return network(padded[None, None])[0][0, 0, :height, :width].numpy()

    return whole


METHODS = {
    "onnxruntime": lambda file: in_tiles(onnxruntime_network(file)),
    "openvino": lambda file: in_tiles(openvino_network(file)),
    "openvino-f32": lambda file: in_tiles(openvino_network(file, INFERENCE_PRECISION_HINT="f32")),
    "pytorch": pytorch_network,
}


def main(method, network, picture, result):
    aged = np.asarray(Image.open(picture).convert("L"), np.float32) / 255
    restore = METHODS[method](network)
    begin = time.perf_counter()
    luma = restore(aged)
    seconds = time.perf_counter() - begin
    Image.fromarray(np.rint(255 * luma.clip(0, 1)).astype(np.uint8)).save(result, compress_level=1)
    peak = 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"network_s": seconds, "peak_bytes": peak}))


if __name__ == "__main__":
    if len(sys.argv) != 5 or sys.argv[1] not in METHODS:
        sys.exit(f"usage: baselines.py {'|'.join(METHODS)} NETWORK PICTURE RESULT")
    main(*sys.argv[1:])
