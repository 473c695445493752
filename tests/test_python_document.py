"""docs/python.md: its scripts run as they stand, and it names all extensions."""

from __future__ import annotations

from pathlib import Path

from markdown_scripts import run_blocks

from posepipe.storage.artifact_formats import TABLE

DOCUMENT = (Path(__file__).parent.parent / "docs" / "python.md").read_text(encoding="utf-8")


def test_its_scripts_run(tmp_path: Path) -> None:
    (tmp_path / "captions.txt").write_text("A person arching back\nA person kneeling\n")
    few, pictures, bulk, poses = run_blocks(DOCUMENT, tmp_path)
    assert "('A person waving', 1, '')" in few
    assert (tmp_path / "arching_back.png").exists()
    assert pictures == ""
    drawn = {name: (tmp_path / f"{name}.png").read_bytes() for name in ("looking_up", "from_above", "skeleton", "any")}
    assert len(set(drawn.values())) == 4
    assert "<svg" in (tmp_path / "looking_up.svg").read_text()
    assert bulk.startswith("done: 4 made in ")
    assert "(4, 22, 3)" in poses
    assert "4 torch.Size([4, 22, 3])" in poses


def test_it_names_all_extensions() -> None:
    assert all(f"`{each.suffix}`" in DOCUMENT for each in TABLE)
