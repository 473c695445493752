"""Markdown as a list of captions: what counts as one, what is left out, and plain text out of inline marks.

Not a Markdown engine. It follows CommonMark and GitHub's tables where captions are concerned, in one pass and
with memory for one item: list items and table rows are captions, lines of paragraphs only where there is
neither.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice

ITEM_LIMIT = 65_536
"""Characters of one list item that are held at most; what goes on after them is dropped."""

_INLINE_LIMIT = 4_000
_FRONT_MATTER_LIMIT = 1_000

_QUOTE = re.compile(r"(?:>[ \t]?)+")
_MARKER = re.compile(r"(?:(?:[-*+]|\d{1,9}[.)])(?:[ \t]+|$))+")
_PLAIN_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+(?=[^\W\d_])")
_CHECKBOX = re.compile(r"\[[ xX]\](?:[ \t]+|$)")
_FENCE = re.compile(r"(`{3,})[^`]*$|(~{3,})")
_HEADING = re.compile(r"#{1,6}(?:[ \t]|$)")
_RULE = re.compile(r"([-*_])(?:[ \t]*\1){2,}$|={2,}$")
_UNDERLINE = re.compile(r"(?:-{2,}|={2,})$")
_DELIMITER_ROW = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?$")
_CELL_END = re.compile(r"(?<!\\)\|")
_DEFINITION = re.compile(r"\[[^\]]+\]:[ \t]*\S")
_CONTENTS_LINK = re.compile(r"\[[^\[\]]*\]\(#[^()]*\)$")
_FRONT_MATTER = {"---": re.compile(r"[\w\"'-][^:]*:(?:\s|$)"), "+++": re.compile(r"[\w.\"'-]+\s*=|\[")}

_MARKED = re.compile(r"[\\`*_~\[<&]")
_TOKEN = re.compile(
    r"""
      \\(?P<escaped>[!-/:-@\[-`{-~])
    | (?P<ticks>`+)(?P<code>.+?)(?<!`)(?P=ticks)(?!`)
    | !?\[(?P<linked>[^\[\]]*)\]\([^()\s]*(?:[ \t]+"[^"]*")?\)
    | (?P<comment><!--.*?-->)
    | (?P<entity>&(?:\#\d{1,7}|\#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)
    | (?P<run>\*+|_+|~~)
    """,
    re.VERBOSE,
)


def plain_text(text: str) -> str:
    r"""Take inline marks off: emphasis, code, links, escapes, entities, comments.

    Parameters
    ----------
    text : str
        One paragraph, item or cell. Beyond 4,000 characters it comes back as it is.

    Returns
    -------
    str
        What a reader of the rendered page would see, without white space at the ends.

    Examples
    --------
    >>> plain_text(r"A person **waving** with `both` hands, 2 \* 3, snake_case")
    'A person waving with both hands, 2 * 3, snake_case'
    """
    if _MARKED.search(text) is None or len(text) > _INLINE_LIMIT:
        return text.strip()
    pieces: list[str] = []
    openers: list[int] = []  # places in `pieces` of runs that may still be closed
    end = 0
    for token in _TOKEN.finditer(text):
        pieces.append(text[end : token.start()])
        end = token.end()
        if token["run"]:
            before, after = text[token.start() - 1 : token.start()], text[end : end + 1]
            _place_run(token["run"], before, after, pieces, openers)
        elif token["escaped"]:
            pieces.append(token["escaped"])
        elif token["code"]:
            pieces.append(token["code"].strip())
        elif token["linked"] is not None:
            pieces.append(plain_text(token["linked"]))
        elif token["entity"]:
            pieces.append(html.unescape(token["entity"]))
    pieces.append(text[end:])
    return "".join(pieces).strip()


def _place_run(run: str, before: str, after: str, pieces: list[str], openers: list[int]) -> None:
    """Let a run of ``*``, ``_`` or ``~~`` close what it can, and keep what is left of it as it stands."""
    closes = bool(before) and not before.isspace()
    opens = bool(after) and not after.isspace()
    if run[0] == "_":  # inside a word an underscore is an underscore
        opens, closes = opens and not before.isalnum(), closes and not after.isalnum()
    while closes and run:
        at = next((place for place in reversed(openers) if pieces[place][0] == run[0]), None)
        if at is None:
            break
        del openers[openers.index(at) + 1 :]
        matched = min(len(pieces[at]), len(run))
        pieces[at], run = pieces[at][matched:], run[matched:]
        if not pieces[at]:
            openers.pop()
    if run and opens:
        openers.append(len(pieces))
    pieces.append(run)


def split_cells(row: str) -> list[str]:
    r"""Cells of a table row, stripped, with ``\|`` read as a bar."""
    inner = row.strip().removeprefix("|")
    cells = [cell.replace("\\|", "|").strip() for cell in _CELL_END.split(inner)]
    if len(cells) > 1 and not cells[-1] and row.rstrip().endswith("|"):
        cells.pop()
    return cells


def markdown_captions(
    lines: Iterable[str], skipped: Counter[str], reject: Callable[[int, str, str], None]
) -> Iterator[tuple[int, str]]:
    """Go through a document and give its captions.

    Parameters
    ----------
    lines : iterable of str
        The lines, with or without their ends.
    skipped : Counter
        Counts by kind what is left out: headings, rules, lines of code, paragraph lines and so on.
    reject : callable
        Called with line, reason and text of a table row that does not fit its table.

    Yields
    ------
    tuple of (int, str)
        Line from 1 on, and the caption in plain text; an empty one where an item or cell is empty.
    """
    document = _Document(skipped, reject)
    numbered = enumerate(lines, 1)
    for number, line in _after_front_matter(numbered, skipped):
        complete = document.feed(number, line)
        if complete is not None:
            yield complete
    yield from document.close()


def _after_front_matter(numbered: Iterator[tuple[int, str]], skipped: Counter[str]) -> Iterator[tuple[int, str]]:
    first = next(numbered, None)
    if first is None:
        return iter(())
    mark = first[1].rstrip()
    key = _FRONT_MATTER.get(mark)
    if key is None:
        return chain([first], numbered)
    ahead = list(islice(numbered, _FRONT_MATTER_LIMIT))
    ends = (mark, "...") if mark == "---" else (mark,)
    end = next((at for at, (_, line) in enumerate(ahead) if line.rstrip() in ends), None)
    if end is None or (end > 0 and not key.match(ahead[0][1])):
        return chain([first], ahead, numbered)
    skipped["lines of front matter"] += end + 2
    return chain(ahead[end + 1 :], numbered)


class _Document:
    """Where the reader stands in a document. `feed` takes a line and gives the caption that it completes."""

    def __init__(self, skipped: Counter[str], reject: Callable[[int, str, str], None]) -> None:
        self.skipped = skipped
        self.reject = reject
        self.item: tuple[int, list[str]] | None = None  # line and text of the list item being read
        self.item_length = 0
        self.fence = ""
        self.in_comment = False
        self.table: tuple[int, int] | None = None  # column of the caption, number of columns
        self.paragraphs: list[tuple[int, str]] = []
        self.has_list_or_table = False
        self.last_paragraph = ""  # the line before this one, if it belongs to a paragraph
        self.after_blank = True

    def feed(self, number: int, line: str) -> tuple[int, str] | None:
        """Take the next line; give line and text of the caption that is complete with it, if there is one."""
        if not (self.fence or self.in_comment) and (plain := _PLAIN_ITEM.match(line)):
            self.last_paragraph, self.after_blank = "", False
            complete = self._end_item()
            self._begin_item(number, line[plain.end() :].rstrip())
            return complete
        body = line.rstrip()
        if self._inside_code_or_comment(body.lstrip("> \t")):
            return None
        text = body.lstrip()
        if quote := _QUOTE.match(text):
            body = text[quote.end() :]
            text = body.lstrip()
        if self._continues_item(body, text):
            return None
        above, self.last_paragraph = self.last_paragraph, ""
        blank_above, self.after_blank = self.after_blank, not text
        complete = self._end_item()
        if not text or self._leaves_out(text, above):
            self.table = None
        elif _DELIMITER_ROW.match(text) and above and "|" in text and self._begin_table(text, above):
            pass
        elif marker := _MARKER.match(text):
            self._begin_item(number, text[marker.end() :])
        elif self.table is not None and ("|" in text or self.table[1] == 1):
            complete = self._row(number, text, self.table)  # no item is open in a table
        elif blank_above and body.startswith(("    ", "\t")):
            self.after_blank = True  # so that the next indented line is code, too
            self.skipped["lines of code"] += 1
        else:
            self._paragraph(number, text)
        return complete

    def close(self) -> Iterator[tuple[int, str]]:
        """End the document."""
        complete = self._end_item()
        if complete is not None:
            yield complete
        for number, text in self.paragraphs:
            yield number, plain_text(text)

    def _inside_code_or_comment(self, text: str) -> bool:
        if self.fence:
            self.skipped["lines of code"] += 1
            if text.startswith(self.fence) and not text.strip(self.fence[0]):
                self.fence = ""
            return True
        if self.in_comment:
            self.skipped["lines of comments"] += 1
            self.in_comment = "-->" not in text
            return True
        return False

    def _leaves_out(self, text: str, above: str = "") -> bool:
        """Whether the line is of a kind that never is a caption; it is counted then."""
        if fence := _FENCE.match(text):
            self.fence = fence[1] or fence[2]
            kind = "lines of code"
        elif _HEADING.match(text):
            kind = "headings"
        elif above and _UNDERLINE.match(text):
            self._take_back_paragraph()
            kind = "headings"
        elif _RULE.match(text):
            kind = "rules"
        elif text.startswith("<!--") and not text.partition("-->")[2].strip():
            self.in_comment = "-->" not in text
            kind = "lines of comments"
        elif _DEFINITION.match(text):
            kind = "link definitions"
        elif _CONTENTS_LINK.match(text):
            kind = "links to headings"
        else:
            return False
        self.skipped[kind] += 1
        return True

    def _begin_item(self, number: int, text: str) -> None:
        self._found_list_or_table()
        self.table = None
        if text[:1].isalpha():  # by far the most, and nothing that would have to be left out
            self.item, self.item_length = (number, [text]), len(text)
        elif not self._leaves_out(text):
            if checkbox := _CHECKBOX.match(text):
                text = text[checkbox.end() :]
            self.item, self.item_length = (number, [text]), len(text)

    def _continues_item(self, body: str, text: str) -> bool:
        """Whether an indented line goes on with the list item above it; it is taken then."""
        if self.item is None or not text or not body.startswith(("  ", "\t")):
            return False
        if any(pattern.match(text) for pattern in (_MARKER, _FENCE, _HEADING, _RULE)) or text.startswith("<!--"):
            return False
        if self.item_length <= ITEM_LIMIT:
            self.item[1].append(text)
            self.item_length += len(text)
        return True

    def _end_item(self) -> tuple[int, str] | None:
        if self.item is None:
            return None
        number, parts = self.item
        self.item = None
        text = parts[0] if len(parts) == 1 else " ".join(part.removesuffix("\\") for part in parts)
        return number, plain_text(text)

    def _begin_table(self, delimiter: str, header: str) -> bool:
        names = [plain_text(cell).casefold() for cell in split_cells(header)]
        if len(names) != len(split_cells(delimiter)):
            return False
        self._take_back_paragraph()
        self._found_list_or_table()
        self.skipped["table headings"] += 1
        column = next((names.index(name) for name in ("caption", "text") if name in names), len(names) - 1)
        self.table = (column, len(names))
        return True

    def _row(self, number: int, text: str, table: tuple[int, int]) -> tuple[int, str] | None:
        column, width = table
        cells = split_cells(text)
        if any(cells[width:]):
            self.reject(number, f"{len(cells)} cells under {width} headings (write \\| for a bar)", text)
            return None
        return number, plain_text(cells[column]) if column < len(cells) else ""

    def _paragraph(self, number: int, text: str) -> None:
        self.table = None
        self.last_paragraph = text
        if self.has_list_or_table:
            self.skipped["paragraph lines"] += 1
        else:
            self.paragraphs.append((number, text))

    def _take_back_paragraph(self) -> None:
        """The line above was no paragraph after all."""
        if self.has_list_or_table:
            self.skipped["paragraph lines"] -= 1
        else:
            self.paragraphs.pop()

    def _found_list_or_table(self) -> None:
        if not self.has_list_or_table:
            self.has_list_or_table = True
            self.skipped["paragraph lines"] += len(self.paragraphs)
            self.paragraphs.clear()
