"""Fixtures of the training tests."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from posepipe.models import SMALL_WEIGHTS, small
from training.controls import Controls
from training.kinematics import solve
from training.variation import held


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Run torch with one thread: for tiny networks the threads cost more than they save."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture
def standing() -> Callable[..., NDArray[np.float32]]:
    """A function: frames and heading in degrees (to the left) to the motion of a person who stands."""

    def motion(frames: int, heading: float = 0.0) -> NDArray[np.float32]:
        return solve(held(Controls(heading=heading), frames, np.random.default_rng(0)), frames)

    return motion


@pytest.fixture
def mocap(tmp_path: Path, standing: Callable[..., NDArray[np.float32]]) -> Path:
    """A folder of motion capture with two clips of a person who stands."""
    folder = tmp_path / "mocap"
    folder.mkdir()
    np.savez(folder / "clips.npz", one=standing(60), two=standing(30, heading=70.0))
    with (folder / "captions.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["clip_id", "start_frame", "end_frame", "caption", "caption_source", "kind", "weak"])
        rows.writerow(["one", 0, 60, "a person waits with the left arm down", "", "window", 0])
        rows.writerow(["two", 0, 30, "a person dances salsa", "", "whole", 1])
    with (folder / "poses.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["clip_id", "frame", "caption"])
        rows.writerow(["two", 3, "a person stands turned to the left"])
    return folder


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    """A folder with the config of the bundled model."""
    folder = tmp_path / "weights"
    folder.mkdir()
    (folder / small.CONFIG).write_bytes((SMALL_WEIGHTS / small.CONFIG).read_bytes())
    return folder
