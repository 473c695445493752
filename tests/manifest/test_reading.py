"""Reading: the newest rows, columns, foreign files, versions."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from manifests import in_order, row, write_six
from posepipe import manifest
from posepipe.errors import ManifestError, VersionMismatch
from posepipe.manifest import reading
from posepipe.manifest.index import read_index


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


def test_a_reader_of_ours_who_listed_too_long_ago_lists_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_six(tmp_path)
    before, listed = in_order(tmp_path), manifest.list_fragments(tmp_path)
    manifest.compact(tmp_path, fsync=False, above=1)
    manifest.sweep(tmp_path, after=0)
    answers = iter([listed])
    list_again = manifest.list_fragments
    monkeypatch.setattr(reading, "list_fragments", lambda folder: next(answers, None) or list_again(folder))
    pd.testing.assert_frame_equal(before, in_order(tmp_path))


def test_a_link_that_leads_nowhere_is_named(tmp_path: Path) -> None:
    manifest.write_fragment(tmp_path, [row("a")], "x", fsync=False)
    (tmp_path / "y.parquet").symlink_to("nowhere")
    table, bad = manifest.read_table(tmp_path)
    assert (len(table), bad) == (1, [(tmp_path / "y.parquet", "no such file")])


times = st.integers(0, 3)


histories = st.lists(
    st.lists(
        st.tuples(st.sampled_from(["a", "b" * 16, "c" * 16, "C" * 16]), st.integers(0, 1), times, st.booleans()),
        min_size=1,
        max_size=4,
    ),
    max_size=6,
)


@settings(max_examples=40, deadline=None)
@given(histories, st.integers(1, 3))
def test_the_newest_rows_are_those_that_a_dict_keeps(
    history: list[list[tuple[str, int, int, bool]]], merged_after: int
) -> None:
    """Whatever is merged. No two rows are of one time."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.joinpath(".keep").touch()
        kept: dict[tuple[str, int], tuple[int, int]] = {}
        line = 0
        for number, fragment in enumerate(history):
            rows = []
            for caption, variant, minute, done in fragment:
                line += 1
                status = "done" if done else "failed"
                rows.append(row(caption, 100 * minute + line, variant=variant, status=status, line=line))
                kept[caption, variant] = max((minute, line), kept.get((caption, variant), (0, 0)))
            manifest.write_fragment(folder, rows, f"{number}", fsync=False)
        expected = {line for _, line in kept.values()}
        frame = manifest.read_manifest(folder)
        assert set(frame["line"]) == expected
        assert len(frame) == len(kept)
        for status in ("failed", "done"):
            some = manifest.read_manifest(folder, ["line", "stem"], status=status)
            assert sorted(some["line"]) == sorted(frame["line"][frame["status"].eq(status)])
            assert list(some.columns) == ["line", "stem"]
        index = read_index(folder)
        assert {line["line"] for line in index.rows.read(index.table["row"].to_pylist())} == expected
        manifest.compact(folder, fsync=False, above=merged_after, rows=5)
        assert {line["line"] for line in index.rows.read(index.table["row"].to_pylist())} == expected
        pd.testing.assert_frame_equal(
            manifest.read_manifest(folder).sort_values("line").reset_index(drop=True),
            frame.sort_values("line").reset_index(drop=True),
        )
