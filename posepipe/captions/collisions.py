"""File names for a whole input, without collisions. Works on columns, so that millions of captions are planned.

Names are compared by hash, and as text only where hashes are equal. The hashes of ten million names take 80 MB, the
names themselves would take a GB.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from posepipe.captions import ids
from posepipe.captions.stems import RESERVED_SUFFIXES, collision_key, is_reserved, plain_stem
from posepipe.errors import CollisionError

_SLICE = 1 << 16
"""Number of names that are Python strings at one time."""


@dataclass(frozen=True)
class Owners:
    """The names in a manifest: one for each caption that has a row, whether or not it is in the input.

    Attributes
    ----------
    caption_id : string column
        Distinct.
    stem : large_string array
        Without the variant, see `posepipe.captions.stems.base_stem`.
    """

    caption_id: pa.ChunkedArray
    stem: pa.LargeStringArray


@dataclass(frozen=True)
class NamePlan:
    """The names of an input.

    Attributes
    ----------
    stem : large_string column
        One for each caption, in the order of the input.
    collisions : dict of str to list of str
        For each name that not every caption can have that would be called so: the names they have instead.
        Sorted, whatever the order of the input.
    """

    stem: pa.ChunkedArray
    collisions: dict[str, list[str]]


def plan_names(captions: pa.LargeStringArray, numbers: NDArray[np.uint64], owners: Owners) -> NamePlan:
    """Give each caption of an input its stem, so that files of two captions never collide.

    A caption keeps the stem that it has in the manifest. Of other captions with the same stem, the one with the
    smallest id gets it, unless it belongs to another caption in the manifest. The rest get
    ``<stem>__<first 8 digits of the id>``, or the whole id where 8 digits are not enough. A stem that itself ends
    like that, like a variant or like a format (``foo__1a2b3c4d``, ``foo__v1``, ``foo.motion``) always gets a suffix,
    so that stems depend neither on later captions nor on the number of variants. The order of the input does not
    matter.

    Parameters
    ----------
    captions : large_string array
        The whole input.
    numbers : ndarray of uint64
        For each caption its caption_id, see `posepipe.captions.ids`; distinct.
    owners : Owners
        The names in the manifest.

    Returns
    -------
    NamePlan
        Stems of at most 200 + 18 characters and bytes: with a variant and an extension behind them they still
        fit the 255 bytes of a file system.

    Raises
    ------
    CollisionError
        If the manifest has given another caption a stem that ends in the whole id of this one.
    """
    taken = _Taken(owners)
    at = taken.places_of(numbers)
    fresh = _Fresh(captions, numbers, at)
    label: dict[str, str] = {}
    renamed: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)  # by key: id and stem
    for place, kept in taken.suffixed(at):
        name = ids.text_of(int(numbers[place]))
        if kept.endswith((f"__{name[:8]}", f"__{name}")):
            base = kept.rpartition("__")[0]
            key = collision_key(base)
            owner = taken.find(key)
            label[key] = min(base, label.get(key, base)) if owner is None else taken.stem(owner)
            renamed[key].append((name, kept))
    for key, group in fresh.contested(taken):
        owner = taken.find(key)
        label[key] = fresh.stem(group[0][1]) if owner is None else taken.stem(owner)
        others = group[1:] if owner is None and not is_reserved(key) else group
        renamed[key] += fresh.suffix(key, others, taken)
    collisions = {label[key]: [stem for _, stem in sorted(renamed[key])] for key in sorted(renamed) if renamed[key]}
    return NamePlan(fresh.with_kept(owners.stem), collisions)


class _Taken:
    """Owner of each collision key in the manifest; of several captions with one key, the one with the smallest id."""

    def __init__(self, owners: Owners) -> None:
        self._owners = owners
        hashes = _hashes(owners.stem)
        self._order = np.argsort(hashes)
        self._hashes = hashes[self._order]

    def stem(self, place: int) -> str:
        return str(self._owners.stem[place])

    def caption_id(self, place: int) -> str:
        return str(self._owners.caption_id[place])

    def find(self, key: str) -> int | None:
        """Index of the owner of a key; None if it has none."""
        first, end = (int(np.searchsorted(self._hashes, hash(key), side)) for side in ("left", "right"))
        found = [place for place in self._order[first:end].tolist() if collision_key(self.stem(place)) == key]
        return min(found, key=self.caption_id, default=None)

    def has(self, hashes: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which of some hashes also occur in the manifest. Equal hashes may come from different keys."""
        if not len(self._hashes):
            return np.zeros(len(hashes), np.bool_)
        places = np.minimum(np.searchsorted(self._hashes, hashes), len(self._hashes) - 1)
        found: NDArray[np.bool_] = self._hashes[places] == hashes
        return found

    def places_of(self, numbers: NDArray[np.uint64]) -> NDArray[np.int64]:
        """Indices of the owners with these ids; -1 if there is none, or its key belongs to another caption."""
        known, regular = ids.numbers_of(self._owners.caption_id)
        regular[self._ousted()] = False
        rows = np.flatnonzero(regular)
        found = ids.places_in(known[rows], numbers)
        return np.append(rows, -1)[found]

    def _ousted(self) -> list[int]:
        """Indices of the rows whose key belongs to another caption. This module does not create such rows."""
        groups: defaultdict[str, list[int]] = defaultdict(list)
        for place in self._order[_alike(self._hashes)].tolist():
            groups[collision_key(self.stem(place))].append(place)
        return [place for group in groups.values() for place in sorted(group, key=self.caption_id)[1:]]

    def suffixed(self, at: NDArray[np.int64]) -> Iterator[tuple[int, str]]:
        """Captions whose stem in the manifest may end in an id: index in the input, and stem."""
        marked = np.append(pc.match_substring(self._owners.stem, "__").to_numpy(zero_copy_only=False), False)
        for place in np.flatnonzero(marked[at]).tolist():
            yield place, self.stem(int(at[place]))


