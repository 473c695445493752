"""Adoption: write manifest rows for sound artifacts that have none, from the contents of their JSON."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from posepipe import manifest
from posepipe.artifacts.decoding import check_png, is_original, look_in, read_joints, read_json, same_joints
from posepipe.artifacts.encoding import of_joints
from posepipe.artifacts.measures import flags, sanity
from posepipe.captions.reading import caption_id
from posepipe.captions.stems import base_stem, collision_key, original_stem, stem_of, variant_stem
from posepipe.config import STILL, hash_settings
from posepipe.errors import UnsoundArtifact
from posepipe.parallel import CHUNK, processes_for, spread
from posepipe.skeleton import BONE_LENGTHS
from posepipe.storage.artifact_formats import FORMATS, SOURCES, column_of, file_of, readings
from posepipe.storage.folders import Folder
from posepipe.storage.layout import folder_of, names_in
from posepipe.storage.locations import open_folder

RUN_ID: Final = "adopted"
"""Value of the column ``run_id`` in adopted rows; the run that made the pose is unknown."""


@dataclass(frozen=True)
class Adoption:
    """What can be adopted.

    Attributes
    ----------
    rows : list of dict
        Manifest rows, one per pose.
    refused : dict of str to str
        Path of a JSON without a row, without extension, and the reason why it gets none.
    """

    rows: list[dict[str, Any]]
    refused: dict[str, str]


def adopt(
    final_dir: Folder | Path | str,
    folder: Folder | Path | str,
    *,
    fsync: bool,
    lines: Mapping[str, int] | None = None,
    jobs: int | None = None,
) -> Adoption:
    """Write rows for the sound poses in ``final_dir`` that have none in the manifest ``folder``.

    Only the process that holds the lock may call this. Parameters as for :func:`find`.

    Raises
    ------
    RefusedError
        The manifest belongs to another final dir.
    """
    found = find(final_dir, folder, lines=lines, jobs=jobs)
    manifest.claim(folder, final_dir)
    if found.rows:
        manifest.write_fragment(folder, found.rows, RUN_ID, fsync=fsync)
    return found


def find(
    final_dir: Folder | Path | str,
    folder: Folder | Path | str,
    *,
    lines: Mapping[str, int] | None = None,
    jobs: int | None = None,
) -> Adoption:
    """Find the sound poses that have no row; writes nothing.

    Caption, model, seed, variant and settings come from the JSON, and ``settings_id`` is computed from them as in
    :meth:`posepipe.config.RunConfig.settings_id`. The other formats beside the JSON are adopted too where they are
    sound; where they are not, the row does not describe them and a run makes them. A JSON is refused where its name
    does not follow from its caption, where its caption and variant have a row, or where its name collides with that
    of another caption.

    A JSON of the original MARDM scripts has neither model nor settings. Its row has none either (null), and later runs
    keep its files until ``--on-mismatch regenerate``.

    Shards are not searched.

    Parameters
    ----------
    final_dir, folder : paths
        Artifacts, and their manifest, which need not exist.
    lines : mapping of str to int, optional
        Line of the input by caption_id.
    jobs : int, optional
        Number of processes; by default one per core where there are many files.
    """
    final_dir = open_folder(final_dir)
    table = manifest.read_table(folder, ["caption_id", "variant", "stem", "path", "finished_at"])
    known = manifest.newest(table).to_pylist() if len(table) else []
    taken = {row["path"] or row["stem"] for row in known}
    named = (readings(file)[0] for file in names_in(final_dir) if readings(file))
    paths = sorted(path for path, name in named if name == "json" and path not in taken)
    parts = [paths[start : start + CHUNK] for start in range(0, len(paths), CHUNK)]
    work = partial(_rows_of, final_dir)
    examined = [item for part in spread(work, parts, processes_for(len(paths), jobs)) for item in part]
    return _without_conflicts(zip(paths, examined, strict=True), known, lines or {})


def _without_conflicts(
    examined: Iterable[tuple[str, dict[str, Any] | str]], known: Sequence[Mapping[str, Any]], lines: Mapping[str, int]
) -> Adoption:
    """Refuse poses that have a row, and names that collide with another caption's."""
    poses = {(row["caption_id"], row["variant"]) for row in known}
    bases = {row["caption_id"]: base_stem(row["stem"], row["variant"]) for row in known if row["stem"]}
    owners = {collision_key(base): key for key, base in bases.items()}
    found = Adoption([], {})
    for path, row in examined:
        if isinstance(row, str):
            found.refused[path] = row
            continue
        key, base = row["caption_id"], base_stem(row["stem"], row["variant"])
        owner = owners.setdefault(collision_key(base), key)
        if (key, row["variant"]) in poses:
            found.refused[path] = "its caption has a row already"
        elif owner != key or bases.setdefault(key, base) != base:
            found.refused[path] = "its caption has another name, or its name belongs to another caption"
        else:
            poses.add((key, row["variant"]))
            found.rows.append(row | {"line": lines.get(key)})
    return found


def _rows_of(final_dir: Folder, paths: Sequence[str]) -> list[dict[str, Any] | str]:
    """For each path its row, or the reason why it gets none."""
    rows: list[dict[str, Any] | str] = []
    for path in paths:
        try:
            rows.append(_row(final_dir, path))
        except (UnsoundArtifact, OSError) as error:
            rows.append(str(error))
    return rows


