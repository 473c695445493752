"""Ways to damage the output of a run, with the faults that ``posepipe verify`` must find."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
from outputs import Output, break_json

from posepipe import manifest


def delete(out: Path) -> None:
    (out / "waving.npy").unlink()


def truncate(out: Path) -> None:
    content = (out / "waving.png").read_bytes()
    (out / "waving.png").write_bytes(content[: len(content) // 2])


def flip(out: Path) -> None:
    content = bytearray((out / "waving.json").read_bytes())
    place = content.index(b'"joints": [[') + 15
    content[place] = ord("1") if content[place] != ord("1") else ord("2")
    (out / "waving.json").write_bytes(content)


def swap(out: Path) -> None:
    one, other, aside = out / "waving.npy", out / "jumping.npy", out / ".aside"
    one.rename(aside)
    other.rename(one)
    aside.rename(other)


def stray(out: Path) -> None:
    (out / "notes.txt").write_text("not a pose")


def not_finite(out: Path) -> None:
    joints = np.load(out / "waving.npy")
    joints[4, 1] = np.nan
    np.save(out / "waving.npy", joints)


def wrong_shape(out: Path) -> None:
    np.save(out / "waving.npy", np.load(out / "waving.npy")[:21])


def wrong_dtype(out: Path) -> None:
    np.save(out / "waving.npy", np.load(out / "waving.npy").astype(np.float64))


def no_npy(out: Path) -> None:
    (out / "waving.npy").write_bytes(b"nothing")


def small_picture(out: Path) -> None:
    content = bytearray((out / "waving.png").read_bytes())
    content[16:20] = (600).to_bytes(4, "big")
    (out / "waving.png").write_bytes(content)


def fewer_joints(out: Path) -> None:
    fields = json.loads((out / "waving.json").read_text())
    fields["joints"].pop()
    (out / "waving.json").write_text(json.dumps(fields))


def field_gone(out: Path) -> None:
    fields = json.loads((out / "waving.json").read_text())
    del fields["model_fingerprint"]
    (out / "waving.json").write_text(json.dumps(fields))


def all_gone(out: Path) -> None:
    for extension in ("npy", "json", "png"):
        (out / f"waving.{extension}").unlink()


def folder_instead(out: Path) -> None:
    delete(out)
    (out / "waving.npy").mkdir()


def rewrite(output: Output, **changes: Any) -> None:
    """A newer row for the first pose, as something broken might have written it."""
    row = manifest.newest(manifest.read_table(output.manifest)).to_pylist()[0]
    row["finished_at"] += timedelta(microseconds=1)
    manifest.write_fragment(output.manifest, [row | changes], "odd", fsync=False)


INJURIES = [
    (delete, [("missing", "waving.npy")], ["redraw"]),
    (truncate, [("format", "waving.png")], ["redraw"]),
    (flip, [("checksum", "waving.json")], ["redraw"]),
    (break_json, [("format", "waving.json")], ["redraw"]),
    (swap, [("swapped", "waving.npy"), ("swapped", "jumping.npy")], ["redraw", "redraw"]),
    (stray, [("stray", "notes.txt")], []),
    (not_finite, [("finite", "waving.npy")], ["redraw"]),
    (wrong_shape, [("shape", "waving.npy")], ["redraw"]),
    (wrong_dtype, [("dtype", "waving.npy")], ["redraw"]),
    (no_npy, [("format", "waving.npy")], ["redraw"]),
    (small_picture, [("size", "waving.png")], ["redraw"]),
    (fewer_joints, [("joints", "waving.json")], ["redraw"]),
    (field_gone, [("field", "waving.json")], ["redraw"]),
    (all_gone, [("missing", f"waving.{e}") for e in ("npy", "json", "png")], ["infer"]),
    (folder_instead, [("unreadable", "waving.npy")], ["redraw"]),
]
"""What damages the output of CAPTIONS, the faults as kind and file, and the modes of the poses that are then due."""
