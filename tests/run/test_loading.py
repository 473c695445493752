"""``posepipe.load``: single poses in this process, which are those of a run."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import fields
from inspect import signature
from pathlib import Path
from typing import Any

import fake_model
import numpy as np
import pytest
import torch
from fake_model import FakeModel
from runs import artifacts, run, write_captions

import posepipe
from posepipe.artifacts.pose import Pose
from posepipe.config import RunConfig
from posepipe.errors import BadShape, CheckpointNotFound, ConfigError, InputError, MachineError, NonFinitePose
from posepipe.run import loading
from posepipe.workers.devices import COMPUTING_THREADS

FAKE = "fake_model:factory"
CAPTIONS = ("A person arching back", "A person jumping", "a MAN kicks with his left leg", "Ein Mensch läuft")


def saved(poses: Sequence[Pose], folder: Path) -> dict[str, bytes]:
    """The files of some poses under the names that a run gives them."""
    folder.mkdir()
    for pose in poses:
        for extension in ("npy", "json", "png"):
            pose.save(folder / f"{pose.stem}.{extension}")
    return artifacts(folder)


def test_the_files_are_those_of_a_run_to_the_byte(tmp_path: Path) -> None:
    """With the bundled model: two seeds of work, variants, another length and frame; the solver is the student."""
    write_captions(tmp_path / "c.txt", CAPTIONS)
    options = (
        "--model small --seed 11 --variants 2 --sequence-length 24 --frame-index -2 --temperature 1 --solver student"
    )
    done = run(tmp_path, "c.txt", *options.split())
    assert done.returncode == 0, done.stderr
    model = posepipe.load(device="cpu", sequence_length=24, frame_index=-2, temperature=1, solver="student")
    together = model(CAPTIONS, seed=11, variants=2)
    assert saved(together, tmp_path / "together") == artifacts(tmp_path / "SinglePose")
    alone = [pose for caption in CAPTIONS for pose in model(caption, seed=11, variants=2)]
    assert saved(alone, tmp_path / "alone") == artifacts(tmp_path / "SinglePose")
    rows = posepipe.read_manifest(tmp_path / "manifests" / "SinglePose").set_index(["caption_id", "variant"])
    for pose in together:
        row = rows.loc[(pose.caption_id, pose.variant)]
        for name in ("caption", "stem", "flags", "settings_id", "model_fingerprint", "frame_index", "sequence_length"):
            assert pose.row[name] == row[name], name
        for name in ("height", "lowest_y", "bone_error", "temperature", "cfg"):
            assert pose.row[name] == pytest.approx(row[name]), name


def test_one_caption_gives_a_pose_and_several_give_a_list_in_order() -> None:
    model = posepipe.load(FAKE)
    one = model("A person waving")
    assert isinstance(one, Pose)
    assert one.seed == 3407
    several = model(["b", "a", "b"], seed=1, variants=2)
    assert [(pose.caption, pose.variant) for pose in several] == [(c, v) for c in "bab" for v in (0, 1)]
    assert np.array_equal(several[0].joints, several[4].joints)
    assert not np.array_equal(several[0].joints, several[1].joints)
    assert len(model("a", variants=1)) == 1
    assert model([]) == []
    assert [pose.caption for pose in model(caption for caption in "xy")] == ["x", "y"]


def test_poses_do_not_share_memory() -> None:
    first, second = posepipe.load(FAKE)(["a", "b"])
    before = second.joints.copy(), first.motion.copy()
    first.joints[:] = 0
    assert np.array_equal(second.joints, before[0])
    assert np.array_equal(first.motion, before[1])


def test_a_caption_is_read_as_a_run_reads_it() -> None:
    pose = posepipe.load(FAKE)("  1. A person   waving ")
    assert pose.caption == "A person waving"
    assert pose.stem == "waving"


@pytest.mark.parametrize(
    ("captions", "message"),
    [
        ("", 'caption "": nothing left'),
        (["A person waving", "<br>"], 'caption "<br>": nothing left'),
        ("a" * 3000, "over 2,000 characters"),
        ([3], "caption 3: give a string"),
        (3, "captions 3: give a string"),
    ],
    ids=["empty", "mark", "long", "number", "no list"],
)
def test_an_unusable_caption_is_one_line(captions: Any, message: str) -> None:
    with pytest.raises((InputError, ConfigError), match=message) as error:
        posepipe.load(FAKE)(captions)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("caption", "error"), [("a nan", NonFinitePose), ("bad shape", BadShape), ("please raise", ZeroDivisionError)]
)
def test_errors_of_the_model_are_raised(caption: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        posepipe.load(FAKE)(caption)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"model": "smal"}, "--model smal: give small"),
        ({"sequence_length": 15}, "--sequence-length 15: give a multiple of 4"),
        ({"sequence_length": "from-file"}, "there is no file here"),
        ({"seed": -1}, "--seed -1: give"),
        ({"device": "gpu"}, "device 'gpu': give 'cpu'"),
        ({"model": "fake_model:nothing"}, "fake_model has no function 'nothing'"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_an_option_that_cannot_be_used_is_one_line(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        posepipe.load(**options)


def test_variants_are_checked() -> None:
    with pytest.raises(ConfigError, match="variants 0: give a whole number from 1"):
        posepipe.load(FAKE)("a", variants=0)


def test_missing_official_weights_are_named(tmp_path: Path) -> None:
    with pytest.raises(CheckpointNotFound, match=str(tmp_path)) as error:
        posepipe.load("mardm-sit-xl", checkpoints=tmp_path)
    assert "\n" not in str(error.value)


@pytest.mark.skipif(torch.cuda.is_available(), reason="for machines without a GPU")
def test_a_gpu_that_is_not_there_is_one_line() -> None:
    with pytest.raises(MachineError, match="cuda:0: ") as error:
        posepipe.load(device="cuda")
    assert "\n" not in str(error.value)


def test_the_options_are_those_of_a_run_that_concern_the_model() -> None:
    options = {field.name: field.default for field in fields(RunConfig) if field.metadata["group"] == "model"}
    options |= {name: getattr(RunConfig(), name) for name in ("batch_size", "picture", "transparent")}
    given = {name: parameter.default for name, parameter in signature(posepipe.load).parameters.items()}
    assert given.pop("device") is None
    assert given == options


def test_each_option_reaches_the_poses(monkeypatch: pytest.MonkeyPatch) -> None:
    pose = posepipe.load(FAKE, preset="fast", cfg=2, time_steps=7, frame_index=1)("a")
    assert (len(pose.motion), pose.frame_index, pose.row["cfg"], pose.row["time_steps"]) == (8, 1, 2.0, 7)
    calls: list[dict[str, Any]] = []

    def recorded(name: str, device: str, **options: Any) -> FakeModel:
        calls.append({"name": name, "device": device, **options})
        return FakeModel()

    monkeypatch.setattr("posepipe.models.load", recorded)
    posepipe.load(
        device="cpu", solver="euler", solver_steps=3, precision="bf16", checkpoints="weights", temperature=0.7
    )
    assert calls == [
        {
            "name": "small",
            "device": "cpu",
            "solver": "euler",
            "solver_steps": 3,
            "precision": "bf16",
            "checkpoints": "weights",
            "temperature": 0.7,
        }
    ]


def test_torch_computes_with_the_threads_of_a_worker_and_gets_its_own_back(monkeypatch: pytest.MonkeyPatch) -> None:
    used: list[int] = []

    class Counting(FakeModel):
        def generate(self, *arguments: Any, **more: Any) -> Any:
            used.append(torch.get_num_threads())
            return super().generate(*arguments, **more)

    monkeypatch.setattr(fake_model, "FakeModel", Counting)
    before = torch.get_num_threads()
    torch.set_num_threads(5)
    try:
        model = posepipe.load(FAKE)
        model("a")
        with pytest.raises(ZeroDivisionError):
            model("please raise")
        assert torch.get_num_threads() == 5
    finally:
        torch.set_num_threads(before)
    assert used == [COMPUTING_THREADS] * 2


def test_loading_needs_neither_pandas_nor_dask() -> None:
    """Both take a third of a second to import, which is most of what is not torch's."""
    code = "import sys, posepipe; posepipe.load()('A person waving'); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    modules = set(done.stdout.split())
    assert "torch" in modules
    assert not modules & {"pandas", "pyarrow", "dask", "distributed", "matplotlib", "cv2", "torch._dynamo"}


def test_a_model_says_what_it_is() -> None:
    assert repr(posepipe.load(FAKE, device="cpu")) == f"<PoseModel {FAKE} on cpu, seed 3407>"
    assert loading.PoseModel.__call__.__doc__
