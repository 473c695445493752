"""The first stage without a cluster: batches, settings, and errors down to the single caption."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from fake_model import STANDING, FakeModel
from stages import State, work

from posepipe.config import RunConfig
from posepipe.errors import ConfigError
from posepipe.models.base import BulkModel
from posepipe.workers import infer
from posepipe.workers.batches import OWN_MODEL_BATCH
from posepipe.workers.contract import POSE_COLUMNS, REDRAW, RunContext, pose_meta, pose_seed
from posepipe.workers.infer import infer_partition


class Recorder(FakeModel):
    """A model of the user's own that records how it is called and gives an array of the test's choice."""

    def __init__(self, answer: Callable[[int, int], Any] | None = None) -> None:
        self.calls: list[tuple[list[str], list[int], dict[str, Any]]] = []
        self._answer = answer

    def generate(self, captions: Any, seeds: Any, **more: Any) -> Any:
        self.calls.append((list(captions), list(seeds), more))
        if self._answer is not None:
            return self._answer(len(captions), more["sequence_length"])
        return super().generate(captions, seeds, **more)


class Bulk(FakeModel):
    """A model with the interface of the built-in ones."""

    default_cfg = 1.0

    def __init__(self, lengths: Sequence[int] = (), bone_lengths: Any = None) -> None:
        self.bone_lengths = bone_lengths
        self._lengths = lengths
        self.calls: list[tuple[list[str], dict[str, Any]]] = []
        self.prepared: list[str] = []
        self.estimated: list[int] = []

    def prepare(self, captions: Sequence[str]) -> None:
        self.prepared = list(captions)
        if "bad" in captions:
            raise UnicodeError("no such token")

    def unsure(self, captions: Sequence[str]) -> Any:
        return np.array(["odd" in caption for caption in captions])

    def estimate_lengths(self, captions: Sequence[str], seeds: Sequence[int]) -> Any:
        assert self._lengths, "a length was given"
        self.estimated = list(seeds)
        return np.array(self._lengths[: len(captions)])

    def automatic_batch_size(self, sequence_length: int) -> int:
        return 48 // sequence_length

    def generate_motions(self, captions: Any, seeds: Any, *, batch_size: int, **more: Any) -> Any:
        assert set(captions) <= set(self.prepared)
        self.calls.append((list(captions), {"batch_size": batch_size, **more}))
        return self.generate(captions, seeds, **more)


def test_batches_have_the_size_asked_for_and_one_length(context: RunContext) -> None:
    frame = work([f"t {i}" for i in range(9)])
    frame.loc[:2, "length"] = 8
    state = State()
    infer_partition(frame, context, state)
    assert [len(keys) for keys in state.keys] == [9, 3, 4, 2]  # all of them while the captions are prepared


def test_suspects_in_small_pieces_get_the_same_poses(context: RunContext) -> None:
    frame = work([f"t {i}" for i in range(9)])
    state = State()
    pieces = infer_partition(frame, context, state, at_most=2)
    assert [len(keys) for keys in state.keys] == [9, 2, 2, 2, 2, 1]
    assert list(pieces["joints"]) == list(infer_partition(frame, context, State())["joints"])
    assert set(pieces["batch_size"]) == {4}


def test_a_lost_device_ends_the_worker_and_fails_nobody(context: RunContext) -> None:
    class Lost(FakeModel):
        def generate(self, captions: Any, seeds: Any, **more: Any) -> Any:
            raise RuntimeError("CUDA error: an illegal memory access was encountered")

    with pytest.raises(SystemExit, match="illegal memory access"):
        infer_partition(work(["a", "b"]), context, State(Lost()))


def test_a_caption_that_cannot_be_prepared_fails_alone(context: RunContext) -> None:
    model = Bulk()
    assert isinstance(model, BulkModel)
    poses = infer_partition(work(["a", "b", "bad", "c", "d"]), context, State(model))
    assert list(poses["error_type"]) == [None, None, "UnicodeError", None, None]
    assert poses["joints"].notna().sum() == 4


def test_out_of_gpu_memory_halves_the_batch_then_fails_the_one(tmp_path: Path) -> None:
    class Small(FakeModel):
        """Room for two captions; none for a long one."""

        def generate(self, captions: Any, seeds: Any, **more: Any) -> Any:
            if len(captions) > 2 or "long" in captions:
                raise torch.cuda.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")
            sizes.append(len(captions))
            return super().generate(captions, seeds, **more)

    sizes: list[int] = []
    config = RunConfig(text_path="x", model="fake_model:factory", cfg=2.0, batch_size=8, temp_dir=str(tmp_path))
    context = RunContext(config, "run", "fake-1")
    texts = ["a", "b", "c", "d", "e", "f", "long", "g"]
    poses = infer_partition(work(texts), context, State(Small())).set_index("caption")
    assert poses["error_type"].dropna().to_dict() == {"long": "OutOfMemory"}
    assert "CUDA out of memory" in poses.loc["long", "error"]
    assert sizes == [2, 2, 2, 1]


def test_a_model_is_called_with_the_settings_and_the_seed_of_each_pose(context: RunContext) -> None:
    model = Recorder()
    frame = work(["a", "b"])
    frame.loc[1, "variant"] = 2
    infer_partition(frame, replace(context, config=replace(context.config, seed=7)), State(model))
    [(captions, seeds, more)] = model.calls
    assert captions == ["a", "b"]
    ids = list(frame["caption_id"])
    assert seeds == [pose_seed(7, ids[0], 0), pose_seed(7, ids[1], 2)]
    assert more == {"sequence_length": 16, "time_steps": context.config.time_steps, "cfg": 2.0}


@pytest.mark.parametrize(("frame_index", "picked"), [(-1, 8), (-2, 15), (3, 3)])
def test_the_frame_of_the_options_becomes_the_pose(context: RunContext, frame_index: int, picked: int) -> None:
    def numbered(count: int, length: int) -> Any:
        motions = np.zeros((count, length, 22, 3), np.float64)
        motions += np.arange(length)[None, :, None, None] + 100 * np.arange(count)[:, None, None, None]
        return motions

    chosen = replace(context, config=replace(context.config, frame_index=frame_index))
    poses = infer_partition(work(["a", "b"]), chosen, State(Recorder(numbered)))
    joints = [np.frombuffer(content, np.float32) for content in poses["joints"]]
    assert [(len(numbers), set(numbers.tolist())) for numbers in joints] == [(66, {picked}), (66, {100.0 + picked})]
    assert list(poses["frame_index"]) == [picked] * 2


def test_the_stillest_frame_is_found_for_each_motion(context: RunContext) -> None:
    def jumping(count: int, length: int) -> Any:
        motions = np.zeros((count, length, 22, 3), np.float32)
        motions[0, :, :, 0] = np.minimum(np.arange(length), 3)[:, None]  # stops after the fourth frame
        motions[1, :, :, 0] = np.maximum(np.arange(length), 2)[:, None]  # begins with the third
        return motions

    still = replace(context, config=replace(context.config, frame_index="still"))
    poses = infer_partition(work(["a", "b"]), still, State(Recorder(jumping)))
    assert list(poses["frame_index"]) == [8, 1]
    assert [np.frombuffer(content, np.float32)[0] for content in poses["joints"]] == [3.0, 2.0]


def test_a_built_in_model_gets_the_batch_size(context: RunContext) -> None:
    reference = np.arange(22, dtype=np.float32)
    model = Bulk(bone_lengths=reference)
    assert isinstance(model, BulkModel)
    auto = replace(context, config=replace(context.config, batch_size="auto"))
    poses = infer_partition(work(["a", "odd", "c", "d"]), auto, State(model))
    assert [captions for captions, _ in model.calls] == [["a", "odd", "c"], ["d"]]
    settings = {"sequence_length": 16, "time_steps": context.config.time_steps, "cfg": 2.0}
    assert all(more == {"batch_size": 3, **settings} for _, more in model.calls)
    assert list(poses["unsure"]) == [False, True, False, False]
    assert set(poses["bone_reference"]) == {reference.tobytes()}
    assert set(poses["batch_size"]) == {3}


def test_lengths_are_estimated_where_the_options_say_so(context: RunContext) -> None:
    model = Bulk(lengths=[24, 8, 24])
    frame = work(["a", "b", "c"], length=0)
    estimated = replace(context, config=replace(context.config, sequence_length="estimate"))
    poses = infer_partition(frame, estimated, State(model))
    assert list(poses["length"]) == [24, 8, 24]
    assert [(captions, more["sequence_length"]) for captions, more in model.calls] == [(["b"], 8), (["a", "c"], 24)]
    assert model.estimated == [pose_seed(3407, name, 0) for name in frame["caption_id"]]
    with pytest.raises(ConfigError, match="no length estimator"):
        infer_partition(frame, estimated, State())


def test_a_model_of_the_users_own_gets_the_default_batch_size(context: RunContext) -> None:
    model = Recorder()
    auto = replace(context, config=replace(context.config, batch_size="auto"))
    poses = infer_partition(work([f"t {i}" for i in range(OWN_MODEL_BATCH + 1)]), auto, State(model))
    assert [len(captions) for captions, _, _ in model.calls] == [OWN_MODEL_BATCH, 1]
    assert set(poses["batch_size"]) == {OWN_MODEL_BATCH}
    assert set(poses["unsure"]) == {None}


@pytest.mark.parametrize(
    "answer",
    [
        lambda count, length: np.zeros((count, length, 22, 3), np.int64),
        lambda count, length: np.zeros((count, 22, 3), np.float32),
        lambda count, length: np.zeros((count, length + 1, 22, 3), np.float32),
        lambda count, length: np.zeros((count + 1, length, 22, 3), np.float32),
        lambda count, length: [],
    ],
)
def test_an_array_of_another_shape_or_type_is_an_error_of_each_caption(context: RunContext, answer: Any) -> None:
    poses = infer_partition(work(["a", "b"]), context, State(Recorder(answer)))
    assert list(poses["error_type"]) == ["BadShape"] * 2
    assert "not float32 (1, 16, 22, 3)" in poses["error"].iloc[0]
    assert poses["joints"].isna().all()


def test_only_the_caption_with_infinite_joints_fails(context: RunContext) -> None:
    def answer(count: int, length: int) -> Any:
        motions = np.tile(STANDING, (count, length, 1, 1))
        if "b" in model.calls[-1][0]:
            motions[:2, 8, 3, 1] = np.inf
        return motions

    model = Recorder(answer)
    poses = infer_partition(work(["a", "b", "c"]), context, State(model))
    assert [captions for captions, _, _ in model.calls] == [["a", "b", "c"], ["a"], ["b"]]
    assert list(poses["error_type"]) == [None, "NonFinitePose", None]
    assert list(poses["joints"].notna()) == [True, False, True]


def test_a_failing_batch_is_halved_in_the_order_of_its_captions(context: RunContext) -> None:
    model = Recorder()
    big = replace(context, config=replace(context.config, batch_size=8))
    poses = infer_partition(work(["a", "b", "c", "please raise", "e", "f", "g"]), big, State(model))
    assert ["".join(caption[0] for caption in captions) for captions, _, _ in model.calls] == [
        *("abcpefg", "abc", "pefg", "pe", "p", "e", "fg")
    ]
    assert list(poses["error_type"]) == [None] * 3 + ["ZeroDivisionError"] + [None] * 3
    assert set(poses["batch_size"]) == {8}
    assert (poses["seconds"] > 0).all()
    assert poses["seconds"].nunique() == 1
    assert poses["started_at"].nunique() == 1


def test_out_of_memory_halves_the_size_of_the_batch(context: RunContext) -> None:
    class Narrow(Bulk):
        def generate_motions(self, captions: Any, seeds: Any, *, batch_size: int, **more: Any) -> Any:
            sizes.append((len(captions), batch_size))
            if batch_size > 1:
                raise MemoryError("too wide")
            return super().generate_motions(captions, seeds, batch_size=batch_size, **more)

    sizes: list[tuple[int, int]] = []
    model = Narrow()
    poses = infer_partition(work(["a", "b", "c"]), context, State(model))
    assert poses["error_type"].isna().all()
    assert sizes == [(3, 4), (2, 2), (1, 1), (1, 1), (1, 2), (1, 1)]
    assert [captions for captions, _ in model.calls] == [["a"], ["b"], ["c"]]


def test_out_of_memory_with_one_caption_says_so_and_keeps_the_traceback(context: RunContext) -> None:
    poses = infer_partition(
        work(["please oom"]), replace(context, config=replace(context.config, batch_size=1)), State()
    )
    assert poses["error"].iloc[0] == "out of memory with a single caption: asked to be out of memory"
    assert "in _motion" in poses["traceback"].iloc[0]


def test_a_pose_that_lacks_only_a_format_goes_through_without_the_model(context: RunContext) -> None:
    class NoModel(State):
        def model(self) -> Any:
            raise AssertionError("no model is needed")

    state = NoModel()
    poses = infer_partition(work(["a"], mode=REDRAW), context, state)
    assert poses["joints"].isna().all()
    assert list(poses["worker"]) == ["cpu0"]
    assert list(poses["device"]) == ["cpu"]
    assert (state.keys, state.events) == ([], [])


def test_rows_keep_their_order_and_get_all_columns(context: RunContext) -> None:
    frame = work(["a", "b", "c"])
    frame["length"] = [24, 8, 16]
    poses = infer_partition(frame, context, State())
    assert list(poses.columns) == list(pose_meta().columns)
    assert list(poses["caption"]) == ["a", "b", "c"]
    assert set(POSE_COLUMNS) < set(poses.columns)
    assert list(poses["length"]) == [24, 8, 16]


def test_events_say_how_many_poses_were_made_since_the_last(
    context: RunContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = ["a", "b nan", "c", "d", "e"]
    two = replace(context, config=replace(context.config, batch_size=2))
    state = State()
    infer_partition(work(texts), two, state)
    assert state.events == [{"joints": 4, "caption": "e"}]
    monkeypatch.setattr(infer, "PROGRESS_SECONDS", -1.0)
    state = State()
    infer_partition(work(texts), two, state)
    assert state.events == [{"joints": n, "caption": c} for n, c in ((1, "b nan"), (2, "d"), (1, "e"))]
    state = State()
    infer_partition(work(["a nan"]), context, state)
    assert [event["joints"] for event in state.events] == [0]


def test_poses_in_flight_are_named_by_id_and_variant(context: RunContext) -> None:
    state = State()
    frame = work(["a", "b"])
    frame.loc[1, "variant"] = 3
    infer_partition(frame, context, state)
    ids = list(frame["caption_id"])
    assert state.keys == [[f"{ids[0]}:0", f"{ids[1]}:3"]] * 2


def test_settings_that_were_not_resolved_are_an_error_of_the_program(context: RunContext) -> None:
    poses = infer_partition(work(["a"]), replace(context, config=replace(context.config, cfg=None)), State())
    assert list(poses["error_type"]) == ["TypeError"]
