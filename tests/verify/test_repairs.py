"""``verify --repair``: the next run makes the broken poses again, and nothing is deleted."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from injuries import INJURIES, all_gone, delete, not_finite, rewrite, stray, truncate
from outputs import Output

from manifests import fragment_paths
from posepipe import manifest
from posepipe.storage.stores import SET_ASIDE
from posepipe.workers.contract import INFER


@pytest.mark.parametrize(("injure", "faults", "modes"), INJURIES, ids=lambda v: getattr(v, "__name__", ""))
def test_each_injury_is_found_and_repaired(
    output: Output, call: Any, injure: Any, faults: list[tuple[str, str]], modes: list[str]
) -> None:
    before = output.bytes()
    injure(output.out)
    code, lines, told = call(output.out)
    assert code == 1
    assert [tuple(line[:2]) for line in lines] == faults
    assert all(len(line) == 3 and line[2] for line in lines)
    assert all(f"{kind} {sum(k == kind for k, _ in faults)}" in told for kind, _ in faults)
    if injure in (delete, all_gone):  # a deleted file is due without a repair
        assert output.run() == modes
        assert output.bytes() == before
        return
    assert output.run() == [], "without --repair nothing is due"
    assert call(output.out)[1] == lines

    assert call(output.out, "--repair")[:2] == (1, lines)
    assert call(output.out)[:2] == (0, []), "what is left is sound"
    assert output.run() == modes
    assert call(output.out)[:2] == (0, [])
    assert output.bytes() == before
    rows = manifest.read_manifest(output.manifest)
    assert set(rows["status"]) == {"done"}
    assert rows["bytes"].sum() == sum(map(len, before.values()))


def test_many_injuries_at_once_over_processes(output: Output, call: Any) -> None:
    before = output.bytes()
    truncate(output.out)
    stray(output.out)
    (output.out / "sitting.npy").unlink()
    (output.out / "ein_Mensch_läuft.json").write_text("{}")
    _, alone, _ = call(output.out, "--jobs", 1)
    code, lines, _ = call(output.out, "--jobs", 2)
    assert code == 1
    assert lines == alone
    assert {line[0] for line in lines} == {"format", "stray", "missing", "field"}
    call(output.out, "--repair")
    assert sorted(output.run()) == ["redraw"] * 3
    assert call(output.out)[:2] == (0, [])
    assert output.bytes() == before


def test_nothing_is_deleted_by_a_repair(output: Output, call: Any) -> None:
    truncate(output.out)
    stray(output.out)
    (output.out / "folder").mkdir()
    torn = (output.out / "waving.png").read_bytes()
    _, _, told = call(output.out, "--repair")
    place = next((output.out / SET_ASIDE).iterdir())
    assert sorted(p.name for p in place.iterdir()) == ["folder", "notes.txt", "waving.png"]
    assert (place / "waving.png").read_bytes() == torn
    assert str(place) in told


def test_a_pose_that_was_written_wrong_is_made_anew_as_a_whole(output: Output, call: Any) -> None:
    before = output.bytes()
    not_finite(output.out)
    content = (output.out / "waving.npy").read_bytes()
    rewrite(output, npy_sha256=hashlib.sha256(content).hexdigest())
    code, lines, _ = call(output.out)
    assert (code, [line[:2] for line in lines]) == (1, [["finite", "waving.npy"]])
    assert "right_knee" in lines[0][2] or "left_knee" in lines[0][2]
    call(output.out, "--repair")
    row = manifest.read_manifest(output.manifest).set_index("stem").loc["waving"]
    assert (row["status"], row["error_type"]) == ("failed", "ArtifactLost")
    assert "waving.npy" in row["error"]
    assert output.run() == [INFER], "taken up without --retry-failed"
    assert call(output.out)[:2] == (0, [])
    assert output.bytes() == before


def test_a_row_that_names_nothing_or_leads_outside(output: Output, call: Any) -> None:
    outside = output.out.parent / "outside.npy"
    outside.write_bytes(b"mine")
    rewrite(output, path="../outside", json_sha256=None, png_sha256=None)
    _, lines, _ = call(output.out)
    assert [line[:2] for line in lines if line[0] == "row"] == [["row", "../outside"]]
    rewrite(output, npy_sha256=None, json_sha256=None, png_sha256=None)
    rewrite(output, npy_sha256=None, json_sha256=None, png_sha256=None, path="../outside")
    call(output.out, "--repair")
    assert outside.read_bytes() == b"mine"


def test_a_torn_fragment_is_a_fault_and_its_poses_can_be_adopted(output: Output, call: Any) -> None:
    fragment = fragment_paths(output.manifest)[0]
    fragment.write_bytes(fragment.read_bytes()[:-30])
    code, lines, _ = call(output.out)
    kinds = [line[0] for line in lines]
    assert code == 1
    assert kinds == ["fragment"], "files whose rows may be in the fragment are no strays"
    assert call(output.out, "--adopt")[0] == 3
    code, lines, told = call(output.out, "--repair")
    assert "damaged fragments of the manifest: 1, moved to" in told
    assert "left in place: 5 sound poses without a row" in told
    assert len(manifest.read_table(output.manifest)) == 0
    code, lines, told = call(output.out, "--adopt")
    assert (code, lines) == (0, [])
    assert "adopted: 5" in told
    assert output.run() == []
