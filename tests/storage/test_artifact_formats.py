"""The table of formats: names, suffixes and columns that belong together."""

from __future__ import annotations

from posepipe.artifacts.encoding import WRITE_ORDER
from posepipe.captions.stems import RESERVED_SUFFIXES
from posepipe.manifest import SCHEMA
from posepipe.storage.artifact_formats import COLUMNS, DEFAULT, FORMATS, TABLE, file_of, readings, source_of


def test_every_format_has_a_column_of_the_manifest_and_is_written() -> None:
    assert set(COLUMNS) <= set(SCHEMA.names)
    assert set(WRITE_ORDER) == set(FORMATS)
    assert set(DEFAULT) <= set(FORMATS)


def test_suffixes_are_distinct_and_files_lead_back_to_their_format() -> None:
    assert len({each.suffix for each in TABLE}) == len(TABLE)
    for name in FORMATS:
        assert ("a8/b", name) in readings(file_of("a8/b", name))
    assert readings("a8/b.txt") == readings("npy") == []


def test_a_file_with_two_dots_may_be_read_in_two_ways() -> None:
    assert readings("b.motion.npy") == [("b", "motion"), ("b.motion", "npy")]
    assert readings("b.openpose.png") == [("b", "openpose-png"), ("b.openpose", "png")]
    parts = {each.suffix.rpartition(".")[0] for each in TABLE}
    assert parts - {""} == set(RESERVED_SUFFIXES), "no caption may be named like that"


def test_the_joints_come_from_the_first_source_that_a_row_has() -> None:
    none = dict.fromkeys(COLUMNS)
    assert source_of(none) is None
    assert source_of(none | {"png_sha256": "0", "motion_sha256": "0"}) == "motion"
    assert source_of(none | {"json_sha256": "0", "motion_sha256": "0", "npy_sha256": float("nan")}) == "json"
