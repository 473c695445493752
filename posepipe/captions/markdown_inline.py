"""Inline Markdown to plain text: what a reader of the rendered page sees, and whether it is a title."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from posepipe.captions.cleaning import is_tag

INLINE_LIMIT: Final = 8_000
"""Characters of a paragraph, item or cell beyond which its marks are left as they are: it is too long anyway."""

_MARKED = re.compile(r"[\\`*_~\[<&\n]")
_BREAK = re.compile(r"<(?:br|/p|/div)\s*/?>", re.IGNORECASE)
_CJK = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef"
_CJK_WRAP = re.compile(rf"(?<=[{_CJK}])\n(?=[{_CJK}])")
_LABEL_END = re.compile(r"\s*[:：]\s*|\s+[-–—]\s+|\n")
_COLONS = (":", "：")


@dataclass(frozen=True)
class Inline:
    """A paragraph in plain text.

    Attributes
    ----------
    text : str
        Without marks, wrapped lines joined.
    is_title : bool
        Whether all of it is bold, or it ends with a colon.
    label : str
        A bold title in front of the text, as in ``**Wave**: A person waves``; it is not part of `text`.
    is_contents_link : bool
        Whether it is nothing but a link to a heading of the document.
    """

    text: str
    is_title: bool = False
    label: str = ""
    is_contents_link: bool = False


class InlineReader:
    """Reads paragraphs of one document.

    Parameters
    ----------
    parser : MarkdownIt
        With the rules wanted.
    env : dict
        Holds the link definitions of the document under ``references``.
    cleaned : Counter
        Gets how many paragraphs lost marks, by kind.
    """

    def __init__(self, parser: MarkdownIt, env: dict[str, Any], cleaned: Counter[str]) -> None:
        self._parser = parser
        self._env = env
        self._cleaned = cleaned

    def read(self, content: str) -> Inline:
        """A paragraph, item or cell."""
        if _MARKED.search(content) is None or len(content) > INLINE_LIMIT:
            text = content.strip()
            return Inline(text, is_title=text.endswith(_COLONS))
        children: list[Token] = []
        self._parser.inline.parse(content, self._parser, self._env, children)
        pieces, bold_end = self._pieces(children)
        text = "".join(pieces)
        first, _, below = text.partition("\n")
        if first.rstrip().endswith(_COLONS) and below.lstrip()[:1].isupper():
            return Inline(joined(below), label=joined(first))
        if self._is_contents_link(children):
            return Inline(joined(text), is_contents_link=True)
        if bold_end is None:
            text = joined(text)
            return Inline(text, is_title=text.endswith(_COLONS))
        bold, rest = "".join(pieces[:bold_end]), "".join(pieces[bold_end:])
        if not rest.strip(" \n:："):
            return Inline(joined(bold).rstrip(":： "), is_title=True)
        end = _LABEL_END.match(rest)
        if end is not None or bold.rstrip().endswith(_COLONS):
            return Inline(joined(rest[end.end() :] if end else rest), label=joined(bold))
        text = joined(text)
        return Inline(text, is_title=text.endswith(_COLONS))

    def _pieces(self, children: Sequence[Token]) -> tuple[list[str], int | None]:
        """Text of each token, and where what is bold ends if it begins with bold text."""
        pieces: list[str] = []
        bold_end: int | None = None
        begins_bold, in_autolink = False, False
        kinds: set[str] = set()
        for token in children:
            kind = token.type
            if kind == "text":
                if not in_autolink:
                    pieces.append(token.content)
                continue
            if kind in ("softbreak", "hardbreak"):
                pieces.append("\n")
            elif kind == "html_inline":
                pieces.append(self._html(token.content, kinds))
            elif kind == "image":
                kinds.add("images")
            elif kind in ("link_open", "link_close"):
                in_autolink = token.markup == "autolink" and kind == "link_open"
                kinds.add("URLs" if token.markup == "autolink" else "links")
            elif token.content:  # code, and escaped characters
                pieces.append(token.content)
            elif kind == "strong_open":
                begins_bold = begins_bold or (bold_end is None and not "".join(pieces).strip())
                kinds.add("emphasis marks")
            elif kind == "strong_close" and begins_bold and bold_end is None:
                bold_end = len(pieces)
            elif kind.endswith("_open"):
                kinds.add("emphasis marks")
        for name in kinds:
            self._cleaned[name] += 1
        return pieces, bold_end

    def _html(self, content: str, kinds: set[str]) -> str:
        if not is_tag(content):
            return content
        kinds.add("HTML tags")
        return " " if _BREAK.match(content) else ""

    def _is_contents_link(self, children: Sequence[Token]) -> bool:
        inner = [token for token in children if token.type != "text" or token.content.strip()]
        if len(inner) < 2 or inner[0].type != "link_open" or inner[-1].type != "link_close":
            return False
        links = [token for token in inner if token.type == "link_open"]
        return len(links) == 1 and str(links[0].attrs.get("href", "")).startswith("#")


def joined(text: str) -> str:
    """Wrapped lines as one, with a blank between them except within Chinese and Japanese."""
    if "\n" in text:
        text = _CJK_WRAP.sub("", "\n".join([line.strip(" \t") for line in text.split("\n")])).replace("\n", " ")
    return text.strip()
