"""The manifest: fragments, newest rows, foreign files, versions, compaction."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from posepipe import manifest
from posepipe.errors import ManifestError, RefusedError, VersionMismatch

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
    for path in manifest.fragments(tmp_path):
        assert pq.read_schema(path).equals(manifest.SCHEMA, check_metadata=False)


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
    whole = manifest.write_fragment(tmp_path, [row("a")], "x", fsync=False)
    torn = tmp_path / "torn.parquet"
    torn.write_bytes(whole.read_bytes()[:-20])
    foreign = tmp_path / "foreign.parquet"
    pq.write_table(pa.table({"x": [1]}), foreign)
    table, bad = manifest.read_table(tmp_path)
    assert table["caption_id"].to_pylist() == ["a"]
    assert {path for path, _ in bad} == {torn, foreign}
    place = manifest.set_aside(tmp_path, [path for path, _ in bad])
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


def test_compaction_keeps_the_newest_rows(tmp_path: Path) -> None:
    for minute in range(6):
        manifest.write_fragment(tmp_path, [row("a", minute, attempts=minute), row(f"b{minute}")], "x", fsync=False)
    before = manifest.read_manifest(tmp_path).sort_values("caption_id").reset_index(drop=True)
    assert manifest.compact(tmp_path, fsync=False, above=6) == 0
    assert manifest.compact(tmp_path, fsync=False, above=5) == 6
    assert len(manifest.fragments(tmp_path)) == 1
    after = manifest.read_manifest(tmp_path).sort_values("caption_id").reset_index(drop=True)
    pd.testing.assert_frame_equal(before, after)


def test_a_manifest_belongs_to_one_final_dir(tmp_path: Path) -> None:
    manifest.claim(tmp_path / "m", tmp_path / "out")
    manifest.claim(tmp_path / "m", tmp_path / "out")
    with pytest.raises(RefusedError, match="belongs to"):
        manifest.claim(tmp_path / "m", tmp_path / "other")
