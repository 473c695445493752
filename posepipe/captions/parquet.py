"""Parquet: a column of strings, or of lists of strings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from posepipe.captions.columns import frames_of, is_missing, place_of_caption, place_of_length
from posepipe.captions.notes import MISSING, NOTHING_LEFT, Entry, Notes
from posepipe.errors import InputError


def read_parquet(stream: BinaryIO, notes: Notes, column: str | None, *, packed: bool) -> Iterator[Entry]:
    """The captions of a Parquet file; a list in a cell gives several.

    Raises
    ------
    InputError
        It is broken, has no such column, or one that holds no text.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    notes.form = "Parquet"
    seekable = pa.BufferReader(stream.read()) if packed else stream
    try:
        table = pq.ParquetFile(seekable)
        schema = table.schema_arrow
        name = schema.names[place_of_caption(schema.names, column, f"{notes.source}: ")]
        length = place_of_length(schema.names)
        names = [name] if length is None or schema.names[length] == name else [name, schema.names[length]]
        kind = _text_type(schema.field(name).type)
        if kind is None:
            raise InputError(f"{notes.source}: column `{name}` is {schema.field(name).type}; it must be string")
        notes.column = name
        row = 0
        for batch in table.iter_batches(columns=names):
            # As bytes, because Parquet does not promise that a string is UTF-8.
            values = _as_bytes(batch.column(batch.schema.get_field_index(name)), kind).to_pylist()
            lengths = batch.column(batch.schema.get_field_index(names[-1])).to_pylist() if names[1:] else []
            for place, value in enumerate(values):
                row += 1
                frames = frames_of(lengths[place]) if lengths else 0
                yield from _captions(row, value, frames, notes)
    except InputError:
        raise
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        raise InputError(f"{notes.source}: broken as Parquet ({reason}); write or copy it again") from error


def _captions(row: int, value: Any, frames: int, notes: Notes) -> Iterator[Entry]:
    values = value if isinstance(value, list) and value else [value if isinstance(value, bytes) else None]
    for element in values:
        text = (element or b"").decode("utf-8", "surrogateescape").strip()
        if is_missing(text):
            notes.reject(row, MISSING if text else NOTHING_LEFT, text)
        else:
            yield row, text, frames


def _as_bytes(column: Any, kind: Any) -> Any:
    import pyarrow as pa

    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    return column.cast(kind)


def _text_type(kind: Any) -> Any:
    """The type to read a column as, bytes or lists of bytes; None where it holds no text."""
    import pyarrow as pa

    types = pa.types
    if types.is_dictionary(kind):
        kind = kind.value_type
    if any(test(kind) for test in (types.is_string, types.is_large_string, types.is_string_view)):
        return pa.large_binary()
    if types.is_list(kind) or types.is_large_list(kind):
        return pa.large_list(pa.large_binary()) if _text_type(kind.value_type) == pa.large_binary() else None
    return None
