"""The index: what planning knows of each pose, and whole rows on request."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from manifests import row
from posepipe import manifest
from posepipe.manifest import fragments
from posepipe.manifest.index import COLUMNS, read_index


@pytest.mark.parametrize("statistics", [True, False])
def test_the_index_has_the_columns_that_planning_needs(tmp_path: Path, statistics: bool) -> None:
    rows = [
        row("a" * 16, npy_sha256="1", json_sha256="2", stem="x", settings_id="s"),
        row("b" * 16, npy_sha256="1", status="failed", error_type="KeyError", attempts=3),
        row("c" * 16, 5, npy_sha256="1"),
    ]
    table = pa.Table.from_pylist(rows, schema=manifest.SCHEMA)
    pq.write_table(table, tmp_path / "x.parquet", write_statistics=statistics)
    pq.write_table(table.slice(0, 1).drop_columns(["png_sha256", "stem"]), tmp_path / "older.parquet")
    index = read_index(tmp_path)
    columns = index.table.select(["has_npy", "has_json", "has_png", "status", "error_type", "attempts"]).to_pylist()
    assert [list(line.values()) for line in columns] == [
        [True, True, False, "done", None, None],
        [True, False, False, "failed", "KeyError", 3],
        [True, False, False, "done", None, None],
    ]
    assert [line["caption_id"][0] for line in index.rows.read(index.table["row"].to_pylist())] == ["a", "b", "c"]


def test_whole_rows_are_found_by_number_across_fragments_and_row_groups(
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


def test_the_index_is_empty_without_a_manifest(tmp_path: Path) -> None:
    index = read_index(tmp_path / "none")
    assert len(index.table) == 0
    assert index.table.column_names == [*COLUMNS.names, "row", "lost"]
    with pytest.raises(FrozenInstanceError):
        index.table = None  # type: ignore[misc]


def test_words_are_stored_once(tmp_path: Path) -> None:
    for number in range(3):
        manifest.write_fragment(tmp_path, [row(f"{number}", settings_id=f"s{number}")], f"{number}", fsync=False)
    index = read_index(tmp_path)
    assert index.table.select(COLUMNS.names).schema.equals(COLUMNS)
    assert index.table["settings_id"].to_pylist() == ["s0", "s1", "s2"]
    assert all(chunk.dictionary.to_pylist() == ["s0", "s1", "s2"] for chunk in index.table["settings_id"].chunks)


def test_older_rows_are_left_out_and_the_others_keep_their_numbers(tmp_path: Path) -> None:
    manifest.write_fragment(tmp_path, [row("a", 1, line=1), row("b", 1, line=2), row("c", 9, line=3)], "x", fsync=False)
    manifest.write_fragment(tmp_path, [row("b", 2, line=4), row("c", 3, line=5)], "y", fsync=False)
    index = read_index(tmp_path)
    assert index.table["row"].to_pylist() == [0, 2, 3]
    assert index.table["caption_id"].to_pylist() == ["a", "c", "b"]
    assert [found["line"] for found in index.rows.read([3, 0, 2, 3])] == [4, 1, 3, 4]


@pytest.mark.parametrize("statistics", [True, False])
def test_checksums_may_be_there_in_some_row_groups_only(tmp_path: Path, statistics: bool) -> None:
    checksums = ["1", "2", None, None, "3", None]
    rows = [row(f"{n}", n, npy_sha256=value) for n, value in enumerate(checksums)]
    table = pa.Table.from_pylist(rows, schema=manifest.SCHEMA)
    pq.write_table(table, tmp_path / "x.parquet", row_group_size=2, write_statistics=statistics)
    index = read_index(tmp_path)
    assert index.table["has_npy"].to_pylist() == [True, True, False, False, True, False]
    assert index.table["has_json"].to_pylist() == [False] * 6


def test_only_the_row_groups_of_the_wanted_rows_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [row(f"{n}", n, line=n) for n in range(10)]
    pq.write_table(pa.Table.from_pylist(rows, schema=manifest.SCHEMA), tmp_path / "x.parquet", row_group_size=2)
    index = read_index(tmp_path)
    asked: list[list[int]] = []
    read_row_groups = pq.ParquetFile.read_row_groups

    def counted(file: pq.ParquetFile, groups: list[int], columns: list[str]) -> pa.Table:
        asked.append(groups)
        return read_row_groups(file, groups, columns)

    monkeypatch.setattr(pq.ParquetFile, "read_row_groups", counted)
    assert [found["line"] for found in index.rows.read([9, 3, 2])] == [9, 3, 2]
    assert asked == [[1, 4]]
    assert set(index.rows.read([5])[0]) == set(manifest.SCHEMA.names)
