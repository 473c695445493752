"""Poses for tests of pictures, and masks of the limbs in a picture."""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from posepipe.picture import camera
from posepipe.skeleton import BONE_LENGTHS, CHAINS, JOINT_NAMES, PARENTS

Pose = NDArray[np.float64]
Pixels = NDArray[np.uint8]

JOINT = {name: number for number, name in enumerate(JOINT_NAMES)}


def pose(**directions: tuple[float, float, float]) -> Pose:
    """A T-pose in which some bones, named by their outer joint, have other directions; the lowest joint is at y = 0."""
    usual = {"spine": (0, 1, 0), "leg": (0, -1, 0), "right_arm": (-1, 0, 0), "left_arm": (1, 0, 0)}
    joints = np.zeros((22, 3))
    for limb, chain in CHAINS.items():
        for joint in chain[1:]:
            name = JOINT_NAMES[joint]
            along = usual.get(limb) or usual[limb.rpartition("_")[2]]
            if name.endswith("_foot"):
                along = (0, 0, 1)
            if name.endswith("_hip"):
                along = (1 if name.startswith("left") else -1, -0.8, 0)
            if name.endswith("_collar"):
                along = (1 if name.startswith("left") else -1, 1.2, 0)
            direction = np.array(directions.get(name, along), dtype=float)
            direction *= BONE_LENGTHS[joint] / np.linalg.norm(direction)
            joints[joint] = joints[PARENTS[joint]] + direction
    joints[:, 1] -= joints[:, 1].min()
    return joints


SPREAD = pose(
    right_elbow=(-0.5, 1, 0),
    right_wrist=(-0.3, 1, 0),
    left_elbow=(1, -0.2, 0),
    left_wrist=(1, -0.4, 0.2),
    right_knee=(-0.9, -1, 0),
    right_ankle=(-0.7, -1, 0),
    left_knee=(0.2, -1, 0),
)
"""Right arm up, left arm out, right leg to the side, so that no limb hides another."""


def pixels_of(png: bytes) -> Pixels:
    with Image.open(io.BytesIO(png)) as image:
        return np.asarray(image.convert("RGB"))


def limb_masks(pixels: Pixels) -> dict[str, NDArray[np.bool_]]:
    """Masks of the pixels inside the frame that have the hue of each limb."""
    left, top, right, bottom = map(int, camera.FRAME)
    part = pixels[top:bottom, left:right].astype(float)
    high, low = part.max(axis=-1), part.min(axis=-1)
    spread = np.maximum(high - low, 1e-9)
    red, green, blue = np.moveaxis(part, -1, 0)
    hue = np.where(
        high == red,
        (green - blue) / spread % 6,
        np.where(high == green, (blue - red) / spread + 2, (red - green) / spread + 4),
    )
    hue = hue * 60 % 360
    strong = (spread > 60) & (spread > 0.3 * high)
    bands = {"right_leg": (352, 20), "right_arm": (22, 18), "left_arm": (184, 16), "left_leg": (205, 17)}
    masks = {limb: strong & ((hue - begin) % 360 < width) for limb, (begin, width) in bands.items()}
    masks["spine"] = (spread < 24) & (high < 112)
    masks["spine"][:, :420] = masks["spine"][:, 550:] = masks["spine"][720:] = (
        False  # the text at the ruler has the same grey
    )
    whole = {}
    for limb, mask in masks.items():
        whole[limb] = np.zeros(pixels.shape[:2], dtype=bool)
        whole[limb][top:bottom, left:right] = mask
    return whole
