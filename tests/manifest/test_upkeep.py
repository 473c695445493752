"""Upkeep: claim, set aside, tidy, merge, delete replaced fragments."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from manifests import in_order, row, write_six
from posepipe import manifest
from posepipe.errors import RefusedError
from posepipe.manifest.index import read_index


def test_a_manifest_belongs_to_one_final_dir(tmp_path: Path) -> None:
    manifest.claim(tmp_path / "m", tmp_path / "out")
    manifest.claim(tmp_path / "m", tmp_path / "out")
    with pytest.raises(RefusedError, match="belongs to"):
        manifest.claim(tmp_path / "m", tmp_path / "other")


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


def test_leftovers_are_invisible_and_tidied(tmp_path: Path) -> None:
    manifest.write_fragment(tmp_path, [row("a")], "x", fsync=False)
    (tmp_path / ".y-123.tmp").write_bytes(b"half")
    assert len(pd.read_parquet(tmp_path)) == 1
    assert manifest.tidy(tmp_path) == 1
    assert not (tmp_path / ".y-123.tmp").exists()


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
