"""The manifest: fragments, newest rows, foreign files, versions, compaction."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posepipe import manifest
from posepipe.errors import ManifestError, RefusedError, VersionMismatch
from posepipe.manifest import fragments, reading
from posepipe.manifest.index import COLUMNS, read_index

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def row(caption_id: str, minute: int = 0, **more: Any) -> dict[str, Any]:
    finished = NOW + timedelta(minutes=minute)
    return {"caption_id": caption_id, "variant": 0, "status": "done", "finished_at": finished, **more}


def test_pandas_reads_the_folder_with_all_columns_in_their_types(tmp_path: Path) -> None:
    manifest.write_fragment(tmp_path, [row("a", error_type=None)], "one", fsync=True)
    manifest.write_fragment(tmp_path, [row("b", status="failed", error_type="WorkerDied")], "two", fsync=False)
    frame = pd.read_parquet(tmp_path)
    assert list(frame.columns) == manifest.SCHEMA.names
    assert set(frame.caption_id) == {"a", "b"}
    for name in manifest.list_fragments(tmp_path):
        assert pq.read_schema(tmp_path / name).equals(manifest.SCHEMA, check_metadata=False)


def test_the_newest_row_of_each_variant_counts(tmp_path: Path) -> None:
    manifest.write_fragment(tmp_path, [row("a", 5, status="failed"), row("a", 1, variant=1)], "b", fsync=False)
    manifest.write_fragment(tmp_path, [row("a", 9, attempts=2), row("b")], "a", fsync=False)
    frame = manifest.read_manifest(tmp_path).set_index(["caption_id", "variant"])
    assert len(frame) == 3
    assert frame.loc[("a", 0), "status"] == "done"
    assert frame.loc[("a", 0), "attempts"] == 2


def test_columns_can_be_chosen_and_wrong_ones_are_named(tmp_path: Path) -> None:
    manifest.write_fragment(tmp_path, [row("a")], "x", fsync=False)
    assert list(manifest.read_manifest(tmp_path, ["stem", "status"]).columns) == ["stem", "status"]
    with pytest.raises(ManifestError, match="no column statues"):
        manifest.read_manifest(tmp_path, ["statues"])
    with pytest.raises(ManifestError, match="no manifest there"):
        manifest.read_manifest(tmp_path / "none")


def test_torn_and_foreign_files_are_named_and_set_aside(tmp_path: Path) -> None:
    whole = tmp_path / manifest.write_fragment(tmp_path, [row("a")], "x", fsync=False)
    torn = tmp_path / "torn.parquet"
    torn.write_bytes(whole.read_bytes()[:-20])
    foreign = tmp_path / "foreign.parquet"
    pq.write_table(pa.table({"x": [1]}), foreign)
    table, bad = manifest.read_table(tmp_path)
    assert table["caption_id"].to_pylist() == ["a"]
    assert {path for path, _ in bad} == {torn, foreign}
    assert {path for path, _ in read_index(tmp_path).unreadable} == {torn, foreign}
    place = manifest.set_aside(tmp_path, [path.name for path, _ in bad])
    assert len(list(place.iterdir())) == 2
    assert len(pd.read_parquet(tmp_path)) == 1


def test_a_newer_schema_is_refused_and_an_older_one_read(tmp_path: Path) -> None:
    newer = manifest.SCHEMA.with_metadata({"posepipe_schema": str(manifest.SCHEMA_VERSION + 1)})
    table = pa.Table.from_pylist([row("a")], schema=manifest.SCHEMA)
    pq.write_table(table.cast(newer), tmp_path / "newer.parquet")
    with pytest.raises(VersionMismatch, match="update posepipe"):
        manifest.read_table(tmp_path)
    (tmp_path / "newer.parquet").unlink()
    pq.write_table(table.drop_columns(["flags", "bytes"]), tmp_path / "older.parquet")
    frame = manifest.read_manifest(tmp_path)
    assert list(frame.columns) == manifest.SCHEMA.names
    assert frame["flags"].isna().all()


def test_version_1_which_had_no_source_is_read_beside_version_2(tmp_path: Path) -> None:
    table = pa.Table.from_pylist([row("a"), row("b")], schema=manifest.SCHEMA).drop_columns(["source"])
    pq.write_table(table.replace_schema_metadata({"posepipe_schema": "1"}), tmp_path / "1.parquet")
    manifest.write_fragment(tmp_path, [row("b", source="captions.txt"), row("c", source="more.md")], "x", fsync=False)
    frame = manifest.read_manifest(tmp_path).set_index("caption_id")
    assert frame["source"].fillna("").to_dict() == {"a": "", "b": "captions.txt", "c": "more.md"}
    assert manifest.read_table(tmp_path)[1] == []
    assert len(pd.read_parquet(tmp_path)) == 4


def test_a_failed_write_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises((pa.ArrowException, TypeError, ValueError)):
        manifest.write_fragment(tmp_path, [row("a", line="not a number")], "x", fsync=False)
    assert list(tmp_path.iterdir()) == []


def test_leftovers_are_invisible_and_tidied(tmp_path: Path) -> None:
    manifest.write_fragment(tmp_path, [row("a")], "x", fsync=False)
    (tmp_path / ".y-123.tmp").write_bytes(b"half")
    assert len(pd.read_parquet(tmp_path)) == 1
    assert manifest.tidy(tmp_path) == 1
    assert not (tmp_path / ".y-123.tmp").exists()


def write_six(folder: Path) -> None:
    for minute in range(6):
        manifest.write_fragment(folder, [row("a", minute, attempts=minute), row(f"b{minute}")], "x", fsync=False)


def in_order(folder: Path) -> pd.DataFrame:
    return manifest.read_manifest(folder).sort_values("caption_id").reset_index(drop=True)


def test_compaction_keeps_the_newest_rows(tmp_path: Path) -> None:
    write_six(tmp_path)
    before = in_order(tmp_path)
    assert manifest.compact(tmp_path, fsync=False, above=6) == 0
    assert manifest.compact(tmp_path, fsync=False, above=5) == 6
    assert len(manifest.list_fragments(tmp_path)) == 1
    pd.testing.assert_frame_equal(before, in_order(tmp_path))
    assert manifest.sweep(tmp_path, after=0) == 6
    pd.testing.assert_frame_equal(before, in_order(tmp_path))
    assert len(pd.read_parquet(tmp_path)) == 7
    assert manifest.sweep(tmp_path, after=0) == 0


def test_compaction_again_leaves_large_fragments_alone(tmp_path: Path) -> None:
    for generation in range(4):
        for number in range(6):
            manifest.write_fragment(tmp_path, [row(f"{generation}{number}", generation)], "x", fsync=False)
        assert manifest.compact(tmp_path, fsync=False, above=4, rows=6) == 6
    assert len(manifest.list_fragments(tmp_path)) == 4
    assert len(manifest.read_manifest(tmp_path)) == 24
    assert manifest.sweep(tmp_path, after=0) == 24
    assert len(manifest.read_manifest(tmp_path)) == 24


def test_a_merged_fragment_is_merged_and_swept_like_any_other(tmp_path: Path) -> None:
    write_six(tmp_path)
    manifest.compact(tmp_path, fsync=False, above=1)
    manifest.write_fragment(tmp_path, [row("a", 9, attempts=9)], "y", fsync=False)
    before = in_order(tmp_path)
    assert manifest.compact(tmp_path, fsync=False, above=1) == 2
    pd.testing.assert_frame_equal(before, in_order(tmp_path))
    assert manifest.sweep(tmp_path, after=0) == 8
    pd.testing.assert_frame_equal(before, in_order(tmp_path))


def test_what_cannot_be_read_is_neither_merged_nor_swept(tmp_path: Path) -> None:
    write_six(tmp_path)
    torn = tmp_path / manifest.list_fragments(tmp_path)[0]
    torn.write_bytes(torn.read_bytes()[:-20])
    assert manifest.compact(tmp_path, fsync=False, above=1) == 5
    assert manifest.sweep(tmp_path, after=0) == 5
    assert torn.name in manifest.list_fragments(tmp_path)


def test_what_a_broken_merged_fragment_replaces_counts_again(tmp_path: Path) -> None:
    write_six(tmp_path)
    before = in_order(tmp_path)
    manifest.compact(tmp_path, fsync=False, above=1)
    manifest.set_aside(tmp_path, manifest.list_fragments(tmp_path))
    pd.testing.assert_frame_equal(before, in_order(tmp_path))


READER = """
import sys
import pyarrow.dataset, pyarrow.parquet
files = pyarrow.dataset.dataset(sys.argv[1], format="parquet").files
print("listed", flush=True)
input()
print(sum(pyarrow.parquet.ParquetFile(file).read(["caption_id"]).num_rows for file in files))
"""


def test_a_reader_who_has_listed_the_folder_still_finds_what_is_replaced(tmp_path: Path) -> None:
    write_six(tmp_path)
    with subprocess.Popen(
        [sys.executable, "-c", READER, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "listed\n"
        assert manifest.compact(tmp_path, fsync=False, above=1) == 6
        assert manifest.sweep(tmp_path) == 0
        assert reader.communicate("go\n")[0] == "12\n"
    assert reader.returncode == 0


def test_a_reader_of_ours_who_listed_too_long_ago_lists_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_six(tmp_path)
    before, listed = in_order(tmp_path), manifest.list_fragments(tmp_path)
    manifest.compact(tmp_path, fsync=False, above=1)
    manifest.sweep(tmp_path, after=0)
    answers = iter([listed])
    list_again = manifest.list_fragments
    monkeypatch.setattr(reading, "list_fragments", lambda folder: next(answers, None) or list_again(folder))
    pd.testing.assert_frame_equal(before, in_order(tmp_path))


def test_a_link_that_leads_nowhere_is_named(tmp_path: Path) -> None:
    manifest.write_fragment(tmp_path, [row("a")], "x", fsync=False)
    (tmp_path / "y.parquet").symlink_to("nowhere")
    table, bad = manifest.read_table(tmp_path)
    assert (len(table), bad) == (1, [(tmp_path / "y.parquet", "no such file")])


times = st.integers(0, 3)
histories = st.lists(
    st.lists(
        st.tuples(st.sampled_from(["a", "b" * 16, "c" * 16, "C" * 16]), st.integers(0, 1), times, st.booleans()),
        min_size=1,
        max_size=4,
    ),
    max_size=6,
)


@settings(max_examples=40, deadline=None)
@given(histories, st.integers(1, 3))
def test_the_newest_rows_are_those_that_a_dict_keeps(
    history: list[list[tuple[str, int, int, bool]]], merged_after: int
) -> None:
    """Whatever is merged. No two rows are of one time."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.joinpath(".keep").touch()
        kept: dict[tuple[str, int], tuple[int, int]] = {}
        line = 0
        for number, fragment in enumerate(history):
            rows = []
            for caption, variant, minute, done in fragment:
                line += 1
                status = "done" if done else "failed"
                rows.append(row(caption, 100 * minute + line, variant=variant, status=status, line=line))
                kept[caption, variant] = max((minute, line), kept.get((caption, variant), (0, 0)))
            manifest.write_fragment(folder, rows, f"{number}", fsync=False)
        expected = {line for _, line in kept.values()}
        frame = manifest.read_manifest(folder)
        assert set(frame["line"]) == expected
        assert len(frame) == len(kept)
        for status in ("failed", "done"):
            some = manifest.read_manifest(folder, ["line", "stem"], status=status)
            assert sorted(some["line"]) == sorted(frame["line"][frame["status"].eq(status)])
            assert list(some.columns) == ["line", "stem"]
        index = read_index(folder)
        assert {line["line"] for line in index.rows.read(index.table["row"].to_pylist())} == expected
        manifest.compact(folder, fsync=False, above=merged_after, rows=5)
        assert {line["line"] for line in index.rows.read(index.table["row"].to_pylist())} == expected
        pd.testing.assert_frame_equal(
            manifest.read_manifest(folder).sort_values("line").reset_index(drop=True),
            frame.sort_values("line").reset_index(drop=True),
        )


