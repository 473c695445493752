"""What stands around a caption and does not belong to it is removed, and counted by kind.

Marks of a list, HTML, links and URLs, footnote marks, numbers of frames, quotation marks around the whole.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Final

from posepipe.captions import marks
from posepipe.captions.notes import MAX_LENGTH, Entry, Notes
from posepipe.captions.tags import without_tag
from posepipe.wording import count

SAMPLE: Final = 10_000
"""Captions of an input by which it is decided whether list marks are removed."""

_BATCH = 4_096
_LONGEST = 4 * MAX_LENGTH
"""A text of more characters stays as it is: it is too long anyway."""
_SIGNS = ("#", "＃", "<", "&", "[", "://", "www.", "**", "__", "`", " --", '"', "“", "”", "'", "‘", "「", "『", "|")
_SIGNS_BEYOND_ASCII = "¹²³⁰⁴⁵⁶⁷⁸⁹†‡"
_INVISIBLE = (
    "".join(chr(code) for code in range(33) if code != 27)
    + "\x7f\x85\xa0\u3000\ufeff\u200b\u200e\u200f\u2028\u2029\u2060"
)

_TAG_NAMES = (
    "a|abbr|b|big|blockquote|body|br|center|cite|code|dd|del|details|div|dl|dt|em|font|h[1-6]|hr|i|img|ins|kbd|label|li|"
    "mark|ol|p|pre|q|s|samp|section|small|span|strike|strong|sub|summary|sup|table|tbody|td|th|thead|tr|tt|u|ul|var|wbr"
)
_TAG = re.compile(rf"</?(?:{_TAG_NAMES})(?:\s[^<>]*)?/?>|<!--.*?-->", re.IGNORECASE | re.DOTALL)
_BREAK = re.compile(r"(?<!\s)\s*<(?:br|/p|/div|/li)\s*/?>\s*", re.IGNORECASE)
_RAISED = re.compile(
    r"(?<!\s)\s*<sup\b[^<>]*>\s*(?:<a\b[^<>]*>)?\s*[\[(]?[\d*†‡a-z]{1,3}[\])]?\s*(?:</a>)?\s*</sup>", re.IGNORECASE
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_IMAGE = re.compile(r"!\[[^\[\]]*\](?:\([^()\s]*(?:[ \t]+\"[^\"]*\")?\)|\[[^\[\]]*\])")
_LINK = re.compile(r"\[([^\[\]]+)\](?:\([^()\s]*(?:[ \t]+\"[^\"]*\")?\)|\[[^\[\]]*\])")
_URL_BODY = r"(?:(?:https?|ftp|file)://|www\.(?=[\w-]+\.))[^\s<>\"“”（）]*[^\s<>\"“”（）.,;:!?)\]}]"
_URL = re.compile(
    rf"(?<!\s)\s*[(（\[]\s*(?:see|from|source|via|ref|cf\.?|link)?\s*:?\s*<?{_URL_BODY}>?\s*[)）\]]|(?<!\s)\s*<?{_URL_BODY}>?",
    re.IGNORECASE,
)
_FOOTNOTE = re.compile(
    r"[ \t]?\[\^[^\[\]\s]+\]|(?<=\S)[ \t]*\[\d{1,3}\]\Z|"
    r"(?:(?<=[^\W\d_]{3})|(?<=[^\W\d_]{2}[.,!?]))[¹²³⁰⁴⁵⁶⁷⁸⁹†‡]+\Z"
)
_EMPHASIS = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*|(?<!\w)__(?=\S)(.+?)(?<=\S)__(?!\w)|`([^`]+)`")
_HEADING = re.compile(r"\*\*[^*]+\*\*:?|__[^_]+__:?|.*[:：]")
_ODD_TAG = re.compile(r"[#＃][ \t]*\S+\Z")
_OPTIONS = re.compile(r"(?<!\s)(?:\s+--[A-Za-z][\w-]*(?:=\S+)?(?: (?!--)\S+)*)+\Z")
_QUOTED = re.compile(
    r"""(?:"([^"]+)"|“([^“”]+)”|‘([^‘’]+)’|'([^']+)'|「([^「」]+)」|『([^『』]+)』|\|([^|]+)\|)"""
    r"[ \t]*[,，;]?\Z"
)


def is_tag(text: str) -> bool:
    """Whether a text is a tag or a comment of HTML, rather than something else between angle brackets."""
    return _TAG.fullmatch(text) is not None


def without_html(text: str) -> str:
    """A text without tags and comments of HTML; a line break becomes a blank."""
    return _TAG.sub("", _BREAK.sub(" ", _RAISED.sub("", text)))


