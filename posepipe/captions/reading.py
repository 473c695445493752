"""Inputs to captions: the distinct captions of files, folders, standard input and the command line, as columns."""

from __future__ import annotations

import gzip
import hashlib
import os
import zlib
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, BinaryIO

import numpy as np
from numpy.typing import NDArray

from posepipe.captions import ids
from posepipe.captions.cleaning import Cleaner
from posepipe.captions.encodings import checked_name
from posepipe.captions.formats import EmptyInputError, Options, entries_of
from posepipe.captions.notes import (
    MAX_LENGTH,
    NOT_UTF8,
    NOTHING_LEFT,
    TOO_LONG,
    Entry,
    Notes,
    Unusable,
    listed,
    preview,
)
from posepipe.captions.report import Understood, describe
from posepipe.captions.sources import PROMPTS, Source, expand
from posepipe.captions.stems import fold
from posepipe.errors import InputError
from posepipe.wording import count

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["MAX_LENGTH", "Captions", "Understood", "caption_id", "read_captions"]

_ID_BYTES = ids.DIGITS // 2
_UNUSABLE_KEPT = 1_000


@dataclass(frozen=True)
class Captions:
    """The distinct captions of one or more inputs, as columns of equal length, in the order of first appearance.

    Ten million take about a GB: a caption is stored as its bytes, an id as a number.

    Attributes
    ----------
    source : str
        The input as given, or ``standard input``; of several inputs how many there are.
    text : bytes-like
        The captions in UTF-8, one behind the other, without white space at the ends.
    ends : ndarray of int64
        One longer than the rest: 0, and where each caption ends in `text`.
    number : ndarray of uint64
        Of each `caption_id`, see `posepipe.captions.ids`; no two are equal.
    line : ndarray of int64
        Line in a text file (of a record its first), row in a Parquet file, record in a JSON file; from 1 on.
    frames : ndarray of int32
        The length that the input gives for the caption; 0 where it gives none. Of a repeated caption the first
        line counts.
    repetitions : int
        Captions left out because they are there already.
    unusable : tuple of Unusable
        The first 1,000 lines that give no caption.
    unusable_count : int
        How many there are in all.
    skipped : dict of str to int
        What is no caption, by kind: ``{"headings": 16, "paragraph lines": 1}``.
    inputs : tuple of Understood
        How each input was read.
    starts : tuple of int
        Index of the first caption of each of `inputs`.
    remarks : tuple of str
        What concerns no single input: files of a folder that were left out, and so on.
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
    inputs: tuple[Understood, ...] = ()
    starts: tuple[int, ...] = ()
    remarks: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.number)

    @property
    def caption(self) -> list[str]:
        """The captions as Python strings, at about 100 bytes more for each."""
        return [str(self.text[start:end], "utf-8") for start, end in pairwise(self.ends.tolist())]

    @property
    def caption_id(self) -> list[str]:
        """The ids as Python strings; see `caption_id`."""
        return [ids.text_of(number) for number in self.number.tolist()]

    def column(self) -> pa.LargeStringArray:
        """The captions as an Arrow column, without a copy."""
        import pyarrow as pa

        return pa.LargeStringArray.from_buffers(len(self), pa.py_buffer(self.ends), pa.py_buffer(self.text))

    def sources_of(self, indices: NDArray[np.int64]) -> list[str]:
        """The name of the input of each of some captions."""
        if not self.inputs:
            return [self.source] * len(indices)
        places = np.searchsorted(np.array(self.starts, np.int64), indices, "right") - 1
        return [self.inputs[place].source for place in places.tolist()]

    def describe(self) -> list[str]:
        """Lines for people: how the inputs were read, what was left out and what was removed."""
        return describe(self.inputs, self.remarks)


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


def read_captions(
    paths: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
    *,
    prompts: Sequence[str] = (),
    column: str | None = None,
    encoding: str | None = None,
    stdin: BinaryIO | None = None,
) -> Captions:
    """Read the captions of one or more inputs.

    Parameters
    ----------
    paths : str, path, or sequence of these
        Files whose names end in ``.txt``, ``.md``, ``.csv``, ``.tsv``, ``.jsonl``, ``.json`` or ``.parquet``,
        each also with ``.gz``; folders of such files; patterns like ``prompts/*.txt``; ``-`` is standard input,
        whose form is taken from its content.
    prompts : sequence of str
        Captions themselves.
    column : str, optional
        Column, or key, of the captions in tables and records; otherwise ``caption``, ``text``, ``prompt`` or
        ``description``.
    encoding : str, optional
        Encoding of the files that are text; otherwise UTF-8, or UTF-16 with a byte order mark.
    stdin : binary file, optional
        What to read for ``-``, by default the standard input of the process.

    Returns
    -------
    Captions
        At least one caption. Lines that give none are in `Captions.unusable`.

    Raises
    ------
    InputError
        If an input cannot be read, is of another form than its name says, lacks the column, or holds no caption;
        or if `column` or `encoding` concerns none of the inputs.
    """
    names = [os.fspath(paths)] if isinstance(paths, (str, os.PathLike)) else [os.fspath(path) for path in paths]
    remarks: list[str] = []
    sources = [*([Source(PROMPTS, prompts=tuple(prompts))] if prompts else []), *expand(names, remarks, stdin=stdin)]
    if not sources:
        raise InputError("no captions: name a file")
    options = Options(column, checked_name(encoding) if encoding is not None else None)
    collector = _Collector(single=len(sources) == 1)
    for source in sources:
        with _plain_errors(source):
            collector.read(source, options)
    _refuse_without_effect(collector.inputs, options)
    name = sources[0].name if len(sources) == 1 else f"{len(sources):,} inputs, the first {sources[0].name}"
    return collector.captions(name, remarks)


class _Collector:
    """The captions read so far."""

    def __init__(self, *, single: bool) -> None:
        self._single = single
        self._seen: set[bytes] = set()
        self._text = bytearray()
        self._ends = array("q", [0])
        self._digests = bytearray()
        self._lines = array("q")
        self._frames = array("i")
        self._unusable: list[Unusable] = []
        self.inputs: list[Understood] = []
        self._starts: list[int] = []

    def read(self, source: Source, options: Options) -> None:
        """Add the captions of one input."""
        notes = Notes(source.name)
        start = len(self._lines)
        repetitions, is_empty = 0, False
        try:
            entries = entries_of(source, notes, options)
            repetitions = self._add(Cleaner(notes, is_text=notes.form == "text").clean(entries), notes)
        except EmptyInputError:
            if self._single:
                raise
            is_empty = True
            notes.remark("empty")
        found = len(self._lines) - start
        if not found and not repetitions and not is_empty:
            if self._single and len(source.prompts) == 1 and notes.unusable:
                raise InputError(f'caption "{preview(source.prompts[0])}": {notes.unusable[0].reason}')
            if self._single:
                raise InputError(f"{source.name}: no captions in it{_why_none(notes)}")
            notes.remark("no captions in it")
        self._starts.append(start)
        self.inputs.append(Understood.of(notes, found, repetitions))
        self._unusable += notes.unusable[: _UNUSABLE_KEPT - len(self._unusable)]

    def _add(self, batches: Iterable[Sequence[Entry]], notes: Notes) -> int:
        """Take captions; returns how many were repeated."""
        return sum(self._add_some(batch, notes) for batch in batches if batch)

    def _add_some(self, entries: Sequence[Entry], notes: Notes) -> int:
        """Take captions, and leave out what is repeated or unusable; returns how many were repeated."""
        repetitions = 0
        seen, stored, ends = self._seen, self._text, self._ends
        digests, lines, lengths = self._digests, self._lines, self._frames
        sha256 = hashlib.sha256
        for line, text, frames in entries:
            if not text:
                notes.reject(line, NOTHING_LEFT, text)
                continue
            if len(text) > MAX_LENGTH:
                notes.reject(line, TOO_LONG, text)
                continue
            folded = fold(text)
            try:
                content = folded.encode()
            except UnicodeEncodeError:
                notes.reject(line, _undecodable(notes), text)
                continue
            digest = sha256(content).digest()[:_ID_BYTES]
            if digest in seen:
                repetitions += 1
                continue
            seen.add(digest)
            digests += digest
            stored += content if folded == text else text.encode()
            ends.append(len(stored))
            lines.append(line)
            lengths.append(frames)
        return repetitions

    def captions(self, name: str, remarks: Sequence[str]) -> Captions:
        """The result."""
        if not self._lines:
            raise InputError(f"{name}: no captions in any of them")
        skipped: Counter[str] = Counter()
        for read in self.inputs:
            skipped.update(read.skipped)
        return Captions(
            source=name,
            text=self._text,
            ends=np.array(self._ends, np.int64),
            number=np.frombuffer(self._digests, ">u8").astype(np.uint64),
            line=np.array(self._lines, np.int64),
            frames=np.array(self._frames, np.int32),
            repetitions=sum(read.repetitions for read in self.inputs),
            unusable=tuple(self._unusable),
            unusable_count=sum(read.unusable for read in self.inputs),
            skipped=dict(skipped),
            inputs=tuple(self.inputs),
            starts=tuple(self._starts),
            remarks=tuple(remarks),
        )


def _undecodable(notes: Notes) -> str:
    return NOT_UTF8 if notes.encoding in ("", "utf-8") else f"not {notes.encoding.upper()}"


def _why_none(notes: Notes) -> str:
    why = ""
    if notes.unusable:
        first = notes.unusable[0]
        lines = count(notes.unusable_count, "unusable line")
        why += f"; {lines}, the first in line {first.line:,}: {first.reason}"
    if skipped := +notes.skipped:
        why += f"; left out: {listed(skipped)}"
    return why or "; write one caption a line"


def _refuse_without_effect(inputs: Sequence[Understood], options: Options) -> None:
    forms = sorted({read.form for read in inputs if read.form})
    if options.column is not None and not any(read.column for read in inputs):
        raise InputError(f"--column {options.column} has no effect: the input is {' and '.join(forms)}; leave it out")
    if options.encoding is not None and not any(read.encoding for read in inputs):
        raise InputError(
            f"--encoding {options.encoding} has no effect: the input is {' and '.join(forms)}; leave it out"
        )


@contextmanager
def _plain_errors(source: Source) -> Iterator[None]:
    """Convert errors of the operating system and of gzip into InputError."""
    try:
        yield
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError(f"{source.name}: broken as gzip: {error}; pack or copy it again") from error
    except OSError as error:
        raise InputError(f"{source.name}: cannot be read: {error.strerror or error}") from error