def test_failures_lie_apart_after_a_compaction(tmp_path: Path) -> None:
    for number in range(4):
        rows = [row(f"{number}{place}", status="failed" if place == 2 else "done") for place in range(5)]
        manifest.write_fragment(tmp_path, rows, "x", fsync=False)
    manifest.compact(tmp_path, fsync=False, above=1)
    (name,) = manifest.list_fragments(tmp_path)
    place = manifest.SCHEMA.names.index("status")
    groups = [pq.read_metadata(tmp_path / name).row_group(group).column(place).statistics for group in range(2)]
    assert [(group.min, group.max) for group in groups] == [("done", "done"), ("failed", "failed")]
    assert set(manifest.read_manifest(tmp_path, status="failed")["caption_id"]) == {"02", "12", "22", "32"}


@pytest.mark.parametrize("statistics", [True, False])
def test_what_planning_knows(tmp_path: Path, statistics: bool) -> None:
    rows = [
        row("a" * 16, npy_sha256="1", json_sha256="2", stem="x", settings_id="s"),
        row("b" * 16, npy_sha256="1", status="failed", error_type="KeyError", attempts=3),
        row("c" * 16, 5, npy_sha256="1"),
    ]
    table = pa.Table.from_pylist(rows, schema=manifest.SCHEMA)
    pq.write_table(table, tmp_path / "x.parquet", write_statistics=statistics)
    pq.write_table(table.slice(0, 1).drop_columns(["png_sha256", "stem"]), tmp_path / "older.parquet")
    (tmp_path / "torn.parquet").write_bytes(b"PAR1")
    index = read_index(tmp_path)
    assert [path.name for path, _ in index.unreadable] == ["torn.parquet"]
    columns = index.table.select(["has_npy", "has_json", "has_png", "status", "error_type", "attempts"]).to_pylist()
    assert [list(line.values()) for line in columns] == [
        [True, True, False, "done", None, None],
        [True, False, False, "failed", "KeyError", 3],
        [True, False, False, "done", None, None],
    ]
    assert [line["caption_id"][0] for line in index.rows.read(index.table["row"].to_pylist())] == ["a", "b", "c"]


def test_whole_rows_are_found_by_place_across_fragments_and_row_groups(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fragments, "ROW_GROUP", 3)
    for number in range(3):
        rows = [row(f"{number}{place:015}", line=10 * number + place) for place in range(10)]
        manifest.write_fragment(tmp_path, rows, f"{number}", fsync=False)
    rows = read_index(tmp_path).rows
    places = [29, 0, 7, 15, 14, 2, 21]
    assert [line["line"] for line in rows.read(places)] == places
    assert rows.read([]) == []


def test_nothing_is_known_where_there_is_no_manifest(tmp_path: Path) -> None:
    index = read_index(tmp_path / "none")
    assert (len(index.table), index.unreadable) == (0, [])
    assert index.table.column_names == [*COLUMNS.names, "row"]


def test_a_manifest_belongs_to_one_final_dir(tmp_path: Path) -> None:
    manifest.claim(tmp_path / "m", tmp_path / "out")
    manifest.claim(tmp_path / "m", tmp_path / "out")
    with pytest.raises(RefusedError, match="belongs to"):
        manifest.claim(tmp_path / "m", tmp_path / "other")
