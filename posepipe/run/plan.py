"""Compare the captions with the manifest: what has to be made. Writes nothing, and reads only single rows.

All steps work on columns, so that ten million captions are planned in a few GB.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from posepipe.artifacts.adding import FIRST_LOOK
from posepipe.captions import ids
from posepipe.captions.collisions import NamePlan, Owners, plan_names
from posepipe.captions.filters import select
from posepipe.captions.reading import Captions
from posepipe.captions.stems import base_stem
from posepipe.commandline.values import MAX_FRAMES
from posepipe.config import STILL, RunConfig
from posepipe.errors import ArtifactLost, CollisionError, SettingsMismatch, Unfinished
from posepipe.manifest.index import ManifestIndex
from posepipe.run.frame_counts import lengths_of, notes_on_lengths
from posepipe.run.rows_in_scope import Mask, RowsInScope
from posepipe.run.work import Indices, Work
from posepipe.storage.artifact_formats import FORMATS, MOTION, SOURCES, TABLE
from posepipe.wording import count

LATEST: Final = 253_402_300_799_000_000
"""The last second of the year 9999, in microseconds since 1970: what Python's datetime can hold."""
EXAMPLES: Final = 5
"""Captions that a dry run shows."""
_UNSAFE_NAME: Final = r"^$|^\.|/|\x00"
"""Names that :func:`posepipe.storage.layout.is_artifact_path` does not accept, for whole columns."""
_COMPARED: Final = (
    *("model", "model_fingerprint", "seed", "sequence_length", "frame_index"),
    *("time_steps", "cfg", "temperature", "precision"),
)
"""Settings that the message about a mismatch compares."""


@dataclass(frozen=True)
class Plan:
    """What a run will do, and what planning found.

    Attributes
    ----------
    work : Work
    done : int
        Poses in scope that are there already.
    failed_before : int
        Poses in scope that failed in an earlier run and are not tried again.
    kept : int
        Poses in scope that were made with other settings and are kept on request.
    lost : int
        Poses in scope that are made again, or get formats again, because files were deleted.
    lost_kept : int
        Poses in ``kept`` of which some files were deleted; these are not made again.
    captions : int
        Distinct captions in scope.
    repetitions, unusable : int
        Lines of the input that repeat a caption, and lines without a usable one.
    collisions : dict of str to list of str
        For each name that several captions share, the names that all but its owner get instead.
    space_needed : int
        Bytes, approximately.
    examples : tuple of (str, str, int)
        Caption, name and frames of the first captions in scope; 0 frames where the model estimates them.
    length_notes : tuple of str
        What the user should know about the lengths in the input.
    other_pictures : int
        Poses in ``done`` whose pictures have another style than ``--picture`` asks for, and keep it.
    """

    work: Work
    done: int
    failed_before: int
    kept: int
    lost: int
    lost_kept: int
    captions: int
    repetitions: int
    unusable: int
    collisions: dict[str, list[str]]
    space_needed: int
    examples: tuple[tuple[str, str, int], ...] = ()
    length_notes: tuple[str, ...] = ()
    other_pictures: int = 0


