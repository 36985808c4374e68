"""The baseline: torch's DataLoader with 2 workers over h5py, random samples (clean, aged, damage) of a store. A line on standard
input is a round over all samples; the answer on standard output is its seconds."""
import sys
import time

import h5py
import torch
from torch.utils.data import DataLoader, Dataset


class Samples(Dataset):
    def __init__(self, folder):
        self.path, self.arrays = f"{folder}/store.h5", None
        with h5py.File(self.path) as store:
            self.length = len(store["train/clean"])

    def __len__(self):
        return self.length

    def __getitem__(self, index):
        if self.arrays is None:  # HDF5 files do not survive the fork into a worker
            train = h5py.File(self.path)["train"]
            self.arrays = [train[name] for name in ("clean", "aged", "damage")]
        return [torch.from_numpy(array[index]) for array in self.arrays]


def main():
    loader = DataLoader(Samples(sys.argv[1]), batch_size=16, shuffle=True, num_workers=2, persistent_workers=True)
    for _ in sys.stdin:
        start = time.perf_counter()
        for _batch in loader:
            pass
        print(time.perf_counter() - start, flush=True)


main()
