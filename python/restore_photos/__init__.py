"""Restore from Python (docs/python.md): its networks, its stores as PyTorch datasets, its ageing."""
from .ageing import AgedPhoto, age
from .dataset import ShardDataset
from .networks import load_model

__all__ = ["AgedPhoto", "ShardDataset", "age", "load_model"]
