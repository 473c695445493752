"""Write the HTML page and the data that it loads.

A page opened from the file system cannot read files, but it can run scripts and show pictures beside it. The data is
therefore written as scripts that call one function. There are three kinds of files. The columns for search, filters and
thumbnails, 1,000 rows per file, are loaded at the start. The other columns and the joints, 100 rows per file, are
loaded when a pose is opened. Motions, 20 rows per file, are loaded when a pose is opened that has one. Pictures are not
copied. Joints are rounded to millimetres, a third of a pixel in the 3D view.
"""

from __future__ import annotations

import base64
import hashlib
import json
import math
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from html import escape
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import numpy as np
from numpy.typing import NDArray

from posepipe.artifacts.adding import FIRST_LOOK
from posepipe.artifacts.checking import pose_path
from posepipe.artifacts.decoding import read_joints, read_motion
from posepipe.errors import UnsafePath, UnsoundArtifact
from posepipe.gallery import figure, theme
from posepipe.gallery.flags import shown_flags
from posepipe.gallery.folder import GalleryFolder, normal_path
from posepipe.gallery.selection import artifact_path
from posepipe.parallel import processes_for, spread
from posepipe.picture import camera
from posepipe.skeleton import PARENTS
from posepipe.storage import shards
from posepipe.storage.artifact_formats import FORMATS, SOURCES
from posepipe.storage.folders import Folder
from posepipe.storage.layout import is_artifact_path

if TYPE_CHECKING:
    import pyarrow as pa

INDEX: Final = "index.html"
PARTS: Final = "index_files"
ROWS_PER_PART: Final = 1000
POSES_PER_PART: Final = 100
MOTIONS_PER_PART: Final = 20
"""Divides POSES_PER_PART. A motion takes 0.2 KB per frame."""
_SCRIPTS: Final = (
    *("search.js", "address.js", "body.js", "raster.js", "draw.js", "turn.js", "motion.js"),
    *("rows.js", "grid.js", "view.js", "sheets.js", "main.js"),
)
_FARTHEST: Final = 1000.0
"""Metres; poses that extend farther are not drawn."""
_LARGEST_INT16: Final = 32_767
_FARTHEST_MOTION: Final = 32.0
"""Metres; motions that extend farther from the pose are not played. Their millimetres would not fit 16 bits."""


def write_page(
    out: Folder, table: pa.Table, folder: GalleryFolder, jobs: int | None, advance: Callable[[int], None]
) -> Path:
    """Write the page and its data.

    Parameters
    ----------
    out : path
        The output folder.
    table : table with the columns of the manifest
        The rows to show, in order.
    folder : GalleryFolder
    jobs : int, optional
        Number of processes that read joints.
    advance : callable
        Called with the number of poses that were just written.

    Returns
    -------
    path
        Path of ``index.html``.
    """
    edition = _edition(table)
    starts = range(0, len(table), POSES_PER_PART)
    parts = (table.slice(start, POSES_PER_PART).to_pylist() for start in starts)
    found = spread(partial(_details, out), parts, processes_for(len(table), jobs))
    for number, (details, motions) in enumerate(found):
        folder.write("page", f"{PARTS}/poses_{number:05}.js", _call("poses", edition, number, details))
        for start in range(0, len(motions), MOTIONS_PER_PART):
            part = motions[start : start + MOTIONS_PER_PART]
            place = (number * POSES_PER_PART + start) // MOTIONS_PER_PART
            if any(part):
                folder.write("page", f"{PARTS}/motions_{place:05}.js", _call("motions", edition, place, part))
        advance(len(details["fields"]))
    for number, start in enumerate(range(0, len(table), ROWS_PER_PART)):
        rows = _index(table.slice(start, ROWS_PER_PART).to_pylist())
        folder.write("page", f"{PARTS}/rows_{number:05}.js", _call("rows", edition, number, rows))
    path = folder.write("page", INDEX, _html(out, table, folder.path, edition))
    folder.finish("page")
    return path


