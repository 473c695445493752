"""Fragments: written whole, listed without replaced ones."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from manifests import row
from posepipe import manifest


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
