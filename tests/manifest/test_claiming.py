"""Claiming: whose manifest it is, and the columns of a manifest without rows."""

from __future__ import annotations

import json
import re
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from recorded_syncs import recorded

from manifests import row
from posepipe import manifest
from posepipe.errors import DamagedFragment, ManifestError, RefusedError
from posepipe.storage.owners import RECORD as OLD_RECORD


def test_a_manifest_belongs_to_one_final_dir(tmp_path: Path) -> None:
    manifest.claim(tmp_path / "m", tmp_path / "out")
    manifest.claim(tmp_path / "m", tmp_path / "out")
    with pytest.raises(RefusedError, match=r"belongs to .*out, not to .*other; give --manifest"):
        manifest.claim(tmp_path / "m", tmp_path / "other")


def test_the_owner_is_recorded_as_an_absolute_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert manifest.owner_of("m") is None
    with recorded() as events:
        manifest.claim("m", "out")
    assert [what for what, _ in events] == ["sync", "move", "sync"]
    assert manifest.owner_of("m") == str(tmp_path / "out")
    with recorded() as events:
        manifest.claim(tmp_path / "m", tmp_path / "out")
    assert events == [], "a second claim by the same folder writes nothing"


def test_a_claimed_manifest_is_an_empty_table_for_every_reader(tmp_path: Path) -> None:
    folder = tmp_path / "m"
    manifest.claim(folder, tmp_path / "out")
    for frame in (
        pd.read_parquet(folder),
        pl.read_parquet(folder).to_pandas(),
        duckdb.sql(f"select * from '{folder}/*.parquet'").df(),
        manifest.read_manifest(folder),
    ):
        assert len(frame) == 0
        assert list(frame.columns) == manifest.SCHEMA.names
    assert pd.read_parquet(folder).dtypes["finished_at"] == "datetime64[us, UTC]"


def test_the_head_is_no_fragment_of_rows_and_is_not_merged(tmp_path: Path) -> None:
    manifest.claim(tmp_path / "m", tmp_path / "out")
    (head,) = [path.name for path in (tmp_path / "m").iterdir()]
    assert manifest.list_fragments(tmp_path / "m") == []
    for each in "ab":
        manifest.write_fragment(tmp_path / "m", [row(each)], each, fsync=False)
    assert manifest.compact(tmp_path / "m", fsync=False, above=1) == 2
    assert manifest.sweep(tmp_path / "m", after=0) == 2
    assert manifest.owner_of(tmp_path / "m") == str(tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "m").iterdir())[0] == head


def test_all_columns_are_read_beside_fragments_of_an_earlier_version(tmp_path: Path) -> None:
    folder = tmp_path / "m"
    folder.mkdir()
    table = pa.Table.from_pylist([row("a")], schema=manifest.SCHEMA).drop_columns(["pinned", "source"])
    pq.write_table(table, folder / "2025-01234567.parquet")
    manifest.claim(folder, tmp_path / "out")
    manifest.write_fragment(folder, [row("b", source="c.txt")], "2026", fsync=False)
    for frame in (
        pd.read_parquet(folder),
        pl.read_parquet(folder, missing_columns="insert").to_pandas(),
        duckdb.sql(f"select * from read_parquet('{folder}/*.parquet', union_by_name = true)").df(),
    ):
        assert list(frame.columns) == manifest.SCHEMA.names
        assert frame.set_index("caption_id")["source"].fillna("").to_dict() == {"a": "", "b": "c.txt"}


def test_a_head_with_fewer_columns_is_replaced(tmp_path: Path) -> None:
    manifest.claim(tmp_path / "m", tmp_path / "out")
    (head,) = (tmp_path / "m").iterdir()
    schema = pq.read_schema(head)
    old = tmp_path / "m" / "0-manifest-01234567.parquet"
    pq.write_table(schema.remove(schema.get_field_index("pinned")).empty_table(), old)
    head.unlink()
    manifest.claim(tmp_path / "m", tmp_path / "out")
    assert not old.exists()
    assert list(pd.read_parquet(tmp_path / "m").columns) == manifest.SCHEMA.names
    assert manifest.owner_of(tmp_path / "m") == str(tmp_path / "out")


def test_a_damaged_head_is_named(tmp_path: Path) -> None:
    manifest.claim(tmp_path / "m", tmp_path / "out")
    (head,) = (tmp_path / "m").iterdir()
    head.write_bytes(head.read_bytes().replace(b"out", b"our"))
    for look in (manifest.owner_of, lambda folder: manifest.claim(folder, tmp_path / "out")):
        with pytest.raises(DamagedFragment, match=f"{re.escape(str(head))}: damaged"):
            look(tmp_path / "m")


def test_the_record_of_earlier_versions_is_read_and_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "m"
    folder.mkdir()
    (folder / OLD_RECORD).write_text(json.dumps({"final_dir": str(tmp_path / "out"), "schema": 2}))
    assert manifest.owner_of(folder) == str(tmp_path / "out")
    with pytest.raises(RefusedError, match="belongs to"):
        manifest.claim(folder, tmp_path / "other")
    assert (folder / OLD_RECORD).exists()
    manifest.claim(folder, tmp_path / "out")
    assert not (folder / OLD_RECORD).exists()
    assert len(pl.read_parquet(folder)) == 0
    assert manifest.owner_of(folder) == str(tmp_path / "out")


@pytest.mark.parametrize("record", [b"no JSON", b"{}", b"[1]", b"\xff"])
def test_a_record_that_cannot_be_read_is_named(tmp_path: Path, record: bytes) -> None:
    (tmp_path / OLD_RECORD).write_bytes(record)
    for look in (manifest.owner_of, lambda folder: manifest.claim(folder, tmp_path / "out")):
        with pytest.raises(ManifestError, match=rf"{re.escape(OLD_RECORD)}: cannot be read .*remove it"):
            look(tmp_path)
    assert (tmp_path / OLD_RECORD).read_bytes() == record
