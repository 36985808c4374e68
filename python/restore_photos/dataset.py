"""A shard store (docs/dataset_format.md) as a PyTorch dataset."""
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import torch
from torch.utils.data import Dataset

ARRAYS_OF_BYTES = ("clean", "aged", "damage", "ground")


FORMAT, FORMAT_VERSION = "restore-store", 4


def read_manifest(path: Path) -> dict[str, Any]:
    """store.json. Raises ValueError for another file or version."""
    try:
        about = json.loads(path.read_text())
        found = about["format"], about["format_version"]
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{path} describes no store ({error})") from None
    if found != (FORMAT, FORMAT_VERSION):
        raise ValueError(f"{path}: expected {FORMAT} of version {FORMAT_VERSION}, got {found[0]} of {found[1]}")
    return about


class ShardDataset(Dataset):
    """Samples of the store that restore-shard wrote into the folder `store`, of its split "train" or "valid".

    An item is a dict of tensors: "aged" and "damage" [1,P,P], "clean" [3,P,P] (RGB), all float32 in [0,1]; "origin" [4]:
    photo, variant, x, y. A recipe with `awgn` adds its white Gaussian noise to "aged" here, not clipped; `noise=False`
    leaves it out. In "train" it is new each time, by torch's random numbers; in "valid" always the same. These are not the
    numbers that restore-worker draws. `transform` takes the dict and returns the item.

    Works with any number of DataLoader workers: each process opens the files for itself. Raises FileNotFoundError for a
    folder without a finished store and for one that lacks a shard, ValueError for what is no store of this version and for
    another split.
    """

    def __init__(self, store: str | os.PathLike[str], split: str = "train", *, noise: bool = True,
                 transform: Callable[[dict[str, torch.Tensor]], Any] | None = None):
        self.folder, self.split, self.noise, self.transform = Path(store), split, noise, transform
        manifest = self.folder / "store.json"
        if not manifest.is_file():
            raise FileNotFoundError(f"{manifest} is missing: {self.folder} is no store, or restore-shard has not finished it")
        about = read_manifest(manifest)
        if split not in about["splits"]:
            raise ValueError(f"split {split!r}: expected one of {', '.join(about['splits'])}")
        for shard in about["splits"][split]["shards"]:  # HDF5 would give zeros for one that is missing
            file = self.folder / shard["file"]
            if not file.is_file() or file.stat().st_size != shard["bytes"]:
                raise FileNotFoundError(f"{file} is missing or cut short: the restore-shard command of its store makes it again")
        if not (self.folder / "store.h5").is_file():
            raise FileNotFoundError(f"{self.folder / 'store.h5'} is missing: the restore-shard command of its store makes it again")
        self.parameters: dict[str, Any] = about["parameters"]
        self._count: int = about["splits"][split]["samples"]
        self._arrays: dict[str, h5py.Dataset] = {}
        self._opened_by = 0

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: int) -> Any:
        if not -self._count <= index < self._count:
            raise IndexError(f"sample {index} of {self._count}")
        index %= self._count
        arrays = self._open()
        item = {name: torch.from_numpy(arrays[name][index]).float() / 255 for name in ARRAYS_OF_BYTES if name in arrays}
        item["origin"] = torch.from_numpy(arrays["origin"][index])
        if self.noise:
            self._add_noise(item, index)
        return self.transform(item) if self.transform else item

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_arrays": {}, "_opened_by": 0}

    def _open(self) -> dict[str, h5py.Dataset]:
        if self._opened_by != os.getpid():  # HDF5's handles do not survive a fork
            self._arrays = dict(h5py.File(self.folder / "store.h5")[self.split].items())
            self._opened_by = os.getpid()
        return self._arrays

    def _add_noise(self, item: dict[str, torch.Tensor], index: int) -> None:
        lowest, highest = self.parameters["awgn_sigma"]
        if highest == 0 or (not self.parameters["awgn_on_damage"] and bool(item["damage"].any())):
            return
        random = torch.Generator().manual_seed(
            index if self.split == "valid" else int(torch.randint(2**62, (1,))))
        chance, place = torch.rand(2, generator=random).tolist()
        if chance >= self.parameters["awgn_probability"]:
            return
        sigma = (lowest + (highest - lowest) * place) / 255
        item["aged"] += sigma * torch.randn(item["aged"].shape, generator=random)