class _Fresh:
    """The captions without a name in the manifest, numbered by rank; in slices that follow those of the input.

    Parameters
    ----------
    captions, numbers
        The input.
    at : ndarray of int64
        Index of each caption's name in the manifest, or -1.
    """

    def __init__(self, captions: pa.LargeStringArray, numbers: NDArray[np.uint64], at: NDArray[np.int64]) -> None:
        self._numbers, self._at = numbers, at
        self._places = np.flatnonzero(at < 0)
        starts = np.arange(0, len(at) + _SLICE, _SLICE)
        self._ends = np.searchsorted(self._places, starts)
        self._plain = pa.chunked_array(
            [self._stems(captions, first, end) for first, end in self._ranks()], pa.large_string()
        )
        self._suffixed: dict[int, str] = {}

    def _ranks(self) -> Iterator[tuple[int, int]]:
        """First rank of each slice of the input, and the rank after its last."""
        return pairwise(self._ends.tolist())

    def _stems(self, captions: pa.LargeStringArray, first: int, end: int) -> pa.LargeStringArray:
        texts = captions.take(pa.array(self._places[first:end])).to_pylist()
        stems = list(map(plain_stem, texts))
        for place, stem in enumerate(stems):
            if not stem:
                stems[place] = f"caption_{self._name(first + place)}"
        return pa.array(stems, pa.large_string())

    def _name(self, rank: int) -> str:
        return ids.text_of(int(self._numbers[self._places[rank]]))

    def stem(self, rank: int) -> str:
        """The stem that the file name rule gives, without a suffix."""
        return str(self._plain[rank])

    def contested(self, taken: _Taken) -> list[tuple[str, list[tuple[str, int]]]]:
        """Keys that are shared, taken or reserved, each with its captions: id and rank, sorted by id."""
        hashes = _hashes(self._plain)
        order = np.argsort(hashes)
        hashes = hashes[order]
        contested = np.zeros(len(order), np.bool_)
        contested[order[_alike(hashes)]] = True
        contested[order[taken.has(hashes)]] = True
        odd = pc.match_substring(self._plain, "__")
        for suffix in RESERVED_SUFFIXES:
            odd = pc.or_(odd, pc.ends_with(self._plain, suffix, ignore_case=True))
        marked = np.flatnonzero(odd.to_numpy())
        for rank in marked[~contested[marked]].tolist():
            contested[rank] = is_reserved(collision_key(self.stem(rank)))
        groups: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
        for rank in np.flatnonzero(contested).tolist():
            groups[collision_key(self.stem(rank))].append((self._name(rank), rank))
        return [(key, sorted(group)) for key, group in sorted(groups.items())]

    def suffix(self, key: str, group: Sequence[tuple[str, int]], taken: _Taken) -> list[tuple[str, str]]:
        """Append ids to the stems of captions that share a key; returns id and stem of each."""
        sharing = Counter(name[:8] for name, _ in group)
        named = []
        for name, rank in group:
            short = f"__{name[:8]}"
            suffix = short if sharing[name[:8]] == 1 and taken.find(key + short) is None else f"__{name}"
            other = taken.find(key + suffix)
            stem = self.stem(rank) + suffix
            if other is not None:
                raise CollisionError(
                    f"the manifest gives the stem {stem} to caption {taken.caption_id(other)}, "
                    f"so caption {name} cannot have it; use another --final-dir"
                )
            self._suffixed[rank] = stem
            named.append((name, stem))
        return named

    def with_kept(self, kept: pa.LargeStringArray) -> pa.ChunkedArray:
        """The stems of the whole input, including those that come from the manifest."""
        ranks = np.array(sorted(self._suffixed), np.int64)
        parts = []
        for number, (first, end) in enumerate(self._ranks()):
            at = self._at[number * _SLICE : (number + 1) * _SLICE]
            part = self._plain.chunk(number)
            if chosen := ranks[slice(*np.searchsorted(ranks, [first, end]))].tolist():
                mask = np.zeros(end - first, np.bool_)
                mask[np.array(chosen) - first] = True
                stems = pa.array([self._suffixed[rank] for rank in chosen], pa.large_string())
                part = pc.replace_with_mask(part, mask, stems)
            if len(part) < len(at):
                there = kept.take(pa.array(at, mask=at < 0))
                part = pc.replace_with_mask(there, at < 0, part)
            parts.append(part)
        return pa.chunked_array(parts, pa.large_string())


def _hashes(stems: pa.LargeStringArray | pa.ChunkedArray) -> NDArray[np.int64]:
    """The hash of each stem's collision key."""
    hashes = np.empty(len(stems), np.int64)
    for start in range(0, len(stems), _SLICE):
        part = stems.slice(start, _SLICE)
        if pc.all(pc.string_is_ascii(part)).as_py():
            keys = pc.ascii_lower(part).to_pylist()
        else:
            keys = [collision_key(stem) for stem in part.to_pylist()]
        hashes[start : start + len(keys)] = np.fromiter(map(hash, keys), np.int64, len(keys))
    return hashes


def _alike(hashes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Indices of the sorted hashes that occur more than once."""
    twice = np.flatnonzero(hashes[1:] == hashes[:-1])
    return np.unique(np.concatenate([twice, twice + 1]))
