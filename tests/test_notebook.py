"""The notebook runs from top to bottom on a real run's output."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbclient import NotebookClient
from runs import run, write_captions

NOTEBOOK = Path(__file__).parent.parent / "notebooks" / "manifest.ipynb"


def test_the_notebook_runs(tmp_path: Path) -> None:
    write_captions(tmp_path / "c.txt", ["A person waving", "A person sitting", "please raise", "A person kneeling"])
    assert run(tmp_path, "c.txt").returncode == 1
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    first = next(cell for cell in notebook.cells if cell.cell_type == "code")
    assert first.source.splitlines()[0].startswith("MANIFEST =")
    first.source = f'MANIFEST = "{tmp_path}/manifests/SinglePose"\nPOSES = "{tmp_path}/SinglePose"'
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    text = "".join(
        str(output.get("text", "")) + str(output.get("data", {}).get("text/plain", "")) for output in outputs
    )
    assert "4 poses, 3 done, 1 failed" in text
    assert "ZeroDivisionError" in text
    assert sum("image/png" in output.get("data", {}) for output in outputs) >= 5


def test_the_notebook_is_committed_without_outputs() -> None:
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    assert not any(cell.get("outputs") for cell in notebook.cells if cell.cell_type == "code")