def _row(final_dir: Folder, path: str) -> dict[str, Any]:
    """The manifest row of one pose; ``path`` is its path without extension.

    Raises
    ------
    UnsoundArtifact
        The JSON is not sound, has another name, or the NPY holds another pose.
    """
    content = final_dir.read(f"{path}.json")
    fields, joints = read_json(content)
    original = is_original(fields)
    key = caption_id(fields["caption"])
    variant = 0 if original else fields["variant"]
    stem = path.rpartition("/")[2]
    if not _is_name_of(path, fields["caption"], key, variant, original=original):
        raise UnsoundArtifact("field", "its name does not follow from its caption")
    contents = {"json": content} | _beside(final_dir, path, fields, joints)
    reference = np.array(BONE_LENGTHS, dtype=np.float32).tobytes() if fields.get("model") == "small" else None
    measures = sanity(joints, reference)
    return {
        "caption_id": key,
        "variant": variant,
        "caption": fields["caption"],
        "stem": stem,
        "path": path,
        "status": "done",
        "attempts": 1,
        **(_original_columns(fields) if original else _own_columns(fields)),
        "picture": look_in(contents["png"]) if "png" in contents else None,
        **{column_of(name): hashlib.sha256(content).hexdigest() for name, content in contents.items()},
        "bytes": sum(map(len, contents.values())),
        **measures,
        "flags": flags(measures, joints, unsure=False),
        "run_id": RUN_ID,
        "finished_at": datetime.now(UTC),
    }


def _is_name_of(path: str, caption: str, key: str, variant: int, *, original: bool) -> bool:
    """Whether a path is one that posepipe, or an original MARDM script, gives to a caption."""
    plain = stem_of(caption, key)
    bases = (plain, f"{plain}__{key[:8]}", f"{plain}__{key}")
    stem = path.rpartition("/")[2]
    if original and stem == original_stem(caption):
        return path == stem
    return stem in [variant_stem(base, variant) for base in bases] and path in (stem, folder_of(stem) + stem)


def _beside(final_dir: Folder, path: str, fields: Mapping[str, Any], joints: NDArray[np.float32]) -> dict[str, bytes]:
    """The artifacts of the same pose beside a JSON, by format."""
    contents = {}
    for name in FORMATS:
        with contextlib.suppress(OSError):
            content = final_dir.read(file_of(path, name)) if name != "json" else None
            if content is not None and _belongs(name, content, fields, joints):
                contents[name] = content
    return contents


def _belongs(name: str, content: bytes, fields: Mapping[str, Any], joints: NDArray[np.float32]) -> bool:
    """Whether a file beside a JSON is sound.

    Raises
    ------
    UnsoundArtifact
        It is sound, but holds other joints than the JSON.
    """
    original = is_original(fields)
    try:
        if name == "png":
            check_png(content, original=original)
            return True
        if name not in SOURCES:
            return content == of_joints(name, joints)
        other = read_joints(content, name, frame=fields["frame_index"], original=original)
    except UnsoundArtifact:
        return False
    if not same_joints(other, joints, original=original):
        raise UnsoundArtifact("joints", f"the {name.upper() if name == 'npy' else name} beside it holds another pose")
    return True


def _own_columns(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that describe how a pose was made, from a JSON of posepipe."""
    settings = fields["settings"]
    _check_numbers(fields, settings)
    made_by = {name: fields[name] for name in ("model", "model_fingerprint", "seed")}
    return {
        **{name: settings[name] for name in ("sequence_length", "time_steps", "cfg")},
        "frame_index": fields["frame_index"],
        "temperature": settings.get("temperature"),
        "precision": settings.get("precision"),
        **made_by,
        "settings_id": hash_settings({**settings, **made_by}),
    }


def _original_columns(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The same from a JSON of the original scripts, which says only which frame it is; the rest stays null."""
    frame = fields["frame_index"]
    return {"frame_index": frame if 0 <= frame < 2**31 else None}


def _check_numbers(fields: Mapping[str, Any], settings: Mapping[str, Any]) -> None:
    """Check that the manifest's columns can hold the numbers, and that the precision is text."""
    small = {name: settings.get(name) for name in ("sequence_length", "time_steps")}
    small["frame_index"] = fields["frame_index"]
    for name, value, limit in (
        ("variant", fields["variant"], 2**31),
        ("seed", fields["seed"], 2**63),
        *((name, value, 2**31) for name, value in small.items()),
    ):
        if type(value) is not int or not 0 <= value < limit:
            raise UnsoundArtifact("field", f"{name} is {value!r:.40}")
    if settings.get("frame_index") not in (STILL, fields["frame_index"]):
        raise UnsoundArtifact(
            "field", f"settings: frame_index is {settings.get('frame_index')!r:.40}, not {fields['frame_index']}"
        )
    if type(settings.get("temperature", 1.0)) is not float:
        raise UnsoundArtifact("field", "settings: temperature is not a number")
    if type(settings.get("cfg")) is not float or type(settings.get("precision", "")) is not str:
        raise UnsoundArtifact("field", "settings: cfg is not a number, or precision is not text")