class Cleaner:
    """Cleans the captions of one input; what it removes it counts in the notes.

    Parameters
    ----------
    notes : Notes
        Of the input.
    is_text : bool
        Whether the input is plain text, where bare numbers may be in front of the captions.
    """

    def __init__(self, notes: Notes, *, is_text: bool = False) -> None:
        self._notes = notes
        self._cleaned = notes.cleaned
        self._is_text = is_text
        self._marks = marks.Marks()
        self._odd = 0

    def clean(self, entries: Iterable[Entry]) -> Iterator[list[Entry]]:
        """Captions without what stands around them, some thousands at a time."""
        entries = iter(entries)
        sample = list(islice(entries, SAMPLE))
        self._marks = marks.look([text for _, text, _ in sample if text], bare_numbers=self._is_text)
        self._say()
        rest = chain(sample, entries)
        del sample
        everything = self._marks.removed or self._marks.numbered
        while batch := list(islice(rest, _BATCH)):
            joined = " ".join([text for _, text, _ in batch])
            signs = not joined.isprintable() or any(sign in joined for sign in _SIGNS)
            if not signs and not joined.isascii():
                signs = any(sign in joined for sign in _SIGNS_BEYOND_ASCII)
            if everything or signs:
                batch = [entry for entry in map(self._clean_one, batch) if entry is not None]
            yield batch
        if self._odd:
            end = "1 caption ends" if self._odd == 1 else f"{self._odd:,} captions end"
            self._notes.remark(f"{end} in # and text that is not a number of frames; kept")

    def _say(self) -> None:
        found = self._marks
        if found.frames:
            self._notes.remark("the numbers in front of the captions are read as numbers of frames (as in MLD's files)")
        elif found.removed and found.marked < found.captions:
            share = f"{found.captions - found.marked:,} of {count(found.captions, 'line')}"
            self._notes.remark(f"{share} have no list mark in front, unlike the others")
        elif found.marked and not found.removed:
            share = f"{found.marked:,} of {count(found.captions, 'caption')}"
            self._notes.remark(f"{share} begin with a list mark; marks are kept, since fewer than nine of ten have one")

    def _clean_one(self, entry: Entry) -> Entry | None:
        line, text, frames = entry
        if len(text) > _LONGEST:
            return entry
        text = text.strip(_INVISIBLE)
        if self._marks.removed:
            without = marks.without_mark(text)
            if self._is_text and without == text and _HEADING.fullmatch(text):
                self._notes.skipped["headings"] += 1
                return None
            text = self._count("list marks", text, without)
        elif self._marks.numbered:
            number, text = marks.bare_number(text)
            if self._marks.frames:
                frames = frames or number
            self._cleaned["numbers of frames" if self._marks.frames else "list marks"] += number > 0
        text = self.around(text)
        if "#" in text or "＃" in text or "\t" in text or "|" in text:
            text, kind, tagged = without_tag(text)
            frames = frames or tagged
            if kind:
                self._cleaned[kind] += 1
                text = self.around(text)
            elif _ODD_TAG.search(text):
                self._odd += 1
        return line, text.strip(), frames

    def around(self, text: str) -> str:
        """A caption without links, URLs, HTML, footnote marks, emphasis, options and quotation marks around it."""
        if "[" in text:
            text = self._count("images", text, _IMAGE.sub("", text))
            text = self._count("links", text, _LINK.sub(r"\1", text))
        if "://" in text or "www." in text:
            text = self._count("URLs", text, _URL.sub("", text))
        if "<" in text:
            text = self._count("HTML tags", text, without_html(text))
        if "&" in text:
            text = self._count("HTML entities", text, _ENTITY.sub(lambda found: html.unescape(found[0]), text))
        if "[" in text or not text.isascii():
            text = self._count("footnote marks", text, _FOOTNOTE.sub("", text))
        if "**" in text or "__" in text or "`" in text:
            text = self._count("emphasis marks", text, _EMPHASIS.sub(_inside, text))
        if " --" in text:
            text = self._count("options", text, _OPTIONS.sub("", text))
        text = text.strip(_INVISIBLE)
        if text[:1] in _OPENING and (found := _QUOTED.match(text)):
            text = self._count("quotation marks", text, _inside(found).strip())
        return text

    def _count(self, kind: str, before: str, after: str) -> str:
        if before == after:
            return before
        self._cleaned[kind] += 1
        return after.strip(_INVISIBLE)


_OPENING = ('"', "“", "‘", "'", "「", "『", "|")


def _inside(found: re.Match[str]) -> str:
    return next(group for group in found.groups() if group is not None)
