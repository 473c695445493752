"""From an input to the reader of its form: what the name says, checked against the content."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace

from posepipe.captions import contents, encodings
from posepipe.captions.encodings import Encoding
from posepipe.captions.notes import Entry, Notes
from posepipe.captions.sources import ENDINGS, FORMS, Source
from posepipe.errors import InputError


class EmptyInputError(InputError):
    """An input without content."""


@dataclass(frozen=True)
class Options:
    """What the user says about the inputs.

    Attributes
    ----------
    column : str or None
        Column, or key, of the captions.
    encoding : str or None
        Name of the codec.
    """

    column: str | None = None
    encoding: str | None = None


def entries_of(source: Source, notes: Notes, options: Options) -> Iterator[Entry]:
    """The captions of an input, as they stand in it.

    What can be found out without reading captions (form, encoding) is in the notes when this returns.

    Raises
    ------
    InputError
        The content contradicts the name, is in another encoding, or is empty.
    """
    if source.prompts:
        notes.form = "captions"
        return ((number, " ".join(text.split()), 0) for number, text in enumerate(source.prompts, 1))
    if source.spool is not None:
        source = _unpacked(source)
    elif not source.ending:
        raise InputError(f"{source.name}: its name does not tell its form; it must end in {ENDINGS}")
    form = FORMS[source.ending] if source.ending else ""
    _refuse_packing(source, form)
    with source.opened() as stream:
        head = stream.read(contents.HEAD)
    if not form:
        form = "Parquet" if head.startswith(b"PAR1") else ""
    if form == "Parquet":
        notes.form = form
        return _parquet(source, notes, options)
    if not head:
        raise EmptyInputError(f"{source.name}: empty; write one caption a line")
    contents.refuse_foreign(source.name, head, form=form)
    encoding = _encoding(source, head, options)
    notes.encoding = encoding.name
    beginning = _beginning(head, encoding)
    content = contents.form_of(beginning)
    if not form and content == "table without a heading":
        raise InputError(f"{source.name}: a table separated by tabs; name the columns in line 1: `id<tab>caption`")
    if not form:
        form = {"JSON Lines": "JSON", "TSV": "CSV", "Python": "text"}.get(content, content)
        if content != "text":
            notes.remark(f"read as {content}, by its content")
    contents.refuse_contradiction(source.name, beginning, form=form)
    notes.form = form
    return _text_entries(source, notes, options, encoding, beginning)


def _unpacked(source: Source) -> Source:
    """A stream, unpacked if it is compressed with gzip."""
    with source.opened() as stream:
        if stream.read(2) != b"\x1f\x8b":
            return source
        stream.seek(0)
        content = io.BytesIO(gzip.GzipFile(fileobj=stream, mode="rb").read())
    return Source(source.name, spool=content)


def _refuse_packing(source: Source, form: str) -> None:
    """Raise where a name ends in .gz and the content is not compressed."""
    if source.is_packed:
        with source.opened(unpack=False) as stream:
            head = stream.read(contents.HEAD)
        if head and not head.startswith(b"\x1f\x8b"):
            contents.refuse_foreign(source.name, head, form=form)
            raise InputError(
                f"{source.name}: broken as gzip: it is not compressed, although its name ends in .gz; "
                "take .gz off its name, or copy it again"
            )


def _encoding(source: Source, head: bytes, options: Options) -> Encoding:
    encoding = encodings.choose(source.name, head, options.encoding)
    with source.opened() as stream:
        decodes, has_long_lines = encodings.examine(stream, encoding)
    if not decodes:
        with source.opened() as stream:
            encodings.refuse_other_encoding(source.name, stream, encoding)
    return replace(encoding, has_long_lines=has_long_lines)


def _beginning(head: bytes, encoding: Encoding) -> str:
    with encoding.text(io.BytesIO(head)) as text:
        return text.read()


def _parquet(source: Source, notes: Notes, options: Options) -> Iterator[Entry]:
    from posepipe.captions.parquet import read_parquet

    with source.opened() as stream:
        contents.refuse_foreign(source.name, stream.read(contents.HEAD), form="Parquet")
    with source.opened() as stream:
        yield from read_parquet(stream, notes, options.column, packed=source.is_packed)


def _text_entries(
    source: Source, notes: Notes, options: Options, encoding: Encoding, beginning: str
) -> Iterator[Entry]:
    form = notes.form
    with source.opened() as stream, encoding.text(stream) as text:
        if form == "text":
            from posepipe.captions.plain_text import read_text

            yield from read_text(text, notes, whole=not encoding.has_long_lines)
        elif form == "Markdown":
            from posepipe.captions.markdown import read_markdown

            yield from read_markdown(encodings.lines_of(text), notes, options.column)
        elif form == "CSV":
            from posepipe.captions.tables import read_table

            yield from read_table(text, notes, options.column)
        else:
            yield from _json(source, notes, options, text, beginning)


def _json(source: Source, notes: Notes, options: Options, text: io.TextIOWrapper, beginning: str) -> Iterator[Entry]:
    from posepipe.captions.json_records import read_json, read_json_lines

    named_lines = source.ending in (".jsonl", ".ndjson")
    lines = contents.form_of(beginning) == "JSON Lines" or (named_lines and contents.begins_with_record(beginning))
    if source.ending and lines != named_lines:
        notes.remark(f"read as {'JSON Lines' if lines else 'one JSON document'}, by its content")
    yield from (read_json_lines if lines else read_json)(text, notes, options.column)
