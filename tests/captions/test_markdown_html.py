"""Lists and tables in blocks of HTML."""

from __future__ import annotations

from posepipe.captions.markdown_html import list_items, table_rows


def test_items() -> None:
    assert list_items("<ol>\n<li>A <b>person</b></li>\n<li class='x'>B<br>C\n</ol>") == (
        [(1, "A person"), (2, "B C")],
        0,
    )
    assert list_items("<ul><li>Arms\n<ul>\n<li>A</li></ul></li><li>B</li></ul>") == ([(2, "A"), (2, "B")], 1)
    assert list_items("<p>text</p>") == ([], 0)


def test_rows() -> None:
    assert table_rows("<table>\n<tr><th>a<th>b\n<tr><td>c</td><td><i>d</i> e</td></tr>\n</table>") == [
        (1, ["a", "b"]),
        (2, ["c", "d e"]),
    ]
    assert table_rows("<tr></tr>") == []
