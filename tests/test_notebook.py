"""The notebooks run from top to bottom: one on a real run's output, one from a caption to files for Blender."""

from __future__ import annotations

import base64
from pathlib import Path

import nbformat
import numpy as np
import pytest
from glb_files import Glb
from nbclient import NotebookClient
from runs import run, write_captions

import posepipe

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"


def executed(notebook: nbformat.NotebookNode, folder: Path) -> list[nbformat.NotebookNode]:
    """Outputs of the code cells."""
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(folder)}}).execute()
    return [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]


def text_of(outputs: list[nbformat.NotebookNode]) -> str:
    return "".join(
        str(output.get("text", "")) + str(output.get("data", {}).get("text/plain", "")) for output in outputs
    )


def pictures(outputs: list[nbformat.NotebookNode]) -> list[bytes]:
    found = [output.get("data", {}).get("image/png") for output in outputs]
    return [base64.b64decode(picture) for picture in found if picture]


def test_the_notebook_of_the_manifest(tmp_path: Path) -> None:
    write_captions(tmp_path / "c.txt", ["A person waving", "A person sitting", "please raise", "A person kneeling"])
    assert run(tmp_path, "c.txt").returncode == 1
    notebook = nbformat.read(NOTEBOOKS / "manifest.ipynb", as_version=4)
    first = next(cell for cell in notebook.cells if cell.cell_type == "code")
    assert first.source.splitlines()[0].startswith("MANIFEST =")
    first.source = f'MANIFEST = "{tmp_path}/manifests/SinglePose"\nPOSES = "{tmp_path}/SinglePose"'
    outputs = executed(notebook, tmp_path)
    assert "4 poses, 3 done, 1 failed" in text_of(outputs)
    assert "ZeroDivisionError" in text_of(outputs)
    assert len(pictures(outputs)) >= 5


def test_the_notebook_from_a_caption_to_blender(tmp_path: Path) -> None:
    notebook = nbformat.read(NOTEBOOKS / "first_pose.ipynb", as_version=4)
    outputs = executed(notebook, tmp_path)
    pose = posepipe.load("small")("A person arching back", seed=3407)
    pose.save(tmp_path / "ours.png")
    assert pictures(outputs)[0] == (tmp_path / "ours.png").read_bytes()
    assert len(pictures(outputs)) == 2
    text = text_of(outputs)
    assert "(22, 3) (16, 22, 3)" in text
    assert "A person arching back: known" in text
    assert "hard disk: unsure" in text
    glb = Glb((tmp_path / "arching_back.glb").read_bytes())
    assert np.abs(glb.joints()[:, :3, 3] - pose.joints).max() < 1e-6
    assert (tmp_path / "arching_back.bvh").read_bytes().startswith(b"HIERARCHY\nROOT pelvis\n")


@pytest.mark.parametrize("name", ["first_pose", "manifest"])
def test_notebooks_are_committed_without_outputs(name: str) -> None:
    notebook = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)
    assert not any(cell.get("outputs") for cell in notebook.cells if cell.cell_type == "code")
