"""Encodings: by byte order mark, as asked for, and guessed for an error."""

from __future__ import annotations

import io

import pytest

from posepipe.captions import encodings
from posepipe.captions.encodings import Encoding, checked_name, choose, examine, guess, lines_of
from posepipe.errors import InputError


@pytest.mark.parametrize(
    ("head", "asked", "name"),
    [
        (b"A", None, "utf-8"),
        (b"\xef\xbb\xbfA", None, "utf-8"),
        ("A".encode("utf-16"), None, "utf-16"),
        (b"\xfe\xff\x00A", None, "utf-16"),
        ("A".encode("utf-32"), "utf-32", "utf-32"),
        (b"A", "gb18030", "gb18030"),
    ],
)
def test_the_encoding_of_an_input(head: bytes, asked: str | None, name: str) -> None:
    chosen = choose("a.txt", head, asked)
    assert chosen.name == name
    with chosen.text(io.BytesIO(head)) as text:
        assert text.read() == "A"


def test_a_byte_order_mark_against_what_is_asked() -> None:
    with pytest.raises(InputError, match="byte order mark of utf-8; leave out --encoding gb18030"):
        choose("a.txt", b"\xef\xbb\xbfA", "gb18030")


@pytest.mark.parametrize(
    ("name", "codec"), [("UTF8", "utf-8"), ("gbk", "gbk"), ("latin-1", "iso8859-1"), ("utf-16", "utf-16")]
)
def test_names_of_encodings(name: str, codec: str) -> None:
    assert checked_name(name) == codec


@pytest.mark.parametrize(
    ("name", "hint"),
    [("gb1803", "did you mean gb18030"), ("xyzzy", "try utf-8"), ("base64", "no such"), ("idna", "no such")],
)
def test_what_is_no_encoding_for_text(name: str, hint: str) -> None:
    with pytest.raises(InputError, match=hint):
        checked_name(name)


def test_whether_all_bytes_can_be_decoded_across_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encodings, "_BLOCK", 4)
    assert examine(io.BytesIO("abc€\nab\n€€".encode()), Encoding("utf-8")) == (True, True)
    assert examine(io.BytesIO(b"ab\nc\nd\n"), Encoding("utf-8")) == (True, False)
    assert not examine(io.BytesIO("abc€".encode()[:-1]), Encoding("utf-8"))[0]
    assert not examine(io.BytesIO("abc€def".encode("gb18030")), Encoding("utf-8"))[0]


def test_bytes_that_cannot_be_decoded_are_surrogates_in_any_codec() -> None:
    with Encoding("gb18030").text(io.BytesIO(b"A\xff\nB")) as text:
        assert list(lines_of(text)) == ["A\udcff\n", "B"]
    with Encoding("utf-16-le").text(io.BytesIO(b"A\x00\x00")) as text:
        assert text.read() == "A\udc00"


def test_long_lines_are_cut_unless_wanted_whole() -> None:
    content = ("x" * 200_000 + '"\nB\n').encode()
    with Encoding("utf-8").text(io.BytesIO(content)) as text:
        assert [len(line) for line in lines_of(text)] == [encodings.LINE_LIMIT + 1, 2]
    with Encoding("utf-8").text(io.BytesIO(content)) as text:
        assert [len(line) for line in lines_of(text, whole=True)] == [200_002, 2]


@pytest.mark.parametrize(
    "sample", [b"\xff\xfe bad", b"\xe9", b"\xff\n\xff\n", b"\xff\xff\xff\xff\xff\xff", b"\x81\x8d\x8f"]
)
def test_bytes_that_make_no_words_are_not_guessed(sample: bytes) -> None:
    assert guess(sample) is None


def test_a_rare_encoding_is_guessed_too() -> None:
    assert guess("Një njeri që qëndron në këmbë, më pas ulet në karrige".encode("cp1250")) in ("cp1250", "cp1252")
    assert guess("Άνθρωπος που στέκεται όρθιος".encode("cp1253")) == "cp1253"
