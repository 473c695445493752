"""Blocks of HTML in Markdown documents: the items of their lists and the rows of their tables."""

from __future__ import annotations

import re

from posepipe.captions.cleaning import without_html

_ITEM = re.compile(r"<li\b[^>]*>(.*?)(?=</li|<li\b|</?[uo]l\b|\Z)", re.IGNORECASE | re.DOTALL)
_LIST_BELOW = re.compile(r"\s*<[uo]l\b", re.IGNORECASE)
_ROW = re.compile(r"<tr\b[^>]*>(.*?)(?=</tr|<tr\b|</table|\Z)", re.IGNORECASE | re.DOTALL)
_CELL = re.compile(r"<t[hd]\b[^>]*>(.*?)(?=</t[hd]|<t[hd]\b|\Z)", re.IGNORECASE | re.DOTALL)


def list_items(content: str) -> tuple[list[tuple[int, str]], int]:
    """The items of the lists in a block of HTML.

    Returns
    -------
    items : list of (int, str)
        Line within the block, from 0, and text without tags, of each item without a list below it.
    parents : int
        How many items have one.

    Examples
    --------
    >>> list_items("<ul><li>Arms<ul><li>A person <b>claps</b></li></ul></li></ul>")
    ([(0, 'A person claps')], 1)
    """
    items, parents = [], 0
    line = place = 0
    for found in _ITEM.finditer(content):
        line, place = line + content.count("\n", place, found.start()), found.start()
        if _LIST_BELOW.match(content, found.end()):
            parents += 1
        else:
            items.append((line, _plain(found[1])))
    return items, parents


def table_rows(content: str) -> list[tuple[int, list[str]]]:
    """The rows of the tables in a block of HTML: line within the block, from 0, and cells without tags.

    >>> table_rows("<table><tr><th>caption</th></tr><tr><td>A person<br>waves</td></tr></table>")
    [(0, ['caption']), (0, ['A person waves'])]
    """
    rows = []
    line = place = 0
    for row in _ROW.finditer(content):
        line, place = line + content.count("\n", place, row.start()), row.start()
        rows.append((line, [_plain(cell[1]) for cell in _CELL.finditer(row[1])]))
    return [(line, cells) for line, cells in rows if cells]


def _plain(html: str) -> str:
    return " ".join(without_html(html).split())
