"""Readers of all kinds while another process writes and merges fragments: no error, and no row is missing.

``python tests/manifest/test_concurrent_reads.py 300`` reads 300 times with each reader.
"""

from __future__ import annotations

import multiprocessing
import sys
import tempfile
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

import pandas as pd
import polars as pl
import pytest

import posepipe
from posepipe import manifest

ROWS, MERGED_AFTER = 20, 4
READERS: dict[str, Callable[[Path], list[str]]] = {
    "pandas": lambda folder: pd.read_parquet(folder)["caption_id"].tolist(),
    "polars": lambda folder: pl.read_parquet(folder)["caption_id"].to_list(),
    "read_manifest": lambda folder: posepipe.read_manifest(folder)["caption_id"].tolist(),
}


def write(folder: Path, requests: Connection) -> None:
    """For each request say how many rows there are, then write a fragment; merge them now and then."""
    written = 0
    while requests.recv():
        requests.send(written * ROWS)
        rows = [
            {"caption_id": f"{written * ROWS + n:016x}", "variant": 0, "status": "done", "finished_at": None}
            for n in range(ROWS)
        ]
        manifest.write_fragment(folder, rows, f"run-{written:06d}", fsync=False)
        written += 1
        manifest.compact(folder, fsync=False, above=MERGED_AFTER, rows=500)
        manifest.sweep(folder)


def read_while_written(folder: Path, read: Callable[[Path], list[str]], times: int) -> int:
    """Read again and again; returns how many fragments were merged meanwhile."""
    manifest.claim(folder, folder.parent / "out")
    here, there = multiprocessing.Pipe()
    writer = multiprocessing.get_context("spawn").Process(target=write, args=(folder, there))
    writer.start()
    try:
        for _ in range(times):
            here.send(True)
            before = here.recv()
            found = read(folder)
            missing = {f"{number:016x}" for number in range(before)} - set(found)
            assert not missing, f"{len(missing)} of {before} rows are missing"
        here.send(False)
        writer.join()
        assert writer.exitcode == 0
    finally:
        writer.kill()
    return len(list(folder.glob("*.parquet"))) - len(manifest.list_fragments(folder)) - 1


@pytest.mark.parametrize("reader", READERS)
def test_no_row_is_missing_while_fragments_are_written_and_merged(tmp_path: Path, reader: str) -> None:
    assert read_while_written(tmp_path / "m", READERS[reader], 25) >= 20


if __name__ == "__main__":
    for name, reader in READERS.items():
        with tempfile.TemporaryDirectory() as place:
            merged = read_while_written(Path(place, "m"), reader, int(sys.argv[1]))
        print(f"{name}: {sys.argv[1]} reads, no error, no row missing; {merged} fragments merged meanwhile", flush=True)
