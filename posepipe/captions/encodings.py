"""Bytes to text: which encoding an input is in, and which one to offer where it is not the expected one."""

from __future__ import annotations

import codecs
import encodings.aliases
import io
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO, Final

from posepipe.captions.notes import preview
from posepipe.errors import InputError
from posepipe.wording import count, nearest

LINE_LIMIT: Final = 65_536
"""Characters of a line that are kept; a line this long holds no usable caption."""

_BLOCK = 1 << 18
_SAMPLE = 1 << 16
_LEAST_LETTERS = 4
_ERRORS = "posepipe.surrogates"
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe\x00\x00", "utf-32"), (b"\x00\x00\xfe\xff", "utf-32"))
_BOMS_16 = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_OFFERED = ("gb18030", "big5", "shift_jis", "euc_jp", "euc_kr", "cp1252", "cp1251", "cp1250", "cp1253", "koi8_r")
_TYPOGRAPHY = frozenset("‘’‚‛“”„–—…•°·´€£©®™½¼¾×«»、。，．！？：；（）「」『』《》～　" + "\u00a0\u00ad")


def _as_surrogates(error: UnicodeError) -> tuple[str, int]:
    """Keep bytes that cannot be decoded as lone surrogates, whatever the codec."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "".join(chr(0xDC00 + byte) for byte in error.object[error.start : error.end]), error.end


codecs.register_error(_ERRORS, _as_surrogates)


@dataclass(frozen=True)
class Encoding:
    """How to decode an input.

    Attributes
    ----------
    name : str
        Of the codec.
    skip : int
        Bytes to pass over first: a byte order mark.
    has_long_lines : bool
        Whether a line may be longer than some hundred kB, so that lines must be read in pieces.
    """

    name: str
    skip: int = 0
    has_long_lines: bool = True

    @contextmanager
    def text(self, stream: BinaryIO) -> Iterator[io.TextIOWrapper]:
        """The stream as text; bytes that cannot be decoded are lone surrogates. The stream stays open."""
        stream.read(self.skip)
        errors = "surrogateescape" if self.name == "utf-8" else _ERRORS
        text = io.TextIOWrapper(stream, self.name, errors=errors)
        try:
            yield text
        finally:
            text.detach()


def checked_name(name: str) -> str:
    """The name of a text codec.

    Raises
    ------
    InputError
        Python has no such encoding for text.
    """
    try:
        codec = codecs.lookup(name)
        b"AAAA".decode(name, "ignore")
        if codec.name in ("idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "utf-7"):
            raise LookupError
    except (LookupError, UnicodeError, ValueError):
        known = sorted({*encodings.aliases.aliases, *encodings.aliases.aliases.values()})
        near = nearest(name.replace("-", "_"), known)
        hint = f"did you mean {near}?" if near else "try utf-8, utf-16, gb18030, big5, shift_jis or cp1252"
        raise InputError(f"--encoding {name}: no such encoding; {hint}") from None
    return codec.name


def choose(source: str, head: bytes, asked: str | None) -> Encoding:
    """The encoding of an input: by its byte order mark, else what is asked for, else UTF-8.

    Raises
    ------
    InputError
        The first bytes contradict the encoding.
    """
    for mark, name in (*_BOMS, *_BOMS_16):
        if head.startswith(mark):
            if asked is not None and not asked.startswith(name):
                raise InputError(f"{source}: begins with the byte order mark of {name}; leave out --encoding {asked}")
            if name == "utf-32" and asked is None:
                raise InputError(f"{source}: it is UTF-32; give --encoding utf-32")
            return Encoding("utf-8", 3) if name == "utf-8" else Encoding(name)
    if asked is not None:
        return Encoding(asked)
    if head.count(0) * 4 > len(head):
        name = "utf-16-le" if head[1::2].count(0) >= head[::2].count(0) else "utf-16-be"
        hint = f"; if it is UTF-16 without a byte order mark, give --encoding {name}" if _decodes(head, name) else ""
        raise InputError(f"{source}: full of NUL bytes, so not text in UTF-8{hint}")
    return Encoding("utf-8")


def _decodes(head: bytes, name: str) -> bool:
    text = head[: len(head) // 2 * 2].decode(name, "replace")
    return sum(mark.isprintable() or mark.isspace() for mark in text) > 0.9 * len(text)


def examine(stream: BinaryIO, encoding: Encoding) -> tuple[bool, bool]:
    """Whether every byte of a stream can be decoded, and whether it may have very long lines."""
    stream.read(encoding.skip)
    has_long_lines = False
    decoder = codecs.getincrementaldecoder(encoding.name)()
    ascii_inside = encoding.name == "utf-8"
    pending = False
    try:
        while block := stream.read(_BLOCK):
            has_long_lines = has_long_lines or (len(block) == _BLOCK and b"\n" not in block)
            if ascii_inside and not pending and block.isascii():
                continue
            decoder.decode(block)
            pending = bool(decoder.getstate()[0])
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False, True
    return True, has_long_lines


def lines_of(text: io.TextIOWrapper, limit: int = LINE_LIMIT, *, whole: bool = False) -> Iterator[str]:
    """Lines of a text with their ends, each cut at `limit` characters unless whole lines are wanted."""
    if whole:
        while lines := text.readlines(_BLOCK):
            yield from lines
        return
    for line in iter(partial(text.readline, limit), ""):
        if len(line) < limit or line.endswith("\n"):
            yield line
            continue
        quotes = 0
        while rest := text.readline(LINE_LIMIT):
            quotes += rest.count('"')
            if rest.endswith("\n"):
                break
        yield line + '"' * (quotes % 2)  # a cut inside a quoted CSV cell leaves the next record alone


def refuse_other_encoding(source: str, stream: BinaryIO, encoding: Encoding) -> None:
    """Look at an input with undecodable bytes, and raise where it as a whole is in another encoding.

    It is where not one line has characters beyond ASCII that decode, and the bytes of the others make words in
    another encoding. Else single lines are damaged: those are unusable lines.
    """
    survey = _Survey()
    with encoding.text(stream) as text:
        survey.read(text, encoding)
    if encoding.name == "utf-8":
        if survey.decoded:
            return
        sample = bytes(survey.sample)
    else:
        if survey.bad * 10 < survey.lines:
            return
        stream.seek(0)
        sample = stream.read(_SAMPLE)
    found = guess(sample)
    if found is None or found == encoding.name:
        return
    shown = preview(sample.decode(found, "replace").strip().partition("\n")[0].strip(), 40)
    raise InputError(
        f"{source}: not {encoding.name.upper()} ({survey.bad:,} of {count(survey.lines, 'line')}, the first is line "
        f"{survey.first:,}); "
        f"the bytes decode as {found}, where that line reads '{shown}': give --encoding {found}"
    )


class _Survey:
    """Counts of lines, and of those with bytes that cannot be decoded; stops at a line that decodes."""

    def __init__(self) -> None:
        self.first = self.bad = self.lines = 0
        self.decoded = False
        self.sample = bytearray()

    def read(self, text: io.TextIOWrapper, encoding: Encoding) -> None:
        for line in lines_of(text):
            self.lines += 1
            if line.isascii():
                continue
            if any("\udc00" <= mark <= "\udcff" for mark in line):
                self.bad, self.first = self.bad + 1, self.first or self.lines
                if encoding.name == "utf-8" and len(self.sample) < _SAMPLE:
                    self.sample += line.encode("utf-8", "surrogateescape")
            elif encoding.name == "utf-8":
                self.decoded = True
                return


def guess(sample: bytes) -> str | None:
    """The encoding in which bytes make words, or None."""
    if _is_utf8(sample):
        return "utf-8"
    scores = {name: _sense(sample, name) for name in _OFFERED}
    best = max(scores, key=lambda name: scores[name])  # of equals the first
    if scores[best] > 0.5:
        return best
    import charset_normalizer

    for match in charset_normalizer.from_bytes(sample):
        if match.encoding != "ascii" and _sense(sample, match.encoding) > 0.5:
            return match.encoding
    return None


def _is_utf8(sample: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample, final=len(sample) < _SAMPLE)
    except UnicodeDecodeError:
        return False
    return True


_RUN = re.compile(r"[^\x00-\x7f]+")


def _sense(sample: bytes, name: str) -> float:
    """How much bytes look like words in an encoding, from 0 to 1."""
    try:
        text = codecs.getincrementaldecoder(name)().decode(sample)
    except (UnicodeError, LookupError):
        return 0.0
    score = runs = 0.0
    letters = 0
    for found in _RUN.finditer(text):
        run = found[0]
        weight = len(run)
        runs += weight
        letters += sum(mark not in _TYPOGRAPHY for mark in run)
        beside = text[found.start() - 1 : found.start()] + text[found.end() : found.end() + 1]
        score += weight * _run_sense(run, any(mark.isalpha() for mark in beside), name)
    if not runs or (letters < _LEAST_LETTERS and letters and name not in ("cp1250", "cp1252")):
        return 0.0
    if not letters and not any(mark.isalpha() for mark in text):
        return 0.0
    return score / runs


def _run_sense(run: str, in_word: bool, name: str) -> float:
    """How much a run of characters beyond ASCII looks like writing."""
    letters = [mark for mark in run if mark not in _TYPOGRAPHY]
    if not letters:
        return 0.9
    if any(unicodedata.category(mark) not in ("Lu", "Ll", "Lo", "Lm", "Mn") for mark in letters):
        return 0.0
    scripts = {unicodedata.name(mark, "").split(" ")[0] for mark in letters}
    if scripts == {"LATIN"}:
        return (0.9 if in_word else 0.3) / (1 if len(letters) < 3 else 3)
    if name.startswith(("cp", "koi8")):
        plain = len(scripts) == 1 and len(set(letters)) > 1
        capital_inside = any(mark.isupper() for mark in run[1:]) and not run.isupper()
        return 0.95 if plain and not in_word and not capital_inside else 0.2
    return _east_asian_sense(letters, scripts, name)


def _east_asian_sense(letters: list[str], scripts: set[str], name: str) -> float:
    kana = scripts & {"HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA"}
    if scripts - {"CJK", "HANGUL", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "BOPOMOFO", "IDEOGRAPHIC"}:
        return 0.0
    if any("\uff61" <= mark <= "\uff9f" for mark in letters):  # half-width kana: bytes of another encoding
        return 0.1
    if "HANGUL" in scripts:
        return 0.0 if kana else (0.98 if name == "euc_kr" and "CJK" not in scripts else 0.1)
    common = sum(_is_common(mark, name) for mark in letters) / len(letters)
    if kana:
        share = sum("\u3040" <= mark <= "\u30ff" for mark in letters) / len(letters)
        return 0.5 + 0.49 * min(1.0, 2 * share) if name in ("shift_jis", "euc_jp") else 0.2
    return {"gb18030": 0.95, "big5": 0.94, "shift_jis": 0.6, "euc_jp": 0.6, "euc_kr": 0.3}.get(name, 0.5) * common


def _is_common(mark: str, name: str) -> bool:
    """Whether a character is in the part of a character set that holds the common ones."""
    code = mark.encode(name)
    if len(code) != 2:
        return False
    ranges = {"gb18030": (0xB0, 0xD7), "big5": (0xA4, 0xC6), "shift_jis": (0x88, 0x97), "euc_jp": (0xB0, 0xCF)}
    low, high = ranges.get(name, (0xB0, 0xFD))
    return low <= code[0] <= high
