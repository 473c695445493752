"""Markdown documents to captions: list items, table rows, and paragraphs where there is neither.

Parsed by markdown-it-py as CommonMark with tables. A long document is parsed in parts, so that the tokens of
one part are in memory at a time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from posepipe.captions import markdown_html, marks
from posepipe.captions.cleaning import without_html
from posepipe.captions.markdown_inline import Inline, InlineReader, joined
from posepipe.captions.markdown_lines import NESTING, prepare
from posepipe.captions.markdown_tables import TableReader
from posepipe.captions.notes import Entry, Notes
from posepipe.wording import count

PART: Final = 4_096
"""Lines that are parsed at a time."""

_PLAIN_ITEM = re.compile(r"(\d{1,9}[.)]|[-*+]) ([^\W\d_][^\\`*_~\[<&\n]*)\n\Z")
_CHECKBOX = re.compile(r"\[[ xX]\](?:[ \t]+|$)")
_COMMENT = re.compile(r"\s*<!--")
_WRAP_WIDTH = 50
_LISTS = ("bullet_list_open", "ordered_list_open")

Span = tuple[int, int]
"""First and last token of a block."""


def read_markdown(lines: Iterator[str], notes: Notes, column: str | None) -> list[Entry]:
    """The captions of a document.

    Parameters
    ----------
    lines : iterator of str
        The lines with their ends.
    notes : Notes
        Gets what was left out.
    column : str or None
        Column of the tables; lists are left out where it is given.

    Returns
    -------
    list of Entry
        In the order of the document; an empty caption where an item or cell is empty.

    Raises
    ------
    InputError
        No table has the column.
    """
    document = _Document(notes, column)
    document.read([line if line.endswith("\n") else f"{line}\n" for line in lines])
    return document.captions()


class _Document:
    """Collects what could be captions; `captions` decides by what the whole document holds."""

    def __init__(self, notes: Notes, column: str | None) -> None:
        self._notes = notes
        self._skipped = notes.skipped
        self._parser = MarkdownIt("commonmark", {"maxNesting": NESTING}).enable(["table", "strikethrough"])
        self._env: dict[str, Any] = {}
        self._inline = InlineReader(self._parser, self._env, notes.cleaned)
        self._tables = TableReader(notes, column, self._inline)
        self._lines: list[str] = []
        self._items: list[Entry] = []
        self._paragraphs: list[tuple[Entry, bool]] = []  # and whether it is a title
        self._paragraph_lines = 0
        self._paragraphs_split = 0
        self._last_leaf: tuple[int, int, int] | None = None  # place in the items, column of the marker, line after it

    # From lines to blocks

    def read(self, lines: list[str]) -> None:
        """Parse the document part by part."""
        start, self._env["references"] = prepare(lines, self._notes)
        self._lines = lines
        size = PART
        while start < len(lines):
            start = self._plain_items(start)
            end = min(start + size, len(lines))
            consumed = self._part(start, end)
            size = PART if consumed else 2 * size
            start += consumed

    def _plain_items(self, start: int) -> int:
        """Take items that need no parser; returns the line after them.

        At the beginning of a part no block is open. There an item of one line without any mark inside, with an
        item of the same list right below it, is a caption as it stands. Long lists are hardly anything else.
        """
        lines, place, last = self._lines, start, len(self._lines) - 1
        found = _PLAIN_ITEM.match(lines[place]) if place <= last else None
        while found and place < last:
            below = _PLAIN_ITEM.match(lines[place + 1])
            if not below or below[1][-1] != found[1][-1]:
                break
            place += 1
            self._items.append((place, found[2].rstrip(), 0))
            found = below
        if place > start:
            self._last_leaf = None
        return place

    def _part(self, start: int, end: int) -> int:
        """Parse some lines and take their blocks; returns how many lines are done with.

        The last block may go on after the part, so it is left for the next one; of a list all items but the last
        are taken, of a table all rows but the last.
        """
        tokens: list[Token] = []
        head = self._tables.heading_lines(start)
        self._offset = start - len(head)
        self._parser.block.parse("".join([*head, *self._lines[start:end]]), self._parser, self._env, tokens)
        spans = list(_siblings(tokens, 0, len(tokens)))
        if end == len(self._lines):
            self._blocks(tokens, spans)
            return end - start
        if not spans:
            return end - start
        first, last = spans[-1]
        self._blocks(tokens, spans[:-1])
        begin = _line(tokens[first])
        if tokens[first].type in _LISTS:
            items = list(_siblings(tokens, first + 1, last))
            self._list_items(tokens, items[:-1])
            begin = _line(tokens[items[-1][0]])
        elif tokens[first].type == "table_open":
            begin = self._tables.part(tokens, first, last, self._raw, self._offset)
        return self._offset + begin - start

    def _raw(self, line: int) -> str:
        return self._lines[self._offset + line]

    def _number(self, token: Token) -> int:
        return self._offset + _line(token) + 1

    # Blocks

    def _blocks(self, tokens: list[Token], spans: Sequence[Span]) -> None:
        for first, last in spans:
            self._block(tokens, first, last)

    def _block(self, tokens: list[Token], first: int, last: int) -> None:
        token = tokens[first]
        kind = token.type
        if kind == "paragraph_open":
            self._paragraph(tokens[first + 1])
        elif kind in _LISTS:
            self._list(tokens, first, last)
        elif kind == "blockquote_open":
            self._blocks(tokens, list(_siblings(tokens, first + 1, last)))
        elif kind == "table_open":
            self._tables.table(tokens, first, last, self._raw, self._offset)
        elif kind == "heading_open":
            self._skipped["headings"] += 1
        elif kind == "hr":
            self._skipped["rules"] += 1
        elif kind == "html_block":
            self._html_block(token)
        elif kind == "fence" or (kind == "code_block" and not self._list_without_commonmark(token)):
            self._skipped["lines of code"] += _height(token)

    def _paragraph(self, token: Token) -> None:
        if self._list_without_commonmark(token):
            return
        number = self._number(token)
        lines = token.content.split("\n")
        self._paragraph_lines += len(lines)
        if self._items or self._tables.found:
            return
        groups = [lines] if _is_wrapped(lines) else [[line] for line in lines]
        if len(groups) > 1:
            self._paragraphs_split += 1
        for place, group in enumerate(groups):
            text = self._inline.read("\n".join(group))
            self._paragraphs.append(((number + place, text.text, 0), text.is_title))
            self._skipped["titles"] += bool(text.label)

    def _list_without_commonmark(self, token: Token) -> bool:
        """Take the lines of a paragraph whose marks CommonMark does not know: ``•``, ``1、``, ``(1)``."""
        number = self._number(token)
        items = marks.items_of(enumerate(token.content.split("\n"), number))
        if not items:
            return False
        self._notes.cleaned["list marks"] += len(items)
        self._items += [(line, self._inline.read(text).text, 0) for line, text in items]
        return True

    def _html_block(self, token: Token) -> None:
        if _COMMENT.match(token.content):
            self._skipped["lines of comments"] += _height(token)
            return
        number = self._number(token)
        rows = [(number + line, cells) for line, cells in markdown_html.table_rows(token.content)]
        if rows:
            self._tables.add(rows)
            return
        items, parents = markdown_html.list_items(token.content)
        if items:
            self._skipped["items with a list below them"] += parents
            self._items += [(number + line, self._inline.read(text).text, 0) for line, text in items]
            return
        lines = [(number + place, without_html(line)) for place, line in enumerate(token.content.split("\n"))]
        items = marks.items_of((line, text) for line, text in lines if text.strip())
        self._items += [(line, self._inline.read(text).text, 0) for line, text in items]
        self._skipped["lines of HTML"] += _height(token) - len(items)

    # Lists

    def _list(self, tokens: list[Token], first: int, last: int) -> None:
        self._list_items(tokens, list(_siblings(tokens, first + 1, last)))

    def _list_items(self, tokens: list[Token], items: Sequence[Span]) -> None:
        for first, last in items:
            begin = self._offset + _line(tokens[first])
            line = self._lines[begin]
            indent = len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip())
            self._take_back_heading(begin, indent)
            before = len(self._items)
            self._item(tokens, first, last)
            is_leaf = len(self._items) == before + 1 and self._items[-1][0] == begin + 1
            end = self._offset + (tokens[first].map or [0, 0])[1]
            self._last_leaf = (before, indent, end) if is_leaf and tokens[first].level == 1 else None

    def _take_back_heading(self, begin: int, indent: int) -> None:
        """Drop an item if the next list begins right below it and further in: it is a heading.

        CommonMark wants such a list to be indented as far as the item's text.
        """
        if self._last_leaf is not None:
            place, above, end = self._last_leaf
            if begin == end and indent > above and place == len(self._items) - 1:
                self._items.pop()
                self._skipped["items with a list below them"] += 1

    def _item(self, tokens: list[Token], first: int, last: int) -> None:
        number = self._number(tokens[first])
        children = list(_siblings(tokens, first + 1, last))
        if any(tokens[place].type in _LISTS for place in range(first + 1, last)):
            self._parent(tokens, children)
            return
        if not children:
            self._items.append((number, "", 0))
            return
        token = tokens[children[0][0]]
        if token.type == "paragraph_open":
            self._leaf(tokens, children, number)
        elif token.type == "heading_open" and len(children) > 1 and tokens[children[1][0]].type == "paragraph_open":
            self._skipped["titles"] += 1
            self._leaf(tokens, children[1:], self._number(tokens[children[1][0]]))
        elif token.type == "code_block":
            self._items.append((number, joined(token.content), 0))
        elif token.type == "html_block" and not _COMMENT.match(token.content):
            self._items.append((number, joined(without_html(token.content)), 0))
        else:
            self._blocks(tokens, children)

    def _parent(self, tokens: list[Token], children: Sequence[Span]) -> None:
        """An item with a list below it is a heading."""
        own = False
        for begin, end in children:
            if tokens[begin].type == "paragraph_open":
                own = True
            else:
                self._block(tokens, begin, end)
        self._skipped["items with a list below them"] += own

    def _leaf(self, tokens: list[Token], children: Sequence[Span], number: int) -> None:
        content, *others = marks.split_at_foreign_marks(tokens[children[0][0] + 1].content)
        text = self._item_text(content)
        rest = list(children[1:])
        if text.is_contents_link:
            self._skipped["links to headings"] += 1
            return
        if text.is_title and rest:
            place = next((at for at, (begin, _) in enumerate(rest) if tokens[begin].type == "paragraph_open"), None)
            if place is None:
                place = next(
                    (at for at, (begin, _) in enumerate(rest) if tokens[begin].type in ("fence", "code_block")), None
                )
            if place is not None:
                begin, _ = rest.pop(place)
                self._skipped["titles"] += 1
                token = tokens[begin]
                content = token.content if token.type != "paragraph_open" else tokens[begin + 1].content
                text = self._item_text(content) if token.type == "paragraph_open" else Inline(joined(content))
                number = self._number(token) + (token.type == "fence")
        self._skipped["titles"] += bool(text.label)
        self._items.append((number, text.text, 0))
        for other in others:
            number += content.count("\n") + 1
            content = other
            self._notes.cleaned["list marks"] += 1
            self._items.append((number, self._inline.read(marks.without_mark(other)).text, 0))
        for begin, end in rest:
            if tokens[begin].type == "paragraph_open":
                self._paragraph_lines += _height(tokens[begin])
            else:
                self._block(tokens, begin, end)

    def _item_text(self, content: str) -> Inline:
        if checkbox := _CHECKBOX.match(content):
            content = content[checkbox.end() :]
        return self._inline.read(content)

    # The whole document

    def captions(self) -> list[Entry]:
        """Decide what the captions are."""
        tables = self._tables.captions(len(self._items))
        if self._tables.are_the_captions:
            if self._items:
                self._skipped["list items"] += len(self._items)
            found = tables
        else:
            found = sorted([*self._items, *tables]) if tables else self._items
        if found or self._items:
            if self._paragraph_lines:
                self._skipped["paragraph lines"] += self._paragraph_lines
        else:
            found = self._without_titles()
            if self._paragraphs_split:
                paragraphs = count(self._paragraphs_split, "paragraph")
                self._notes.remark(f"the lines of {paragraphs} are read as one caption each")
        return found

    def _without_titles(self) -> list[Entry]:
        """The paragraphs; of a document that has others too, without those that are titles."""
        found = [entry for entry, is_title in self._paragraphs if not is_title]
        if not found:
            return [entry for entry, _ in self._paragraphs]
        self._skipped["titles"] += len(self._paragraphs) - len(found)
        return found


def _siblings(tokens: Sequence[Token], start: int, end: int) -> Iterator[Span]:
    """The blocks next to each other among tokens."""
    place = start
    while place < end:
        first = place
        if tokens[place].nesting == 1:
            level = tokens[place].level
            place += 1
            while tokens[place].level != level:
                place += 1
        yield first, place
        place += 1


def _line(token: Token) -> int:
    return token.map[0] if token.map else 0


def _height(token: Token) -> int:
    return token.map[1] - token.map[0] if token.map else 1


def _is_wrapped(lines: Sequence[str]) -> bool:
    """Whether the lines of a paragraph are one text that was wrapped, rather than one caption each."""
    if len(lines) < 2:
        return True
    begins_small = [line.lstrip("*_~`\"' ")[:1].islower() for line in lines]
    if not begins_small[0]:
        return any(begins_small[1:])
    width = max(map(len, lines))
    is_full = width >= _WRAP_WIDTH and all(len(line) > 0.7 * width for line in lines[:-1])
    return is_full and len({line.split(" ", 1)[0] for line in lines}) > 1