def _edition(table: pa.Table) -> str:
    """Hash of the rows shown, so that a page detects data files of another gallery."""
    digest = hashlib.sha256()
    for name in ("caption_id", "variant", "finished_at"):
        digest.update(repr(table[name].to_pylist()).encode())
    return digest.hexdigest()[:12]


def _call(function: str, edition: str, number: int, content: object) -> bytes:
    """A script that passes ``content`` to the page, in ASCII so that its encoding does not matter."""
    text = json.dumps(content, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")
    return f'posepipeGallery.{function}("{edition}",{number},{text});\n'.encode()


def _index(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """Columns for the grid, by name."""
    newest = [row["finished_at"] for row in rows]
    flags = [shown_flags(row) for row in rows]
    return {
        "key": [f"{row['caption_id']}:{row['variant']}" for row in rows],
        "caption": [row["caption"] or row["stem"] or row["caption_id"] for row in rows],
        "stem": [row["stem"] or "" for row in rows],
        "variant": [row["variant"] for row in rows],
        "picture": [artifact_path(row, "png") for row in rows],
        "look": [_style(row) for row in rows],
        "status": [row["status"] for row in rows],
        "error_type": [row["error_type"] for row in rows],
        "error": [(row["error"] or "")[:160] or None for row in rows],
        "flags": [warnings for warnings, _ in flags],
        "note": [note for _, note in flags],
        "height": [_plain(row["height"]) for row in rows],
        "lowest_y": [_plain(row["lowest_y"]) for row in rows],
        "bone_error": [_plain(row["bone_error"]) for row in rows],
        "finished": [None if time is None else int(time.timestamp()) for time in newest],
    }


def _details(out: Folder, rows: Sequence[Mapping[str, Any]]) -> tuple[dict[str, Any], list[str | None]]:
    """Fields, files and joints of some rows, as columns; and their motions."""
    names = list(rows[0])
    poses = [_pose(out, row) for row in rows]
    motions = [_motion(out, row) for row in rows]
    details = {
        "names": names,
        "fields": [[_plain(row[name]) for name in names] for row in rows],
        "files": [[[name, place] for name in FORMATS if (place := artifact_path(row, name))] for row in rows],
        "joints": [pose if isinstance(pose, str) else _millimetres(pose, pose).ravel().tolist() for pose in poses],
        "flesh": [None if isinstance(pose, str) else figure.flesh(pose).tolist() for pose in poses],
        "view": [None if isinstance(pose, str) else _view(pose, row) for pose, row in zip(poses, rows, strict=True)],
        "motion": [None if motion is None else row["frame_index"] for motion, row in zip(motions, rows, strict=True)],
    }
    return details, motions


def _pose(out: Folder, row: Mapping[str, Any]) -> NDArray[np.float32] | str:
    """The joints of a row, (22, 3) in metres; or why there are none to draw."""
    places = [(name, place) for name in SOURCES if (place := artifact_path(row, name))]
    if not places:
        if row["status"] == "failed":
            return "The pose failed."
        inside = is_artifact_path(pose_path(row))
        return "The pose has no file with joints." if inside else "The row's path leads out of the output folder."
    name, place = places[0]
    try:
        joints = read_joints(shards.read(out, place), name, frame=row["frame_index"])
    except OSError as error:
        return str(error) if isinstance(error, UnsafePath) else f"{place}: {error.strerror or error}"
    except UnsoundArtifact as error:
        return f"{place}: {error}"
    if np.abs(joints).max() > _FARTHEST:
        return f"{place}: the pose extends farther than a kilometre"
    return joints


def _view(joints: NDArray[np.float32], row: Mapping[str, Any]) -> tuple[float, float]:
    """Azimuth and elevation of the camera of a row's picture, in degrees."""
    view = camera.DIAGRAM if _style(row) == "diagram" else camera.view_of(joints.astype(np.float64))
    return view.azimuth, view.elevation


def _style(row: Mapping[str, Any]) -> str | None:
    """The style of a row's picture; None where there is none."""
    return None if row["png_sha256"] is None else str(row["picture"] or FIRST_LOOK).partition(" ")[0]


def _motion(out: Folder, row: Mapping[str, Any]) -> str | None:
    """The frames of a motion as base64 of little-endian int16; None if there are none to play.

    Each frame has 66 coordinates in millimetres, relative to the pelvis of the frame that became the pose, and then the
    numbers of :func:`posepipe.gallery.figure.flesh`.
    """
    place = artifact_path(row, "motion")
    if place is None or row["frame_index"] is None:
        return None
    try:
        motion = read_motion(shards.read(out, place))
    except (OSError, UnsoundArtifact):
        return None  # posepipe verify tells why
    frame = motion[min(row["frame_index"], len(motion) - 1)]
    moved = _millimetres(motion, frame)
    if np.abs(moved).max() > 1000 * _FARTHEST_MOTION:
        return None
    turned = np.stack([figure.flesh(joints) for joints in motion])
    numbers = np.hstack([moved.reshape(len(motion), -1), np.minimum(turned, _LARGEST_INT16)])
    return base64.b64encode(numbers.astype("<i2").tobytes()).decode()


def _millimetres(joints: NDArray[np.float32], pose: NDArray[np.float32]) -> NDArray[np.int64]:
    """Joints in whole millimetres, x and z relative to the pelvis of a pose."""
    shown = joints.astype(np.float64)
    shown[..., ::2] -= pose[0, ::2].astype(np.float64)
    return np.rint(shown * 1000).astype(np.int64)


def _plain(value: Any) -> Any:
    """Convert a value for JSON and JavaScript without visible loss."""
    if isinstance(value, float):
        return float(f"{value:.6g}") if math.isfinite(value) else str(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(sep=" ", timespec="milliseconds").replace("+00:00", " UTC")
    if isinstance(value, int) and abs(value) > 2**53:
        return str(value)
    return value


def _html(out: Folder, table: pa.Table, gallery: Path, edition: str) -> bytes:
    """The page with style and scripts inlined."""
    source = resources.files(__package__)
    script = "\n".join(source.joinpath(name).read_text(encoding="utf-8") for name in _SCRIPTS)
    script = f'(() => {{\n"use strict";\n{script}\n}})();'
    settings = json.dumps(_settings(out, table, gallery, edition)).replace("<", "\\u003c")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    parts = {
        "title": escape(out.path.resolve().name),
        "digest": digest,
        "style": theme.style() + source.joinpath("page.css").read_text(encoding="utf-8"),
        "settings": settings,
        "script": script,
    }
    return b"".join(_filled(source.joinpath("page.html").read_text(encoding="utf-8"), parts))


def _filled(template: str, parts: Mapping[str, str]) -> Iterator[bytes]:
    """Fill in each ``{{name}}`` of the template; braces in the values are not replaced."""
    for number, piece in enumerate(template.split("{{")):
        name, closing, rest = piece.partition("}}")
        yield (parts[name] + rest if number and closing else piece).encode()


def _area(edges: tuple[float, float, float, float]) -> dict[str, float]:
    """An area of the picture, given as left, top, right and bottom in pixels."""
    left, top, right, bottom = edges
    return {"left": left, "top": top, "width": right - left, "height": bottom - top}


def _settings(out: Folder, table: pa.Table, gallery: Path, edition: str) -> dict[str, Any]:
    away = os.path.relpath(normal_path(out.path), gallery) if out.is_local else str(out)
    return {
        "edition": edition,
        "total": len(table),
        "parts": PARTS,
        "rowsPerPart": ROWS_PER_PART,
        "posesPerPart": POSES_PER_PART,
        "motionsPerPart": MOTIONS_PER_PART,
        "out": quote(away) + "/",
        "remote": not out.is_local,
        "place": str(out),
        "pictures": {"diagram": _area(camera.FRAME), "other": _area(camera.WINDOW)},
        "view": (camera.DIAGRAM.azimuth, camera.DIAGRAM.elevation),
        "parents": PARENTS,
        "body": figure.tables() | {"numbers": figure.NUMBERS},
        "colours": theme.scenes(),
    }
