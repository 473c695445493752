"""Captions in Parquet files."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from posepipe.captions.reading import read_captions
from posepipe.errors import InputError


def write(path: Path, **columns: pa.Array) -> Path:
    pq.write_table(pa.table(columns), path)
    return path


def test_lengths_missing_values_and_the_column(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.parquet",
        Prompt=pa.array(["A", None, "N/A", "B"]),
        frames=pa.array([60.0, 1.0, 1.0, None]),
        pose=pa.array(["C", "D", "E", "F"]),
    )
    captions = read_captions(path)
    assert captions.caption == ["A", "B"]
    assert captions.frames.tolist() == [60, 0]
    assert [(line.line, line.reason) for line in captions.unusable] == [(2, "nothing left"), (3, "no value")]
    assert captions.inputs[0].how == "Parquet, column Prompt"
    assert read_captions(path, column="pose").caption == ["C", "D", "E", "F"]


def test_lists_of_captions(tmp_path: Path) -> None:
    path = write(tmp_path / "a.parquet", caption=pa.array([["A", "B"], [], None, ["C"]]))
    captions = read_captions(path)
    assert captions.caption == ["A", "B", "C"]
    assert captions.line.tolist() == [1, 1, 4]
    assert captions.unusable_count == 2


def test_columns_that_hold_no_text(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="column `caption` is list<"):
        read_captions(write(tmp_path / "a.parquet", caption=pa.array([[1]])))
    with pytest.raises(InputError, match="--encoding utf-8 has no effect: the input is Parquet"):
        read_captions(write(tmp_path / "a.parquet", caption=pa.array(["A"])), encoding="utf-8")
