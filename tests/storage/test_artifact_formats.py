"""The table of formats: names, suffixes and columns that belong together."""

from __future__ import annotations

from posepipe.artifacts.encoding import WRITE_ORDER
from posepipe.manifest import SCHEMA
from posepipe.storage.artifact_formats import COLUMNS, DEFAULT, FORMATS, TABLE, file_of, readings


def test_every_format_has_a_column_of_the_manifest_and_is_written() -> None:
    assert set(COLUMNS) <= set(SCHEMA.names)
    assert set(WRITE_ORDER) == set(FORMATS)
    assert set(DEFAULT) <= set(FORMATS)


def test_suffixes_are_distinct_and_files_lead_back_to_their_format() -> None:
    assert len({each.suffix for each in TABLE}) == len(TABLE)
    for name in FORMATS:
        assert ("a8/b", name) in readings(file_of("a8/b", name))
    assert readings("a8/b.txt") == readings("npy") == []
