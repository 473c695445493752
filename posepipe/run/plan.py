"""What is left to do: captions and manifest in, work out. Writes nothing, and of the manifest reads single rows.

Columns throughout: ten million captions are planned in a few GB.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from posepipe.captions import ids
from posepipe.captions.collisions import NamePlan, Owners, plan_names
from posepipe.captions.reading import Captions
from posepipe.captions.stems import base_stem
from posepipe.config import FORMATS, MAX_FRAMES, MIN_FRAMES, RunConfig
from posepipe.errors import ArtifactLost, CollisionError, SettingsMismatch
from posepipe.manifest.index import Known
from posepipe.run.work import Places, Work

Mask = NDArray[np.bool_]

DEFAULT_FRAMES: Final = 16
BYTES_PER_POSE: Final = {"npy": 392, "json": 3_200, "png": 170_000}
"""About what one artifact takes, for the estimate of space."""


@dataclass(frozen=True)
class Plan:
    """What a run will do, and what it found while planning."""

    work: Work
    done: int
    """Poses in scope that are already there."""
    failed_before: int
    """Poses in scope that failed in an earlier run and are left alone."""
    kept: int
    """Poses in scope made with other settings, left alone on request."""
    captions: int
    """Distinct captions in scope."""
    repetitions: int
    unusable: int
    collisions: dict[str, list[str]]
    """Name that more than one caption wanted -> the names that the others have instead."""

    space_needed: int
    """Bytes, about."""


def frames_of(requested: int) -> int:
    """Frames asked for in the file, as a length that the model takes: a multiple of 4 within its limits."""
    if not requested:
        return DEFAULT_FRAMES
    return min(max(requested // 4 * 4, MIN_FRAMES), MAX_FRAMES)


def make_plan(
    captions: Captions,
    known: Known,
    config: RunConfig,
    fingerprint: str,
    *,
    only: NDArray[np.uint64] | None = None,
) -> Plan:
    """Compare what is asked for with what is there.

    Parameters
    ----------
    captions : Captions
        The whole input; names are planned over all of it.
    known : Known
        What the manifest knows.
    config : RunConfig
        With ``cfg`` resolved.
    fingerprint : str
        Of the model.
    only : ndarray of uint64, optional
        Make just the captions of these ids, and make them anew.

    Raises
    ------
    CollisionError
        Two captions meet in one name and ``on_collision`` is ``error``.
    SettingsMismatch
        Outputs in scope were made with other settings and ``on_mismatch`` is ``error``.
    """
    names = _names(captions, known, config)
    scope = np.arange(len(captions))[config.start : None if config.limit is None else config.start + config.limit]
    if only is not None:
        scope = scope[np.isin(captions.number[scope], only)]
    lengths, length_of = np.unique(_lengths(captions, scope, config), return_inverse=True)
    settings_ids = tuple(config.settings_id(fingerprint, length or None) for length in lengths.tolist())
    at = _places_known(captions.number[scope], known.table, config.variants)
    settings_of = np.repeat(length_of, config.variants)
    there = _Rows(known.table, at)
    is_done, is_failed = there.equal("status", "done"), there.equal("status", "failed")
    same = there.equal_each("settings_id", settings_ids, settings_of)
    other = is_done & ~same
    if other.any() and config.on_mismatch == "error":
        first = int(np.argmax(other))
        old = known.rows([int(known.table["place"][int(at[first])].as_py())])[0]
        length = int(lengths[settings_of[first]])
        raise SettingsMismatch(_mismatch_message(old, int(other.sum()), length, config, fingerprint))
    kept = other if config.on_mismatch == "keep" else np.zeros_like(other)
    has = {name: there.true(f"has_{name}") for name in FORMATS}
    missing = ~np.logical_and.reduce([has[name] for name in config.format_list])
    redraw = is_done & same & missing & (has["npy"] | has["json"])
    complete = (is_done & same & ~missing) | kept
    retried = _retried(there, config.retry_failed) | there.equal("error_type", ArtifactLost.__name__)
    left_failed = is_failed & same & ~retried
    if only is not None:
        complete, left_failed, redraw = kept, np.zeros_like(kept), np.zeros_like(kept)
    due = np.flatnonzero(~complete & ~left_failed)
    work = Work(
        captions=captions,
        stems=names.stem,
        old=known.rows,
        place=scope[due // config.variants],
        variant=(due % config.variants).astype(np.int32),
        length=lengths[settings_of[due]].astype(np.int32),
        attempts=there.number("attempts", due) + np.int32(1),
        settings=settings_of[due].astype(np.int32),
        settings_ids=settings_ids,
        old_place=np.where(redraw[due], there.number("place", due), -1),
    )
    return Plan(
        work=work,
        done=int((complete & ~kept).sum()),
        failed_before=int(left_failed.sum()),
        kept=int(kept.sum()),
        captions=len(scope),
        repetitions=captions.repetitions,
        unusable=captions.unusable_count,
        collisions=names.collisions,
        space_needed=len(work) * sum(BYTES_PER_POSE[name] for name in config.format_list),
    )


def _names(captions: Captions, known: Known, config: RunConfig) -> NamePlan:
    """A name for each caption of the whole input."""
    names = plan_names(captions.column(), captions.number, _owners(known.table))
    if names.collisions and config.on_collision == "error":
        examples = ", ".join(list(names.collisions)[:3])
        raise CollisionError(
            f"{len(names.collisions)} file names are wanted by more than one caption ({examples}); "
            "--on-collision suffix gives each caption a name of its own"
        )
    return names


def _owners(table: pa.Table) -> Owners:
    """The names in the manifest: of each caption that of its newest row."""
    table = table.select(["caption_id", "variant", "stem", "finished_at"])
    if table["stem"].null_count:
        table = table.filter(table["stem"].is_valid())
    variants = table["variant"].fill_null(0).to_numpy()
    if variants.any():
        captions = ids.codes_of(table["caption_id"])
        order = np.lexsort((table["finished_at"].cast(pa.int64()).fill_null(0).to_numpy(), captions))
        captions = captions[order]
        newest = np.sort(order[np.append(captions[1:] != captions[:-1], True)])
        table, variants = table.take(pa.array(newest)), variants[newest]
        bases = map(base_stem, table["stem"].to_pylist(), variants.tolist())
        return Owners(table["caption_id"], pa.array(bases, pa.large_string()))
    return Owners(table["caption_id"], table["stem"].combine_chunks())


def _lengths(captions: Captions, scope: Places, config: RunConfig) -> NDArray[np.int32]:
    """The frames of each caption in scope; 0 where the model estimates them."""
    if config.sequence_length == "from-file":
        asked, place = np.unique(captions.frames[scope], return_inverse=True)
        return np.array([frames_of(frames) for frames in asked.tolist()], np.int32)[place]
    length = config.sequence_length if isinstance(config.sequence_length, int) else 0
    return np.full(len(scope), length, np.int32)


def _places_known(numbers: NDArray[np.uint64], table: pa.Table, variants: int) -> Places:
    """Where the table has the row of each caption and variant, caption by caption; -1 where it has none."""
    known, regular = ids.numbers_of(table["caption_id"])
    variant = table["variant"].fill_null(0).to_numpy()
    at = np.empty((len(numbers), variants), np.int64)
    for number in range(variants):
        rows = np.flatnonzero(regular & (variant == number))
        at[:, number] = np.append(rows, -1)[ids.places_in(known[rows], numbers)]
    return at.ravel()


class _Rows:
    """Columns of the manifest, at the poses in scope; a pose without a row is like none.

    Parameters
    ----------
    table : pa.Table
        Of `Known`.
    at : ndarray of int64
        Row of each pose, or -1.
    """

    def __init__(self, table: pa.Table, at: Places) -> None:
        self._table, self._at = table, at

    def _words(self, name: str) -> tuple[NDArray[np.int32], list[str]]:
        """Codes, and the words that they stand for; -1 for null."""
        column = self._table[name].combine_chunks()
        codes = column.indices.fill_null(-1).to_numpy()
        return np.append(codes, np.int32(-1))[self._at], column.dictionary.to_pylist()

    def equal(self, name: str, word: str) -> Mask:
        """Where a column of words has this one."""
        return self.equal_each(name, (word,), np.zeros(len(self._at), np.int64))

    def equal_each(self, name: str, words: tuple[str, ...], place: Places) -> Mask:
        """Where a column of words has that of ``words`` whose place is given for the pose."""
        codes, there = self._words(name)
        wanted = np.array([there.index(word) if word in there else len(there) for word in words])
        equal: Mask = codes == wanted[place]
        return equal

    def true(self, name: str) -> Mask:
        """Where a column of truth values is true."""
        return np.append(self._table[name].to_numpy(), False)[self._at]

    def number(self, name: str, poses: Places) -> NDArray[Any]:
        """A column of numbers at some poses; 0 for none."""
        values = self._table[name].fill_null(0).to_numpy()
        return np.append(values, values.dtype.type(0))[self._at[poses]]


def _retried(there: _Rows, retry: str | None) -> Mask:
    everywhere = there.equal("status", "failed")
    if retry == "all":
        return everywhere
    return there.equal("error_type", retry) if retry is not None else np.zeros_like(everywhere)


def _mismatch_message(old: Mapping[str, Any], count: int, length: int, config: RunConfig, fingerprint: str) -> str:
    """Say what differs, in the words of the options; ``old`` is one of the rows, which now would have ``length``."""
    wanted: Mapping[str, object] = {
        **config.pose_settings(),
        "model_fingerprint": fingerprint,
        "sequence_length": length,
        "frame_index": config.resolved_frame(length),
    }
    differences = []
    for name in (
        "model",
        "model_fingerprint",
        "seed",
        "sequence_length",
        "frame_index",
        "time_steps",
        "cfg",
        "precision",
    ):
        before, now = old[name], wanted.get(name)
        if now is None or before is None or (name in ("sequence_length", "frame_index") and not length):
            continue
        different = abs(float(before) - float(str(now))) > 1e-6 if name == "cfg" else str(before) != str(now)
        if different:
            differences.append(f"{name} was {before if name != 'cfg' else round(float(before), 6)}, now {now}")
    return (
        f"{count} outputs were made with other settings ({'; '.join(differences) or 'the solver differs'}): "
        "--on-mismatch keep leaves them, --on-mismatch regenerate makes them anew, "
        "another --final-dir keeps both"
    )
