"""Write the HTML page and the data that it loads.

A page opened from the file system cannot read files, but it can run scripts and show pictures beside it. The data is
therefore written as scripts that call one function. There are two kinds of files. The columns for search, filters and
thumbnails, 1,000 rows per file, are loaded at the start. The other columns and the joints, 100 rows per file, are
loaded when a pose is opened. Pictures are not copied. Joints are rounded to millimetres, a third of a pixel in the 3D
view.
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

from posepipe.artifacts.decoding import read_json, read_npy
from posepipe.errors import UnsoundArtifact
from posepipe.gallery.folder import GalleryFolder, normal_path
from posepipe.gallery.selection import artifact_path
from posepipe.parallel import processes_for, spread
from posepipe.picture import body, camera, colours
from posepipe.skeleton import JOINT_NAMES
from posepipe.storage import shards
from posepipe.storage.folders import Folder

if TYPE_CHECKING:
    import pyarrow as pa

INDEX: Final = "index.html"
PARTS: Final = "index_files"
ROWS_PER_PART: Final = 1000
POSES_PER_PART: Final = 100
_SCRIPTS: Final = ("turn.js", "rows.js", "grid.js", "view.js", "main.js")
_FARTHEST: Final = 1000.0
"""Metres; poses that extend farther are not drawn."""


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
    for number, details in enumerate(found):
        folder.write("page", f"{PARTS}/poses_{number:05}.js", _call("poses", edition, number, details))
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
    return {
        "key": [f"{row['caption_id']}:{row['variant']}" for row in rows],
        "caption": [row["caption"] or row["stem"] or row["caption_id"] for row in rows],
        "variant": [row["variant"] for row in rows],
        "picture": [artifact_path(row, "png") for row in rows],
        "status": [row["status"] for row in rows],
        "error_type": [row["error_type"] for row in rows],
        "error": [(row["error"] or "")[:160] or None for row in rows],
        "flags": [row["flags"] or "" for row in rows],
        "height": [_plain(row["height"]) for row in rows],
        "lowest_y": [_plain(row["lowest_y"]) for row in rows],
        "bone_error": [_plain(row["bone_error"]) for row in rows],
        "finished": [None if time is None else int(time.timestamp()) for time in newest],
    }


def _details(out: Folder, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Fields of some rows, and their joints in millimetres or the reason why there are none."""
    names = list(rows[0])
    return {
        "names": names,
        "fields": [[_plain(row[name]) for name in names] for row in rows],
        "joints": [_joints(out, row) for row in rows],
    }


def _joints(out: Folder, row: Mapping[str, Any]) -> list[int] | str:
    """66 numbers in whole millimetres, x and z relative to the pelvis as in the picture; or why there are none."""
    npy, written = artifact_path(row, "npy"), artifact_path(row, "json")
    place = npy or written
    if place is None:
        return "The pose failed." if row["status"] == "failed" else "The pose has neither NPY nor JSON."
    try:
        content = shards.read(out, place)
        joints = read_npy(content) if npy else read_json(content)[1]
    except OSError as error:
        return f"{place}: {error.strerror or error}"
    except UnsoundArtifact as error:
        return f"{place}: {error}"
    if np.abs(joints).max() > _FARTHEST:
        return f"{place}: the pose extends farther than a kilometre"
    shown = joints.astype(np.float64)
    shown[:, ::2] -= shown[0, ::2]
    millimetres: list[int] = np.rint(shown * 1000).astype(np.int64).ravel().tolist()
    return millimetres


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
    style = "".join(f"--{name.replace('_', '-')}:{_css(rgb)};" for name, rgb in _colours().items())
    parts = {
        "title": escape(out.path.resolve().name),
        "digest": digest,
        "style": f":root{{{style}}}\n" + source.joinpath("page.css").read_text(encoding="utf-8"),
        "settings": settings,
        "script": script,
    }
    return b"".join(_filled(source.joinpath("page.html").read_text(encoding="utf-8"), parts))


def _filled(template: str, parts: Mapping[str, str]) -> Iterator[bytes]:
    """Fill in each ``{{name}}`` of the template; braces in the values are not replaced."""
    for number, piece in enumerate(template.split("{{")):
        name, closing, rest = piece.partition("}}")
        yield (parts[name] + rest if number and closing else piece).encode()


def _settings(out: Folder, table: pa.Table, gallery: Path, edition: str) -> dict[str, Any]:
    left, top, right, bottom = camera.FRAME
    side = min(right - left, bottom - top)
    away = os.path.relpath(normal_path(out.path), gallery) if out.is_local else str(out)
    return {
        "edition": edition,
        "total": len(table),
        "parts": PARTS,
        "rowsPerPart": ROWS_PER_PART,
        "posesPerPart": POSES_PER_PART,
        "out": quote(away) + "/",
        "frame": {"size": camera.SIZE, "left": left, "top": bottom - side, "side": side},
        "azimuth": math.atan2(camera.VIEW[0, 2], camera.VIEW[2, 2]),
        "elevation": math.asin(camera.VIEW[1, 2]),
        "distance": camera.DISTANCE,
        "jointNames": list(JOINT_NAMES),
        "head": {"radius": body.HEAD_RADIUS, "lift": body.HEAD_LIFT},
        "bones": [
            {"from": start, "to": end, "radii": radii, "colour": list(colours.LIMBS[limb])}
            for (start, end), radii, limb in zip(
                body.JOINTS[:-1], body.BONES.radii.tolist(), body.BONES.limbs, strict=False
            )
        ],
        "colours": {name: _css(rgb) for name, rgb in _colours().items()},
    }


def _colours() -> dict[str, colours.RGB]:
    named = ("INK", "FLOOR", "GRID", "GRID_FINE", "WALL", "RULER", "LABEL", "ARROW", "WARNING")
    return {name.lower(): getattr(colours, name) for name in named} | colours.LIMBS


def _css(colour: colours.RGB) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
