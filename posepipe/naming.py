"""Captions to file names: the stem of one caption, and the names of a whole input without two that meet."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from posepipe.errors import CollisionError

MAX_STEM: Final = 200
"""Most characters, and most UTF-8 bytes, of a stem. What tells captions and variants apart comes on top."""

_ARTICLE = "a person "
_FORBIDDEN = str.maketrans("", "", '<>:"/\\|?*')
_INVISIBLE = frozenset({"Cc", "Cf", "Cs"})  # surrogates too: no file system takes them
_DEVICES = frozenset(
    {"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"}
    | {port + digit for port in ("COM", "LPT") for digit in "123456789¹²³"}
)
_RESERVED = re.compile(r"__(?:v[0-9]+|[0-9a-f]{8}|[0-9a-f]{16})\Z")


def fold(caption: str) -> str:
    """Bring a caption to NFC, with each run of white space as one blank and none at the ends.

    Captions that fold to the same text are the same caption.
    """
    if not caption.isascii():
        caption = unicodedata.normalize("NFC", caption)
    if caption.isprintable() and "  " not in caption:  # then blanks are all its white space
        return caption.strip(" ")
    return " ".join(caption.split())


def stem_of(caption: str, caption_id: str) -> str:
    r"""Name a caption for the file system: `A person arching back` is ``arching_back``.

    In this order: NFC, with runs of white space as one blank; a leading ``A person `` goes, in any case; blanks
    become ``_``; ``<>:"/\|?*`` and control and format characters go (what then stands side by side is composed);
    trailing dots and underscores and leading dots go; at most 200 characters and 200 UTF-8 bytes, cut between
    characters.

    Parameters
    ----------
    caption : str
        Any text.
    caption_id : str
        See `posepipe.captions.caption_id`. Used where a Windows device name or nothing is left:
        ``caption_<caption_id>``.

    Returns
    -------
    str
        Never empty, without a path in it or a dot before it, equal for captions with equal ids.

    Examples
    --------
    >>> stem_of("A person's arm", "0123456789abcdef")
    "A_person's_arm"
    >>> stem_of("a person waving.", "0123456789abcdef")
    'waving'
    """
    stem = fold(caption)
    if stem[: len(_ARTICLE)].lower() == _ARTICLE:
        stem = stem[len(_ARTICLE) :]
    stem = stem.replace(" ", "_").translate(_FORBIDDEN)
    if not stem.isprintable():
        stem = "".join(mark for mark in stem if unicodedata.category(mark) not in _INVISIBLE)
    if not stem.isascii():
        stem = unicodedata.normalize("NFC", stem)
    stem = stem.rstrip("._").lstrip(".")[:MAX_STEM]
    if not stem.isascii():
        stem = stem.encode()[:MAX_STEM].decode(errors="ignore")
    if not stem or stem.partition(".")[0].upper() in _DEVICES:
        return f"caption_{caption_id}"
    return stem


def collision_key(stem: str) -> str:
    """Bring a stem to the form in which file systems without case and composition compare names.

    Two names that macOS or Windows take for one have equal keys. It is Unicode's canonical caseless matching, in
    which ``ß`` meets ``ss``.

    Returns
    -------
    str
        In NFC; the key of a key is itself.
    """
    if stem.isascii():
        lower = stem.lower()
        return stem if stem == lower else lower  # most stems are their own key: no second copy in memory
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", stem).casefold())


@dataclass(frozen=True, slots=True)
class NamePlan:
    """The names of an input.

    Attributes
    ----------
    stem : dict of str to str
        From caption_id to stem, in the order of the input.
    collisions : dict of str to list of str
        For each name that not every caption can have that would be called so: the names they have instead.
        Sorted, whatever the order of the input.
    """

    stem: dict[str, str]
    collisions: dict[str, list[str]]


def variant_stem(stem: str, variant: int) -> str:
    """Stem of a variant of a caption: `stem` itself for 0, else ``<stem>__v<variant>``."""
    return f"{stem}__v{variant}" if variant else stem


def base_stem(stem: str, variant: int) -> str:
    """Take off what `variant_stem` put on."""
    return stem.removesuffix(f"__v{variant}") if variant else stem


def plan_names(captions: Sequence[str], ids: Sequence[str], owners: Mapping[str, str]) -> NamePlan:
    """Give each caption of an input its stem, so that no two files of two captions ever meet.

    A caption keeps the stem that it has in the manifest. Of the others that meet in one, the one with the
    smallest id gets it, unless it is another's in the manifest; the rest get ``<stem>__<first 8 of the id>``, or
    the whole id where 8 do not tell them apart. A stem that itself ends like that or like a variant
    (``foo__1a2b3c4d``, ``foo__v1``) is given to nobody as it stands: so stems depend neither on what else will
    come nor on how many variants are asked for. The order of the input does not matter.

    Parameters
    ----------
    captions, ids : sequence of str
        The whole input, and for each caption its caption_id; no two are equal.
    owners : mapping of str to str
        From caption_id to stem for every caption of the manifest, in the input or not; without the variant, see
        `base_stem`.

    Returns
    -------
    NamePlan
        Stems of at most 200 + 18 characters and bytes: with a variant and an extension behind them they still
        fit the 255 bytes of a file system.

    Raises
    ------
    CollisionError
        If the manifest has given another caption a stem that ends in the whole id of this one.

    Examples
    --------
    >>> plan_names(["A person Waving", "A person waving"], ["b" * 16, "a" * 16], {}).stem
    {'bbbbbbbbbbbbbbbb': 'Waving__bbbbbbbb', 'aaaaaaaaaaaaaaaa': 'waving'}
    """
    taken, ousted = _taken(owners)
    stem: dict[str, str] = {}
    renamed: defaultdict[str, list[str]] = defaultdict(list)  # collision key -> ids without their plain stem
    label: dict[str, str] = {}
    unnamed = []
    for caption, name in zip(captions, ids, strict=True):
        kept = owners.get(name)
        if kept is None or name in ousted:
            stem[name] = stem_of(caption, name)
            unnamed.append(name)
        else:
            stem[name] = kept
            if kept.endswith((f"__{name[:8]}", f"__{name}")):
                base = kept.rpartition("__")[0]
                key = collision_key(base)
                renamed[key].append(name)
                label[key] = owners[taken[key]] if key in taken else min(base, label.get(key, base))
    for key, group in _contested(unnamed, stem, taken):
        others = group
        if key in taken:
            label[key] = owners[taken[key]]
        else:
            label[key] = stem[group[0]]
            if not _is_reserved(key):
                others = group[1:]
        renamed[key] += others
        _suffix(key, others, stem, taken)
    collisions = {}
    for key in sorted(key for key, others in renamed.items() if others):
        collisions[label[key]] = [stem[name] for name in sorted(renamed[key])]
    return NamePlan(stem, collisions)


def _taken(owners: Mapping[str, str]) -> tuple[dict[str, str], set[str]]:
    """Whose each key in the manifest is, and who has lost his to another there."""
    taken: dict[str, str] = {}
    ousted: set[str] = set()
    for name, stem in owners.items():
        other = taken.setdefault(collision_key(stem), name)
        if other != name:  # not by this module's doing
            taken[collision_key(stem)] = min(name, other)
            ousted.add(max(name, other))
    return taken, ousted


def _contested(unnamed: list[str], stem: Mapping[str, str], taken: Mapping[str, str]) -> list[tuple[str, list[str]]]:
    """Keys that cannot simply be given away, each with the captions that meet in it, by id.

    Keys are compared by hash first: 80 MB for ten million captions, where the keys themselves would take a GB.
    """
    hashes = np.empty(len(unnamed), np.int64)
    contested = np.zeros(len(unnamed), bool)
    for place, name in enumerate(unnamed):
        key = collision_key(stem[name])
        hashes[place] = hash(key)
        contested[place] = key in taken or _is_reserved(key)
    order = np.argsort(hashes)
    alike = np.flatnonzero(hashes[order[1:]] == hashes[order[:-1]])
    contested[order[alike]] = True
    contested[order[alike + 1]] = True
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for place in np.flatnonzero(contested).tolist():
        groups[collision_key(stem[unnamed[place]])].append(unnamed[place])
    return [(key, sorted(group)) for key, group in sorted(groups.items())]


def _is_reserved(key: str) -> bool:
    return "__" in key and _RESERVED.search(key) is not None


def _suffix(key: str, names: list[str], stem: dict[str, str], taken: Mapping[str, str]) -> None:
    """Tell captions that meet in a stem apart by their ids."""
    sharing = Counter(name[:8] for name in names)
    for name in names:
        short = f"__{name[:8]}"
        suffix = short if sharing[name[:8]] == 1 and key + short not in taken else f"__{name}"
        if key + suffix in taken:
            raise CollisionError(
                f"the manifest gives the stem {stem[name]}{suffix} to caption {taken[key + suffix]}, "
                f"so caption {name} cannot have it; use another --final-dir"
            )
        stem[name] += suffix
