"""Make docs/joints.png: a person facing the viewer, with index and name of each joint.

python docs/joints.py
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from posepipe.picture import brush, camera, colours, png, typesetting
from posepipe.picture.scene import DOTS_PER_INCH
from posepipe.skeleton import BONE_LENGTHS, CHAINS, JOINT_NAMES, NUM_JOINTS, PARENTS

DIRECTIONS = {
    "hip": (1, -0.8, 0),
    "knee": (0.12, -1, 0),
    "ankle": (0.08, -1, 0),
    "foot": (0.5, -0.35, 1),
    "collar": (1, 1.1, 0),
    "shoulder": (1, 0, 0),
    "elbow": (0.9, -1, 0),
    "wrist": (0.7, -1, 0),
}
"""Direction of each bone on the left side, by its outer joint; bones of the trunk point up."""

TOP, BOTTOM, LEFT, RIGHT = 306, 1030, 30, 990
"""The part of the picture to keep, in pixels."""

SIZE, STEP, COLUMN = 19, 40, 280


def standing() -> NDArray[np.float64]:
    """Joints of a person with arms stretched out, turned to the camera."""
    joints = np.zeros((NUM_JOINTS, 3))
    for joint in range(1, NUM_JOINTS):
        side, _, part = JOINT_NAMES[joint].partition("_")
        direction = np.array(DIRECTIONS.get(part, (0, 1, 0)), dtype=np.float64)
        direction *= BONE_LENGTHS[joint] / np.linalg.norm(direction)
        joints[joint] = joints[PARENTS[joint]] + direction * (-1 if side == "right" else 1, 1, 1)
    joints[:, 1] -= joints[:, 1].min()
    sine, cosine = 0.5, np.sqrt(0.75)
    turned = np.array(((cosine, 0, -sine), (0, 1, 0), (sine, 0, cosine)))
    return np.asarray(joints @ turned)


def label(pixels: typesetting.Pixels, joints: list[int], spots: NDArray[np.int_], rightward: bool) -> None:
    """Write a column of names beside the person, each with a line to its joint."""
    limb_of = {joint: limb for limb, chain in CHAINS.items() for joint in chain[1:]} | {0: "spine"}
    x = round(camera.ORIGIN[0]) + (COLUMN if rightward else -COLUMN)
    middle = (TOP + BOTTOM) // 2
    for place, joint in enumerate(sorted(joints, key=lambda joint: spots[joint, 1])):
        y = middle + round(STEP * 1.5 * (place - (len(joints) - 1) / 2))
        line = typesetting.cut(f"{joint}  {JOINT_NAMES[joint]}", SIZE, 300)
        start = x + 8 if rightward else x - 8 - line.width
        typesetting.write(pixels, line, start, y + 6, colours.mix(colours.LIMBS[limb_of[joint]], colours.INK, 0.25))
        cv2.line(pixels, (x, y), spots[joint].tolist(), colours.RULER, 1, cv2.LINE_AA)


def main() -> None:
    joints = standing()
    _, pixels = png.blank_rows(camera.SIZE, camera.SIZE)
    pixels[:] = 255
    brush.paint(pixels, joints, 1.0)
    spots = np.rint(camera.project(joints)[0]).astype(int)
    sides = {
        True: [joint for joint, name in enumerate(JOINT_NAMES) if name.startswith("left")] + [3, 9, 15],
        False: [joint for joint, name in enumerate(JOINT_NAMES) if name.startswith("right")] + [0, 6, 12],
    }
    for rightward, column in sides.items():
        label(pixels, column, spots, rightward)
    rows, kept = png.blank_rows(BOTTOM - TOP, RIGHT - LEFT)
    kept[:] = pixels[TOP:BOTTOM, LEFT:RIGHT]
    Path(__file__).with_suffix(".png").write_bytes(png.encode(rows, DOTS_PER_INCH, {"Software": "posepipe"}))


if __name__ == "__main__":
    main()
