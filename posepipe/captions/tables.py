"""CSV and TSV: which character separates the cells, which column holds the captions, and records that are broken."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import Final

from posepipe.captions.columns import (
    CAPTION_NAMES,
    frames_of,
    is_missing,
    place_of_caption,
    place_of_length,
    plain_name,
)
from posepipe.captions.encodings import LINE_LIMIT, lines_of
from posepipe.captions.notes import MISSING, NOTHING_LEFT, Entry, Notes
from posepipe.errors import InputError

SEPARATORS: Final = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}

SEPARATOR_SHOWN: Final = {"\t": "<tab>"}

_SEPARATOR_LINE = re.compile(r'sep=([^"])', re.IGNORECASE)
_HEADING_AHEAD = 20
_RECORD_LINES = 100
_UNCLOSED = "a double quote is not closed"

Record = tuple[int, list[str] | str, bool]
"""Line on which it begins; its cells, or why it is broken; whether a line of it was cut."""


def read_table(text: io.TextIOWrapper, notes: Notes, column: str | None) -> Iterator[Entry]:
    """The captions of a table whose heading names the columns.

    Raises
    ------
    InputError
        No heading has the column.
    """
    lines = _Ahead(enumerate(lines_of(text), 1))
    separator, names, line = _heading(lines, notes, column)
    where = f"{notes.source}: line {line:,}: "
    try:
        place = place_of_caption(names, column, where)
    except InputError as error:
        raise InputError(f"{error}{_no_heading(names, separator)}") from None
    notes.column = names[place].strip()
    length = place_of_length(names)
    is_tsv = notes.source.lower().removesuffix(".gz").endswith(".tsv")
    notes.form = "TSV" if is_tsv else "CSV"
    if separator != ("\t" if is_tsv else ","):
        notes.form += f" separated by {_plural(separator)}"
    whole = len(names) == 1
    width = len(names)
    for first, cells, cut in _records(lines, "" if whole else separator, width):
        if isinstance(cells, str):
            notes.reject(first, cells, "")
        elif cut and place >= len(cells) - 1:
            notes.reject(first, f"a line over {LINE_LIMIT:,} characters", cells[0])
        elif any(cells[width:]):
            hint = "put a cell that holds the separator between double quotes"
            notes.reject(first, f"{len(cells)} cells under {width} headings ({hint})", cells[0])
        elif place >= len(cells):
            notes.reject(first, NOTHING_LEFT, "")
        elif is_missing(cells[place]):
            cell = cells[place].strip()
            notes.reject(first, MISSING if cell else NOTHING_LEFT, cell)
        else:
            yield first, cells[place].strip(), _length(cells, length)


def _length(cells: Sequence[str], place: int | None) -> int:
    return frames_of(cells[place]) if place is not None and place < len(cells) else 0


class _Ahead(Iterator[tuple[int, str]]):
    """Numbered lines, of which some can be given back."""

    def __init__(self, lines: Iterator[tuple[int, str]]) -> None:
        self._lines = lines
        self._back: list[tuple[int, str]] = []

    def __next__(self) -> tuple[int, str]:
        return self._back.pop() if self._back else next(self._lines)

    def give_back(self, lines: Sequence[tuple[int, str]]) -> None:
        self._back += reversed(lines)


def _heading(lines: _Ahead, notes: Notes, column: str | None) -> tuple[str, list[str], int]:
    """Separator, names of the columns, and line of the heading; what comes after it is left in ``lines``."""
    ahead: list[tuple[int, str]] = []
    asked = {plain_name(column)} if column is not None else set(CAPTION_NAMES)
    separators = list(SEPARATORS)
    while len(ahead) < _HEADING_AHEAD and (record := next(lines, None)) is not None:
        number, line = record
        if not ahead and (named := _SEPARATOR_LINE.fullmatch(line.strip())):
            separators = [named[1], *separators]
            continue
        ahead.append(record)
        if not line.strip():
            continue
        found = [
            separator for separator in separators if asked & {plain_name(name) for name in _cells(line, separator)}
        ]
        if found:
            best = max(found, key=lambda separator: len(_cells(line, separator)))
            cells = _cells(line, best)
            before = [text for _, text in ahead[:-1] if text.strip()]
            if before and len(cells) == 1:
                break  # a caption that is called like a column
            if before:
                notes.skipped["lines above the heading"] += len(before)
            return best, cells, number
    filled = [record for record in ahead if record[1].strip()]
    if not filled:
        raise InputError(f"{notes.source}: no captions in it; write a line with the names of the columns first")
    separator = max(separators, key=lambda separator: len(_cells(filled[0][1], separator)))
    names = _cells(filled[0][1], separator)
    lines.give_back([record for record in ahead if record[0] > filled[0][0]])
    return separator, names, filled[0][0]


def _cells(line: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except (csv.Error, TypeError):
        return line.rstrip("\n").split(separator)


def _no_heading(names: Sequence[str], separator: str) -> str:
    """A hint where the first line does not look like a heading."""
    if any(len(name.split()) > 2 or name.strip().isdecimal() for name in names):
        heading = SEPARATOR_SHOWN.get(separator, separator).join(["id"] * (len(names) - 1) + ["caption"])
        return f" (the first line must name the columns: if it is a caption, write `{heading}` above it)"
    if len(names) > 1:
        return f" (separated by {_plural(separator)})"
    return ""


def _plural(separator: str) -> str:
    """A separator in words; one that only a line ``sep=`` names, as the character itself."""
    return f"{SEPARATORS[separator]}s" if separator in SEPARATORS else repr(separator)


def _records(lines: _Ahead, separator: str, width: int) -> Iterator[Record]:
    """Records, each from as many lines as its quotes span. Without a separator a line is one cell."""
    for number, line in lines:
        if line.isspace():
            continue
        cut = len(line) >= LINE_LIMIT
        if '"' not in line:
            yield number, line.rstrip("\n").split(separator) if separator else [line], cut
            continue
        yield _quoted_record(number, line, lines, separator, width)


def _quoted_record(number: int, line: str, lines: _Ahead, separator: str, width: int) -> Record:
    """A record with quotes. Where they do not close, or close in another record, only the first line is lost."""
    taken: list[tuple[int, str]] = []
    text, cut = line, len(line) >= LINE_LIMIT
    while True:
        cells = _strictly(text, separator)
        if taken and (isinstance(cells, str) or (cells is not None and any(cells[width:]))):
            lines.give_back(taken)
            return number, _UNCLOSED, cut
        if cells is not None:
            return number, cells, cut
        following = next(lines, None) if len(taken) < _RECORD_LINES and len(text) < 4 * LINE_LIMIT else None
        if following is None:
            lines.give_back(taken)
            return number, _UNCLOSED, cut
        taken.append(following)
        text += following[1]
        cut = cut or len(following[1]) >= LINE_LIMIT


def _strictly(text: str, separator: str) -> list[str] | str | None:
    """Cells of a record, why it is broken, or None where a quote is still open."""
    if not separator and not text.lstrip().startswith('"'):
        return [text]
    try:
        return next(csv.reader(io.StringIO(text, newline=""), delimiter=separator or "\x1f", strict=True), [])
    except csv.Error as error:
        if "unexpected end of data" in str(error):
            return None
        if not separator:
            return [text]
        return f"{error} (close each double quote, and double those inside a cell)"
