"""What is left to do: captions and manifest in, work out. Pure: reads and writes nothing itself."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import Final

import pandas as pd

from posepipe.captions import Captions
from posepipe.config import MAX_FRAMES, MIN_FRAMES, RunConfig
from posepipe.errors import ArtifactLost, CollisionError, SettingsMismatch
from posepipe.naming import NamePlan, base_stem, plan_names, variant_stem

DEFAULT_FRAMES: Final = 16
BYTES_PER_POSE: Final = {"npy": 392, "json": 3_200, "png": 170_000}
"""About what one artifact takes, for the estimate of space."""

PLAN_COLUMNS: Final = (
    "caption_id",
    "variant",
    "stem",
    "path",
    "status",
    "error_type",
    "attempts",
    "seed",
    "sequence_length",
    "frame_index",
    "time_steps",
    "cfg",
    "precision",
    "model",
    "model_fingerprint",
    "settings_id",
    "npy_sha256",
    "json_sha256",
    "png_sha256",
    "finished_at",
)
"""The columns of the manifest that planning needs."""

INFER: Final = "infer"
REDRAW: Final = "redraw"

WORK_COLUMNS: Final = (
    "caption_id",
    "variant",
    "caption",
    "line",
    "stem",
    "length",
    "settings_id",
    "attempts",
    "mode",
    "previous",
)
"""One row of work: ``length`` in frames (0: the model estimates it), ``attempts`` including this one,
``mode`` INFER, or REDRAW where only a format is missing and joints are already on disk; then ``previous``
is the manifest row as a dict, which the pipeline adds, else None."""


@dataclass(frozen=True)
class Plan:
    """What a run will do, and what it found while planning."""

    work: pd.DataFrame
    """Columns WORK_COLUMNS, in the order of the input."""
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

    @property
    def space_needed(self) -> int:
        """Bytes, about."""
        return int(self.work["bytes_needed"].sum()) if "bytes_needed" in self.work else 0


def pose_seed(seed: int, caption_id: str, variant: int) -> int:
    """The seed of one pose, 0 <= seed < 2**63: a hash of the run's seed, the caption and the variant."""
    digest = hashlib.sha256(f"{seed}:{caption_id}:{variant}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 1


def frames_of(requested: int) -> int:
    """Frames asked for in the file, as a length that the model takes: a multiple of 4 within its limits."""
    if not requested:
        return DEFAULT_FRAMES
    return min(max(requested // 4 * 4, MIN_FRAMES), MAX_FRAMES)


def make_plan(
    captions: Captions,
    rows: pd.DataFrame,
    config: RunConfig,
    fingerprint: str,
    *,
    only: Set[str] | None = None,
) -> Plan:
    """Compare what is asked for with what is there.

    Parameters
    ----------
    captions : Captions
        The whole input; names are planned over all of it.
    rows : frame with PLAN_COLUMNS
        The newest row of each pose in the manifest.
    config : RunConfig
        With ``cfg`` resolved.
    fingerprint : str
        Of the model.
    only : set of caption ids, optional
        Make just these, and make them anew.

    Raises
    ------
    CollisionError
        Two captions meet in one name and ``on_collision`` is ``error``.
    SettingsMismatch
        Outputs in scope were made with other settings and ``on_mismatch`` is ``error``.
    """
    names = _names(captions, rows, config)
    scope = _scope(captions, names, config, only)
    scope["settings_id"] = _settings_ids(scope["length"], config, fingerprint)
    known = rows.drop_duplicates(["caption_id", "variant"], keep="last")
    joined = scope.merge(
        known.drop(columns=["stem"]).rename(columns={"settings_id": "old_settings", "attempts": "old_attempts"}),
        on=["caption_id", "variant"],
        how="left",
        validate="one_to_one",
    )
    is_done = joined["status"].eq("done")
    is_failed = joined["status"].eq("failed")
    same = joined["old_settings"].eq(joined["settings_id"])
    other = is_done & ~same
    if other.any() and config.on_mismatch == "error":
        raise SettingsMismatch(_mismatch_message(joined[other], config, fingerprint))
    kept = other if config.on_mismatch == "keep" else other & False
    missing = pd.Series(False, index=joined.index)
    for name in config.format_list:
        missing |= joined[f"{name}_sha256"].isna()
    from_disk = joined["npy_sha256"].notna() | joined["json_sha256"].notna()
    redraw = is_done & same & missing & from_disk
    complete = (is_done & same & ~missing) | kept
    lost = joined["error_type"].eq(ArtifactLost.__name__)
    left_failed = is_failed & same & ~lost & ~_retried(joined["error_type"], config.retry_failed)
    if only is not None:
        complete, left_failed, redraw = complete & kept, left_failed & False, redraw & False
    due = ~complete & ~left_failed
    work = joined.loc[due].copy()
    work["mode"] = INFER
    work.loc[redraw[due], "mode"] = REDRAW
    work["previous"] = None
    work["attempts"] = work["old_attempts"].fillna(0).astype("int64") + 1
    work["bytes_needed"] = sum(BYTES_PER_POSE[name] for name in config.format_list)
    return Plan(
        work=work[[*WORK_COLUMNS, "bytes_needed"]].reset_index(drop=True),
        done=int((complete & ~kept).sum()),
        failed_before=int(left_failed.sum()),
        kept=int(kept.sum()),
        captions=int(scope["caption_id"].nunique()),
        repetitions=captions.repetitions,
        unusable=captions.unusable_count,
        collisions=names.collisions,
    )


def _names(captions: Captions, rows: pd.DataFrame, config: RunConfig) -> NamePlan:
    """A name for each caption of the whole input."""
    owned = zip(rows["caption_id"], rows["stem"], rows["variant"], strict=True)
    owners = {key: base_stem(stem, variant) for key, stem, variant in owned}
    names = plan_names(captions.caption, captions.caption_id, owners)
    if names.collisions and config.on_collision == "error":
        examples = ", ".join(list(names.collisions)[:3])
        raise CollisionError(
            f"{len(names.collisions)} file names are wanted by more than one caption ({examples}); "
            "--on-collision suffix gives each caption a name of its own"
        )
    return names


def _scope(captions: Captions, names: NamePlan, config: RunConfig, only: Set[str] | None) -> pd.DataFrame:
    """The poses that this run is about: one row per caption of the slice and variant."""
    stop = None if config.limit is None else config.start + config.limit
    part = slice(config.start, stop)
    ids = captions.caption_id[part]
    if config.sequence_length == "from-file":
        lengths = [frames_of(frames) for frames in captions.frames[part].tolist()]
    else:
        lengths = [config.sequence_length if isinstance(config.sequence_length, int) else 0] * len(ids)
    scope = pd.DataFrame(
        {
            "caption_id": ids,
            "caption": captions.caption[part],
            "line": captions.line[part],
            "stem": [names.stem[key] for key in ids],
            "length": lengths,
        }
    )
    if only is not None:
        scope = scope[scope["caption_id"].isin(only)].reset_index(drop=True)
    if config.variants == 1:
        scope["variant"] = 0
        return scope
    scope = scope.loc[scope.index.repeat(config.variants)].reset_index(drop=True)
    scope["variant"] = scope.groupby("caption_id").cumcount()
    scope["stem"] = [variant_stem(stem, v) for stem, v in zip(scope["stem"], scope["variant"], strict=True)]
    return scope


def _settings_ids(lengths: pd.Series[int], config: RunConfig, fingerprint: str) -> pd.Series[str]:
    ids = {length: config.settings_id(fingerprint, int(length) or None) for length in lengths.unique()}
    return lengths.map(ids)


def _retried(error_types: pd.Series[str], retry: str | None) -> pd.Series[bool]:
    if retry is None:
        return error_types.isna() & False
    if retry == "all":
        return error_types.isna() | True
    return error_types.eq(retry)


def _mismatch_message(rows: pd.DataFrame, config: RunConfig, fingerprint: str) -> str:
    """Say what differs, in the words of the options."""
    wanted: Mapping[str, object] = {**config.pose_settings(), "model_fingerprint": fingerprint}
    row = rows.iloc[0]
    wanted = {
        **wanted,
        "sequence_length": row["length"],
        "frame_index": config.resolved_frame(int(row["length"])),
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
        old, new = row[name], wanted.get(name)
        if new is None or pd.isna(old) or (name in ("sequence_length", "frame_index") and not row["length"]):
            continue
        different = abs(float(old) - float(str(new))) > 1e-6 if name == "cfg" else str(old) != str(new)
        if different:
            differences.append(f"{name} was {old if name != 'cfg' else round(float(old), 6)}, now {new}")
    return (
        f"{len(rows)} outputs were made with other settings ({'; '.join(differences) or 'the solver differs'}): "
        "--on-mismatch keep leaves them, --on-mismatch regenerate makes them anew, "
        "another --final-dir keeps both"
    )
