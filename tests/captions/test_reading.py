"""Captions out of every form of input, and clear words for what is none."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import io
import json
import os
import subprocess
import sys
import tempfile
import tracemalloc
import unicodedata
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posepipe.captions import reading
from posepipe.captions.reading import MAX_LENGTH, Captions, caption_id, read_captions
from posepipe.errors import InputError

Write = Callable[[str, str | bytes], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        content = content.encode() if isinstance(content, str) else content
        path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
        return path

    return written


def from_stdin(content: bytes) -> Captions:
    return read_captions("-", stdin=io.BytesIO(content))


def reasons(captions: Captions) -> list[tuple[int, str]]:
    return [(unusable.line, unusable.reason) for unusable in captions.unusable]


def complaint(path: str | Path) -> str:
    with pytest.raises(InputError) as caught:
        read_captions(path)
    assert str(path) in str(caught.value)
    return str(caught.value)


TWO = {
    ".txt": "A person standing\nA person sitting\n",
    ".md": "# Poses\n- A person standing\n- A person sitting\n",
    ".csv": "id,caption\n1,A person standing\n2,A person sitting\n",
    ".tsv": "id\tcaption\n1\tA person standing\n2\tA person sitting\n",
    ".jsonl": '{"id": 1, "caption": "A person standing"}\n{"caption": "A person sitting"}\n',
}


@pytest.mark.parametrize("packing", ["", ".gz", ".GZ"])
@pytest.mark.parametrize("ending", list(TWO))
def test_every_form_of_text(write: Write, ending: str, packing: str) -> None:
    path = write(f"poses.v1{ending}", TWO[ending])
    if packing:
        path = path.rename(path.with_name(path.name + packing))
        path.write_bytes(gzip.compress(TWO[ending].encode()))
    captions = read_captions(str(path))
    assert captions.caption == ["A person standing", "A person sitting"]
    assert captions.caption_id == [caption_id(caption) for caption in captions.caption]
    first = 1 if ending in (".txt", ".jsonl") else 2
    assert captions.line.tolist() == [first, first + 1]
    assert captions.source == str(path)
    assert len(captions) == 2


@pytest.mark.parametrize(
    "kind", [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string())]
)
@pytest.mark.parametrize("packing", ["", ".gz"])
def test_parquet(tmp_path: Path, kind: pa.DataType, packing: str) -> None:
    path = tmp_path / f"poses.parquet{packing}"
    column = pa.array([" A person standing", None, "A person sitting", ""], pa.string()).cast(kind)
    sink = io.BytesIO()
    pq.write_table(pa.table({"text": column, "n": pa.array([1, 2, 3, 4])}), sink)
    path.write_bytes(gzip.compress(sink.getvalue()) if packing else sink.getvalue())
    captions = read_captions(path)
    assert captions.caption == ["A person standing", "A person sitting"]
    assert captions.line.tolist() == [1, 3]
    assert reasons(captions) == [(2, "nothing left"), (4, "nothing left")]


def test_standard_input_is_text_and_stays_open() -> None:
    stream = io.BytesIO(b"- A person#124\n\nB\n")
    captions = read_captions("-", stdin=stream)
    assert captions.caption == ["- A person", "B"]
    assert captions.line.tolist() == [1, 3]
    assert captions.source == "standard input"
    assert not stream.closed


def test_standard_input_of_the_process() -> None:
    code = (
        "from posepipe.captions.reading import read_captions as r; import sys; print(r('-').caption, sys.stdin.closed)"
    )
    printed = subprocess.run(
        [sys.executable, "-c", code], input="A person 站\n".encode(), stdout=subprocess.PIPE, check=True,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    ).stdout.decode()  # fmt: skip
    assert printed.strip() == "['A person 站'] False"


def test_reading_text_loads_nothing_heavy(write: Write) -> None:
    code = (
        "import sys; from posepipe.captions.reading import read_captions; read_captions(sys.argv[1]);"
        "print({'pandas', 'pyarrow', 'torch', 'dask'} & set(sys.modules))"
    )
    path = write("poses.txt", "A person\n")
    assert subprocess.check_output([sys.executable, "-c", code, str(path)], text=True).strip() == "set()"


# What a caption is


@given(st.text(min_size=1))
def test_the_id_by_its_definition(text: str) -> None:
    folded = " ".join(unicodedata.normalize("NFC", text).split())
    assert caption_id(text) == hashlib.sha256(folded.encode()).hexdigest()[:16]


def test_the_id_of_a_known_caption() -> None:
    assert caption_id("A person waving") == "de052a0cc4197459"
    assert caption_id("\u3000A\u00a0person \n waving\u2028") == caption_id("A person waving")
    assert caption_id("Cafe\u0301") == caption_id("Caf\u00e9") != caption_id("cafe\u0301")


def test_repetitions_are_counted_and_the_first_stays() -> None:
    captions = from_stdin("A  person#40\nB\n A person #80\nA\tperson\nCafe\u0301\nCaf\u00e9\n".encode())
    assert captions.caption == ["A  person", "B", "Cafe\u0301"]
    assert captions.line.tolist() == [1, 2, 5]
    assert captions.frames.tolist() == [40, 0, 0]
    assert captions.repetitions == 3
    assert captions.unusable_count == 0


@pytest.mark.parametrize(
    ("line", "caption", "frames"),
    [
        ("A person waves#NA", "A person waves", 0),
        ("A person waves#124", "A person waves", 124),
        ("A person waves #124 ", "A person waves", 124),
        ("A person waves#007", "A person waves", 7),
        ("A person waves#" + "0" * 20 + "124", "A person waves", 124),
        ("A person waves#0", "A person waves", 0),
        ("A#" + "9" * 5_000, "A", 999_999_999),
        ("A person #1 #NA", "A person #1", 0),
        ("A person waves#na", "A person waves", 0),
        ("A person waves#12a", "A person waves#12a", 0),
        ("A person waves#-4", "A person waves", 0),
        ("A person waves#١٢", "A person waves#١٢", 0),
        ("A person waves#NA.", "A person waves#NA.", 0),
        ("a man waves.#a/DET man/NOUN wave/VERB#0.0#0.0", "a man waves.", 0),
        ("a man waves.#a/DET man/NOUN#1.25#124", "a man waves.", 0),
        ("a man #2 waves.#tags#nan#nan", "a man #2 waves.", 0),
        ("a##0#1e2", "a", 0),
        ("a#b#c#4", "a#b#c", 4),
        ("a#1#2", "a#1", 2),
    ],
)
def test_what_stands_behind_a_caption_in_text(line: str, caption: str, frames: int) -> None:
    captions = from_stdin(line.encode())
    assert captions.caption == [caption]
    assert captions.frames.tolist() == [frames]


@pytest.mark.parametrize("ending", [".md", ".csv", ".tsv", ".jsonl"])
def test_every_form_takes_lengths_off(write: Write, ending: str) -> None:
    captions = read_captions(write(f"poses{ending}", TWO[ending].replace("standing", "standing#124")))
    assert captions.caption[0] == "A person standing"
    assert captions.frames.tolist() == [124, 0]


# Lines that give no caption


def test_unusable_lines_are_named_and_the_others_stay(write: Write) -> None:
    longest = "é" * 2_000
    lines = [b"A", b"#NA", b"caf\xe9", f"{longest}e".encode(), longest.encode(), b" \t ", b"\xed\xa0\x80", b"B\xff"]
    captions = read_captions(write("poses.txt", b"\r\n".join(lines)))
    assert captions.caption == ["A", longest]
    assert captions.line.tolist() == [1, 5]
    assert reasons(captions) == [
        (2, "nothing left"),
        (3, "not UTF-8"),
        (4, "over 2,000 characters"),
        (7, "not UTF-8"),
        (8, "not UTF-8"),
    ]
    assert captions.unusable[1].text == "caf\\xe9"
    assert captions.unusable[2].text == "é" * 80 + "…"


@pytest.mark.parametrize(
    ("name", "content", "line", "reason"),
    [
        ("a.md", "- A\n-\n", 2, "nothing left"),
        ("a.md", b"- A\n- \xe9\n", 2, "not UTF-8"),
        ("a.md", "|a|text|\n|-|-|\n|-|A|\n|x|\n", 4, "nothing left"),
        ("a.md", "|text|\n|-|\n|A|\n|x|y|\n", 4, "2 cells under 1 headings (write \\| for a bar)"),
        ("a.csv", 'caption\nA\n""\n', 3, "nothing left"),
        ("a.csv", "id,caption\n1,A\n2\n", 3, "nothing left"),
        ("a.csv", b"note,caption\n\xe9,A\n1,\xe9\n", 3, "not UTF-8"),
        ("a.tsv", f"caption\nA\n{'x ' * 1_001}\n", 3, "over 2,000 characters"),
        (
            "a.csv",
            "id,caption\n1,A\n2,B, C\n",
            3,
            "3 cells under 2 headings (put a cell that holds the separator between double quotes)",
        ),
        ("a.csv", 'id,caption\n1,A\n2,"never closed\n', 3, "a double quote is not closed"),
        (
            "a.csv",
            'id,caption\n1,A\n2,"B" person\n',
            3,
            "',' expected after '\"' (close each double quote, and double those inside a cell)",
        ),
        ("a.csv", "id,caption\n1,A\n2,NaN\n", 3, "no value"),
        ("a.jsonl", '{"caption": "A"}\n{"caption": null}\n', 2, "nothing left"),
        ("a.jsonl", '{"caption": "A"}\n{"caption": "B"\n', 2, "not JSON (cut off); write one object a line"),
        ("a.jsonl", '{"caption": "A"}\n7\n', 2, "the caption is not text but a number (int); put it between quotes"),
        ("a.jsonl", '{"caption": "A"}\n\n{"caption": "\\ud83d"}\n', 3, "not UTF-8"),
        ("a.jsonl", b'{"caption": "A"}\n{"caption": "\xe9"}\n', 2, "not UTF-8"),
    ],
)
def test_unusable_lines_of_other_forms(write: Write, name: str, content: str | bytes, line: int, reason: str) -> None:
    captions = read_captions(write(name, content))
    assert captions.caption == ["A"]
    assert reasons(captions) == [(line, reason)]


def test_parquet_that_is_not_utf8(tmp_path: Path) -> None:
    column = pa.array([b"A", b"\xe9"], pa.binary()).view(pa.string())
    pq.write_table(pa.table({"caption": column}), tmp_path / "a.parquet")
    assert reasons(read_captions(tmp_path / "a.parquet")) == [(2, "not UTF-8")]


def test_of_many_unusable_lines_the_first_are_named() -> None:
    captions = from_stdin(b"A\n" + b"\xff\n" * 2_500)
    assert captions.unusable_count == 2_500
    assert [unusable.line for unusable in captions.unusable] == list(range(2, 1_002))


def test_what_is_shown_of_an_unusable_line_cannot_harm_a_terminal() -> None:
    captions = from_stdin(b"A\n\x1b[2J\xff\x00\xe2\x80\xae\n")
    assert captions.unusable[0].text == "\\x1b[2J\\xff\\x00\\u202e"


LONG = 3_000_000


@pytest.mark.parametrize(
    ("name", "before", "line", "after"),
    [
        ("a.txt", "A\n", "x" * LONG, "\nB"),
        ("a.txt.gz", "A\n", "x" * LONG, "\r\nB"),
        ("a.txt", "A\nB\n", "\U0001f600" * LONG, ""),
        ("a.txt", "A\n", " " * LONG + "x", "\nB"),
        ("a.md", "- A\n", "- " + "**x** " * (LONG // 6), "\n- B"),
        ("a.csv", "caption\nA\n", "x" * LONG, "\nB"),
        ("a.csv", "caption\nA\n", '"' + 'x""' * (LONG // 3) + '"', "\nB"),
        ("a.csv", "id,caption\n1,A\n", '2,"' + "x," * (LONG // 2) + '"', "\n3,B"),
        ("a.jsonl", '{"caption": "A"}\n', '{"caption": "' + "x" * LONG + '"}', '\n{"caption": "B"}'),
    ],
)
def test_an_endless_line_costs_one_line_and_little_memory(
    write: Write, name: str, before: str, line: str, after: str
) -> None:
    path = write(name, before + line + after)
    del line
    tracemalloc.start()
    captions = read_captions(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert captions.caption == ["A", "B"]
    assert captions.unusable_count == 1
    assert "over" in captions.unusable[0].reason
    assert peak < 6_000_000 if name.endswith("jsonl") else peak < 2_500_000


def test_a_caption_behind_a_cut_is_named_as_lost(write: Write) -> None:
    captions = read_captions(write("a.csv", f'note,caption\n1,A\n"{"x" * 100_000}",B\n2,C\n'))
    assert captions.caption == ["A", "C"]
    assert reasons(captions) == [(3, "a line over 65,536 characters")]


def test_a_cut_cell_behind_the_caption_does_not_matter(write: Write) -> None:
    captions = read_captions(write("a.csv", f'caption,note\nA,"{"x" * 100_000}"\n"B\n1",{"y" * 100_000}\n'))
    assert captions.caption == ["A", "B\n1"]
    assert captions.unusable_count == 0


# Encodings and line ends


def test_a_byte_order_mark_is_no_part_of_the_first_caption(write: Write) -> None:
    for name in ("a.txt", "a.txt.gz"):
        assert read_captions(write(name, b"\xef\xbb\xbfA\nB\n")).caption == ["A", "B"]
    assert read_captions(write("a.csv", b"\xef\xbb\xbfcaption,b\nA,1\n")).caption == ["A"]
    assert read_captions(write("a.jsonl", b'\xef\xbb\xbf{"text": "A"}')).caption == ["A"]
    assert read_captions(write("a.md", b"\xef\xbb\xbf# Poses\n- A")).caption == ["A"]


def test_all_line_ends_and_none_at_the_end() -> None:
    captions = from_stdin(b"A\r\nB\rC\nD\x0bE\x0cF\xc2\x85G\xe2\x80\xa8H\n\r\nI")
    assert captions.caption == ["A", "B", "C", "D\x0bE\x0cF\x85G\u2028H", "I"]
    assert captions.line.tolist() == [1, 2, 3, 4, 6]
    assert captions.unusable_count == 0


@pytest.mark.parametrize("ending", list(TWO))
def test_utf16_with_a_byte_order_mark_is_read(write: Write, ending: str) -> None:
    captions = read_captions(write(f"a{ending}", TWO[ending].encode("utf-16")))
    assert captions.caption == ["A person standing", "A person sitting"]
    assert captions.inputs[0].encoding == "UTF-16"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("ending", list(TWO))
def test_other_encodings_by_their_nul_bytes_are_offered(write: Write, ending: str, encoding: str) -> None:
    path = write(f"a{ending}", TWO[ending].encode(encoding))
    assert f"give --encoding {encoding}" in complaint(path)
    assert read_captions(path, encoding=encoding).caption == ["A person standing", "A person sitting"]


def test_latin1_is_refused_with_the_encoding_that_fits(write: Write) -> None:
    path = write("a.txt", "A café\nA person's naïve look\nC\n".encode("latin-1"))
    said = complaint(path)
    assert "not UTF-8 (2 of 3 lines, the first is line 1)" in said
    assert "'A café': give --encoding cp1252" in said
    assert read_captions(path, encoding="cp1252").caption == ["A café", "A person's naïve look", "C"]


def test_single_nul_bytes_are_characters_like_others() -> None:
    assert from_stdin(b"A person\x00 waving\n").caption == ["A person\x00 waving"]


# CSV and JSON lines


def test_csv_with_quotes_and_line_ends_inside(write: Write) -> None:
    captions = read_captions(
        write("a.csv", '\r\nnote,"caption"\r\n"x\r\ny","A ""tall"" person,\r\nwaving"\r\n\r\n1,B "c"\r\n,C,\r\n')
    )
    assert captions.caption == ['A "tall" person,\nwaving', 'B "c"', "C"]
    assert captions.line.tolist() == [3, 7, 8]


@pytest.mark.parametrize(
    ("header", "place"),
    [("caption,text,x", 0), ("text,caption,x", 1), ("x,y,text", 2), (" Caption ,x,y", 0), ("x,TEXT,y", 1)],
)
def test_the_column_of_a_csv(write: Write, header: str, place: int) -> None:
    assert read_captions(write("a.csv", f"{header}\n0,1,2\n")).caption == [str(place)]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.csv", "id,pose\n1,A\n", ["line 1", "`id`, `pose`", "name the column `caption`"]),
        ("a.csv", "id;pose\n1;A\n", ["`id`, `pose`", "separated by semicolons"]),
        (
            "a.csv",
            "1,A person waves\n2,A person sits\n",
            ["line 1", "`1`, `A person waves`", "write `id,caption` above"],
        ),
        ("a.csv", "caption,a,caption\n1,2,3\n", ["line 1", "more than one column `caption`"]),
        ("a.tsv", "id,pose\n1,A\n", ["`id`, `pose`", "separated by commas"]),
        ("a.csv", "caption\n", ["no captions"]),
        ("a.json", '[{"caption": "A"},\n{"caption": "B"', ["line 2", "not JSON (cut off)"]),
        ("a.json", '[{"caption": "A"},\n]', ["line 2", "not JSON"]),
        ("a.json", "{}", ["no key `caption`"]),
        ("a.json", '{"pose": "A", "id": 1}', ["no key `caption`", "`pose`, `id`", "--column"]),
        ("a.jsonl", '{"pose": "A", "id": 1}\n', ["line 1", "`pose`, `id`"]),
        ("a.jsonl", "{}\n", ["line 1", "no column"]),
        ("a.jsonl", '{"caption": 7}\n', ["line 1", "int", "between quotes"]),
        ("a.jsonl", "[" * 100_000, ["line 1", "not JSON (nested too deeply)"]),
        ("a.jsonl", '{"caption": ' + "9" * 10_000 + "}", ["line 1", "not JSON"]),
    ],
)
def test_tables_that_lie(write: Write, name: str, content: str, told: list[str]) -> None:
    said = complaint(write(name, content))
    assert all(part in said for part in told), said
    assert len(said) < 1_000


# Files that cannot be read


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.txt", b"", "empty"),
        ("a.md", b"", "empty"),
        ("a.csv.gz", b"", "empty"),
        ("a.parquet", b"", "broken as Parquet"),
        ("a.txt", b"\n \n\r\n", "no captions"),
        ("a.md", b"# A\n\n```\n- no\n```\n", "left out: 1 heading, 3 lines of code"),
        ("a.docx", b"A\n", "its name does not tell its form"),
        ("a", b"A\n", ".jsonl"),
        ("a.gz", b"A\n", "its name does not tell its form"),
        ("a.txt", gzip.compress(b"A\n", mtime=0), ".gz"),
        ("a.txt", b"PAR1....", ".parquet"),
        ("a.csv", b"PK\x03\x04....", "workbook"),
        ("a.parquet", b"PAR1" + b"\x00" * 40 + b"PAR1", "broken as Parquet"),
        ("a.parquet", b"A person\n" * 9, "broken as Parquet"),
    ],
)
def test_files_of_no_use(write: Write, name: str, content: bytes, told: str) -> None:
    assert told in complaint(write(name, content))


def test_broken_gzip(tmp_path: Path) -> None:
    whole = gzip.compress(os.urandom(100_000).hex().encode() + b"\nB\n" * 10)
    broken = bytearray(whole)
    broken[len(whole) // 2] ^= 255
    for content in (whole[: len(whole) // 2], bytes(broken), whole[:-4], whole + b"rubbish", b"A person\n"):
        path = tmp_path / "a.txt.gz"
        path.write_bytes(content)
        assert "broken as gzip" in complaint(path)
        path = path.rename(tmp_path / "a.parquet.gz")
        assert "broken as" in complaint(path)


def test_parquet_of_other_columns(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"pose": ["A"], "id": [1]}), path)
    assert "found `pose`, `id`" in complaint(path)
    pq.write_table(pa.table({"caption": [1, 2]}), path)
    assert "int64" in complaint(path)
    pq.write_table(pa.table({"caption": pa.array([], pa.string())}), path)
    assert "no captions" in complaint(path)
    path.write_bytes(path.read_bytes()[:-9])
    assert "broken as Parquet" in complaint(path)


whole_parquet = io.BytesIO()
pq.write_table(pa.table({"caption": [f"A person {number}" for number in range(9)]}), whole_parquet)


@given(st.integers(0, len(whole_parquet.getvalue()) - 1), st.integers(1, 255))
def test_parquet_with_a_wrong_byte_gives_captions_or_a_clear_error(place: int, change: int) -> None:
    broken = bytearray(whole_parquet.getvalue())
    broken[place] ^= change
    with tempfile.NamedTemporaryFile(suffix=".parquet") as file:
        file.write(broken)
        file.flush()
        with contextlib.suppress(InputError):
            assert all(map(str.isascii, read_captions(file.name).caption_id))


def test_folders_missing_files_and_closed_ones(tmp_path: Path) -> None:
    folder = tmp_path / "poses.txt"
    folder.mkdir()
    assert "a folder" in complaint(folder)
    assert "no such file" in complaint(tmp_path / "nothing.txt")
    assert "cannot be read" in complaint(tmp_path / ("n" * 300 + ".txt"))
    with pytest.raises(InputError, match=r"a\\x00.txt.*NUL"):
        read_captions("a\0.txt")
    (tmp_path / "loop.txt").symlink_to("loop.txt")
    assert "cannot be read" in complaint(tmp_path / "loop.txt")


def test_empty_standard_input() -> None:
    with pytest.raises(InputError, match="standard input: empty"):
        from_stdin(b"")


@given(st.binary(max_size=300))
def test_any_bytes_give_captions_or_a_clear_error(content: bytes) -> None:
    try:
        captions = from_stdin(content)
    except InputError:  # of any other kind would be a fault
        return
    assert all(0 < len(caption) <= 2_000 and caption == caption.strip() for caption in captions.caption)
    assert len(set(captions.caption_id)) == len(captions)
    json.dumps(captions.caption, ensure_ascii=False).encode()


words = st.from_regex(r"[a-zéß站]{2,9}( [a-z]{2,9}){1,6}", fullmatch=True)


@given(st.lists(words, min_size=1))
def test_forms_agree(texts: list[str]) -> None:
    expected = from_stdin("\n".join(texts).encode())
    assert set(expected.caption_id) == {caption_id(text) for text in texts}
    assert len(expected) + expected.repetitions == len(texts)


def test_what_several_inputs_give_and_where_from(write: Write) -> None:
    one, two, three = (
        write("a.txt", "A\nB\n" + "x" * 2_001 + "\n"),
        write("b.csv", "id,caption\n1,B\n2,\n3,C\n"),
        write("c.txt", ""),
    )
    read = read_captions([one, two, three], prompts=["P", "A"])
    assert read.caption == ["P", "A", "B", "C"]
    assert read.sources_of(np.array([3, 0, 2, 1])) == [str(two), "--text-prompt", str(one), "--text-prompt"]
    assert read.starts == (0, 2, 3, 4)
    assert (read.repetitions, read.unusable_count, reasons(read)) == (
        2,
        2,
        [(3, "over 2,000 characters"), (3, "nothing left")],
    )
    assert [each.captions for each in read.inputs] == [2, 1, 1, 0]
    assert any(line.startswith(f"{three}: ") and "empty" in line for line in read.describe())
    assert read.source == "4 inputs, the first --text-prompt"
    assert read_captions(one).source == str(one)


def test_an_input_of_repetitions_alone_is_no_error(write: Write) -> None:
    one, two = write("a.txt", "A\nB\n"), write("b.txt", "B\nA\n")
    read = read_captions([one, two])
    assert (len(read), read.repetitions, read.starts) == (2, 2, (0, 2))
    assert not any("no captions" in line for line in read.describe())


def test_inputs_without_captions(write: Write) -> None:
    one, two = write("a.txt", "# x\n---\n"), write("b.txt", "A\n")
    assert complaint(one).endswith("no captions in it; left out: 1 comment, 1 separator line")
    lost = write("c.csv", "id,caption\n1,\n2,\n")
    assert complaint(lost).endswith("no captions in it; 2 unusable lines, the first in line 2: nothing left")
    read = read_captions([one, two])
    assert any(line.startswith(f"{one}: ") and "no captions in it" in line for line in read.describe())
    with pytest.raises(InputError, match=r"^2 inputs, the first .*: no captions in any of them$"):
        read_captions([one, lost])
    with pytest.raises(InputError, match=r"^no captions: name a file$"):
        read_captions([])


def test_what_was_left_out_is_added_up(write: Write) -> None:
    one, two = write("a.txt", "# x\nA\n---\n"), write("b.txt", "# x\n# y\nB\n")
    assert read_captions([one, two]).skipped == {"comments": 3, "separator lines": 1}


def test_lengths_of_the_first_line_count_and_may_be_long(write: Write) -> None:
    read = read_captions(write("a.txt", "A#8\nB\nA#12\nC#999999999999\n"))
    assert (read.caption, read.frames.tolist(), read.frames.dtype) == (["A", "B", "C"], [8, 0, 999_999_999], np.int32)
    assert (read.line.tolist(), read.line.dtype, read.ends.tolist()) == ([1, 2, 4], np.int64, [0, 1, 2, 3])


def test_a_caption_of_just_the_limit(write: Write) -> None:
    read = read_captions(write("a.txt", "x" * MAX_LENGTH + "\n" + "y" * (MAX_LENGTH + 1) + "\n"))
    assert (len(read), reasons(read)) == (1, [(2, "over 2,000 characters")])


def test_options_without_effect_name_the_forms(write: Write) -> None:
    text, parquet = write("a.txt", "A\n"), write("b.parquet", "")
    pq.write_table(pa.table({"caption": ["A"]}), parquet)
    with pytest.raises(InputError, match=r"^--column pose has no effect: the input is text; leave it out$"):
        read_captions(text, column="pose")
    with pytest.raises(InputError, match=r"^--encoding utf-8 has no effect: the input is Parquet; leave it out$"):
        read_captions(parquet, encoding="utf-8")
    table = write("c.csv", "pose\nB\n")
    assert read_captions([text, table], column="pose", encoding="utf-8").caption == ["A", "B"]


def test_gzip_that_breaks_off_is_not_said_to_be_broken_from_the_start(tmp_path: Path) -> None:
    whole = gzip.compress(b"".join(b"A person %d %s\n" % (n, os.urandom(40).hex().encode()) for n in range(5_000)))
    path = tmp_path / "a.txt.gz"
    path.write_bytes(whole[: len(whole) // 2])
    told = complaint(path)
    assert told.startswith(f"{path}: broken as gzip: Compressed file ended before")
    assert told.endswith("; pack or copy it again")


def test_the_reason_of_the_operating_system_is_given(tmp_path: Path) -> None:
    assert complaint(tmp_path / ("n" * 300 + ".txt")).endswith("cannot be read: File name too long")


def test_of_several_inputs_a_thousand_unusable_lines_are_kept(write: Write) -> None:
    lines = "id,caption\n0,A\n" + "1,\n" * 700
    read = read_captions([write("a.csv", lines), write("b.csv", lines)])
    assert (len(read.unusable), read.unusable_count) == (1_000, 1_400)
    assert (read.unusable[699].source, read.unusable[700].source) == (read.inputs[0].source, read.inputs[1].source)


def test_undecodable_bytes_name_the_encoding(write: Write) -> None:
    good = "".join(f"A person waves läuft {number}\n" for number in range(30)).encode()
    read = read_captions(write("a.txt", good + b"B\xff\n"))
    assert reasons(read) == [(31, "not UTF-8")]
    read = read_captions(write("b.txt", "站着\n".encode("gb18030") * 30 + b"B\xff\n"), encoding="gb18030")
    assert reasons(read) == [(31, "not GB18030")]


@pytest.mark.parametrize(
    ("error", "told"), [(OSError(5, "Input/output error"), "Input/output error"), (OSError("odd"), "odd")]
)
def test_an_error_while_reading_is_told_without_its_number(
    write: Write, monkeypatch: pytest.MonkeyPatch, error: OSError, told: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    path = write("a.txt", "A\n")
    monkeypatch.setattr(reading, "entries_of", fail)
    assert complaint(path) == f"{path}: cannot be read: {told}"
