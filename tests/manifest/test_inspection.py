"""Inspection: every flipped bit is found, and no reader answers with fewer rows."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from manifests import row, write_six
from posepipe import manifest
from posepipe.errors import DamagedFragment, MachineError, RefusedError, VersionMismatch
from posepipe.manifest.index import read_index

FLIPS = 200


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A manifest with a head, fragments, a merged one, and those that it replaces."""
    folder = tmp_path / "m"
    manifest.claim(folder, tmp_path / "out")
    write_six(folder)
    manifest.compact(folder, fsync=False, above=1)
    manifest.write_fragment(folder, [row("c", stem="c"), row("d", status="failed", error="no")], "y", fsync=False)
    return folder


READERS: tuple[Callable[[Path], object], ...] = (
    manifest.read_manifest,
    manifest.read_table,
    lambda folder: manifest.read_manifest(folder, ["stem"], status="failed"),
    read_index,
)


def test_every_flipped_bit_is_found_and_no_reader_answers_with_fewer_rows(folder: Path) -> None:
    chance = random.Random(25)
    files = sorted(folder.iterdir())
    assert len(files) == 9
    before = manifest.read_manifest(folder)
    counted = {folder / name for name in manifest.list_fragments(folder)}
    for _ in range(FLIPS):
        path = chance.choices(files, [file.stat().st_size for file in files])[0]
        content = path.read_bytes()
        changed = bytearray(content)
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
        path.write_bytes(changed)
        _, found = manifest.inspect(folder, ["caption_id"])
        assert path in {each.path for each in found}
        if path in counted:
            for read in READERS:
                with pytest.raises(DamagedFragment, match=path.name):
                    read(folder)
        else:
            pd.testing.assert_frame_equal(manifest.read_manifest(folder), before)
        path.write_bytes(content)
    assert manifest.inspect(folder, ["caption_id"])[1] == []


def test_rows_are_those_of_the_table_and_every_column_is_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: set[str] = set()
    read_row_groups = pq.ParquetFile.read_row_groups

    def noted(file: pq.ParquetFile, groups: list[int], columns: list[str]) -> pa.Table:
        read.update(columns)
        return read_row_groups(file, groups, columns)

    monkeypatch.setattr(pq.ParquetFile, "read_row_groups", noted)
    table, found = manifest.inspect(folder, ["caption_id", "finished_at"])
    assert found == []
    assert read == set(manifest.SCHEMA.names)
    assert table.equals(manifest.read_table(folder, ["caption_id", "finished_at"]))


def test_what_cannot_be_read_is_told_apart(folder: Path) -> None:
    loop = folder / "loop.parquet"
    loop.symlink_to(loop)
    (folder / "nowhere.parquet").symlink_to("none")
    pq.write_table(pa.table({"x": [1]}), folder / "foreign.parquet")
    (folder / "old-01234567.parquet").write_bytes(b"PAR1 and no more")
    table, found = manifest.inspect(folder, ["caption_id"])
    assert len(table) == 9
    assert {each.path.name: type(each.error) for each in found} == {
        "foreign.parquet": RefusedError,
        "loop.parquet": MachineError,
        "nowhere.parquet": DamagedFragment,
        "old-01234567.parquet": DamagedFragment,
    }


def test_a_newer_version_is_refused(folder: Path) -> None:
    newer = manifest.SCHEMA.with_metadata({"posepipe_schema": "99"})
    pq.write_table(newer.empty_table(), folder / "x.parquet")
    with pytest.raises(VersionMismatch):
        manifest.inspect(folder, ["caption_id"])
