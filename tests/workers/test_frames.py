"""Which frame of a motion becomes the pose."""

from __future__ import annotations

import numpy as np

from posepipe.workers.frames import still_frames


def motion(*positions: float) -> np.ndarray:
    """A motion (1, frames, 22, 3) in which every joint has the same position along X in each frame."""
    joints = np.zeros((1, len(positions), 22, 3), np.float32)
    joints[..., 0] = np.array(positions, np.float32)[None, :, None]
    return joints


def test_the_frame_with_the_least_motion_before_and_after() -> None:
    assert still_frames(motion(0, 4, 7, 7.25, 7.5, 12, 16)).tolist() == [3]
    assert still_frames(motion(0, 0.25, 4, 8, 12, 16, 20)).tolist() == [0]
    assert still_frames(motion(20, 16, 12, 8, 4, 0.25, 0)).tolist() == [6]


def test_of_equal_frames_the_one_nearest_to_the_middle() -> None:
    assert still_frames(np.zeros((3, 16, 22, 3), np.float32)).tolist() == [8, 8, 8]
    assert still_frames(np.zeros((1, 5, 22, 3), np.float32)).tolist() == [2]
    assert still_frames(motion(0, 0, 0, 4, 8, 12, 12, 12)).tolist() == [6]  # 1 is further from 4
    assert still_frames(motion(5, 5, 5, 1, 5, 5, 5)).tolist() == [1]  # 1 and 5 are equally near


def test_one_joint_is_enough_and_each_motion_is_by_itself() -> None:
    motions = np.zeros((2, 8, 22, 3), np.float32)
    motions[0, :, 21, 2] = [0, 1, 2, 3, 4, 4, 4, 5]
    assert still_frames(motions).tolist() == [5, 4]
