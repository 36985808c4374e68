"""PyTorch's training steps on a GPU, eager and compiled, for compare.py.

    baselines.py WIDTHS SAMPLES SIDE     a line of standard input, "KIND PRECISION N", asks for N steps of eager, compiled or
                                     graphs (compiled with CUDA graphs); the answer is seconds a step"""
import json
import sys
import time
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from baseline_trainer import BaselineTrainer  # noqa: E402

WRAPS = {"eager": lambda network: network, "compiled": torch.compile,
         "graphs": lambda network: torch.compile(network, mode="reduce-overhead")}


def main():
    widths, samples, side = json.loads(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    torch.backends.cudnn.benchmark = True
    trainers = {}
    for line in sys.stdin:
        kind, precision, count = line.split()
        torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = precision == "tf32"
        if (kind, precision) not in trainers:
            trainers[kind, precision] = BaselineTrainer([widths] * 3, torch.channels_last, samples, side, "cuda", WRAPS[kind],
                                                    bf16=precision == "bf16")
        torch.cuda.synchronize()
        start = time.perf_counter()
        for _ in range(int(count)):
            trainers[kind, precision].step()
        torch.cuda.synchronize()
        print((time.perf_counter() - start) / int(count), flush=True)


main()
