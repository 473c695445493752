"""Files to captions: text, Markdown, CSV, TSV, JSON lines, Parquet, each also gzipped, and standard input."""

from __future__ import annotations

import gzip
import hashlib
import os
import sys
import zlib
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

import numpy as np
from numpy.typing import NDArray

from posepipe.captions import ids
from posepipe.captions.formats import NOT_UTF8, NOTHING_LEFT, READERS, TOO_LONG, Entry, Notes, Unusable
from posepipe.captions.stems import fold
from posepipe.errors import InputError

if TYPE_CHECKING:
    import pyarrow as pa


MAX_LENGTH: Final = 2_000
"""A caption of more characters is unusable."""

_ID_BYTES = ids.DIGITS // 2
_FORMS = ".txt, .md, .csv, .tsv, .jsonl or .parquet, each also with .gz, or - for standard input"


@dataclass(frozen=True)
class Captions:
    """The distinct captions of an input, as columns of equal length, in the order of first appearance.

    Ten million take about a GB: a caption is its bytes, an id its number.

    Attributes
    ----------
    source : str
        The path as given, or ``standard input``.
    text : bytes-like
        The captions in UTF-8, one behind the other, as read, without white space at the ends.
    ends : ndarray of int64
        One longer than the rest: 0, and where each caption ends in `text`.
    number : ndarray of uint64
        Of each `caption_id`, see `posepipe.ids`; no two are equal.
    line : ndarray of int64
        Line in a text file (of a record its first), row in a Parquet file; from 1 on.
    frames : ndarray of int32
        The length that a line asks for by ``#<digits>``; 0 where none is given. Of a repeated caption the
        first line counts.
    repetitions : int
        Captions left out because they are there already.
    unusable : tuple of Unusable
        The first 1,000 lines that give no caption.
    unusable_count : int
        How many there are in all.
    skipped : dict of str to int
        What was left out of a Markdown document: ``{"headings": 16, "paragraph lines": 1}``.
    """

    source: str
    text: bytes | bytearray
    ends: NDArray[np.int64]
    number: NDArray[np.uint64]
    line: NDArray[np.int64]
    frames: NDArray[np.int32]
    repetitions: int = 0
    unusable: tuple[Unusable, ...] = ()
    unusable_count: int = 0
    skipped: dict[str, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.number)

    @property
    def caption(self) -> list[str]:
        """The captions as Python has them: some 100 bytes more for each."""
        return [str(self.text[start:end], "utf-8") for start, end in pairwise(self.ends.tolist())]

    @property
    def caption_id(self) -> list[str]:
        """The ids as Python has them; see `caption_id`."""
        return [ids.text_of(number) for number in self.number.tolist()]

    def column(self) -> pa.LargeStringArray:
        """The captions as an Arrow column, without a copy."""
        import pyarrow as pa

        return pa.LargeStringArray.from_buffers(len(self), pa.py_buffer(self.ends), pa.py_buffer(self.text))


def caption_id(caption: str) -> str:
    """Name a caption by its content: equal for what differs only in white space or Unicode composition.

    Parameters
    ----------
    caption : str
        Any text without lone surrogates.

    Returns
    -------
    str
        First 16 hexadecimal digits of SHA-256 over the caption in NFC and with each run of white space as one
        blank, none at the ends, as UTF-8.

    Raises
    ------
    UnicodeEncodeError
        If the text has lone surrogates, which UTF-8 cannot hold.

    Examples
    --------
    >>> caption_id("A person waving") == caption_id(" A  person\twaving ")
    True
    """
    return hashlib.sha256(fold(caption).encode()).hexdigest()[:16]


