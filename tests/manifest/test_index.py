"""The index: what planning knows of each pose, and whole rows on request."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from manifests import row
from posepipe import manifest
from posepipe.manifest import fragments
from posepipe.manifest.index import COLUMNS, read_index


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
