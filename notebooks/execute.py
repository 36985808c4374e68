"""Runs notebooks from their first cell to the last and keeps their outputs: python notebooks/execute.py [FILE ...]

Needs nbclient and ipykernel (requirements/tests.txt); without FILE all notebooks of this folder. The PyTorch of .venv lacks
CUDA's libraries on machines without a GPU: LD_LIBRARY_PATH=$PWD/build/tests/gpu_stand_ins gives it their names.
"""
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient

FOLDER = Path(__file__).resolve().parent
TIMEOUT_S = 200  # of a cell


def execute(file):
    """The notebook with its outputs. Raises nbclient.exceptions.CellExecutionError."""
    notebook = nbformat.read(file, as_version=4)
    NotebookClient(notebook, timeout=TIMEOUT_S, kernel_name="python3", resources={"metadata": {"path": str(FOLDER)}}).execute()
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)  # when it ran
    return notebook


def main():
    for name in sys.argv[1:] or sorted(FOLDER.glob("*.ipynb")):
        start = time.monotonic()
        notebook = execute(name)
        nbformat.write(notebook, name)
        print(f"{Path(name).name}: {time.monotonic() - start:.0f} s, {Path(name).stat().st_size / 1000:.0f} kB", flush=True)


if __name__ == "__main__":
    main()
