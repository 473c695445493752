"""What a file is by its content, for inputs whose content contradicts their name and for those without a name."""

from __future__ import annotations

import csv
import json
import re
from itertools import pairwise
from typing import Final

from posepipe.captions.columns import CAPTION_NAMES, plain_name
from posepipe.errors import InputError

HEAD: Final = 1 << 16
"""Bytes at the beginning that are looked at."""

_MAGIC: Final = (
    (b"\x1f\x8b", "it is compressed with gzip; give it a name that ends in .gz, or unpack it with `gunzip`"),
    (b"PAR1", "it is a Parquet file; give it a name that ends in .parquet"),
    (b"PK\x03\x04", "it is a zip archive, a workbook or a .docx; unpack it, or save it as CSV or text in UTF-8"),
    (b"\xd0\xcf\x11\xe0", "it is an old Office document; save it as CSV or text in UTF-8"),
    (b"%PDF-", "it is a PDF; save its text as .txt, one caption a line"),
    (b"{\\rtf", "it is a Rich Text document; save it as plain text"),
    (b"\x89PNG", "it is a PNG picture; give a file of captions"),
    (b"\xff\xd8\xff", "it is a JPEG picture; give a file of captions"),
    (b"GIF8", "it is a GIF picture; give a file of captions"),
    (b"RIFF", "it is a media file (RIFF); give a file of captions"),
    (b"BZh", "it is compressed with bzip2; unpack it with `bunzip2`"),
    (b"\xfd7zXZ", "it is compressed with xz; unpack it with `unxz`"),
    (b"\x28\xb5\x2f\xfd", "it is compressed with zstd; unpack it with `unzstd`"),
    (b"7z\xbc\xaf", "it is a 7z archive; unpack it"),
    (b"Rar!", "it is a RAR archive; unpack it"),
    (b"SQLite format 3", "it is a SQLite database; export the table as CSV"),
    (b"ARROW1", "it is an Arrow (Feather) file; save it as Parquet"),
    (b"\x89HDF", "it is an HDF5 file; save the captions as Parquet or CSV"),
    (b"\x93NUMPY", "it is a NumPy array; save the captions as text, one a line"),
    (b"\x7fELF", "it is a program; give a file of captions"),
)
_CONTROLS = [bytes([code]) for code in (*range(9), *range(14, 26), *range(28, 32), 127)]
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_LFS = re.compile(rb"version https://git-lfs\.github\.com/spec/")
_ANNEX = re.compile(rb"[\w./-]*/annex/objects/\S+\s*\Z")
_HTML = re.compile(r"(?:\s|<!--(?:(?!-->).)*+-->)*+<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_XML = re.compile(r"\s*<(?:\?xml|!doctype|svg|rss|feed)\b", re.IGNORECASE)
_OBJECT = re.compile(r'\{\s*(?:"(?:[^"\\]|\\.)*"\s*:|\}|\Z)')
_ARRAY = re.compile(r'\[\s*(?:\{|\[|"(?:[^"\\]|\\.)*"\s*[,\]]|\]|\Z)')
_PYTHON_LIST = re.compile(r"\{\s*'[^'\n]*'\s*:|(?:\w+\s*=\s*)?[\[(]\s*(?:'[^'\n]*'|\"[^\"\n]*\")\s*,")
_DELIMITER_ROW = re.compile(r"\|?[ \t]*+:?-+:?[ \t]*+(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*\Z")
_CONFLICT = re.compile(rb"(?m)^<<<<<<< .*$")

_RENAME = {
    "JSON Lines": "JSON Lines; give it a name that ends in .jsonl",
    "JSON": "JSON; give it a name that ends in .json",
    "CSV": "a CSV table; give it a name that ends in .csv",
    "TSV": "a table separated by tabs; give it a name that ends in .tsv",
    "Markdown": "Markdown (a table, or front matter); give it a name that ends in .md",
    "table without a heading": "a table separated by tabs; name the columns in line 1, and end its name in .tsv",
    "Python": "a list in Python's notation; write one caption a line without quotes and commas, or save it as .json",
}
_CONTRADICTS = {
    "text": ("JSON Lines", "JSON", "CSV", "TSV", "Markdown", "Python", "table without a heading"),
    "Markdown": ("JSON Lines", "JSON", "CSV", "TSV", "Python"),
    "CSV": ("JSON Lines", "JSON", "Markdown"),
    "JSON": ("CSV", "TSV", "Markdown"),
}


def refuse_foreign(source: str, head: bytes, *, form: str) -> None:
    """Raise where the first bytes are those of something that holds no captions.

    Parameters
    ----------
    source : str
        Its name in messages.
    head : bytes
        The first `HEAD` bytes, unpacked.
    form : str
        ``Parquet`` where it should be that, else any other.

    Raises
    ------
    InputError
        Says what it is and what to do.
    """
    if _LFS.match(head) or _ANNEX.match(head):
        pull = "git lfs pull" if head.startswith(b"version") else "git annex get"
        raise InputError(f"{source}: a Git pointer, not the file itself; fetch it with `{pull}`")
    for magic, remedy in _MAGIC:
        if head.startswith(magic) and not (magic == b"PAR1" and form == "Parquet"):
            raise InputError(f"{source}: {remedy}")
    controls = sum(head.count(byte) for byte in _CONTROLS)
    if (
        controls * 10 > len(head)
        and not head.startswith(_WIDE)
        and head.count(0) * 4 <= len(head)
        and form != "Parquet"
    ):
        raise InputError(f"{source}: binary data, not text; give a file of captions")
    if head[257:262] == b"ustar":
        raise InputError(f"{source}: it is a tar archive; unpack it with `tar xf`")


def refuse_contradiction(source: str, head: str, *, form: str) -> None:
    """Raise where the beginning of a text is of another form than its name says.

    Parameters
    ----------
    source : str
        Its name in messages.
    head : str
        The beginning, decoded.
    form : {"text", "Markdown", "CSV", "JSON"}
        What the name says.
    """
    if _HTML.match(head):
        raise InputError(f"{source}: an HTML page, not captions; check where it was downloaded from")
    if _XML.match(head):
        raise InputError(f"{source}: XML, not captions; save the captions as text, one a line, or as CSV")
    if "<<<<<<< " in head and (found := _CONFLICT.search(head.encode("utf-8", "replace"))) and "\n>>>>>>> " in head:
        line = head.encode("utf-8", "replace")[: found.start()].count(b"\n") + 1
        raise InputError(f"{source}: line {line}: a merge conflict of Git; resolve it")
    content = form_of(head)
    if content in _CONTRADICTS[form] and not (form == "Markdown" and content == "CSV" and head.startswith("#")):
        raise InputError(f"{source}: its content is {_RENAME[content]}")


def form_of(head: str) -> str:
    """The form of a text by its beginning.

    Returns
    -------
    {"JSON Lines", "JSON", "CSV", "TSV", "Markdown", "Python", "table without a heading", "text"}
        ``Markdown`` only for a table or front matter: lists read the same as text.
    """
    body = head.lstrip("\ufeff \t\r\n")
    if _OBJECT.match(body):
        return "JSON Lines" if _is_json_lines(body) else "JSON"
    if _ARRAY.match(body):
        return "JSON"
    if _PYTHON_LIST.match(body):
        return "Python"
    lines = [line for line in body.splitlines()[:50] if line.strip()]
    if any("|" in above and "|" in line and _DELIMITER_ROW.match(line.strip()) for above, line in pairwise(lines)):
        return "Markdown"
    if body.startswith("---\n") and re.match(r"---\n(?:[\w-]+:.*\n|[ \t].*\n|- .*\n)++---\n", body):
        return "Markdown"
    separator = heading_separator(lines)
    if separator:
        return "TSV" if separator == "\t" else "CSV"
    return "table without a heading" if _is_tabbed(lines) else "text"


def _is_tabbed(lines: list[str]) -> bool:
    """Whether all lines have equally many tabs between texts; a number in front or behind is no cell."""
    tabs = {line.strip().count("\t") for line in lines}
    if len(lines) < 2 or len(tabs) > 1 or tabs <= {0}:
        return False
    if tabs == {1}:
        first, last = zip(*(line.strip().split("\t") for line in lines), strict=True)
        return not (all(cell.strip(" .):#").isdecimal() for cell in first) or all(map(_is_number, last)))
    return True


def _is_number(cell: str) -> bool:
    return cell.strip().removesuffix(".0").isdecimal() or cell.strip().upper() == "NA"


def _is_json_lines(body: str) -> bool:
    first, _, rest = body.partition("\n")
    try:
        complete = isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        complete = False
    if complete:
        return bool(rest.strip())
    return bool(re.search(r'\n\{\s*"', body)) and not re.search(r"\n[}\]]", body)


def begins_with_record(head: str) -> bool:
    """Whether the first line of a text is a JSON value by itself, other than an array."""
    first = head.lstrip("\ufeff \t\r\n").partition("\n")[0]
    try:
        return not isinstance(json.loads(first), list)
    except (ValueError, RecursionError):
        return False


def heading_separator(lines: list[str]) -> str:
    """What separates the cells of a table that begins with a heading; empty where the lines are no such table.

    A heading has two cells or more, short ones, one of which is the name of the column of captions.
    """
    if len(lines) < 2:
        return ""
    for separator in (",", ";", "\t", "|"):
        try:
            heading, row = list(csv.reader(lines[:2], delimiter=separator))[:2]
        except (csv.Error, ValueError):
            continue
        names = [plain_name(cell) for cell in heading]
        short = all(len(name.split()) <= 2 and len(name) <= 30 for name in names)
        if len(names) > 1 and short and len(row) > 1 and set(names) & set(CAPTION_NAMES):
            return separator
    return ""
