"""The gallery without a browser: what is chosen, what is written where, sheets, errors."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from a_gallery import CAPTIONS, HOSTILE, build
from PIL import Image

from posepipe import manifest
from posepipe.__main__ import main
from posepipe.errors import ConfigError
from posepipe.gallery.folder import gallery_path
from posepipe.gallery.page import ROWS_PER_PART
from posepipe.gallery.selection import Selection, choose
from posepipe.gallery.sheets import columns_for


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("gallery"))


def parts(folder: Path, kind: str) -> list[Any]:
    """What the scripts of one kind hand to the page."""
    found = []
    for path in sorted((folder / "index_files").glob(f"{kind}_*.js")):
        call = re.fullmatch(rf'posepipeGallery\.{kind}\("(\w+)",(\d+),(.*)\);\n', path.read_text("ascii"))
        assert call
        assert int(call[2]) == len(found)
        found.append(json.loads(call[3]))
    return found


def chosen(out: Path, **wanted: Any) -> list[str]:
    table = manifest.newest(manifest.read_table(out.parent / "manifest"))
    rows: list[str] = choose(table, Selection(**wanted))["caption"].to_pylist()
    return rows


def test_page_and_sheets_lie_beside_the_output(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = sorted(p.name for p in out.iterdir())
    assert main(["gallery", str(out), "--per-sheet", "8"]) == 0
    folder = out.parent / "SinglePose_gallery"
    sheets = sorted(p.name for p in folder.glob("*.png"))
    assert sheets == [f"sheet_{n:03}.png" for n in range(1, -(-len(CAPTIONS) // 8) + 1)]
    assert sorted(p.name for p in out.iterdir()) == before
    said = capsys.readouterr().out
    assert f"{len(CAPTIONS)} poses: {folder / 'index.html'}" in said
    assert main(["verify", str(out)]) == 0


def test_the_page_holds_no_artifact_and_escapes_what_it_holds(out: Path, tmp_path: Path) -> None:
    folder = tmp_path / "g"
    assert main(["gallery", str(out), "--no-sheets", "--to", str(folder)]) == 0
    html = (folder / "index.html").read_text("utf-8")
    assert not re.search(r"(?:src|href)\s*=\s*[\"']", html.split("<script", 1)[0])
    assert "http://" not in html
    assert "https://" not in html
    script = re.search(r"<script>(.*?)</script>", html, re.DOTALL)
    assert script
    digest = base64.b64encode(hashlib.sha256(script[1].encode()).digest()).decode()
    assert f"'sha256-{digest}'" in html
    for path in folder.rglob("*.js"):
        assert "<" not in path.read_text("ascii")
    (rows,) = parts(folder, "rows")
    assert rows["caption"] == CAPTIONS
    assert [place is None for place in rows["picture"]] == [
        "raise" in text.split() or "nan" in text.split() for text in CAPTIONS
    ]


def test_joints_are_millimetres_from_the_pelvis(out: Path, tmp_path: Path) -> None:
    folder = tmp_path / "g"
    assert main(["gallery", str(out), "--no-sheets", "--to", str(folder), "--search", "waving"]) == 0
    (details,) = parts(folder, "poses")
    row = dict(zip(details["names"], details["fields"][0], strict=True))
    assert set(row) == set(manifest.SCHEMA.names)
    joints = np.load(out / f"{row['path']}.npy")
    joints[:, ::2] -= joints[0, ::2].copy()
    shown = np.array(details["joints"][0]).reshape(22, 3) / 1000
    assert np.abs(shown - joints).max() <= 0.000501
    assert row["caption"] == "A person waving"


def test_joints_come_from_the_json_where_there_is_no_npy(tmp_path: Path) -> None:
    out = build(tmp_path, ["A person waving"], formats="json")
    assert main(["gallery", str(out), "--no-sheets"]) == 0
    (details,) = parts(tmp_path / "SinglePose_gallery", "poses")
    assert len(details["joints"][0]) == 66
    (rows,) = parts(tmp_path / "SinglePose_gallery", "rows")
    assert rows["picture"] == [None]


def test_a_pose_that_is_lost_says_so(tmp_path: Path) -> None:
    out = build(tmp_path, ["A person waving", "A person sitting", "please raise"])
    (out / "waving.npy").unlink()
    (out / "sitting.npy").write_bytes(b"no array")
    assert main(["gallery", str(out)]) == 0
    (details,) = parts(tmp_path / "SinglePose_gallery", "poses")
    lost, broken, failed = details["joints"]
    assert lost.startswith("waving.npy: No such file")
    assert broken.startswith("sitting.npy: not an NPY file")
    assert failed == "The pose failed."


def test_rows_come_in_parts_of_one_edition(tmp_path: Path) -> None:
    out = build(tmp_path, ["A person waving"])
    (row,) = manifest.read_table(tmp_path / "manifest").to_pylist()
    more = [row | {"caption_id": f"{n:016x}", "line": n + 2} for n in range(ROWS_PER_PART + 50)]
    manifest.write_fragment(tmp_path / "manifest", more, "more", fsync=False)
    assert main(["gallery", str(out), "--no-sheets"]) == 0
    folder = tmp_path / "SinglePose_gallery"
    assert [len(part["key"]) for part in parts(folder, "rows")] == [ROWS_PER_PART, 51]
    assert [len(part["fields"]) for part in parts(folder, "poses")] == [100] * 10 + [51]
    editions = {re.search(r'"(\w+)"', p.read_text())[1] for p in (folder / "index_files").iterdir()}  # type: ignore[index]
    assert len(editions) == 1
    assert main(["gallery", str(out), "--no-sheets", "--sample", "3"]) == 0
    assert sorted(p.name for p in (folder / "index_files").iterdir()) == ["poses_00000.js", "rows_00000.js"]


def test_only_what_a_gallery_wrote_is_ever_removed(out: Path, tmp_path: Path) -> None:
    folder = tmp_path / "g"
    folder.mkdir()
    (folder / "sheet_900.png").write_text("mine")
    assert main(["gallery", str(out), "--to", str(folder), "--per-sheet", "4"]) == 0
    assert main(["gallery", str(out), "--to", str(folder), "--per-sheet", "100", "--no-page"]) == 0
    assert sorted(p.name for p in folder.iterdir() if not p.name.startswith(".")) == [
        "index.html",
        "index_files",
        "sheet_001.png",
        "sheet_900.png",
    ]


def test_the_contact_sheet_shows_the_pictures_in_order(out: Path, tmp_path: Path) -> None:
    from posepipe.picture import sheet

    folder = tmp_path / "g"
    assert (
        main(["gallery", str(out), "--to", str(folder), "--no-page", "--search", "a person", "--status", "done"]) == 0
    )
    made = np.asarray(Image.open(folder / "sheet_001.png"))
    captions = chosen(out, search="a person", status="done")
    assert captions[:2] == ["A person waving", "A person sitting down"]
    for number, caption in enumerate(captions[:2]):
        alone = sheet([out / f"{caption[9:].replace(' ', '_')}.png"], labels=[f"{caption} [bones]"])
        left = 252 * number
        assert np.array_equal(made[:310, left : left + 252], np.asarray(Image.open(io.BytesIO(alone)))[:310, :252])
    assert made.shape[1] == min(len(captions), columns_for(48)) * 252 + 12


def test_failed_poses_stand_on_a_sheet_with_their_class(out: Path, tmp_path: Path) -> None:
    assert main(["gallery", str(out), "--to", str(tmp_path / "g"), "--status", "failed"]) == 0
    (rows,) = parts(tmp_path / "g", "rows")
    assert sorted(rows["error_type"]) == ["NonFinitePose", "ZeroDivisionError"]
    assert (tmp_path / "g" / "sheet_001.png").read_bytes().startswith(b"\x89PNG")


def test_search_wants_all_words_in_any_case(out: Path) -> None:
    assert chosen(out, search="WAVING") == ["A person waving"]
    assert chosen(out, search="person   STANDing calmly") == [
        "A person standing calmly 0",
        "A person standing calmly 1",
    ]
    assert chosen(out, search="strasse") == [text for text in CAPTIONS if "Straße" in text]
    assert chosen(out, search="waving elephant") == []
    assert chosen(out, search='"in fear" -1') == ["A person standing in fear 0"]
    assert chosen(out, search="standing_in_fear_1") == ["A person standing in fear 1"]
    assert chosen(out) == CAPTIONS


def test_filters_by_status_and_flag(out: Path) -> None:
    table = manifest.newest(manifest.read_table(out.parent / "manifest"))
    flags = pa.array(["", None, "bones", "bones,unsure", *[""] * (len(table) - 4)], pa.string())
    table = table.set_column(table.column_names.index("flags"), "flags", flags)
    assert len(choose(table, Selection(flag="any"))) == 2
    assert len(choose(table, Selection(flag="unsure"))) == 1
    assert len(choose(table, Selection(flag="bone"))) == 0
    assert len(choose(table, Selection(status="failed"))) == 2


def test_a_search_that_begins_with_a_minus(out: Path, tmp_path: Path) -> None:
    assert main(["gallery", str(out), "--to", str(tmp_path / "g"), "--no-sheets", "--search=-person"]) == 0
    (rows,) = parts(tmp_path / "g", "rows")
    assert rows["caption"] == [text for text in CAPTIONS if "person" not in text.casefold()]


def test_a_draw_is_the_same_again_and_hardly_changes_as_the_run_goes_on(out: Path) -> None:
    three = chosen(out, count=3)
    assert chosen(out, count=3) == three
    assert set(three) < set(chosen(out, count=4))
    assert three == sorted(three, key=CAPTIONS.index)
    assert {tuple(chosen(out, count=3, seed=seed)) for seed in range(5)} > {tuple(three)}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere"], "no such folder"),
        (["{out}", "--search", "zebra"], "no pose matches"),
        (["{out}", "--to", "{out}/inside"], "stray"),
        (["{out}", "--to", "{out}"], "stray"),
        (["{out}", "--to", "{out}/waving.png"], "stray"),
        (["{out}", "--manifest", "{out}/nothing"], "no manifest there"),
    ],
)
def test_what_cannot_be_is_one_line(
    out: Path, arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["gallery", *(part.format(out=out) for part in arguments)]) == 2
    error = capsys.readouterr().err
    assert words in error
    assert error.count("\n") == 1


@pytest.mark.parametrize("options", [["--no-page", "--no-sheets"], ["--per-sheet", "0"], ["--per-sheet", "5000"]])
def test_bad_options_end_with_two(out: Path, options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["gallery", str(out), *options]) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"posepipe: {options[0]} ")
    assert error.count("\n") == 1


def test_links_are_left_as_they_are_named(tmp_path: Path) -> None:
    disk = tmp_path / "disk" / "deep" / "poses"
    disk.mkdir(parents=True)
    (tmp_path / "SinglePose").symlink_to(disk)
    assert gallery_path(tmp_path / "SinglePose", None) == tmp_path / "SinglePose_gallery"
    assert gallery_path(disk, f"{disk}/.gallery") == disk / ".gallery"
    with pytest.raises(ConfigError):
        gallery_path(tmp_path / "SinglePose", str(disk / "g"))
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError):
        gallery_path(disk, str(tmp_path / "file"))


def test_hostile_captions_are_among_those_tested() -> None:
    assert set(HOSTILE) <= set(CAPTIONS)
