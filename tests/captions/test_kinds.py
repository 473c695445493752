# ruff: noqa: E501  (one input a line)
"""Inputs of many other kinds, as people write, export and download them, each with the reading of a person."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from posepipe.captions.reading import read_captions
from posepipe.errors import InputError

WAVES, SITS, BOWS = "A person waves", "A person sits", "A person bows"


def dumped(value: object) -> str:
    return json.dumps(value)


KINDS: dict[str, tuple[str, str | bytes, list[str]]] = {
    # Markdown
    "bold titles in one line, as chat assistants write": (
        "a.md",
        "Here are poses:\n\n1. **Wave:** A person waves\n2. **Sit** – A person sits\n3. **Bow**  \n   A person bows\n",
        [WAVES, SITS, BOWS],
    ),
    "a title with a colon and the caption below it": ("a.md", "- Waving:\n  A person waves\n- Sitting:\n\n  A person sits\n", [WAVES, SITS]),
    "a nested list that is indented too little": ("a.md", "1. Arms\n  - A person waves\n2. Legs\n  - A person sits\n", [WAVES, SITS]),
    "a list that is indented like code": ("a.md", "Poses:\n\n    1. A person waves\n    2. A person sits\n", [WAVES, SITS]),
    "items padded with many blanks": ("a.md", "1.      A person waves\n2.      A person sits\n", [WAVES, SITS]),
    "a heading in an item": ("a.md", "- ### Wave\n\n  A person waves\n- ### Sit\n\n  A person sits\n", [WAVES, SITS]),
    "a table of contents and chapters": (
        "a.md",
        "- [Up](#up)\n- [Down](#down)\n\n## Up\n\n- A person waves\n\n## Down\n\n- A person sits\n",
        [WAVES, SITS],
    ),
    "escaped numbers": ("a.md", "1\\. A person waves\n2\\. A person sits\n", [WAVES, SITS]),
    "Chinese marks inside a list": ("a.md", "1. 一个人站着，\n   双手叉腰\n2、一个人坐着\n3. 一个人跪下\n", ["一个人站着，双手叉腰", "一个人坐着", "一个人跪下"]),
    "paragraphs with an introduction and titles": (
        "a.md",
        "# Poses\n\nTwo poses:\n\n**One**\n\nA person waves\n\n**Two**\n\nA person sits\nwith crossed legs\n",
        [WAVES, "A person sits with crossed legs"],
    ),
    "one caption a line without a list": ("a.md", "a person waves\na person sits\nthe person bows\n", ["a person waves", "a person sits", "the person bows"]),
    "footnotes": ("a.md", "- A person waves[^1]\n- A person[^n] sits\n\n[^1]: a note\n    that goes on\n[^n]: other\n", [WAVES, SITS]),
    "a list in HTML": ("a.md", "<ul>\n<li>A person waves</li>\n<li>A person <b>sits</b></li>\n</ul>\n", [WAVES, SITS]),
    "a table in HTML": (
        "a.md",
        "<table>\n<tr><th>No</th><th>Prompt</th></tr>\n<tr><td>1</td><td>A person waves</td></tr>\n</table>\n",
        [WAVES],
    ),
    "a table with a caption beside lists": (
        "a.md",
        "- a note\n- another\n\nid | Caption (English)\n---|---\n1 | A person waves\n2 | A person sits\n",
        [WAVES, SITS],
    ),
    "a legend beside a list": ("a.md", "- A person waves\n- A person sits\n\n| Mark | Meaning |\n|---|---|\n| x | done |\n", [WAVES, SITS]),
    "a table without a known column": ("a.md", "| No | Pose | Level |\n|---|---|---|\n| 1 | A person waves | easy |\n", [WAVES]),
    "line ends of Windows and a byte order mark": ("a.md", "\ufeff# X\r\n\r\n- A person waves\r\n- A person sits\r\n", [WAVES, SITS]),
    # Text
    "numbers with leading zeros": ("a.txt", "001 A person waves\n002 A person sits\n003 A person bows\n", [WAVES, SITS, BOWS]),
    "numbers and tabs": ("a.txt", "1\tA person waves\n2\tA person sits\n", [WAVES, SITS]),
    "labels with numbers": ("a.txt", "Prompt 1: A person waves\nPrompt 2: A person sits\n", [WAVES, SITS]),
    "numbers in brackets": ("a.txt", "[1] A person waves\n【2】A person sits\n", [WAVES, SITS]),
    "Chinese numerals": ("a.txt", "一、一个人站着\n二、一个人坐着\n", ["一个人站着", "一个人坐着"]),
    "checklists": ("a.txt", "- [ ] A person waves\n- [x] A person sits\n", [WAVES, SITS]),
    "strings copied out of a program": ("a.txt", '"A person waves",\n"A person sits",\n"A person bows"\n', [WAVES, SITS, BOWS]),
    "typographic quotes": ("a.txt", "“A person waves”\n‘A person sits’\n", [WAVES, SITS]),
    "a numbered list with chapters": (
        "a.txt",
        "Standing:\n1. A person waves\n2. A person sits\n3. A person bows\n**Lying**\n4. A person lies\n---\n5. A person kneels\n",
        [WAVES, SITS, BOWS, "A person lies", "A person kneels"],
    ),
    "links and their texts": ("a.txt", "A person waves https://example.org/x#60\nA person sits (see www.example.org)\n", [WAVES, SITS]),
    "HTML in text": ("a.txt", "A person waves<br/>\nA&nbsp;person <i>sits</i><sup>1</sup>\n", [WAVES, "A\u00a0person sits"]),
    "bold marks in text": ("a.txt", "1. **A person waves**\n2. **A person sits**\n", [WAVES, SITS]),
    "a column heading in text": ("a.txt", "prompt\nA person waves\nA person sits\n", [WAVES, SITS]),
    "line ends of old Macs": ("a.txt", "A person waves\rA person sits\r", [WAVES, SITS]),
    "the end of file of DOS": ("a.txt", "A person waves\r\nA person sits\r\n\x1a", [WAVES, SITS]),
    "UTF-16 of Windows": ("a.txt", "A person waves\r\nA person sits\r\n".encode("utf-16"), [WAVES, SITS]),
    "byte order marks inside": ("a.txt", "\ufeffA person waves\n\ufeffA person sits\n", [WAVES, SITS]),
    # Tables
    "the separator that Excel is told": ("a.csv", "\ufeffsep=;\r\nid;Prompt\r\n1;A person waves\r\n2;A person sits\r\n", [WAVES, SITS]),
    "lines above the heading": ("a.csv", "Export of poses\n2026-11-30\n\nid,caption\n1,A person waves\n", [WAVES]),
    "one column and commas": ("a.csv", "caption\nA person waves, smiling\nA person sits\n", ["A person waves, smiling", SITS]),
    "an index without a name": ("a.csv", ",description\n0,A person waves\n1,A person 5\" tall sits\n", [WAVES, 'A person 5" tall sits']),
    "tabs under .csv": ("a.csv", "id\ttext\n1\tA person, waving\n", ["A person, waving"]),
    "all cells in quotes": ("a.csv", '"id","caption"\n"1","A person ""waves"", twice"\n"2","A person\nsits"\n', ['A person "waves", twice', "A person\nsits"]),
    "a quote that is not closed": ("a.csv", 'id,caption\n1,"A person lies\n2,A person waves\n3,A person sits\n', [WAVES, SITS]),
    # JSON
    "an array of objects": ("a.json", dumped([{"caption": WAVES}, {"Text": SITS}, {"id": 3}]), [WAVES, SITS]),
    "an array of texts": ("a.json", dumped([WAVES, SITS]), [WAVES, SITS]),
    "records in a wrapper": ("a.json", dumped({"version": 1, "data": [{"prompt": WAVES}]}), [WAVES]),
    "texts in a wrapper with a description": ("a.json", dumped({"description": "Mine", "tags": ["a"], "prompts": [WAVES, SITS]}), [WAVES, SITS]),
    "names and captions": ("a.json", dumped({"001": WAVES, "002": SITS}), [WAVES, SITS]),
    "names and lists of captions": ("a.json", dumped({"001": [WAVES, BOWS], "002": [SITS]}), [WAVES, BOWS, SITS]),
    "names and records": ("a.json", dumped({"001": {"caption": [WAVES], "fps": 20}, "002": {"caption": [SITS], "fps": 20}}), [WAVES, SITS]),
    "columns, as pandas writes them": ("a.json", dumped({"id": {"0": 7, "1": 8}, "caption": {"0": WAVES, "1": SITS}}), [WAVES, SITS]),
    "columns and data, as pandas writes them": ("a.json", dumped({"columns": ["id", "text"], "index": [0], "data": [[1, WAVES]]}), [WAVES]),
    "rows of a dataset viewer": ("a.json", dumped({"rows": [{"row_idx": 0, "row": {"caption": WAVES}}]}), [WAVES]),
    "annotations of images": ("a.json", dumped({"images": [{"id": 1}], "annotations": [{"image_id": 1, "caption": WAVES}]}), [WAVES]),
    "JSON Lines under .json": ("a.json", dumped({"caption": WAVES}) + "\n" + dumped({"caption": SITS}) + "\n", [WAVES, SITS]),
    "an array under .jsonl": ("a.jsonl", dumped([{"caption": WAVES}, {"caption": SITS}]), [WAVES, SITS]),
    "objects over several lines": ("a.jsonl", json.dumps({"caption": WAVES}, indent=1) + "\n" + json.dumps({"caption": SITS}, indent=1), [WAVES, SITS]),
    "texts, one a line": ("a.jsonl", dumped(WAVES) + "\n" + dumped(SITS) + "\n", [WAVES, SITS]),
    "two objects on a line": ("a.jsonl", dumped({"text": WAVES}) + dumped({"text": SITS}) + "\n", [WAVES, SITS]),
    "a list in a record": ("a.jsonl", dumped({"text": [WAVES, SITS]}) + "\n", [WAVES, SITS]),
    "compressed": ("a.json.gz", gzip.compress(dumped([WAVES, SITS]).encode()), [WAVES, SITS]),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_kinds_of_input(tmp_path: Path, kind: str) -> None:
    name, content, expected = KINDS[kind]
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert read_captions(path).caption == expected


REFUSED: dict[str, tuple[str, bytes, str]] = {
    "a list of Python": ("a.txt", b"['A person waves', 'A person sits']\n", "Python"),
    "dicts of Python": ("a.txt", b"{'caption': 'A person waves'}\n{'caption': 'A person sits'}\n", "Python"),
    "an array of JSON": ("a.txt", b'["A person waves", "A person sits"]\n', "JSON; give it a name that ends in .json"),
    "JSON Lines": ("a.txt", b'{"text": "A"}\n{"text": "B"}\n', "JSON Lines; give it a name that ends in .jsonl"),
    "JSON under .csv": ("a.csv", b'[{"caption": "A"}]', "JSON"),
    "CSV under .jsonl": ("a.jsonl", b"id,caption\n1,A\n", "CSV"),
    "CSV under .md": ("a.md", b"id,caption\n1,A person waves\n", "CSV"),
    "a table with tabs": ("a.txt", b"prompt\tframes\nA person waves\t60\n", "tabs"),
    "cells with tabs and no heading": ("a.txt", b"x1\tA person waves\ty\nx2\tA person sits\tz\n", "tabs"),
    "a Markdown table": ("a.txt", b"| # | Prompt |\n|---|---|\n| 1 | A person waves |\n", "Markdown"),
    "a merge conflict": ("a.txt", b"A\n<<<<<<< HEAD\nB\n=======\nC\n>>>>>>> x\n", "line 2: a merge conflict"),
    "a pointer under .parquet": (
        "a.parquet",
        b"version https://git-lfs.github.com/spec/v1\noid sha256:4d\n",
        "git lfs",
    ),
    "a pointer under .gz": ("a.txt.gz", b"version https://git-lfs.github.com/spec/v1\noid sha256:4d\n", "git lfs"),
    "a pointer of git-annex": ("a.md", b"../.git/annex/objects/x1/y2/SHA256E-s12--ab.md\n", "git annex get"),
    "text under .gz": ("a.txt.gz", b"A person waves\n", "take .gz off its name"),
    "an HTML page under .md": ("a.md", b"<!-- x -->\n<html><body>404</body></html>", "an HTML page"),
    "XML": ("a.txt", b"<?xml version='1.0'?><captions/>", "XML"),
    "a PDF": ("a.md", b"%PDF-1.7\n%\xe2\xe3", "a PDF"),
    "a workbook": ("a.csv", b"PK\x03\x04\x14\x00", "workbook"),
    "a picture": ("a.txt", b"\x89PNG\r\n\x1a\n\x00", "a PNG picture"),
    "a tar archive": ("a.txt", b"a" * 257 + b"ustar\x0000", "tar archive"),
    "an array of NumPy": ("a.txt", b"\x93NUMPY\x01\x00", "NumPy"),
    "bytes": ("a.txt", bytes(range(256)) * 8, "binary data"),
    "no heading": ("a.csv", b"1,A person waves\n2,A person sits\n", "write `id,caption` above it"),
    "an array that is cut off": ("a.json", b'[{"caption": "A"},\n {"caption": "B', "line 2: not JSON (cut off)"),
    "conversations": ("a.jsonl", b'{"messages": [{"role": "user"}]}\n', "found `messages`"),
    "nothing": ("a.txt", b"", "empty"),
    "blank lines": ("a.txt", b"\n \n\t\r\n", "no captions"),
    "only comments": ("a.txt", b"# one\n// two\n", "left out: 2 comments"),
    "only headings": ("a.md", b"# One\n\n## Two\n", "left out: 2 headings"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_kinds_that_hold_no_captions_are_named_in_one_line(tmp_path: Path, kind: str) -> None:
    name, content, said = REFUSED[kind]
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_captions(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert said in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("gb18030", "一个人站着，双手叉腰\n一个人坐着\n"),
        ("big5", "一個人站著舉手\n一個人坐著\n"),
        ("shift_jis", "人が手を振る\n立っている人\n"),
        ("euc_jp", "人が手を振る\n立っている人\n"),
        ("euc_kr", "사람이 손을 흔든다\n앉은 사람\n"),
        ("cp1251", "Человек стоит\nЧеловек сидит\n"),
        ("koi8_r", "Человек стоит\nЧеловек сидит\n"),
        ("cp1252", "A person in a café\nA person’s arm\nA person sits\n"),
        ("cp1252", "Eine Person grüßt\nEine Person fällt über etwas\n"),
    ],
)
@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.csv"])
def test_the_encoding_that_is_offered_is_the_right_one(tmp_path: Path, encoding: str, text: str, name: str) -> None:
    before = {"a.txt": "", "a.md": "- ", "a.csv": ""}[name]
    lines = [f"{before}{line}" for line in text.splitlines()]
    path = tmp_path / name
    path.write_bytes("\n".join(["caption"] * (name == "a.csv") + lines).encode(encoding))
    with pytest.raises(InputError, match=f"give --encoding {encoding}"):
        read_captions(path)
    assert read_captions(path, encoding=encoding).caption == text.splitlines()
