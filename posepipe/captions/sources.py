"""Inputs as they are named: files, folders, patterns, standard input, captions given on the command line."""

from __future__ import annotations

import glob
import gzip
import os
import re
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, Final, cast

from posepipe.errors import InputError
from posepipe.wording import count, nearest

STANDARD_INPUT: Final = "standard input"
PROMPTS: Final = "--text-prompt"

FORMS: Final = {
    ".txt": "text",
    ".md": "Markdown",
    ".markdown": "Markdown",
    ".csv": "CSV",
    ".tsv": "CSV",
    ".jsonl": "JSON",
    ".ndjson": "JSON",
    ".json": "JSON",
    ".parquet": "Parquet",
}
"""Form by the ending of the name; each also with ``.gz``."""

ENDINGS: Final = ".txt, .md, .csv, .tsv, .jsonl, .json or .parquet, each also with .gz, or - for standard input"

_NOT_CAPTIONS = re.compile(r"(?:readme|license|licence|changelog|contributing|requirements)\b", re.IGNORECASE)
_SPOOLED = 1 << 24


@dataclass(frozen=True)
class Source:
    """One input.

    Attributes
    ----------
    name : str
        As given, in messages and in the manifest.
    path : str
        Where it is; empty for a stream.
    spool : binary file or None
        The content of a stream, which may be read several times.
    prompts : tuple of str
        Captions given one by one.
    """

    name: str
    path: str = ""
    spool: IO[bytes] | None = None
    prompts: tuple[str, ...] = ()

    @property
    def ending(self) -> str:
        """The ending that tells the form; empty where there is none."""
        name = self.path.lower().removesuffix(".gz")
        return next((ending for ending in FORMS if name.endswith(ending)), "")

    @property
    def is_packed(self) -> bool:
        """Whether the name says that it is compressed."""
        return self.path.lower().endswith(".gz")

    @contextmanager
    def opened(self, *, unpack: bool = True) -> Iterator[BinaryIO]:
        """Its bytes from the beginning; unpacked, unless that is not wanted."""
        if self.spool is not None:
            self.spool.seek(0)
            yield cast(BinaryIO, self.spool)
            return
        with open(self.path, "rb") as stream:
            if not (self.is_packed and unpack):
                yield stream
                return
            with gzip.GzipFile(fileobj=stream, mode="rb") as unpacked:
                yield cast(BinaryIO, unpacked)


def expand(paths: Sequence[str], remarks: list[str], *, stdin: BinaryIO | None = None) -> list[Source]:
    """The inputs that paths, folders and patterns name, each once.

    Parameters
    ----------
    paths : sequence of str
        Paths of files and folders, patterns like ``prompts/*.txt``, and ``-``.
    remarks : list of str
        Gets what was left out.
    stdin : binary file, optional
        What to read for ``-``, by default the standard input of the process.

    Raises
    ------
    InputError
        There is no such file, or nothing to read in a folder.
    """
    found: list[Source] = []
    seen: set[str] = set()
    for path in paths:
        for source in _expand_one(path, remarks, stdin):
            identity = os.path.realpath(source.path) if source.path else source.name
            if identity in seen:
                remarks.append(f"{source.name}: named more than once; read once")
            else:
                seen.add(identity)
                found.append(source)
    return found


def _expand_one(path: str, remarks: list[str], stdin: BinaryIO | None) -> list[Source]:
    if path == "-":
        return [Source(STANDARD_INPUT, spool=_spooled(stdin or sys.stdin.buffer))]
    if "\0" in path:
        raise InputError(f"{path!r}: a NUL character in the path; check the path")
    path = os.path.expanduser(path)  # noqa: PTH111  # "~x" without such a user stays
    try:
        mode = Path(path).stat().st_mode
    except FileNotFoundError:
        return _matches(path, remarks)
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from error
    if stat.S_ISDIR(mode):
        return _in_folder(path, remarks)
    if stat.S_ISFIFO(mode) or stat.S_ISCHR(mode):
        with open(path, "rb") as stream:
            return [Source(path, spool=_spooled(stream))]
    return [Source(path, path)]


def _spooled(stream: BinaryIO) -> IO[bytes]:
    spool = tempfile.SpooledTemporaryFile(max_size=_SPOOLED)  # noqa: SIM115  # lives as long as its Source
    shutil.copyfileobj(stream, spool, 1 << 20)
    return cast(IO[bytes], spool)


def _matches(path: str, remarks: list[str]) -> list[Source]:
    if glob.has_magic(path):
        matches = sorted(glob.glob(path, recursive=True), key=_natural)  # noqa: PTH207  # keeps "./" as given
        files = [match for match in matches if not Path(match).is_dir()]
        if not files:
            raise InputError(f"{path}: no file matches; check the pattern")
        return [Source(match, match) for match in files]
    raise InputError(f"{path}: no such file; {_nearest(path)}")


def _nearest(path: str) -> str:
    parent = Path(path).parent
    try:
        names = os.listdir(parent)  # noqa: PTH208  # names only
    except OSError:
        return f"there is no folder {parent} either; check the path"
    near = nearest(Path(path).name, names)
    return f"did you mean {parent / near}?" if near else "check the path"


def _in_folder(folder: str, remarks: list[str]) -> list[Source]:
    """The files of a folder whose names tell a form; not those in folders below it."""
    try:
        names = sorted(os.listdir(folder), key=_natural)  # noqa: PTH208  # names only
    except OSError as error:
        raise InputError(f"{folder}: cannot be read: {error.strerror or error}") from error
    paths = [(name, str(Path(folder) / name)) for name in names if not name.startswith(".")]
    sources, others, below = [], [], 0
    for name, path in paths:
        if Path(path).is_dir():
            below += 1
        elif _NOT_CAPTIONS.match(name) or not Source(path, path).ending:
            others.append(name)
        else:
            sources.append(Source(path, path))
    if others:
        remarks.append(f"{folder}: left out {', '.join(others[:3])}{', ...' if len(others) > 3 else ''}")
    if below:
        remarks.append(f"{folder}: {count(below, 'folder')} in it not read; name them, or give '{folder}/**/*.txt'")
    if not sources:
        raise InputError(f"{folder}: a folder without captions; they are in files that end in {ENDINGS}")
    return sources


def _natural(name: str) -> list[tuple[int, int, str]]:
    """A key by which ``p2.txt`` comes before ``p10.txt``."""
    parts = re.split(r"(\d{1,18})", name)
    return [(0, int(part), "") if part.isascii() and part.isdigit() else (1, 0, part) for part in parts]
