"""JSON and JSON Lines: where the captions are in records, arrays and the objects that wrap them."""

from __future__ import annotations

import contextlib
import io
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from posepipe.captions.columns import (
    CAPTION_NAMES,
    LENGTH_NAMES,
    WANTED,
    frames_of,
    is_missing,
    listed_names,
    plain_name,
)
from posepipe.captions.encodings import lines_of
from posepipe.captions.notes import MISSING, NOTHING_LEFT, Entry, Notes
from posepipe.errors import InputError
from posepipe.wording import count

LINE_LIMIT: Final = 1 << 20

_KINDS = {dict: "an object", list: "a list", int: "a number", float: "a number", bool: "true or false"}
_DEPTH = 6
_WRAPPERS = frozenset(
    {
        *("annotations", "captions", "data", "dataset", "descriptions", "entries", "examples", "items", "list"),
        *("poses", "prompts", "records", "results", "rows", "samples", "sentences", "texts", "train", "test"),
        *("val", "valid", "validation"),
    }
)


def read_json_lines(text: io.TextIOWrapper, notes: Notes, column: str | None) -> Iterator[Entry]:
    """One JSON value a line; a line that is not JSON or has no caption is unusable."""
    notes.form = "JSON Lines"
    records = _Records(notes, column)
    for number, line in enumerate(lines_of(text, LINE_LIMIT), 1):
        if len(line) >= LINE_LIMIT:
            notes.reject(number, f"a line over {LINE_LIMIT:,} characters", line)
        elif not line.isspace():
            try:
                values = _values(line)
            except _NotJsonError as error:
                notes.reject(number, f"not JSON ({error}); write one object a line", line.strip())
                continue
            for value in values:
                yield from records.captions(number, value)
    records.close()


def read_json(text: io.TextIOWrapper, notes: Notes, column: str | None) -> Iterator[Entry]:
    """A JSON document: an array, or an object around it; also several objects one after the other.

    Raises
    ------
    InputError
        It is not JSON, or no captions can be found in it.
    """
    notes.form = "JSON"
    content = text.read()
    try:
        values = _values(content)
    except _NotJsonError as error:
        raise InputError(f"{notes.source}: line {error.line:,}: not JSON ({error}); {error.remedy}") from None
    if not values:
        raise InputError(f"{notes.source}: no captions in it; write a list of objects with the key `caption`")
    records = _Records(notes, column)
    if len(values) > 1:
        notes.remark("several JSON values one after the other, as in JSON Lines")
        rows: list[Any] = values
    else:
        rows = records.rows_of(values[0])
    del content, values
    for number, row in enumerate(rows, 1):
        yield from records.captions(number, row)
    records.close()


class _NotJsonError(ValueError):
    """Why a text is not JSON, and on which line."""

    def __init__(self, reason: str, line: int = 1, remedy: str = "mend that line") -> None:
        super().__init__(reason)
        self.line = line
        self.remedy = remedy


def _values(content: str) -> list[Any]:
    """The JSON values in a text, one after the other."""
    decoder = json.JSONDecoder()
    values: list[Any] = []
    place = 0
    while True:
        while place < len(content) and content[place] in " \t\r\n":
            place += 1
        if place >= len(content):
            return values
        try:
            value, place = decoder.raw_decode(content, place)
        except RecursionError:
            raise _NotJsonError("nested too deeply") from None
        except json.JSONDecodeError as error:
            line = content.count("\n", 0, error.pos) + 1
            if error.pos >= len(content.rstrip()) or error.msg.startswith("Unterminated string"):
                raise _NotJsonError("cut off", line, "copy or write it again") from None
            raise _NotJsonError(f"{error.msg}, column {error.colno}", line) from None
        except ValueError as error:  # a number of more digits than Python takes
            raise _NotJsonError(str(error)) from None
        values.append(value)


