"""Decoders: sound bytes give joints, anything else one kind of fault."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fake_model import STANDING
from sound_artifacts import contents_of, png, row_of

from posepipe import picture
from posepipe.artifacts.decoding import (
    check_png,
    is_original,
    look_in,
    read_joints,
    read_json,
    read_npy,
    same_joints,
)
from posepipe.errors import UnsoundArtifact

CONTENTS = contents_of(row_of("A person waving"))


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"\xff", b"[" * 100_000, b'{"caption": "\\ud800"}', b'{"joints": NaN}'],
    ids=["empty", "list", "not UTF-8", "deep", "surrogate", "short"],
)
def test_hostile_json(content: bytes) -> None:
    with pytest.raises(UnsoundArtifact):
        read_json(content)


def test_pickles_are_not_read(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", np.array([{}], dtype=object), allow_pickle=True)
    with pytest.raises(UnsoundArtifact, match="not an NPY"):
        read_npy((tmp_path / "x.npy").read_bytes())


def npy(array: Any) -> bytes:
    stream = io.BytesIO()
    np.save(stream, array)
    return stream.getvalue()


def with_fields(**changes: Any) -> bytes:
    """The JSON with other fields; a field that is None is left out."""
    fields = json.loads(CONTENTS["json"]) | changes
    return json.dumps({name: value for name, value in fields.items() if value is not None}).encode()


def fault_of(read: Any, content: bytes) -> tuple[str, str]:
    """The kind of fault, and what is said about it."""
    with pytest.raises(UnsoundArtifact) as raised:
        read(content)
    return raised.value.kind, str(raised.value)


def test_sound_bytes_give_the_same_joints() -> None:
    for extension in ("npy", "json"):
        joints = read_joints(CONTENTS[extension], extension)
        assert joints.dtype == np.float32
        assert np.array_equal(joints, STANDING)
    assert read_json(CONTENTS["json"])[0]["caption"] == "A person waving"
    check_png(CONTENTS["png"])


@pytest.mark.parametrize(
    ("content", "kind", "what"),
    [
        (b"", "format", "not an NPY file ("),
        (CONTENTS["npy"][:-1], "format", "not an NPY file ("),
        (npy(STANDING.astype("<f8")), "dtype", "dtype <f8, not float32"),
        (npy(STANDING.astype(">f4")), "dtype", "dtype >f4, not float32"),
        (npy(STANDING[:21]), "shape", "shape (21, 3), not (22, 3)"),
        (npy(STANDING.ravel()), "shape", "shape (66,), not (22, 3)"),
    ],
)
def test_faults_of_an_npy(content: bytes, kind: str, what: str) -> None:
    found = fault_of(read_npy, content)
    assert found[0] == kind
    assert found[1].startswith(what)
    assert len(found[1]) < 160


@pytest.mark.parametrize(
    ("joints", "what"),
    [
        ([0], "not finite: pelvis"),
        ([4, 21], "not finite: left_knee, right_wrist"),
        ([0, 1, 2], "not finite: pelvis, left_hip, right_hip"),
        ([0, 1, 2, 3, 9], "not finite: pelvis, left_hip, right_hip and 2 more"),
    ],
)
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_joints_that_are_not_finite_are_named(joints: list[int], what: str, value: float) -> None:
    array = STANDING.copy()
    array[joints, 2] = value
    assert fault_of(read_npy, npy(array)) == ("finite", what)


def test_nan_in_a_json_is_named_too() -> None:
    joints = STANDING.tolist()
    joints[3][0] = float("nan")
    assert fault_of(read_json, with_fields(joints=joints)) == ("finite", "not finite: spine1")


TYPES = {
    "caption": str,
    "frame_index": int,
    "num_joints": int,
    "joints": list,
    "joint_names": list,
    "model": str,
    "model_fingerprint": str,
    "seed": int,
    "variant": int,
    "settings": dict,
    "posepipe_version": str,
}


@pytest.mark.parametrize("name", TYPES)
def test_every_field_is_needed_and_has_one_type(name: str) -> None:
    assert fault_of(read_json, with_fields(**{name: None})) == ("field", f"{name} is missing")
    wrong = True if TYPES[name] is int else 1.5
    what = f"{name} is a {type(wrong).__name__}, not a {TYPES[name].__name__}"
    assert fault_of(read_json, with_fields(**{name: wrong})) == ("field", what)


def test_more_fields_do_no_harm() -> None:
    assert read_json(with_fields(note="mine"))[0]["note"] == "mine"


NAMES = json.loads(CONTENTS["json"])["joint_names"]
POINTS = STANDING.tolist()


@pytest.mark.parametrize(
    ("changes", "kind", "what"),
    [
        ({"num_joints": 21}, "joints", "num_joints: 21, not 22"),
        ({"joints": POINTS[:21]}, "joints", "joints: 21, not 22"),
        ({"joint_names": [*NAMES, "tail"]}, "joints", "joint_names: 23, not 22"),
        ({"joint_names": NAMES[::-1]}, "joints", "joint_names are not those of HumanML3D in its order"),
        ({"joints": [*POINTS[:21], [0.0, 1.0]]}, "shape", "joints are not 22 times 3 numbers"),
        ({"joints": [*POINTS[:20], [0.0, 1.0], [0.0, 1.0, 2.0, 3.0]]}, "shape", "joints are not 22 times 3 numbers"),
        ({"joints": [*POINTS[:21], "xyz"]}, "shape", "joints are not 22 times 3 numbers"),
        ({"joints": [*POINTS[:21], [0.0, 1.0, True]]}, "shape", "joints are not 22 times 3 numbers"),
        ({"joints": [*POINTS[:21], [0.0, 1.0, "2"]]}, "shape", "joints are not 22 times 3 numbers"),
        ({"joints": [*POINTS[:21], [0.0, 1.0, -1e31]]}, "finite", "joints farther than 1e+30 m"),
        ({"joints": [*POINTS[:21], [0, 1, 10**400]]}, "finite", "joints farther than 1e+30 m"),
        ({"caption": "\ud800"}, "field", "caption cannot be encoded as UTF-8"),
    ],
)
def test_faults_of_a_json(changes: dict[str, Any], kind: str, what: str) -> None:
    assert fault_of(read_json, with_fields(**changes)) == (kind, what)


def test_whole_and_large_numbers_are_numbers() -> None:
    points = [[0, 1, 2]] * 21 + [[1e30, -1e30, 0]]
    assert np.array_equal(read_json(with_fields(joints=points))[1], np.array(points, np.float32))


@pytest.mark.parametrize(
    ("content", "kind", "what"),
    [
        (b"", "format", "not a PNG file"),
        (png()[:23], "format", "not a PNG file"),
        (b"x" + png(), "format", "not a PNG file"),
        (png()[:24], "format", "PNG file is cut off after 24 bytes"),
        (png()[:-1], "format", "PNG file is cut off after 41 bytes"),
        (png() + b"x" * 1000, "format", "PNG file is cut off after 1,042 bytes"),
        (png(600), "size", "600 x 1200, not 1200 x 1200"),
        (png(1200, 1199), "size", "1200 x 1199, not 1200 x 1200"),
    ],
)
def test_faults_of_a_png(content: bytes, kind: str, what: str) -> None:
    assert fault_of(check_png, content) == (kind, what)


ORIGINAL = {name: value for name, value in json.loads(CONTENTS["json"]).items() if name in list(TYPES)[:5]}


def test_a_json_of_the_original_scripts_has_five_fields() -> None:
    assert is_original(ORIGINAL)
    fields, joints = read_json(json.dumps(ORIGINAL | {"joint_names": [f"joint {n}" for n in range(22)]}).encode())
    assert (fields["caption"], len(fields)) == ("A person waving", 5)
    assert np.array_equal(joints, STANDING)
    for name in ORIGINAL:
        short = {other: value for other, value in ORIGINAL.items() if other != name}
        assert fault_of(read_json, json.dumps(short).encode()) == ("field", f"{name} is missing")


@pytest.mark.parametrize("name", list(TYPES)[5:])
def test_a_json_with_a_field_of_ours_is_not_an_original(name: str) -> None:
    content = ORIGINAL | {name: json.loads(CONTENTS["json"])[name]}
    assert not is_original(content)
    kind, what = fault_of(read_json, json.dumps(content).encode())
    assert kind == "field"
    assert what.endswith(" is missing")


def test_originals_may_have_other_floats_and_pictures_of_any_size() -> None:
    for dtype in ("<f8", ">f4", "<f2"):
        joints = read_joints(npy(STANDING.astype(dtype)), "npy", original=True)
        assert joints.dtype == np.dtype("<f4")
        assert np.array_equal(joints, STANDING.astype(dtype).astype(np.float32))
    assert fault_of(lambda content: read_npy(content, original=True), npy(np.zeros((22, 3), int)))[0] == "dtype"
    assert fault_of(lambda content: read_npy(content, original=True), npy(np.zeros((21, 3))))[0] == "shape"
    check_png(png(640, 480), original=True)
    assert fault_of(lambda content: check_png(content, original=True), png(640, 480)[:-1])[0] == "format"


@pytest.mark.parametrize(("style", "transparent"), [("mannequin", True), ("skeleton", True), ("diagram", False)])
def test_a_picture_says_how_it_is_drawn(style: str, transparent: bool) -> None:
    drawn = picture.draw(STANDING, "style", style=style, transparent=transparent)
    assert look_in(drawn) == style + " transparent" * transparent
    assert look_in(png()) is None


def test_only_originals_may_be_rounded() -> None:
    rounded, other = STANDING + np.float32(5e-6), STANDING + np.float32(1e-3)
    assert same_joints(STANDING, STANDING.copy())
    assert not same_joints(STANDING, rounded)
    assert same_joints(STANDING, rounded, original=True)
    assert not same_joints(STANDING, other, original=True)