def read_captions(path: str | os.PathLike[str], *, stdin: BinaryIO | None = None) -> Captions:
    """Read the captions of a file.

    Parameters
    ----------
    path : str or path
        A file whose name ends in ``.txt``, ``.md``, ``.csv``, ``.tsv``, ``.jsonl`` or ``.parquet``, each also
        with ``.gz``; ``-`` is standard input, read as ``.txt``.
    stdin : binary file, optional
        What to read for ``-``, by default the standard input of the process.

    Returns
    -------
    Captions
        At least one caption. Lines that give none are told of in `Captions.unusable`.

    Raises
    ------
    InputError
        If the file cannot be read, is of another form than its name says, lacks the column, or holds no
        caption.
    """
    source = os.fspath(path)
    if source == "-":
        tally = _Tally("standard input")
        with _told_plainly(tally):
            tally.collect(READERS[".txt"](stdin or sys.stdin.buffer, tally))
        return tally.captions()
    tally = _Tally(source)
    name = source.lower().removesuffix(".gz")
    read = next((READERS[ending] for ending in READERS if name.endswith(ending)), None)
    with _told_plainly(tally):
        if "\0" in source:
            raise InputError(f"{source!r}: a NUL character in the path; check the path")
        if Path(source).is_dir():
            raise InputError(f"{source}: a folder; name a file of captions in it")
        if read is None:
            raise InputError(f"{source}: its name does not tell its form; it must end in {_FORMS}")
        with open(source, "rb") as stream:
            packed = source.lower().endswith(".gz")
            tally.collect(read(gzip.GzipFile(fileobj=stream) if packed else stream, tally))
    return tally.captions()


class _Tally(Notes):
    """The captions read so far, and what there is to say of them."""

    def __init__(self, source: str) -> None:
        super().__init__(source)
        self.text = bytearray()
        self.ends = array("q", [0])
        self.digests = bytearray()
        self.lines = array("q")
        self.frames = array("i")
        self.repetitions = 0
        self.last_line = 0

    def collect(self, entries: Iterator[Entry]) -> None:
        """Take captions, and leave out what is repeated or unusable."""
        seen: set[bytes] = set()
        for line, text, frames in entries:
            self.last_line = line
            if not text:
                self.reject(line, NOTHING_LEFT, text)
                continue
            if len(text) > MAX_LENGTH:
                self.reject(line, TOO_LONG, text)
                continue
            folded = fold(text)
            try:
                content = folded.encode()
            except UnicodeEncodeError:
                self.reject(line, NOT_UTF8, text)
                continue
            digest = hashlib.sha256(content).digest()[:_ID_BYTES]
            if digest in seen:
                self.repetitions += 1
                continue
            seen.add(digest)
            self.digests += digest
            self.text += content if folded == text else text.encode()
            self.ends.append(len(self.text))
            self.lines.append(line)
            self.frames.append(frames)

    def captions(self) -> Captions:
        """Close the account."""
        skipped = {kind: count for kind, count in self.skipped.items() if count > 0}
        if not self.lines:
            raise InputError(f"{self.source}: no captions in it{self._why_none(skipped)}")
        return Captions(
            source=self.source,
            text=self.text,
            ends=np.array(self.ends, np.int64),
            number=np.frombuffer(self.digests, ">u8").astype(np.uint64),
            line=np.array(self.lines, np.int64),
            frames=np.array(self.frames, np.int32),
            repetitions=self.repetitions,
            unusable=tuple(self.unusable),
            unusable_count=self.unusable_count,
            skipped=skipped,
        )

    def _why_none(self, skipped: dict[str, int]) -> str:
        why = ""
        if self.unusable:
            first = self.unusable[0]
            why += f"; {self.unusable_count:,} unusable, the first in line {first.line:,}: {first.reason}"
            if first.reason == NOT_UTF8:
                why += " (if it is Latin-1, convert it with `iconv -f LATIN1 -t UTF-8`)"
        if skipped:
            why += "; left out: " + ", ".join(f"{count:,} {kind}" for kind, count in skipped.items())
        return why or "; write one caption a line"


@contextmanager
def _told_plainly(tally: _Tally) -> Iterator[None]:
    """Turn what the machine says of an input into an error that says what to do."""
    source = tally.source
    try:
        yield
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        after = f"after line {tally.last_line:,}" if tally.last_line else "from the start"
        raise InputError(f"{source}: broken as gzip {after} ({error}); pack or copy it again") from error
    except FileNotFoundError as error:
        raise InputError(f"{source}: no such file; check the path") from error
    except OSError as error:
        raise InputError(f"{source}: cannot be read: {error.strerror or error}") from error
