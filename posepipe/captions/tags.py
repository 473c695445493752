"""What stands behind a caption in prompt files: MARDM's number of frames, HumanML3D's tags and times."""

from __future__ import annotations

import re

from posepipe.captions.columns import MOST_FRAMES

_NUMBER = r"(?:[-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?|nan)"
_HUMANML3D = re.compile(rf"#[^#]*#{_NUMBER}#{_NUMBER}(?:#[^#]*)?\Z", re.ASCII | re.IGNORECASE)
_FUSED = re.compile(r"#[^#]*#(?:\d+\.\d+|nan)#(?:\d+\.\d+?|nan)(?=[^\W\d_])", re.IGNORECASE)
_PARTS_OF_SPEECH = re.compile(r"#[^#\s/]+/[A-Z]+(?: [^#\s/]+/[A-Z]+)*(?:#.*)?\Z")
_FRAMES = re.compile(r"(?:NA|N/A|none|[-+]?\d+(?:\.\d*)?)\Z", re.ASCII | re.IGNORECASE)
_FILE = re.compile(r"#[^\s#]+\.(?:npy|npz|bvh|fbx|txt|mp4|gif|pt|pkl|json)\Z", re.IGNORECASE)
_NUMBERED = re.compile(
    r"\b(?:pose|number|no\.?|spot|position|step|exercise|form|style|figure|variation|option)\s*\Z", re.IGNORECASE
)

LEAST_FRAMES = 4


def without_tag(text: str) -> tuple[str, str, int]:
    """Remove what stands behind a caption.

    Parameters
    ----------
    text : str
        A caption, stripped.

    Returns
    -------
    caption : str
    kind : str
        What was removed, in the plural; empty where nothing was.
    frames : int
        The number of frames, 0 where none is given.

    Examples
    --------
    >>> without_tag("A person bows # 60.0")
    ('A person bows', 'numbers of frames', 60)
    >>> without_tag("a man kicks#a/DET man/NOUN#0.0#0.0")
    ('a man kicks', 'tags of HumanML3D', 0)
    >>> without_tag("A person in pose #3")
    ('A person in pose #3', '', 0)
    """
    if found := _HUMANML3D.search(text) or _PARTS_OF_SPEECH.search(text):
        return text[: found.start()].rstrip(), "tags of HumanML3D", 0
    if found := _FRAMES.search(text):
        caption, is_tag = _before_tag(text[: found.start()])
        frames = _frames(found[0])
        is_ordinal = caption != caption.rstrip() and (0 < frames < LEAST_FRAMES or _NUMBERED.search(caption))
        if is_tag and not is_ordinal:
            return caption.rstrip(), "numbers of frames", frames
    if found := _FILE.search(text):
        return text[: found.start()].rstrip(), "file names", 0
    return text, "", 0


def _before_tag(text: str) -> tuple[str, bool]:
    """What is in front of a number, without ``#``, a bar or a tab before it; and whether there is one of these."""
    front = text.rstrip(" \t")
    if front.endswith(("#", "＃", "|")):
        return front[:-1], True
    return front, "\t" in text[len(front) :]


def _frames(written: str) -> int:
    whole, _, fraction = written.partition(".")
    digits = whole.lstrip("+0")[:10]
    if not digits.isdigit() or fraction.strip("0"):
        return 0
    return min(int(digits), MOST_FRAMES)


def split_fused(text: str) -> list[str]:
    """The captions of a line that a file without a final newline made of two lines of HumanML3D.

    >>> split_fused("a person bows#a/DET#0.0#0.0a person kicks#a/DET#0.0#0.0")
    ['a person bows#a/DET#0.0#0.0', 'a person kicks#a/DET#0.0#0.0']
    """
    parts, start = [], 0
    for found in _FUSED.finditer(text):
        parts.append(text[start : found.end()])
        start = found.end()
    return [*parts, text[start:]]
