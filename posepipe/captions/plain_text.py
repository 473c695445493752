"""Plain text: one caption a line."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

from posepipe.captions.columns import CAPTION_NAMES
from posepipe.captions.encodings import LINE_LIMIT, lines_of
from posepipe.captions.notes import TOO_LONG, Entry, Notes
from posepipe.captions.tags import split_fused

_COMMENT = re.compile(r"#+(?:\s|\Z)|//")
_END_OF_FILE = "\x1a"  # what old editors of DOS and Windows write at the end
_SUSPECT = frozenset("#/-=_*~")
_RULE = re.compile(r"([-=_*~])\1{2,}\Z")


def read_text(text: io.TextIOWrapper, notes: Notes, *, whole: bool = False) -> Iterator[Entry]:
    """The lines of a text, without blank lines, comments and lines that only separate.

    Parameters
    ----------
    text : text stream
        The file.
    notes : Notes
        Gets what was left out.
    whole : bool
        Whether lines may be read whole, which is faster: no line is longer than some hundred kB.
    """
    comments = rules = 0
    any_yet = False
    for number, line in enumerate(lines_of(text, whole=whole), 1):
        if len(line) >= LINE_LIMIT:
            notes.reject(number, TOO_LONG, line)
            continue
        caption = line.strip()
        if not caption or caption == _END_OF_FILE:
            continue
        if caption[0] in _SUSPECT and _COMMENT.match(caption):
            comments += 1
        elif caption[0] in _SUSPECT and _RULE.match(caption):
            rules += 1
        elif not any_yet and caption.casefold() in CAPTION_NAMES:
            notes.remark(f"line {number:,}, `{caption}`, is read as a heading")
            notes.skipped["headings"] += 1
        elif "#" in caption and len(parts := split_fused(caption)) > 1:
            notes.remark(f"line {number:,} holds {len(parts)} captions without a line end between them; it was split")
            for part in parts:
                yield number, part, 0
        else:
            yield number, caption, 0
        any_yet = True
    if comments:
        notes.skipped["comments"] = comments
    if rules:
        notes.skipped["separator lines"] = rules
