"""Fragments: written whole, listed without replaced ones."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from recorded_syncs import recorded

from manifests import row
from posepipe import manifest
from posepipe.errors import ManifestError
from posepipe.manifest import fragments
from posepipe.manifest.fragments import COMPACTED, REPLACED_AT, REPLACES, list_all, replaced_by, write_tables
from posepipe.storage.folders import LocalFolder


def test_pandas_reads_the_folder_with_all_columns_in_their_types(tmp_path: Path) -> None:
    manifest.write_fragment(tmp_path, [row("a", error_type=None)], "one", fsync=True)
    manifest.write_fragment(tmp_path, [row("b", status="failed", error_type="WorkerDied")], "two", fsync=False)
    frame = pd.read_parquet(tmp_path)
    assert list(frame.columns) == manifest.SCHEMA.names
    assert set(frame.caption_id) == {"a", "b"}
    for name in manifest.list_fragments(tmp_path):
        assert pq.read_schema(tmp_path / name).equals(manifest.SCHEMA, check_metadata=False)


def test_a_failed_write_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises((pa.ArrowException, TypeError, ValueError)):
        manifest.write_fragment(tmp_path, [row("a", line="not a number")], "x", fsync=False)
    assert list(tmp_path.iterdir()) == []


def table_of(*ids: str) -> pa.Table:
    return pa.Table.from_pylist([row(each) for each in ids], schema=manifest.SCHEMA)


def test_a_fragment_has_its_checksum_in_its_name_and_the_version_in_its_metadata(tmp_path: Path) -> None:
    names = [manifest.write_fragment(tmp_path / "m", [row("a")], "run-000001", fsync=False) for _ in range(2)]
    assert len(set(names)) == 1, "the same rows give the same fragment"
    content = (tmp_path / "m" / names[0]).read_bytes()
    assert names[0] == f"run-000001-{hashlib.sha256(content).hexdigest()[:16]}.parquet"
    other = manifest.write_fragment(tmp_path / "m", [row("b")], "run-000001", fsync=False)
    assert set(manifest.list_fragments(tmp_path / "m")) == {names[0], other}
    file = pq.ParquetFile(tmp_path / "m" / names[0])
    assert file.schema_arrow.metadata[b"posepipe_schema"] == str(manifest.SCHEMA_VERSION).encode()
    assert file.metadata.row_group(0).column(0).compression == "ZSTD"


def test_rows_may_be_a_table_and_missing_columns_become_null(tmp_path: Path) -> None:
    manifest.write_fragment(tmp_path, table_of("a", "b"), "x", fsync=False)
    manifest.write_fragment(tmp_path, [{"caption_id": "c"}], "y", fsync=False)
    frame = pd.read_parquet(tmp_path).set_index("caption_id")
    assert list(frame.index) == ["a", "b", "c"]
    assert frame.loc["c"].isna().all()


@pytest.mark.parametrize(("fsync", "events"), [(True, ["sync", "move", "sync"]), (False, ["move"])])
def test_a_fragment_is_forced_to_disk_on_request(tmp_path: Path, fsync: bool, events: list[str]) -> None:
    with recorded() as found:
        manifest.write_fragment(tmp_path, [row("a")], "x", fsync=fsync)
    assert [what for what, _ in found] == events


def test_row_groups_have_a_size_limit_and_parts_have_groups_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fragments, "ROW_GROUP", 2)
    name = write_tables(LocalFolder(tmp_path), [table_of(*"abc"), table_of("d")], "x", {b"note": b"1"}, fsync=False)
    about = pq.read_metadata(tmp_path / name)
    assert [about.row_group(group).num_rows for group in range(about.num_row_groups)] == [2, 1, 1]
    assert about.metadata[b"note"] == b"1"


def test_fragments_are_the_visible_parquet_files(tmp_path: Path) -> None:
    for name in ("b.parquet", "a.parquet", ".hidden.parquet", "_metadata.parquet", "notes.txt", "c.parquet.tmp"):
        (tmp_path / name).touch()
    assert manifest.list_fragments(tmp_path) == ["a.parquet", "b.parquet"]
    assert manifest.list_fragments(tmp_path / "none") == []
    with pytest.raises(ManifestError, match="a manifest is a folder of Parquet files, this is a file"):
        manifest.list_fragments(tmp_path / "a.parquet")


def test_a_merged_fragment_names_what_it_replaces(tmp_path: Path) -> None:
    folder = LocalFolder(tmp_path)
    old = manifest.write_fragment(tmp_path, [row("a")], "x", fsync=False)
    notes = {REPLACES: f'["{old}"]'.encode(), REPLACED_AT: b"12.5"}
    merged = write_tables(folder, [table_of("a")], COMPACTED, notes, fsync=False)
    assert replaced_by(folder, merged) == (12.5, [old])
    assert manifest.list_fragments(tmp_path) == [merged]
    assert list_all(folder) == sorted([merged, old])
    plain = write_tables(folder, [table_of("a")], COMPACTED, {}, fsync=False)
    assert replaced_by(folder, plain) == (0.0, [])


def test_only_a_sound_merged_fragment_replaces_others(tmp_path: Path) -> None:
    folder = LocalFolder(tmp_path)
    notes = {REPLACES: b'["y.parquet"]', REPLACED_AT: b"12.5"}
    (tmp_path / "y.parquet").touch()
    not_merged = write_tables(folder, [table_of("a")], "x", notes, fsync=False)
    assert replaced_by(folder, not_merged) == (0.0, [])
    (tmp_path / f"{COMPACTED}-1.parquet").write_bytes(b"PAR1")
    assert replaced_by(folder, f"{COMPACTED}-1.parquet") == (0.0, [])
    assert replaced_by(folder, f"{COMPACTED}-2.parquet") == (0.0, [])
    write_tables(folder, [table_of("a")], COMPACTED, {REPLACES: b"no JSON"}, fsync=False)
    assert "y.parquet" in manifest.list_fragments(tmp_path)
