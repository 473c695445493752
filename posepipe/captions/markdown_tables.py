"""Tables of Markdown documents: which column holds the captions, and the rows that do not fit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from markdown_it.rules_block.table import escapedSplit
from markdown_it.token import Token

from posepipe.captions.columns import (
    CAPTION_NAMES,
    frames_of,
    is_missing,
    listed_names,
    place_of_length,
    plain_name,
)
from posepipe.captions.markdown_inline import InlineReader
from posepipe.captions.notes import MISSING, NOTHING_LEFT, Entry, Notes, preview
from posepipe.errors import InputError

Row = tuple[int, list[str]]
"""Line and cells."""


@dataclass
class Table:
    """A table without a column named by the user or by custom.

    Attributes
    ----------
    names : list of str
        The columns.
    rows : list of Row
        The cells as they stand in the document.
    """

    line: int
    names: list[str]
    rows: list[Row] = field(default_factory=list)


class TableReader:
    """Collects the tables of one document.

    Attributes
    ----------
    found : bool
        Whether there is one.
    are_the_captions : bool
        Whether lists beside the tables are no captions; known after `captions`.
    """

    def __init__(self, notes: Notes, column: str | None, inline: InlineReader) -> None:
        self.found = False
        self.are_the_captions = False
        self._notes = notes
        self._column = column
        self._inline = inline
        self._named: list[Entry] = []
        self._has_named = False
        self._others: list[Table] = []
        self._columns: dict[str, None] = {}
        self._seen: dict[str, None] = {}
        self._going_on: tuple[int, list[str], Table | None] | None = None  # line, heading, what it belongs to

    def heading_lines(self, start: int) -> list[str]:
        """Heading of the table that goes on at a line, for the parser."""
        if self._going_on is None or self._going_on[0] != start:
            self._going_on = None
            return []
        return self._going_on[1]

    def part(self, tokens: Sequence[Token], first: int, last: int, raw: Callable[[int], str], offset: int) -> int:
        """Take all rows of a table but the last, after which it may go on; returns the line where that begins."""
        rows = list(_rows(tokens, first, last))
        if len(rows) < 3:
            return _first_line(tokens[first]) if self._going_on is None else len(self._going_on[1])
        begin = _first_line(tokens[rows[-1][0]])
        heading = self._going_on[1] if self._going_on else [raw(0 + _first_line(tokens[first]) + at) for at in (0, 1)]
        table = self._take(tokens, rows[:-1], raw, offset)
        self._going_on = (offset + begin, heading, table)
        return begin

    def table(self, tokens: Sequence[Token], first: int, last: int, raw: Callable[[int], str], offset: int) -> None:
        """Take a whole table, or the rest of one."""
        self._take(tokens, list(_rows(tokens, first, last)), raw, offset)
        self._going_on = None

    def add(self, rows: Sequence[Row]) -> None:
        """Take a table whose cells are known, the heading first."""
        self._collect(rows[0], rows[1:], None)

    def _take(
        self, tokens: Sequence[Token], rows: Sequence[tuple[int, int]], raw: Callable[[int], str], offset: int
    ) -> Table | None:
        heading, *body = (
            (offset + _first_line(tokens[first]) + 1, list(_cells(tokens, first, last))) for first, last in rows
        )
        fitting = []
        for number, cells in body:
            text = raw(number - 1 - offset)
            if text.count("|") > len(heading[1]) and (width := _width(text)) > len(heading[1]):
                why = f"{width} cells under {len(heading[1])} headings (write \\| for a bar)"
                self._notes.reject(number, why, text.strip())
            else:
                fitting.append((number, cells))
        return self._collect(heading, fitting, self._going_on)

    def _collect(
        self, heading: Row, rows: Sequence[Row], going_on: tuple[int, list[str], Table | None] | None
    ) -> Table | None:
        """Take rows; returns the table that they belong to if it has no column that is named."""
        self.found = True
        names = [self._inline.read(cell).text for cell in heading[1]]
        place = self._place(names)
        if going_on is None:
            self._notes.skipped["table headings"] += 1
            self._seen.update(dict.fromkeys(names))
        if place is None:
            table = going_on[2] if going_on and going_on[2] else Table(heading[0], names)
            if not self._others or table is not self._others[-1]:
                self._others.append(table)
            table.rows += [(number, [*cells, *[""] * (len(names) - len(cells))]) for number, cells in rows]
            return table
        self._has_named = True
        self._columns[names[place]] = None
        length = place_of_length(names)
        for number, cells in rows:
            self._add(self._named, number, cells, place, length)
        return None

    def _add(self, entries: list[Entry], number: int, cells: Sequence[str], place: int, length: int | None) -> None:
        text = self._inline.read(cells[place]).text if place < len(cells) else ""
        if is_missing(text):
            self._notes.reject(number, MISSING if text else NOTHING_LEFT, text)
        else:
            frames = frames_of(cells[length]) if length is not None and length < len(cells) else 0
            entries.append((number, text, frames))

    def _place(self, names: Sequence[str]) -> int | None:
        """Place of the column that is named by the user or by custom; also one like ``Pose description``."""
        plain = [plain_name(name) for name in names]
        if self._column is not None:
            wanted = plain_name(self._column)
            return plain.index(wanted) if wanted in plain else None
        for wanted in CAPTION_NAMES:
            if wanted in plain:
                return plain.index(wanted)
        for wanted in CAPTION_NAMES:
            like = [at for at, name in enumerate(plain) if wanted in name.replace("(", " ").replace("_", " ").split()]
            if len(like) == 1:
                return like[0]
        return None

    def captions(self, items: int) -> list[Entry]:
        """The captions of all tables.

        Parameters
        ----------
        items : int
            Captions in the lists of the document. Where there are more of them than rows, tables without a named
            column are not captions; where there are fewer, the lists are not.

        Raises
        ------
        InputError
            The user named a column that no table has.
        """
        if self._column is not None and not self._has_named:
            seen = f"found {listed_names(self._seen)}" if self._seen else "no table in it"
            raise InputError(f"{self._notes.source}: no column `{self._column}` (--column); {seen}")
        found = self._named
        others = sum(len(table.rows) for table in self._others)
        if self._others and self._column is None:
            if not self._has_named and items and items >= others:
                self._notes.skipped["table rows"] += others
                self._notes.remark("tables without a column `caption` are left out, since the captions are in lists")
            else:
                found = sorted([*found, *self._longest()])
        elif others:
            self._notes.skipped["table rows"] += others
        self.are_the_captions = bool(found) or self._has_named
        self._notes.column = ", ".join(self._columns)
        return found

    def _longest(self) -> Iterator[Entry]:
        """Rows of the tables without a named column, by the column with the longest texts."""
        for table in self._others:
            if not table.rows:
                continue
            texts = [
                [self._inline.read(cell).text for _, cells in table.rows for cell in [cells[at]]]
                for at in range(len(table.names))
            ]
            totals = [sum(map(len, column)) for column in texts]
            place = totals.index(max(totals))
            name = preview(table.names[place]) or f"column {place + 1}"
            self._columns[name] = None
            self._notes.remark(
                f"line {table.line:,}: a table without a column `caption`; read `{name}`, which has the longest texts "
                "(--column names another)"
            )
            entries: list[Entry] = []
            for number, cells in table.rows:
                self._add(entries, number, cells, place, place_of_length(table.names))
            yield from entries


def _rows(tokens: Sequence[Token], first: int, last: int) -> Iterator[tuple[int, int]]:
    begin = first
    for place in range(first, last):
        if tokens[place].type == "tr_open":
            begin = place
        elif tokens[place].type == "tr_close":
            yield begin, place


def _cells(tokens: Sequence[Token], first: int, last: int) -> Iterator[str]:
    for place in range(first, last):
        if tokens[place].type == "inline":
            yield tokens[place].content


def _width(row: str) -> int:
    """How many cells a row has, without empty ones at its end."""
    cells = [cell.strip() for cell in escapedSplit(row.strip().lstrip("> \t"))]
    if cells and not cells[0]:
        cells.pop(0)
    while cells and not cells[-1]:
        cells.pop()
    return len(cells)


def _first_line(token: Token) -> int:
    return token.map[0] if token.map else 0