class _Records:
    """Finds the captions in JSON values, and remembers the keys for the report."""

    def __init__(self, notes: Notes, column: str | None) -> None:
        self._notes = notes
        self._column = column
        self._used: Counter[str] = Counter()

    def key_of(self, record: Mapping[str, Any]) -> str | None:
        """The key of the caption in a record."""
        if self._column is not None:
            if self._column in record:
                return self._column
            return next((name for name in record if plain_name(name) == plain_name(self._column)), None)
        if CAPTION_NAMES[0] in record:
            return CAPTION_NAMES[0]
        plain = {plain_name(name): name for name in reversed(list(record))}
        return next((plain[wanted] for wanted in CAPTION_NAMES if wanted in plain), None)

    def captions(self, number: int, value: Any) -> Iterator[Entry]:
        """The captions of one record, which is an object, a text or a list of these."""
        frames = 0
        if isinstance(value, dict):
            key = self.key_of(value)
            inner = value.get("row")
            if key is None and isinstance(inner, dict):  # as the dataset viewer of Hugging Face gives them
                key, value = self.key_of(inner), inner
            if key is None:
                keys = listed_names(value) if value else "no column"
                wanted = f"`{WANTED}`" if self._column is None else f"`{self._column}`"
                self._notes.reject(number, f"no key {wanted}; found {keys}", json.dumps(value)[:100])
                return
            self._used[key] += 1
            frames = next((frames_of(value[name]) for name in value if plain_name(name) in LENGTH_NAMES), 0)
            value = value[key]
        elif self._column is not None:
            self._notes.reject(number, f"no key `{self._column}`: not an object", str(value))
            return
        if isinstance(value, list) and value:
            for element in value:
                yield from self._text(number, element, frames)
        else:
            yield from self._text(number, value, frames)

    def _text(self, number: int, value: Any, frames: int) -> Iterator[Entry]:
        if value is None or value == []:
            self._notes.reject(number, NOTHING_LEFT, "null")
        elif isinstance(value, dict) and self.key_of(value) is not None:
            yield from self.captions(number, value)
        elif not isinstance(value, str):
            kind = type(value).__name__
            remedy = "write a text there" if isinstance(value, (dict, list)) else "put it between quotes"
            what = f"{_KINDS[type(value)]} ({kind})"
            self._notes.reject(number, f"the caption is not text but {what}; {remedy}", str(value))
        elif is_missing(value):
            self._notes.reject(number, MISSING if value.strip() else NOTHING_LEFT, value)
        else:
            yield number, value.strip(), frames

    def rows_of(self, document: Any) -> list[Any]:
        """The records of a document: of an array its elements, of an object what holds the captions."""
        if isinstance(document, list):
            return document
        if not isinstance(document, dict):
            return [document]
        found = self._search(document, _DEPTH)
        if found is None:
            keys = listed_names(document) if document else "nothing"
            wanted = f"`{WANTED}`" if self._column is None else f"`{self._column}`"
            raise InputError(f"{self._notes.source}: no captions in it: no key {wanted}; found {keys}; give --column")
        return found

    def _search(self, value: Any, depth: int) -> list[Any] | None:
        """The records in a value, or None."""
        if isinstance(value, list):
            return value if any(self._is_record(element) for element in value[:1_000]) else None
        if not isinstance(value, dict) or not depth:
            return None
        split = self._split_orientation(value)
        if split is not None:
            return split
        key = self.key_of(value)
        if key is None or (isinstance(value[key], str) and self._wraps(value)):
            return self._search_inside(value, depth)
        column = value[key]
        if isinstance(column, dict):  # one object a column, as pandas writes it
            return self._columns(value, key, list(column))
        if isinstance(column, list):
            return self._columns(value, key, range(len(column)))
        return [value]

    def _wraps(self, value: Mapping[str, Any]) -> bool:
        """Whether an object that has a text under a key like ``description`` is the wrapper of a list."""
        inner = [x for name, x in value.items() if isinstance(x, list) and x]
        named = any(plain_name(name) in _WRAPPERS and isinstance(x, list) for name, x in value.items())
        return named or any(self._is_record(x[0]) for x in inner)

    def _search_inside(self, value: Mapping[str, Any], depth: int) -> list[Any] | None:
        nested = {name: inner for name, inner in value.items() if isinstance(inner, (dict, list))}
        wrappers = [inner for name, inner in nested.items() if plain_name(name) in _WRAPPERS]
        if wrappers:
            return self._all_of(wrappers, depth, texts=True)
        if len(nested) == len(value) > 0 and len({type(inner) for inner in nested.values()}) == 1:
            found = self._all_of(list(nested.values()), depth, texts=True)
            if found and len(nested) > 1:
                self._notes.remark(f"an object of {count(len(nested), 'name')}; the names are not used")
            return found
        if (found := self._all_of(list(nested.values()), depth, texts=False)) is not None:
            return found
        lists = [inner for inner in nested.values() if isinstance(inner, list) and self._is_texts(inner)]
        if len(lists) == 1:
            return lists[0]
        texts = list(value.values())
        if len(texts) > 1 and self._is_texts(texts) and all(" " in text or not text.isascii() for text in texts):
            self._notes.remark("an object of names and captions; the names are not used")
            return texts
        return None

    def _is_texts(self, value: Any) -> bool:
        is_texts = isinstance(value, list) and bool(value) and all(isinstance(x, str) for x in value)
        return is_texts and self._column is None

    def _all_of(self, values: list[Any], depth: int, *, texts: bool) -> list[Any] | None:
        every: list[Any] = []
        for value in values:
            every += value if texts and self._is_texts(value) else self._search(value, depth - 1) or []
        return every or None

    def _columns(self, table: Mapping[str, Any], key: str, places: Any) -> list[Any]:
        length = next((table[name] for name in table if plain_name(name) in LENGTH_NAMES), None)
        rows = []
        for place in places:
            row = {key: table[key][place]}
            with contextlib.suppress(TypeError, KeyError, IndexError):
                row["length"] = length[place]  # type: ignore[index]
            rows.append(row)
        return rows

    def _split_orientation(self, value: Mapping[str, Any]) -> list[Any] | None:
        names, rows = value.get("columns"), value.get("data")
        if (
            not isinstance(names, list)
            or not isinstance(rows, list)
            or not all(isinstance(name, str) for name in names)
        ):
            return None
        if not all(isinstance(row, list) and len(row) == len(names) for row in rows):
            return None
        return [dict(zip(names, row, strict=True)) for row in rows]

    def _is_record(self, element: Any) -> bool:
        if isinstance(element, dict):
            inner = element.get("row")
            return self.key_of(element) is not None or (isinstance(inner, dict) and self.key_of(inner) is not None)
        return False

    def close(self) -> None:
        """Report the keys that the captions were under."""
        self._notes.column = ", ".join(self._used)
