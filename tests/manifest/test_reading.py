"""Reading: the newest rows, columns, foreign files, versions."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from manifests import NOW, in_order, row, write_six
from posepipe import manifest
from posepipe.errors import DamagedFragment, ManifestError, RefusedError, VersionMismatch
from posepipe.manifest import fragments, reading
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


def test_a_reader_whose_list_is_out_of_date_lists_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_six(tmp_path)
    before, listed = in_order(tmp_path), manifest.list_fragments(tmp_path)
    manifest.compact(tmp_path, fsync=False, above=1)
    manifest.sweep(tmp_path, after=0)
    answers = iter([listed])
    list_again = manifest.list_fragments
    monkeypatch.setattr(reading, "list_fragments", lambda folder: next(answers, None) or list_again(folder))
    pd.testing.assert_frame_equal(before, in_order(tmp_path))


def test_a_broken_link_is_named(tmp_path: Path) -> None:
    manifest.write_fragment(tmp_path, [row("a")], "x", fsync=False)
    (tmp_path / "y.parquet").symlink_to("nowhere")
    with pytest.raises(DamagedFragment, match=r"leads nowhere .*y\.parquet"):
        manifest.read_table(tmp_path)


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


def table_of(*rows: dict[str, Any]) -> pa.Table:
    return pa.Table.from_pylist(list(rows), schema=manifest.SCHEMA)


def test_all_rows_of_all_fragments_are_read_in_the_order_of_names(tmp_path: Path) -> None:
    for name in ("b", "a"):
        manifest.write_fragment(tmp_path, [row(name, 1), row(name, 2)], name, fsync=False)
    table = manifest.read_table(tmp_path)
    assert table["caption_id"].to_pylist() == ["a", "a", "b", "b"]
    assert table.schema == manifest.SCHEMA
    some = manifest.read_table(tmp_path, ["stem", "caption_id"])
    assert some.column_names == ["stem", "caption_id"]
    for columns in (None, ["stem"]):
        empty = manifest.read_table(tmp_path / "none", columns)
        assert len(empty) == 0
        assert empty.column_names == (columns or manifest.SCHEMA.names)


def test_columns_of_some_row_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fragments, "ROW_GROUP", 1)
    name = manifest.write_fragment(tmp_path, [row(each) for each in "abc"], "x", fsync=False)
    schema = pa.schema([("new", pa.int32()), ("caption_id", pa.string())])
    with pq.ParquetFile(tmp_path / name) as file:
        assert reading.columns_of(file, schema, [2, 0]).to_pydict() == {"new": [None] * 2, "caption_id": ["c", "a"]}
        assert reading.columns_of(file, schema).to_pydict() == {"new": [None] * 3, "caption_id": ["a", "b", "c"]}


def test_why_a_file_is_not_a_fragment(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(b"no Parquet")
    pq.write_table(pa.table({"caption_id": ["x"], "variant": [0], "status": ["done"]}), tmp_path / "b.parquet")
    pq.write_table(table_of(row("x")).drop_columns(["variant"]), tmp_path / "c.parquet")
    for name, kind, why in (
        ("a.parquet", DamagedFragment, r"a\.parquet: damaged \("),
        ("b.parquet", RefusedError, r"b\.parquet: not written by posepipe; move it"),
        ("c.parquet", RefusedError, r"c\.parquet: not written by posepipe; move it"),
    ):
        with pytest.raises(kind, match=why):
            manifest.read_table(tmp_path)
        (tmp_path / name).unlink()


def test_an_error_of_the_reader_is_a_reason_of_one_line(tmp_path: Path) -> None:
    name = manifest.write_fragment(tmp_path, [row("a")], "x", fsync=False)

    def fails(file: pq.ParquetFile) -> int:
        raise ValueError("y" * 300 + "\nsecond line")

    with pytest.raises(DamagedFragment, match=rf"^{re.escape(str(tmp_path / name))}: damaged \(y{{200}}\); [^\n]*$"):
        manifest.each_fragment(tmp_path, fails)


def test_a_newer_version_is_named_with_ours(tmp_path: Path) -> None:
    newer = manifest.SCHEMA.with_metadata({"posepipe_schema": "99"})
    pq.write_table(table_of(row("a")).cast(newer), tmp_path / "x.parquet")
    with pytest.raises(VersionMismatch, match=rf"x\.parquet: .*schema 99; this one knows {manifest.SCHEMA_VERSION}"):
        manifest.read_table(tmp_path)


def test_results_come_with_the_names_of_fragments_and_columns_as_dictionaries(tmp_path: Path) -> None:
    names = [manifest.write_fragment(tmp_path, [row(name)], name, fsync=False) for name in "ab"]
    results = manifest.each_fragment(tmp_path, lambda file: file.read(["status", "stem"]), ["status", "no column"])
    assert [name for name, _ in results] == names
    for _, table in results:
        assert pa.types.is_dictionary(table["status"].type)
        assert table["stem"].type == pa.string()


def test_a_result_may_be_false(tmp_path: Path) -> None:
    manifest.write_fragment(tmp_path, [row("a")], "x", fsync=False)
    assert [result for _, result in manifest.each_fragment(tmp_path, lambda _: 0)] == [0]
    assert [result for _, result in manifest.each_fragment(tmp_path, lambda _: None)] == [None]


def test_the_folder_is_listed_once_unless_a_fragment_has_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    manifest.write_fragment(tmp_path, [row("a")], "x", fsync=False)
    listed: list[list[str]] = []
    list_fragments = manifest.list_fragments
    monkeypatch.setattr(reading, "list_fragments", lambda folder: listed.append(list_fragments(folder)) or listed[-1])
    assert len(manifest.each_fragment(tmp_path, lambda _: 0)) == 1
    assert len(listed) == 1
    (tmp_path / "y.parquet").symlink_to("nowhere")
    with pytest.raises(DamagedFragment):
        manifest.each_fragment(tmp_path, lambda _: 0)
    assert len(listed) == 3


def test_of_equal_times_the_later_row_counts_and_no_time_is_the_oldest() -> None:
    table = table_of(row("a", attempts=1), row("a", attempts=2), row("b", attempts=3), row("b", attempts=4))
    assert manifest.newest(table)["attempts"].to_pylist() == [2, 4]
    untimed = table_of(row("a", 5, attempts=1), row("a", attempts=2) | {"finished_at": None})
    assert manifest.newest(untimed)["attempts"].to_pylist() == [1]


def test_newest_rows_come_oldest_first_and_are_not_copied_needlessly() -> None:
    table = table_of(row("b", 3), row("a", 1), row("c", 2), row("a", 4))
    assert manifest.newest(table)["caption_id"].to_pylist() == ["c", "b", "a"]
    assert manifest.newest_indices(table).tolist() == [2, 0, 3]
    plain = table_of(row("b", 1), row("a", 2))
    assert manifest.newest(plain) is plain
    reverse = table_of(row("b", 2), row("a", 1))
    assert manifest.newest(reverse)["caption_id"].to_pylist() == ["a", "b"]
    assert len(manifest.newest(table_of())) == 0


def test_variants_are_poses_of_their_own_and_a_missing_variant_is_the_first() -> None:
    table = table_of(row("a", 1, variant=None), row("a", 2), row("a", 3, variant=1), row("b", 4, variant=1))
    assert manifest.newest_indices(table).tolist() == [1, 2, 3]


def test_columns_come_in_the_order_asked_for_and_times_with_their_zone(tmp_path: Path) -> None:
    manifest.write_fragment(tmp_path, [row("a", line=7)], "x", fsync=False)
    frame = manifest.read_manifest(tmp_path, ["line", "finished_at", "caption_id"])
    assert list(frame.columns) == ["line", "finished_at", "caption_id"]
    assert frame.iloc[0].tolist() == [7, NOW, "a"]
    with pytest.raises(ManifestError, match=r"no column bytse, lnie; there are caption_id, variant"):
        manifest.read_manifest(tmp_path, ["bytse", "stem", "lnie"])


def test_a_failure_that_was_made_good_is_not_a_failure(tmp_path: Path) -> None:
    manifest.write_fragment(tmp_path, [row("a", 1, status="failed"), row("b", 1)], "x", fsync=False)
    manifest.write_fragment(tmp_path, [row("a", 2), row("b", 2, status="failed")], "y", fsync=False)
    assert manifest.read_manifest(tmp_path, ["caption_id"], status="failed")["caption_id"].tolist() == ["b"]
    assert manifest.read_manifest(tmp_path, ["caption_id"], status="done")["caption_id"].tolist() == ["a"]
    nothing = manifest.read_manifest(tmp_path, ["stem"], status="paused")
    assert (len(nothing), list(nothing.columns)) == (0, ["stem"])


@pytest.mark.parametrize("statistics", [True, False])
def test_row_groups_without_the_status_are_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, statistics: bool
) -> None:
    rows = [row(f"a{n}") for n in range(4)] + [row("b", status="failed"), row("c", status=None)]
    pq.write_table(table_of(*rows), tmp_path / "x.parquet", row_group_size=2, write_statistics=statistics)
    groups: list[int] = []
    read_row_group = pq.ParquetFile.read_row_group

    def counted(file: pq.ParquetFile, group: int, columns: list[str]) -> pa.Table:
        if "status" in columns:
            groups.append(group)
        return read_row_group(file, group, columns)

    monkeypatch.setattr(pq.ParquetFile, "read_row_group", counted)
    assert manifest.read_manifest(tmp_path, status="failed")["caption_id"].tolist() == ["b"]
    assert groups == ([2] if statistics else [0, 1, 2])


def test_version_1_which_had_no_source_is_read_beside_version_2(tmp_path: Path) -> None:
    table = pa.Table.from_pylist([row("a"), row("b")], schema=manifest.SCHEMA).drop_columns(["source"])
    pq.write_table(table.replace_schema_metadata({"posepipe_schema": "1"}), tmp_path / "1.parquet")
    manifest.write_fragment(tmp_path, [row("b", source="captions.txt"), row("c", source="more.md")], "x", fsync=False)
    frame = manifest.read_manifest(tmp_path).set_index("caption_id")
    assert frame["source"].fillna("").to_dict() == {"a": "", "b": "captions.txt", "c": "more.md"}
    assert len(pd.read_parquet(tmp_path)) == 4