def make_plan(
    captions: Captions,
    index: ManifestIndex,
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
    index : ManifestIndex
    config : RunConfig
        With ``cfg`` resolved.
    fingerprint : str
        Of the model.
    only : ndarray of uint64, optional
        Make only the captions with these ids, whether or not they are done.

    Raises
    ------
    CollisionError
        Two captions share a name and ``on_collision`` is ``error``.
    SettingsMismatch
        Outputs in scope were made with other settings and ``on_mismatch`` is ``error``.
    InputError
        An option selects nothing, or asks for lengths that the input does not give.
    """
    names = _names(captions, index, config)
    scope = _Scope.of(captions, index, config, fingerprint, only)
    states = _states(scope, index, config, again=only is not None)
    work = _work(captions, names, index, scope, states, config)
    return Plan(
        work=work,
        done=int((states.complete & ~states.kept).sum()),
        failed_before=int(states.left_failed.sum()),
        kept=int(states.kept.sum()),
        lost=int((states.lost & ~states.complete).sum()),
        lost_kept=int((states.lost & states.kept).sum()),
        captions=len(scope.captions),
        repetitions=captions.repetitions,
        unusable=captions.unusable_count,
        collisions=names.collisions,
        space_needed=_space(work, config),
        examples=_examples(captions, names, scope, config),
        length_notes=notes_on_lengths(captions, scope.captions, config),
        other_pictures=int((states.complete & states.other_picture).sum()),
    )


def _work(
    captions: Captions, names: NamePlan, index: ManifestIndex, scope: _Scope, states: _States, config: RunConfig
) -> Work:
    """The poses in scope that are to be made."""
    due = np.flatnonzero(~states.complete & ~states.left_failed)
    return Work(
        captions=captions,
        stems=names.stem,
        stored=index.rows,
        caption_index=scope.captions[due // config.variants],
        variant=(due % config.variants).astype(np.int32),
        length=scope.lengths[scope.settings_index[due]].astype(np.int32),
        attempts=scope.rows.numbers("attempts", due) + np.int32(1),
        settings_index=scope.settings_index[due].astype(np.int32),
        settings_ids=scope.settings_ids,
        described=states.described[due],
        stored_row=np.where(states.lacking[due], scope.rows.numbers("row", due), -1),
        redraw=states.redraw[due],
        after=np.clip(scope.rows.times("finished_at", due), 0, LATEST),
        pinned=states.pinned[due],
        replaced_row=np.where(states.replaced[due], scope.rows.numbers("row", due), -1),
    )


def _space(work: Work, config: RunConfig) -> int:
    """Approximate bytes of the files that will be written."""
    frames = np.where(work.length > 0, work.length, MAX_FRAMES)
    needed = 0
    for bit, each in enumerate(TABLE):
        there = (work.stored_row >= 0) & (work.described >> np.uint16(bit) & 1 > 0)
        written = ~there if each.name in config.format_list else np.zeros_like(there)
        if config.layout == "shards":  # the files of a pose lie together in one shard
            written = written | there
        needed += each.size * int(frames[written].sum() if each.made_from == MOTION else written.sum())
    return needed


def _examples(
    captions: Captions, names: NamePlan, scope: _Scope, config: RunConfig
) -> tuple[tuple[str, str, int], ...]:
    """Caption, name and frames of the first captions in scope."""
    column = captions.column()
    return tuple(
        (str(column[index]), str(names.stem[index]), int(scope.lengths[scope.settings_index[pose * config.variants]]))
        for pose, index in enumerate(scope.captions[:EXAMPLES].tolist())
    )


@dataclass(frozen=True)
class _Scope:
    """The poses that the options ask for, caption by caption, variant by variant, and their rows in the manifest.

    ``settings_index`` gives for each pose an index into ``lengths`` and ``settings_ids``.
    """

    captions: Indices
    lengths: NDArray[np.int32]
    settings_ids: tuple[str, ...]
    settings_index: Indices
    rows: RowsInScope
    fingerprint: str

    @classmethod
    def of(
        cls,
        captions: Captions,
        index: ManifestIndex,
        config: RunConfig,
        fingerprint: str,
        only: NDArray[np.uint64] | None,
    ) -> _Scope:
        chosen = select(captions, match=config.match, start=config.start, limit=config.limit, only=only)
        lengths, length_index = np.unique(lengths_of(captions, chosen, config), return_inverse=True)
        settings_ids = tuple(config.settings_id(fingerprint, length or None) for length in lengths.tolist())
        rows = RowsInScope(index.table, _row_indices(captions.number[chosen], index.table, config.variants))
        return cls(chosen, lengths, settings_ids, np.repeat(length_index, config.variants), rows, fingerprint)


@dataclass(frozen=True)
class _States:
    """For each pose in scope: done (``kept``: with other settings), failed and left alone, or lacking only formats.

    ``redraw``: these can be made without the model. ``replaced``: it has files, which are overwritten where it is made
    again. ``pinned`` as in the manifest, after this run. ``lost``: files were deleted. ``described`` has a bit for each
    format, as in Work. ``other_picture``: its picture is there and has another style.
    """

    complete: Mask
    kept: Mask
    left_failed: Mask
    lacking: Mask
    redraw: Mask
    replaced: Mask
    pinned: Mask
    lost: Mask
    described: NDArray[np.uint16]
    other_picture: Mask


def _states(scope: _Scope, index: ManifestIndex, config: RunConfig, *, again: bool) -> _States:
    """Compare the rows of the poses in scope with the settings. ``again``: make them even where they are done."""
    rows = scope.rows
    none = np.zeros(len(rows), np.bool_)
    is_done, is_failed = rows.equal("status", "done"), rows.equal("status", "failed")
    has = {name: rows.true(f"has_{name}") for name in FORMATS}
    replaced = np.logical_or.reduce(list(has.values()))
    lost = is_done & rows.true("lost")
    is_done = is_done & (replaced | ~lost)  # a pose without any file is made again, whatever its settings were
    same = rows.equal_each("settings_id", scope.settings_ids, scope.settings_index)
    adopted = is_done & rows.null("settings_id")
    other = is_done & ~same & ~adopted
    pinned, kept = rows.true("pinned"), none
    if not again:
        kept = other & pinned
        other &= ~pinned
    if other.any() and config.on_mismatch == "error":
        raise SettingsMismatch(_mismatch_message(scope, index, config, other))
    if config.on_mismatch == "keep":
        kept = kept | other
    if config.on_mismatch != "regenerate":
        kept = kept | adopted
    described = np.zeros(len(rows), np.uint16)
    for bit, name in enumerate(FORMATS):
        described |= (has[name] & ~adopted).astype(np.uint16) << np.uint16(bit)
    if again:
        pinned = np.where(same, pinned, rows.known() & (config.on_mismatch == "regenerate"))
        return _States(kept, kept, none, none, none, replaced, pinned, lost, described, none)
    other_picture = is_done & same & _other_pictures(scope, index, is_done & same & has["png"], config)
    missing = ~np.logical_and.reduce([has[name] for name in config.format_list])
    if config.on_mismatch == "regenerate":
        missing |= other_picture
    lacking = is_done & same & missing
    readable = np.logical_or.reduce([has[name] for name in SOURCES])
    if "motion" in config.format_list:
        readable &= has["motion"]
    retried = _retried(rows, config.retry_failed)
    for always in (ArtifactLost, Unfinished):
        retried = retried | rows.equal("error_type", always.__name__)
    return _States(
        complete=(is_done & same & ~missing) | kept,
        kept=kept,
        left_failed=is_failed & same & ~retried,
        lacking=lacking,
        redraw=lacking & readable,
        replaced=replaced & ~lacking,
        pinned=pinned & same,
        lost=lost,
        described=described,
        other_picture=other_picture,
    )


def _other_pictures(scope: _Scope, index: ManifestIndex, there: Mask, config: RunConfig) -> Mask:
    """Where a picture is there and has another look than asked for; pictures of earlier versions are diagrams.

    Raises
    ------
    SettingsMismatch
        There are some, and ``on_mismatch`` is ``error``. Those of earlier versions count if ``--picture`` is given.
    """
    rows = scope.rows
    if "png" not in config.format_list:
        return np.zeros(len(rows), np.bool_)
    unnamed = there & rows.null("picture")
    named = there & ~unnamed & ~rows.equal("picture", config.look)
    if config.look == FIRST_LOOK:
        unnamed = np.zeros_like(unnamed)
    wrong = named | unnamed if config.picture or config.transparent else named
    if wrong.any() and config.on_mismatch == "error":
        before = index.rows.read([rows.first_number("row", wrong)])[0]["picture"] or FIRST_LOOK
        raise SettingsMismatch(
            f"{count(int(wrong.sum()), 'picture has', 'pictures have')} another style than {config.look}: --picture "
            f"{before.replace(' ', ' --')} goes on with it, --on-mismatch keep leaves them, --on-mismatch regenerate "
            "draws them again, posepipe export --formats png --out DIR draws others beside them"
        )
    return named | unnamed


def _names(captions: Captions, index: ManifestIndex, config: RunConfig) -> NamePlan:
    """A name for each caption of the whole input."""
    names = plan_names(captions.column(), captions.number, _owners(index.table))
    if names.collisions and config.on_collision == "error":
        examples = ", ".join(list(names.collisions)[:3])
        raise CollisionError(
            f"{len(names.collisions)} file names are wanted by more than one caption ({examples}); "
            "--on-collision suffix gives each caption a name of its own"
        )
    return names


def _owners(table: pa.Table) -> Owners:
    """The names in the manifest, for each caption that of its newest row.

    A name that leads out of the final dir is left out. Its caption gets a name by the rule.
    """
    table = table.select(["caption_id", "variant", "stem", "finished_at"])
    usable = pc.invert(pc.match_substring_regex(table["stem"], _UNSAFE_NAME))  # null where there is no name
    if usable.null_count or not pc.all(usable).as_py():
        table = table.filter(usable)
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


def _row_indices(numbers: NDArray[np.uint64], table: pa.Table, variants: int) -> Indices:
    """Index into the table of the row of each caption and variant, caption by caption; -1 where there is none."""
    known, regular = ids.numbers_of(table["caption_id"])
    variant = table["variant"].fill_null(0).to_numpy()
    found = np.empty((len(numbers), variants), np.int64)
    for number in range(variants):
        rows = np.flatnonzero(regular & (variant == number))
        found[:, number] = np.append(rows, -1)[ids.places_in(known[rows], numbers)]
    return found.ravel()


def _retried(rows: RowsInScope, retry: str | None) -> Mask:
    """The failed poses that ``--retry-failed`` asks for."""
    if retry == "all":
        return rows.equal("status", "failed")
    return rows.equal("error_type", retry) if retry is not None else np.zeros(len(rows), np.bool_)


def _mismatch_message(scope: _Scope, index: ManifestIndex, config: RunConfig, other: Mask) -> str:
    """Say what differs, by option, for the first of the poses that were made with other settings."""
    old = index.rows.read([scope.rows.first_number("row", other)])[0]
    length = int(scope.lengths[scope.settings_index[int(np.argmax(other))]])
    wanted: Mapping[str, object] = {
        **config.pose_settings(),
        "model_fingerprint": scope.fingerprint,
        "sequence_length": length,
        "frame_index": config.frame_index if config.frame_index == STILL else config.resolved_frame(length),
    }
    differences = []
    for name in _COMPARED:
        before, now = old[name], wanted.get(name)
        if now is None or before is None or (name in ("sequence_length", "frame_index") and not length):
            continue
        is_real = name in ("cfg", "temperature")
        different = abs(float(before) - float(str(now))) > 1e-6 if is_real else str(before) != str(now)
        if different:
            differences.append(f"{name} was {round(float(before), 6) if is_real else before}, now {now}")
    what = "; ".join(differences) or "the solver or the temperature differs"
    return (
        f"{int(other.sum())} outputs were made with other settings ({what}): "
        "--on-mismatch keep leaves them, --on-mismatch regenerate makes them again, "
        "another --final-dir keeps both"
    )
