"""One rank of the baseline of step_bench: PyTorch DDP over gloo, the same network, batch, loss and optimizer.

    ddp.py PIPE RANK WORLD     a line in PIPE.RANK, "LAYOUT N", asks for N steps; rank 0 answers with seconds a step"""
import sys
import time
from pathlib import Path

import torch
import torch.distributed as dist
from torch.nn.parallel import DistributedDataParallel

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from baseline_trainer import BaselineTrainer  # noqa: E402

WIDTHS, SAMPLES, CROP = [32, 64, 128, 256], 8, 128  # samples of a step, over all ranks
LAYOUTS = {"nchw": torch.contiguous_format, "channels_last": torch.channels_last}


def distributed(network):
    return DistributedDataParallel(network, gradient_as_bucket_view=True)


def main():
    pipe, rank, world = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    torch.set_num_threads(1)
    dist.init_process_group("gloo", init_method=f"file://{pipe}.store", rank=rank, world_size=world)
    trainers = {name: BaselineTrainer(WIDTHS, layout, SAMPLES // world, CROP, wrap=distributed)
                for name, layout in LAYOUTS.items()}
    with open(f"{pipe}.{rank}") as rounds:
        for line in rounds:
            layout, count = line.split()
            dist.barrier()
            start = time.perf_counter()
            for _ in range(int(count)):
                trainers[layout].step()
            if rank == 0:
                print((time.perf_counter() - start) / int(count), flush=True)


main()
