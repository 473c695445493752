# ruff: noqa: E501  (many pieces a line)
"""Any bytes under any name give captions or one clear line, and what is cut off never gives half a caption."""

from __future__ import annotations

import gzip
import io
import json
import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from posepipe.captions.notes import MAX_LENGTH
from posepipe.captions.reading import read_captions
from posepipe.errors import InputError

NAMES = [
    name + packing
    for name in ("a.txt", "a.md", "a.csv", "a.tsv", "a.jsonl", "a.json", "a.parquet")
    for packing in ("", ".gz")
]

PIECES = st.sampled_from(
    [
        *("A person waves", "a man", "caption", "text", "frames", "站", "é", "\u200b", "\udcff", "\x00", "\x1a", "\t", " ", "  "),
        *("\n", "\n\n", "\r\n", "\r", ",", ";", "|", '"', "'", "“", "{", "}", "[", "]", "(", ")", ":", "#", "##", "#60", "#NA"),
        *("# ", "- ", "* ", "> ", "1. ", "2) ", "①", "（3）", "    ", "```", "---", "|-|-|", "<br>", "<li>", "<td>", "<!--", "-->"),
        *("&amp;", "[^1]", "[^1]: ", "](http://x)", "![", "https://x.y", "**", "__", "`", "~~", "\\", "--n 3", '{"caption": "'),
        *('"}', "null", "NaN", "[1]", "sep=;", "title: x", "<table><tr>", "a/DET", "#0.0#0.0", "<<<<<<< ", "\ufeff"),
    ]
)  # fmt: skip
STRUCTURED = st.lists(PIECES, max_size=40).map(lambda parts: "".join(parts).encode("utf-8", "surrogateescape"))


def read(name: str, content: bytes) -> list[str]:
    """The captions of a file; none where it is refused, which must take one line."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        try:
            captions = read_captions(path)
        except InputError as error:
            message = str(error)
            assert message.startswith(f"{path}: "), message
            assert message.isprintable(), message
            assert len(message) < len(str(path)) + 2_500
            return []
    assert len(captions)
    for line in captions.describe():
        assert line.isprintable(), line
    assert all(0 < len(caption) <= MAX_LENGTH and caption == caption.strip() for caption in captions.caption)
    assert len(set(captions.caption_id)) == len(captions)
    assert all(line > 0 for line in captions.line)
    json.dumps(captions.caption, ensure_ascii=False).encode()
    return captions.caption


@pytest.mark.parametrize("name", NAMES)
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(content=st.binary(max_size=300) | STRUCTURED)
def test_any_bytes_under_any_name(name: str, content: bytes) -> None:
    read(name, gzip.compress(content) if name.endswith(".gz") and content[:1] != b"\x00" else content)


CAPTIONS = ["A person waves slowly", "A man sits, with crossed legs", 'Someone "bows" deeply', "一个人站着，双手叉腰"]


WITHOUT_QUOTES = [text for text in CAPTIONS if '"' not in text]


def whole(name: str) -> bytes:
    """A file of the captions. In the CSV no quote is doubled: between two quotes a cut cannot be seen."""
    if name.startswith("a.jsonl"):
        content = "".join(
            json.dumps({"caption": text, "id": 1}, ensure_ascii=False) + "\n" for text in CAPTIONS
        ).encode()
    elif name.startswith("a.json"):
        content = json.dumps([{"id": 1, "caption": text} for text in CAPTIONS], ensure_ascii=False, indent=1).encode()
    elif name.startswith("a.csv"):
        rows = ["id,caption", *(f'{number},"{text}"' for number, text in enumerate(WITHOUT_QUOTES))]
        content = "\r\n".join(rows).encode() + b"\r\n"
    elif name.startswith("a.parquet"):
        sink = io.BytesIO()
        pq.write_table(pa.table({"caption": CAPTIONS}), sink)
        content = sink.getvalue()
    else:
        content = "".join(f"{text}\n" for text in CAPTIONS).encode()
    return gzip.compress(content) if name.endswith(".gz") else content


@pytest.mark.parametrize(
    "name", ["a.jsonl", "a.json", "a.csv", "a.parquet", "a.txt.gz", "a.md.gz", "a.csv.gz", "a.jsonl.gz"]
)
@settings(deadline=None)
@given(share=st.floats(0, 1))
@example(share=1.0)
def test_a_file_that_is_cut_off_never_gives_half_a_caption(name: str, share: float) -> None:
    content = whole(name)
    found = read(name, content[: round(share * len(content))])
    assert set(found) <= set(CAPTIONS)
    assert share < 1 or found == (WITHOUT_QUOTES if name.startswith("a.csv") else CAPTIONS)


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(CAPTIONS), min_size=1), st.sampled_from(["a.txt", "a.md", "a.csv", "a.jsonl", "a.json"])
)
def test_all_forms_give_the_same_captions(texts: list[str], name: str) -> None:
    quoted = [text.replace('"', '""') for text in texts]
    content = {
        "a.txt": "".join(f"{text}\n" for text in texts),
        "a.md": "".join(f"- {text}\n" for text in texts),
        "a.csv": "caption\n" + "".join(f'"{text}"\n' for text in quoted),
        "a.jsonl": "".join(json.dumps({"text": text}) + "\n" for text in texts),
        "a.json": json.dumps([{"text": text} for text in texts]),
    }[name]
    assert read(name, content.encode()) == list(dict.fromkeys(texts))


HOSTILE = [
    "<!-- x -->\n" * 60 + "- A",
    "---\n" + "   a: b\n" * 60 + "- A",
    " " * 60_000 + "|x\n-|-\n",
    "A" + "\t" * 7_000 + "x",
    "A" + " " * 7_000 + "x <",
    "A --a" + "=b" * 3_000 + " \x00",
    "A" + " --a" * 1_500 + "  x",
    "|" + " " * 7_000 + "x",
    "A " + "1" * 7_000 + "x#",
    "A" + "<!--" * 1_500,
    "A" + "**b" * 2_000,
    "A " + "http://" * 1_000,
    "A " + "#a/B " * 1_500,
    "[" * 7_000 + "](http://x)",
    "<table>" + "<tr" * 2_000,
    "- A\n" + "\n".join("<li" for _ in range(2_000)),
]


@pytest.mark.parametrize("content", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.csv", "a.jsonl"])
def test_hostile_texts_end(name: str, content: str) -> None:
    """None of them makes a regular expression backtrack without end."""
    before = {"a.csv": "caption\n", "a.jsonl": ""}.get(name, "")
    read(name, (before + (json.dumps({"text": content}) if name == "a.jsonl" else content)).encode())
