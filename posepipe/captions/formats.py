"""The forms that captions come in: text, Markdown, CSV, TSV, JSON lines, Parquet. One reader each.

A reader takes a binary stream and gives line, caption and frames; what is wrong with single lines it notes,
what is wrong with the whole it raises. Of a text it holds a line at a time, of a long line only the begin.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import IO, Final, cast

from posepipe.captions.markdown import markdown_captions
from posepipe.errors import InputError

NOTHING_LEFT: Final = "nothing left"
NOT_UTF8: Final = "not UTF-8"
TOO_LONG: Final = "over 2,000 characters"

NAMED_UNUSABLE: Final = 1_000
"""Unusable lines that are kept by line and reason; further ones are only counted."""

_LINE_LIMIT = 65_536
_JSON_LINE_LIMIT = 1_048_576
_PREVIEW = 80

_NUMBER = r"(?:[-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?|nan)"
_HUMANML3D = re.compile(rf"#[^#]*#{_NUMBER}#{_NUMBER}\Z", re.ASCII)
_FRAMES = re.compile(r"#(NA|\d+)\Z", re.ASCII)
_MOST_FRAMES = 999_999_999

_FOREIGN = {
    b"\xff\xfe\x00\x00": "it is UTF-32; convert it with `iconv -f UTF-32 -t UTF-8`",
    b"\x00\x00\xfe\xff": "it is UTF-32; convert it with `iconv -f UTF-32 -t UTF-8`",
    b"\xff\xfe": "it is UTF-16; convert it with `iconv -f UTF-16 -t UTF-8`",
    b"\xfe\xff": "it is UTF-16; convert it with `iconv -f UTF-16 -t UTF-8`",
    b"\x1f\x8b": "it is compressed with gzip; give it a name that ends in .gz, or unpack it with `gunzip`",
    b"PAR1": "it is a Parquet file; give it a name that ends in .parquet",
    b"PK\x03\x04": "it is a zip archive or a workbook; unpack it, or save it as CSV in UTF-8",
}
_FULL_OF_NUL = "full of NUL bytes, so no text in UTF-8; if it is UTF-16, convert it with `iconv -f UTF-16LE -t UTF-8`"

Stream = IO[bytes] | gzip.GzipFile

Entry = tuple[int, str, int]
"""Line or row from 1 on, caption, frames (0: not given)."""


@dataclass(frozen=True, slots=True)
class Unusable:
    """A line that gives no caption.

    Attributes
    ----------
    line : int
        Line or row in the input, from 1 on.
    reason : str
        Why.
    text : str
        How it begins, with everything unprintable escaped: at most some 80 characters.
    """

    line: int
    reason: str
    text: str


class Notes:
    """What there is to say of an input beside its captions.

    Attributes
    ----------
    source : str
        Its name in messages.
    unusable : list of Unusable
        The first 1,000 lines that give no caption.
    unusable_count : int
        How many there are in all.
    skipped : Counter
        What of a Markdown document is no caption, by kind.
    """

    def __init__(self, source: str) -> None:
        self.source = source
        self.unusable: list[Unusable] = []
        self.unusable_count = 0
        self.skipped: Counter[str] = Counter()

    def reject(self, line: int, reason: str, text: str) -> None:
        """Note a line that gives no caption."""
        self.unusable_count += 1
        if len(self.unusable) < NAMED_UNUSABLE:
            self.unusable.append(Unusable(line, reason, preview(text)))


def preview(text: str) -> str:
    """Begin of a text, safe for a terminal and for UTF-8."""
    shown = "".join(map(_visible, text[:_PREVIEW]))
    return shown + "…" if len(text) > _PREVIEW else shown


def _visible(mark: str) -> str:
    if mark.isprintable():
        return mark
    if "\udc80" <= mark <= "\udcff":  # how Python holds a byte that is not UTF-8
        return f"\\x{ord(mark) - 0xDC00:02x}"
    return mark.encode("unicode_escape").decode()


@contextmanager
def _lines_of(stream: Stream, source: str, limit: int = _LINE_LIMIT) -> Iterator[Iterator[str]]:
    """Lines of a text, cut at `limit` characters; bytes that are not UTF-8 are lone surrogates in them."""
    buffered = io.BufferedReader(cast(io.RawIOBase, stream), 65_536)
    text = io.TextIOWrapper(buffered, "utf-8", errors="surrogateescape")
    try:
        head = buffered.peek(4)
        _refuse_foreign(source, head)
        if head.startswith(b"\xef\xbb\xbf"):
            buffered.read(3)
        yield _lines(text, limit)
    finally:
        text.detach().detach()  # what was lent, standard input above all, stays open


def _refuse_foreign(source: str, head: bytes) -> None:
    if not head:
        raise InputError(f"{source}: empty; write one caption a line")
    for magic, remedy in _FOREIGN.items():
        if head.startswith(magic):
            raise InputError(f"{source}: {remedy}")
    if head.count(0) * 4 > len(head):
        raise InputError(f"{source}: {_FULL_OF_NUL}")


def _lines(text: io.TextIOWrapper, limit: int) -> Iterator[str]:
    for line in iter(partial(text.readline, limit), ""):
        if len(line) < limit or line.endswith("\n"):
            yield line
            continue
        quotes = 0
        while rest := text.readline(_LINE_LIMIT):
            quotes += rest.count('"')
            if rest.endswith("\n"):
                break
        yield line + '"' * (quotes % 2)  # so that a cut inside a CSV cell leaves the next record alone


def _read_txt(stream: Stream, notes: Notes) -> Iterator[Entry]:
    with _lines_of(stream, notes.source) as lines:
        for number, line in enumerate(lines, 1):
            text = line.strip()
            frames = 0
            if len(line) >= _LINE_LIMIT:
                notes.reject(number, TOO_LONG, line)
                continue
            if not text:
                continue
            if "#" in text:
                text, frames = _without_suffix(text)
            yield number, text, frames


def _without_suffix(text: str) -> tuple[str, int]:
    """Take off ``#tags#start#end`` of HumanML3D, or ``#NA`` or ``#124`` of MARDM's prompt files."""
    if found := _HUMANML3D.search(text):
        return text[: found.start()].rstrip(), 0
    if found := _FRAMES.search(text):
        digits = "0" if found[1] == "NA" else found[1].lstrip("0")[:10]
        return text[: found.start()].rstrip(), min(int(digits or "0"), _MOST_FRAMES)
    return text, 0


