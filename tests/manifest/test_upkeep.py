"""Upkeep: set aside, tidy, merge, delete replaced fragments."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from recorded_syncs import recorded

from manifests import in_order, row, write_six
from posepipe import manifest
from posepipe.errors import DamagedFragment, RefusedError
from posepipe.manifest import upkeep
from posepipe.manifest.fragments import replaced_by
from posepipe.storage.folders import LocalFolder


def test_torn_and_foreign_files_are_named_and_set_aside(tmp_path: Path) -> None:
    whole = tmp_path / manifest.write_fragment(tmp_path, [row("a")], "x", fsync=False)
    torn = tmp_path / "torn.parquet"
    torn.write_bytes(whole.read_bytes()[:-20])
    foreign = tmp_path / "foreign.parquet"
    pq.write_table(pa.table({"x": [1]}), foreign)
    table, found = manifest.inspect(tmp_path, ["caption_id"])
    assert table["caption_id"].to_pylist() == ["a"]
    assert {each.path: type(each.error) for each in found} == {torn: DamagedFragment, foreign: RefusedError}
    place = manifest.set_aside(tmp_path, [each.path.name for each in found])
    assert len(list(place.iterdir())) == 2
    assert len(pd.read_parquet(tmp_path)) == len(pl.read_parquet(tmp_path)) == 1


def test_leftovers_are_invisible_and_tidied(tmp_path: Path) -> None:
    manifest.write_fragment(tmp_path, [row("a")], "x", fsync=False)
    left = LocalFolder(tmp_path).beside().path / "y-0123456789abcdef.parquet.tmp"
    left.write_bytes(b"half")
    assert len(pd.read_parquet(tmp_path)) == len(pl.read_parquet(tmp_path)) == 1
    assert manifest.tidy(tmp_path) == 1
    assert not left.exists()


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


def test_an_unreadable_fragment_is_neither_merged_nor_deleted(tmp_path: Path) -> None:
    write_six(tmp_path)
    torn = tmp_path / manifest.list_fragments(tmp_path)[0]
    torn.write_bytes(torn.read_bytes()[:-20])
    with pytest.raises(DamagedFragment):
        manifest.compact(tmp_path, fsync=False, above=1)
    assert manifest.sweep(tmp_path, after=0) == 0
    assert len(manifest.list_fragments(tmp_path)) == 6


def test_fragments_count_again_when_the_merged_one_is_broken(tmp_path: Path) -> None:
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


def test_a_reader_that_has_listed_the_folder_can_still_open_replaced_fragments(tmp_path: Path) -> None:
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


def test_failed_rows_have_row_groups_of_their_own_after_a_compaction(tmp_path: Path) -> None:
    for number in range(4):
        rows = [row(f"{number}{place}", status="failed" if place == 2 else "done") for place in range(5)]
        manifest.write_fragment(tmp_path, rows, "x", fsync=False)
    manifest.compact(tmp_path, fsync=False, above=1)
    (name,) = manifest.list_fragments(tmp_path)
    place = manifest.SCHEMA.names.index("status")
    groups = [pq.read_metadata(tmp_path / name).row_group(group).column(place).statistics for group in range(2)]
    assert [(group.min, group.max) for group in groups] == [("done", "done"), ("failed", "failed")]
    assert set(manifest.read_manifest(tmp_path, status="failed")["caption_id"]) == {"02", "12", "22", "32"}


def test_a_file_can_be_set_aside_twice(tmp_path: Path) -> None:
    for content in ("1", "2"):
        (tmp_path / "torn.parquet").write_text(content)
        place = manifest.set_aside(tmp_path, ["torn.parquet"])
    assert place == tmp_path.parent / f".{tmp_path.name}.posepipe" / "set-aside"
    assert sorted(path.read_text() for path in place.iterdir()) == ["1", "2"]
    assert all(re.fullmatch(r"torn\.parquet\.[0-9a-f]{8}", path.name) for path in place.iterdir())


def test_only_unfinished_fragments_are_tidied(tmp_path: Path) -> None:
    folder = tmp_path / "m"
    folder.mkdir()
    beside = LocalFolder(folder).beside().path
    kept = ["mine.tmp", ".x.tmp", "z.parquet", ".y.parquet.tmp", "x-0123456789abcdef.parquet"]
    for name in (*kept, ".y-01234567.parquet.tmp"):
        (folder / name).touch()
    for name in ("x-0123456789abcdef.parquet.tmp", "notes.tmp"):
        (beside / name).touch()
    assert manifest.tidy(folder) == 2
    assert sorted(path.name for path in folder.iterdir()) == sorted(kept)
    assert [path.name for path in beside.iterdir()] == ["notes.tmp"]


@pytest.mark.parametrize(
    ("counts", "portions"),
    [
        ([], []),
        ([1], []),
        ([5], []),
        ([1, 1], [[0, 1]]),
        ([2, 1, 1], [[0, 1]]),
        ([2, 1, 1, 1], [[0, 1], [2, 3]]),
        ([5, 1, 1], [[0, 1]]),
        ([1, 1, 1, 5, 5], [[0, 1, 2], [3, 4]]),
    ],
)
def test_portions_have_two_fragments_or_more(counts: list[int], portions: list[list[int]]) -> None:
    named = [(str(number), count) for number, count in enumerate(counts)]
    assert [[int(name) for name in portion] for portion in upkeep._portions(named, 3)] == portions


def write(folder: Path, *sizes: int) -> list[str]:
    return [
        manifest.write_fragment(folder, [row(f"{place}-{n}") for n in range(size)], f"{place}", fsync=False)
        for place, size in enumerate(sizes)
    ]


def test_a_fragment_of_half_the_size_is_left_alone(tmp_path: Path) -> None:
    names = write(tmp_path, 5, 4, 4, 6)
    for above in (2, 3):
        assert manifest.compact(tmp_path, fsync=False, above=above, rows=10) == 0, "only two are small"
    assert manifest.list_fragments(tmp_path) == names
    assert manifest.compact(tmp_path, fsync=False, above=1, rows=10) == 2
    (merged,) = set(manifest.list_fragments(tmp_path)) - {names[0], names[3]}
    assert replaced_by(LocalFolder(tmp_path), merged)[1] == names[1:3]
    assert manifest.compact(tmp_path, fsync=False, above=1, rows=10) == 0, "the merged one has eight rows"


def test_by_default_nothing_is_merged_below_a_thousand_fragments(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = write(tmp_path, 1, 1, 1)
    assert manifest.compact(tmp_path, fsync=False) == 0
    listed = [f"{n}.parquet" for n in range(1001)]
    counted: list[int] = []

    def count(folder: LocalFolder, read: object) -> list[tuple[str, int]]:
        counted.append(1)
        return []

    monkeypatch.setattr(upkeep, "each_fragment", count)
    monkeypatch.setattr(upkeep, "list_fragments", lambda folder: listed[: 1000 + len(counted)])
    manifest.compact(tmp_path, fsync=False)
    assert counted == []
    counted.append(1)
    manifest.compact(tmp_path, fsync=False)
    assert counted == [1, 1]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names)


def test_a_merged_fragment_is_forced_to_disk_on_request(tmp_path: Path) -> None:
    for fsync in (True, False):
        folder = tmp_path / str(fsync)
        write(folder, 1, 1)
        with recorded() as events:
            manifest.compact(folder, fsync=fsync, above=1)
        assert [what for what, _ in events] == (["sync", "move", "sync"] if fsync else ["move"])


def test_nothing_is_merged_where_a_fragment_is_torn_by_now(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = write(tmp_path, 1, 1, 1)
    read = upkeep.read_fragment

    def torn(folder: LocalFolder, name: str, how: object) -> object:
        if name == names[1]:
            raise DamagedFragment("torn")
        return read(folder, name, how)  # type: ignore[arg-type]

    monkeypatch.setattr(upkeep, "read_fragment", torn)
    with pytest.raises(DamagedFragment):
        manifest.compact(tmp_path, fsync=False, above=1)
    assert manifest.list_fragments(tmp_path) == names


def test_a_row_without_a_status_is_kept(tmp_path: Path) -> None:
    for status in (None, "failed"):
        manifest.write_fragment(tmp_path, [row(f"{status}", status=status)], "x", fsync=False)
    assert manifest.compact(tmp_path, fsync=False, above=1) == 2
    (name,) = manifest.list_fragments(tmp_path)
    assert pq.read_table(tmp_path / name)["status"].to_pylist() == [None, "failed"]


def test_a_replaced_fragment_is_deleted_after_an_hour(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = write(tmp_path, 1, 1)
    now = 1e9
    monkeypatch.setattr("time.time", lambda: now)
    manifest.compact(tmp_path, fsync=False, above=1)
    (merged,) = manifest.list_fragments(tmp_path)
    assert replaced_by(LocalFolder(tmp_path), merged) == (1e9, names)
    now += 3599.0
    assert manifest.sweep(tmp_path) == 0
    assert manifest.sweep(tmp_path, after=3600.0) == 0
    now += 1.0
    assert manifest.sweep(tmp_path) == 2
    assert [path.name for path in tmp_path.iterdir()] == [merged]


def test_a_name_that_is_gone_already_is_not_counted(tmp_path: Path) -> None:
    names = write(tmp_path, 1, 1)
    manifest.compact(tmp_path, fsync=False, above=1)
    (tmp_path / names[0]).unlink()
    assert manifest.sweep(tmp_path, after=0) == 1
