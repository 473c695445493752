"""The bytes of each artifact format."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import numpy as np
import pytest
from fake_model import STANDING
from sound_artifacts import CONFIG, row_of

from posepipe import __version__, picture
from posepipe.artifacts.decoding import read_json, read_npy
from posepipe.artifacts.encoding import WRITE_ORDER, array_bytes, artifact, pose_json
from posepipe.config import FORMATS
from posepipe.skeleton import JOINT_NAMES
from posepipe.workers.contract import RunContext


def test_json_reads_back_every_bit(context: RunContext) -> None:
    rng = np.random.default_rng(0)
    joints = rng.normal(size=(22, 3)).astype(np.float32) * np.float32(1e-3)
    row = {"caption": "é", "frame_index": 8, "model": "m", "model_fingerprint": "f", "seed": 1, "variant": 0}
    text = pose_json(joints, row | {"sequence_length": 16}, context.config)
    assert np.array_equal(np.array(json.loads(text)["joints"], dtype=np.float32), joints)
    assert "é" in text
    stream = io.BytesIO()
    np.save(stream, joints)
    assert len(stream.getvalue()) == 392


def test_the_json_is_written_first() -> None:
    assert WRITE_ORDER[0] == "json"
    assert sorted(WRITE_ORDER) == sorted(FORMATS)


def test_an_npy_is_what_numpy_writes() -> None:
    stream = io.BytesIO()
    np.save(stream, STANDING)
    content = artifact("npy", STANDING, row_of("A person waving"), CONFIG)
    assert content == stream.getvalue()
    assert np.array_equal(read_npy(content), STANDING)


def test_the_fields_of_the_json_and_their_order() -> None:
    row = row_of("A person waving", 2, seed=2**40, sequence_length=24, frame_index=12)
    content = artifact("json", STANDING, row, CONFIG)
    fields = json.loads(content)
    assert list(fields) == [
        *("caption", "frame_index", "num_joints", "joints", "joint_names", "model", "model_fingerprint", "seed"),
        *("variant", "settings", "posepipe_version"),
    ]
    assert (fields["caption"], fields["num_joints"], fields["joint_names"]) == (
        "A person waving",
        22,
        list(JOINT_NAMES),
    )
    for name in ("frame_index", "model", "model_fingerprint", "seed", "variant"):
        assert fields[name] == row[name]
    assert fields["posepipe_version"] == __version__
    settings = CONFIG.pose_settings(24)
    assert fields["settings"] == {name: settings[name] for name in settings if name not in ("model", "seed")}
    assert (fields["settings"]["sequence_length"], fields["settings"]["frame_index"]) == (24, 12)
    assert content.endswith(b"}\n")
    assert np.array_equal(read_json(content)[1], STANDING)


def test_numbers_are_as_short_as_they_can_be() -> None:
    joints = np.full((22, 3), np.float32(0.1))
    assert "[[0.1, 0.1, 0.1], " in pose_json(joints, row_of("x"), CONFIG)


@pytest.mark.parametrize("caption", ["A person", 'a "quoted" {caption}\\ \n', "人 é \u2028"])
def test_the_json_is_what_json_dumps_writes(caption: str) -> None:
    numbers = np.random.default_rng(0).normal(size=66).astype(np.float32)
    numbers[:20] = np.float32(10.0) ** np.arange(-12, 28, 2)
    numbers[20:30] = [0, -0.0, 1e16, 9.999999e15, 1e-4, 9.9999e-5, 3.4028235e38, 1e-45, 9999999, -1.5]
    joints = numbers.reshape(22, 3)
    text = pose_json(joints, row_of(caption), CONFIG)
    plain = json.loads(text) | {"joints": [[float(str(value)) for value in joint] for joint in joints]}
    assert text == json.dumps(plain, ensure_ascii=False) + "\n"
    assert np.array_equal(np.array(json.loads(text)["joints"], np.float32), joints)


@pytest.mark.parametrize("shape", [(22, 3), (16, 22, 3), (196, 22, 3)])
def test_an_array_is_what_numpy_writes(shape: tuple[int, ...]) -> None:
    array = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    for each in (array, np.asfortranarray(array)):
        stream = io.BytesIO()
        np.save(stream, np.ascontiguousarray(each))
        assert array_bytes(each) == stream.getvalue()


def test_a_picture_is_drawn_with_caption_model_and_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[object] = []

    def draw(*given: object, **named: object) -> bytearray:
        drawn.extend([*given, named])
        return bytearray(b"picture")

    monkeypatch.setattr(picture, "draw", draw)
    content = artifact("png", STANDING, row_of("A person waving"), CONFIG)
    assert (content, type(content)) == (b"picture", bytes)
    assert drawn[0] is STANDING
    how = {"style": "mannequin", "transparent": False}
    assert drawn[1:] == ["A person waving", {"model": CONFIG.model, "seed": 7, **how}]
    artifact("png", STANDING, row_of("A person waving"), replace(CONFIG, picture="skeleton", transparent=True))
    assert drawn[-1] == {"model": CONFIG.model, "seed": 7, "style": "skeleton", "transparent": True}