def _read_markdown(stream: Stream, notes: Notes) -> Iterator[Entry]:
    with _lines_of(stream, notes.source) as lines:
        for number, text in markdown_captions(lines, notes.skipped, notes.reject):
            yield number, text, 0


def _read_table(stream: Stream, notes: Notes, *, delimiter: str) -> Iterator[Entry]:
    cut_at = 0

    def watched(lines: Iterator[str]) -> Iterator[str]:
        nonlocal cut_at
        for number, line in enumerate(lines, 1):
            if len(line) >= _LINE_LIMIT:
                cut_at = number
            yield line

    with _lines_of(stream, notes.source) as lines:
        records = csv.reader(watched(lines), delimiter=delimiter, strict=True)
        column, width = -1, 0
        first = 1  # line on which the record begins
        try:
            for cells in records:
                if not cells:
                    pass
                elif not width:
                    column, width = _column_of(cells, f"{notes.source}: line {first:,}: "), len(cells)
                elif cut_at >= first and column >= len(cells) - 1:
                    notes.reject(first, f"a line over {_LINE_LIMIT:,} characters", cells[0])
                elif any(cells[width:]):
                    raise InputError(
                        f"{notes.source}: line {first:,}: {len(cells)} cells under {width} headings; "
                        "put a cell with the separator in it between double quotes"
                    )
                else:
                    yield first, cells[column].strip() if column < len(cells) else "", 0
                first = records.line_num + 1
        except csv.Error as error:
            raise InputError(
                f"{notes.source}: line {first:,}: {error}; close each double quote, and double those inside a cell"
            ) from error


def _column_of(names: Sequence[str], where: str) -> int:
    """Place of the column ``caption``, else of ``text``; capitals and blanks around do not matter."""
    plain = [name.strip().casefold() for name in names]
    for wanted in ("caption", "text"):
        if plain.count(wanted) > 1:
            raise InputError(f"{where}more than one column `{wanted}`; rename all but one")
        if wanted in plain:
            return plain.index(wanted)
    found = ", ".join(f"`{preview(name)}`" for name in names[:20]) + (", ..." if len(names) > 20 else "")
    raise InputError(f"{where}no column `caption` or `text`; found {found}; name the column `caption`")


def _read_jsonl(stream: Stream, notes: Notes) -> Iterator[Entry]:
    with _lines_of(stream, notes.source, _JSON_LINE_LIMIT) as lines:
        for number, line in enumerate(lines, 1):
            if len(line) >= _JSON_LINE_LIMIT:
                notes.reject(number, f"a line over {_JSON_LINE_LIMIT:,} characters", line)
            elif not line.isspace():
                try:
                    yield number, _caption_of(line), 0
                except InputError as error:
                    raise InputError(f"{notes.source}: line {number:,}: {error}") from error


def _caption_of(line: str) -> str:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InputError(f"not JSON ({error}); write one object a line") from error
    if not isinstance(record, dict):
        raise InputError('not an object; write {"caption": "..."}, one a line')
    names = list(record)
    caption = record["caption" if "caption" in record else names[_column_of(names, "")]]
    if caption is None:
        return ""
    if not isinstance(caption, str):
        raise InputError(f"the caption is no text but {type(caption).__name__}; put it between quotes")
    return caption.strip()


def _read_parquet(stream: Stream, notes: Notes) -> Iterator[Entry]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    seekable = pa.BufferReader(stream.read()) if isinstance(stream, gzip.GzipFile) else stream
    try:
        table = pq.ParquetFile(seekable)
        schema = table.schema_arrow
        name = schema.names[_column_of(schema.names, f"{notes.source}: ")]
        kind = schema.field(name).type
        inner = kind.value_type if pa.types.is_dictionary(kind) else kind
        if not any(test(inner) for test in (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view)):
            raise InputError(f"{notes.source}: column `{name}` is {kind}; it must be string")
        row = 0
        for batch in table.iter_batches(columns=[name]):
            # As bytes, because Parquet does not promise that a string is UTF-8.
            for value in batch.column(0).cast(inner).cast(pa.large_binary()).to_pylist():
                row += 1
                yield row, (value or b"").decode("utf-8", "surrogateescape").strip(), 0
    except InputError:
        raise
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        raise InputError(f"{notes.source}: broken as Parquet ({error}); write or copy it again") from error


READERS: Final[dict[str, Callable[[Stream, Notes], Iterator[Entry]]]] = {
    ".txt": _read_txt,
    ".md": _read_markdown,
    ".csv": partial(_read_table, delimiter=","),
    ".tsv": partial(_read_table, delimiter="\t"),
    ".jsonl": _read_jsonl,
    ".parquet": _read_parquet,
}
