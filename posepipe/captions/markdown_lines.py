"""What is done to the lines of a Markdown document before they are parsed: front matter, definitions, footnotes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice
from typing import Final

from markdown_it.common.utils import normalizeReference

from posepipe.captions import marks
from posepipe.captions.notes import Notes

NESTING: Final = 200
"""Levels that the parser follows; below them it would drop the rest of the document."""

_FRONT_MATTER = {"---": re.compile(r"[\w\"'-][^:]*:(?:\s|$)"), "+++": re.compile(r"[\w.\"'-]+\s*=|\[")}
_FRONT_MATTER_LIMIT = 1_000
_DEFINITION = re.compile(r" {0,3}\[([^\[\]\^][^\[\]]*)\]:[ \t]*(\S+)")
_FOOTNOTE = re.compile(r" {0,3}\[\^[^\[\]]+\]:")
_DEEPEST = 180
"""Columns in front of a text, each of which is a level at most."""
_IN_FRONT = re.compile(r"[\s>*+\-\d.)]*")


def prepare(lines: list[str], notes: Notes) -> tuple[int, dict[str, dict[str, str]]]:
    """Look through a document once, whatever the parts in which it is parsed.

    Footnotes, and lines that are nested too deeply for the parser, are replaced by blank lines.

    Parameters
    ----------
    lines : list of str
        The lines with their ends; changed in place.
    notes : Notes
        Gets what was left out.

    Returns
    -------
    start : int
        Index of the line after the front matter.
    references : dict
        The link definitions, in the form in which markdown-it keeps them.
    """
    start = _front_matter(lines, notes)
    return start, _definitions(lines, start, notes)


def _front_matter(lines: Sequence[str], notes: Notes) -> int:
    """The line after the front matter, 0 where there is none."""
    mark = lines[0].rstrip() if lines else ""
    key = _FRONT_MATTER.get(mark)
    if key is None or len(lines) < 2:
        return 0
    ends = (mark, "...") if mark == "---" else (mark,)
    ahead = islice(enumerate(lines), 1, _FRONT_MATTER_LIMIT)
    end = next((place for place, line in ahead if line.rstrip() in ends), 0)
    first = next((line for line in lines[1:end] if line.strip() and not line.startswith("#")), None)
    if not end or (first is not None and not key.match(first)):
        return 0
    notes.skipped["lines of front matter"] += end + 1
    return end + 1


def _definitions(lines: list[str], start: int, notes: Notes) -> dict[str, dict[str, str]]:
    """The link definitions; blanks out footnotes, and lines nested too deeply."""
    links: dict[str, str] = {}
    in_footnote = False
    for place in range(start, len(lines)):
        line = lines[place]
        if len(line) > _DEEPEST // 4 and _is_too_deep(line):
            notes.reject(place + 1, "nested too deeply", line.strip())
            lines[place] = "\n"
            continue
        if in_footnote and line.startswith(("    ", "\t")) and not marks.has_mark(line.strip()):
            lines[place] = "\n"
            notes.skipped["lines of footnotes"] += 1
            continue
        in_footnote = False
        if "]:" not in line:
            continue
        if _FOOTNOTE.match(line):
            lines[place], in_footnote = "\n", True
            notes.skipped["lines of footnotes"] += 1
        elif found := _DEFINITION.match(line):
            links.setdefault(normalizeReference(found[1]), found[2])
            notes.skipped["link definitions"] += 1
    return {label: {"title": "", "href": href} for label, href in links.items()}


def _is_too_deep(line: str) -> bool:
    """Whether a line may be in so many lists and quotations that the parser would give up."""
    found = _IN_FRONT.match(line)
    in_front = found[0] if found else ""
    if len(in_front.expandtabs(4)) <= _DEEPEST:
        return False
    return len(set(line) - {" ", "\t", "\n"}) > 1  # else it is a rule
