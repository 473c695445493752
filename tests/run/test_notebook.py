"""``generate`` in the kernel of a notebook: bar, table, interrupt; and what it shows elsewhere."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from runs import TESTS, environment, write_captions

from posepipe.run.notebook import NotebookProgress, default_observer
from posepipe.run.summary import Silent

OPTIONS = (
    'model="fake_model:factory", gpus="none", workers=1, formats=["npy"], fsync=False, '
    'dashboard_address="127.0.0.1:0", final_dir="out"'
)

POSES = 3_000
"""More than a run has in flight when it is interrupted after the first."""


@pytest.fixture(autouse=True)
def fake_model_in_the_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(TESTS))


def client(folder: Path, *cells: str) -> NotebookClient:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    return NotebookClient(notebook, timeout=180, resources={"metadata": {"path": str(folder)}})


def test_a_cell_shows_a_bar_and_a_table(tmp_path: Path) -> None:
    write_captions(tmp_path / "c.txt", ["A person waving", "A person <b>sitting", "please raise"])
    made = client(tmp_path, f'import posepipe\nposepipe.generate(posepipe.RunConfig("c.txt", {OPTIONS}))')
    notebook = made.execute()
    bar, table = notebook.cells[0].outputs
    assert bar.output_type == "display_data"
    assert '<progress value="3" max="3"' in bar.data["text/html"]
    assert "3 captions: to do 3, done 0" in bar.data["text/html"]
    assert "3 captions: to do 3, done 0" in bar.data["text/plain"]
    assert table.output_type == "execute_result"
    assert ">made<" in table.data["text/html"]
    assert "please raise: asked to raise by" in table.data["text/html"]
    assert "done: 2 made in" in table.data["text/plain"]
    assert len(table.data["text/plain"].splitlines()) < 10


def test_the_interrupt_of_the_kernel_stops_a_run_and_keeps_the_variables(tmp_path: Path) -> None:
    """The cell after it runs again and makes the rest."""
    write_captions(tmp_path / "c.txt", [f"A person {number}" for number in range(POSES)])
    run = f'summary = posepipe.generate(posepipe.RunConfig("c.txt", {OPTIONS}))\nprint(summary.stopped, summary.left)'
    with_events = client(tmp_path, f"import posepipe\n{run}", "print(summary.signal)", run)

    async def interrupt_after_the_first_pose() -> None:
        while not list((tmp_path / "out").glob("*.npy")):
            await asyncio.sleep(0.05)
        await with_events.km.interrupt_kernel()

    async def execute() -> None:
        async with with_events.async_setup_kernel():
            pressing = asyncio.create_task(interrupt_after_the_first_pose())
            for index, cell in enumerate(with_events.nb.cells):
                await with_events.async_execute_cell(cell, index)
            await pressing

    asyncio.run(execute())
    first, second, third = (_printed(cell) for cell in with_events.nb.cells)
    assert first.startswith("True ")
    assert int(first.split()[1]) > 0
    assert second == "2\n"
    assert third == "False 0\n"
    assert len(list((tmp_path / "out").glob("*.npy"))) == POSES


def _printed(cell: Any) -> str:
    return "".join(output.text for output in cell.outputs if output.output_type == "stream")


def test_a_pose_shows_itself_in_a_cell(tmp_path: Path) -> None:
    made = client(tmp_path, 'import posepipe\nposepipe.load("fake_model:factory")("A person waving")')
    (output,) = made.execute().cells[0].outputs
    assert output.data["image/png"]
    assert output.metadata["image/png"]["width"] == 480
    assert output.data["text/plain"].startswith("<Pose 'A person waving'")


def test_a_script_shows_nothing() -> None:
    assert isinstance(default_observer(), Silent)


def test_pythons_prompt_shows_the_progress(tmp_path: Path) -> None:
    write_captions(tmp_path / "c.txt", ["A person waving"])
    done = subprocess.run(
        [sys.executable, "-i", "-c", "import posepipe"],
        input=f'posepipe.generate(posepipe.RunConfig("c.txt", {OPTIONS}))\n',
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert "1 caption: to do 1, done 0" in done.stderr
    assert done.stdout.startswith("done: 1 made in")


def test_messages_in_a_notebook_are_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[dict[str, str]] = []

    class Handle:
        def update(self, data: dict[str, str], raw: bool) -> None:
            shown.append(data)

    def display(data: dict[str, str], raw: bool, display_id: bool) -> Handle:
        shown.append(data)
        return Handle()

    monkeypatch.setattr("IPython.display.display", display)
    progress = NotebookProgress()
    progress.message("<script>")
    progress.warning("once")
    progress.warning("once")
    assert shown[-1]["text/plain"] == "<script>\nwarning: once"
    assert "&lt;script&gt;\nwarning: once" in shown[-1]["text/html"]
