"""A pose in memory: what it says about itself, what it shows in a notebook, and the files that it saves."""

from __future__ import annotations

import copy
import json
import pickle
from pathlib import Path

import numpy as np
import pytest

import posepipe
from posepipe.artifacts.decoding import check_png, read_json, read_npy
from posepipe.artifacts.pose import Pose
from posepipe.errors import ConfigError, MachineError, PoseError


@pytest.fixture(scope="module")
def pose() -> Pose:
    return posepipe.load("fake_model:factory")("A person arching back", seed=5, variants=2)[1]


def test_attributes_are_the_columns_of_the_manifest(pose: Pose) -> None:
    assert pose.caption == "A person arching back"
    assert pose.caption_id == pose.row["caption_id"] == "5963ff42009689ec"
    assert (pose.seed, pose.variant, pose.model) == (5, 1, "fake_model:factory")
    assert (pose.frame_index, pose.stem, pose.flags) == (8, "arching_back__v1", "bones")
    assert pose.joints.dtype == pose.motion.dtype == np.float32
    assert np.array_equal(pose.motion[pose.frame_index], pose.joints)


def test_its_text_is_short_even_for_a_long_caption(pose: Pose) -> None:
    assert repr(pose) == "<Pose 'A person arching back': frame 8 of 16, seed 5, variant 1, flags 'bones'>"
    assert len(repr(posepipe.load("fake_model:factory")("A person " + "very " * 200 + "tall"))) < 150


@pytest.mark.parametrize("name", ["a.npy", "a.NPY", "a.b.npy"])
def test_npy(pose: Pose, tmp_path: Path, name: str) -> None:
    pose.save(tmp_path / name)
    assert np.array_equal(read_npy((tmp_path / name).read_bytes()), pose.joints)


def test_json_and_png(pose: Pose, tmp_path: Path) -> None:
    pose.save(str(tmp_path / "a.json"))
    fields, joints = read_json((tmp_path / "a.json").read_bytes())
    assert np.array_equal(joints, pose.joints)
    assert (fields["seed"], fields["variant"], fields["settings"]["sequence_length"]) == (5, 1, 16)
    pose.save(tmp_path / "a.png")
    check_png((tmp_path / "a.png").read_bytes())


def test_saving_replaces_a_file_and_leaves_nothing_else(pose: Pose, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("old")
    pose.save(tmp_path / "a.json")
    assert json.loads((tmp_path / "a.json").read_text())["caption"] == pose.caption
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


@pytest.mark.parametrize("name", ["a.fbx", "a", ".npy", "npy"])
def test_an_unknown_extension_names_those_that_exist(pose: Pose, tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match=r"extension names no format; give .*\.npy") as error:
        pose.save(tmp_path / name)
    assert "\n" not in str(error.value)
    assert not list(tmp_path.iterdir())


def test_a_missing_folder_is_one_line(pose: Pose, tmp_path: Path) -> None:
    with pytest.raises(MachineError, match=r"nowhere/a\.npy: cannot be written \(No such file"):
        pose.save(tmp_path / "nowhere" / "a.npy")


def test_a_notebook_shows_the_picture_at_a_moderate_size(pose: Pose) -> None:
    check_png(pose._repr_png_())
    data, metadata = pose._repr_mimebundle_()
    assert data["image/png"] == pose._repr_png_()
    assert data["text/plain"] == repr(pose)
    assert metadata["image/png"]["width"] == 480


def test_it_is_drawn_in_any_style_and_from_any_side(pose: Pose, tmp_path: Path) -> None:
    assert pose.draw() == pose.encoded("png")
    assert pose.draw("mannequin") == pose.draw(), "the default"
    drawn = {pose.draw(style) for style in ("mannequin", "diagram", "skeleton")}
    assert len({*drawn, pose.draw(azimuth=200), pose.draw(elevation=60)}) == 5
    vector = pose.draw(azimuth=200, format="svg")
    assert vector._repr_svg_().startswith("<svg")
    pose.save(tmp_path / "a.svg")
    assert (tmp_path / "a.svg").read_text() == pose.draw(format="svg")
    with pytest.raises(PoseError, match="elevation"):
        pose.draw(elevation=100)


def test_the_style_of_load_is_that_of_its_pictures() -> None:
    pose = posepipe.load("fake_model:factory", picture="skeleton", transparent=True)("A person bowing")
    assert pose.encoded("png") == pose.draw() == pose.draw("skeleton", transparent=True)
    assert pose.draw("skeleton") != pose.draw(), "a style that is asked for has a background"


def test_a_pose_can_be_pickled_and_copied(pose: Pose) -> None:
    for other in (pickle.loads(pickle.dumps(pose)), copy.deepcopy(pose)):
        assert np.array_equal(other.joints, pose.joints)
        assert other._repr_png_() == pose._repr_png_()
