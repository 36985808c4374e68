"""Restore from Python (docs/python.md): restoring, its networks, its stores as PyTorch datasets, its ageing."""
from .ageing import AgedPhoto, age
from .dataset import ShardDataset
from .networks import load_model
from .restorer import Restored, Restorer

__all__ = ["AgedPhoto", "Restored", "Restorer", "ShardDataset", "age", "load_model"]
