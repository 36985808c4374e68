"""The notebooks run from their first cell to the last, and are kept with small outputs."""
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "notebooks"))
from execute import execute  # noqa: E402

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
MOST_BYTES = 300_000  # of a file


def kinds_of_output(notebook):
    """What the code cells show: names of streams, kinds of data."""
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    return {kind for output in outputs for kind in output.get("data", {output.get("name", output.output_type): ""})}


def test_all_four_are_here():
    assert [file.name for file in NOTEBOOKS] == ["1-ageing.ipynb", "2-training.ipynb", "3-restoring.ipynb", "4-comparing.ipynb"]


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)
def test_it_runs(file, tmp_path, monkeypatch):
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    notebook = execute(file)
    shown = kinds_of_output(notebook)
    complaints = [output.text for cell in notebook.cells for output in cell.get("outputs", []) if output.get("name") == "stderr"]
    assert {"image/jpeg", "stdout"} <= shown and complaints == []
    assert {"2-training": "image/png", "4-comparing": "text/markdown"}.get(file.stem, "image/jpeg") in shown


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)
def test_it_is_kept_with_its_outputs(file):
    notebook = nbformat.read(file, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert "image/jpeg" in kinds_of_output(notebook) and file.stat().st_size < MOST_BYTES
    assert str(Path.home()) not in file.read_text() and "/tmp/" not in file.read_text()
