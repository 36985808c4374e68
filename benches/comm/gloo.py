"""The baseline: torch.distributed over gloo between two processes. Prints the seconds of an all-reduce, a line for each number
of megabytes given.   gloo.py MEGABYTES..."""
import statistics
import sys
import tempfile
import time

import torch
import torch.distributed as dist
import torch.multiprocessing as processes

ROUNDS = 10


def seconds_of(values):
    values.fill_(1)
    dist.barrier()
    start = time.perf_counter()
    dist.all_reduce(values)
    dist.barrier()
    return time.perf_counter() - start


def worker(rank, file, sizes):
    torch.set_num_threads(1)
    dist.init_process_group("gloo", init_method=f"file://{file}", rank=rank, world_size=2)
    for megabytes in sizes:
        values = torch.ones(megabytes * 1_000_000 // 4)
        seconds_of(values)  # touches the pages
        taken = statistics.median(seconds_of(values) for _ in range(ROUNDS))
        if rank == 0:
            print(f"{taken:.9f}", flush=True)
    dist.destroy_process_group()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        processes.spawn(worker, (f"{folder}/store", list(map(int, sys.argv[1:]))), nprocs=2)
