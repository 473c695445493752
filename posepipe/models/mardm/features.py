"""Conversion between joints and the first 67 features per frame of HumanML3D, in NumPy.

Features of a frame: [0] yaw velocity of the root, half the angle in radians to the next frame; [1:3] x and z step of
the root to the next frame in metres, in the heading of the next frame; [3] height of the root in metres; [4:67] joints
1 to 21 in metres, turned so that the person faces +Z, with x and z relative to the root and y above the ground.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from posepipe.skeleton import NUM_JOINTS

NUM_FEATURES = 4 + 3 * (NUM_JOINTS - 1)

_LEFT_HIP, _RIGHT_HIP, _LEFT_SHOULDER, _RIGHT_SHOULDER = 1, 2, 16, 17


def _turn(x: NDArray[np.floating], z: NDArray[np.floating], yaw: NDArray[np.floating]) -> NDArray[np.floating]:
    """Turn (x, z) so that +Z becomes (-sin yaw, cos yaw). Returns (..., 2)."""
    cos, sin = np.cos(yaw), np.sin(yaw)
    return np.stack((cos * x - sin * z, sin * x + cos * z), axis=-1)


def joints_from_features(features: NDArray[np.floating]) -> NDArray[np.float32]:
    """Compute joints from denormalised features.

    Parameters
    ----------
    features : (..., T, 67) float array
        Denormalised features, described in the module docstring.

    Returns
    -------
    (..., T, 22, 3) float32 array
        Metres, Y up. In the first frame the root is at x = z = 0 and the person faces +Z.
    """
    features = np.asarray(features, dtype=np.float32)
    yaw = np.zeros_like(features[..., 0])  # (..., T)
    yaw[..., 1:] = 2 * np.cumsum(features[..., :-1, 0], axis=-1)
    steps = np.zeros_like(features[..., 1:3])  # (..., T, 2)
    steps[..., 1:, :] = _turn(features[..., :-1, 1], features[..., :-1, 2], yaw[..., 1:])
    place = np.cumsum(steps, axis=-2)  # (..., T, 2)
    local = features[..., 4:].reshape(*features.shape[:-1], NUM_JOINTS - 1, 3)  # (..., T, 21, 3)
    joints = np.empty((*features.shape[:-1], NUM_JOINTS, 3), dtype=np.float32)
    joints[..., 0, 0::2] = place
    joints[..., 0, 1] = features[..., 3]
    joints[..., 1:, 0::2] = _turn(local[..., 0], local[..., 2], yaw[..., None]) + place[..., None, :]
    joints[..., 1:, 1] = local[..., 1]
    return joints


def facing(joints: NDArray[np.floating]) -> NDArray[np.float64]:
    """Compute the heading of each frame: the yaw that turns +Z to the direction in which hips and shoulders face.

    Parameters
    ----------
    joints : (..., T, 22, 3) float array
        Metres, Y up.

    Returns
    -------
    (..., T) float64 array
        Radians; 0 is towards +Z and pi / 2 towards -X. 0 where hips and shoulders give no direction.
    """
    joints = np.asarray(joints, dtype=np.float64)
    across = joints[..., _RIGHT_HIP, :] - joints[..., _LEFT_HIP, :]  # (..., T, 3)
    across = across + joints[..., _RIGHT_SHOULDER, :] - joints[..., _LEFT_SHOULDER, :]
    x, z = across[..., 2], -across[..., 0]  # Y cross across
    return np.where(np.hypot(x, z) > 1e-6, np.arctan2(-x, z), 0.0)


def features_from_joints(
    joints: NDArray[np.floating], heading: NDArray[np.floating] | None = None
) -> NDArray[np.float32]:
    """Compute features from joints; :func:`joints_from_features` is the inverse, up to the first place and heading.

    Parameters
    ----------
    joints : (..., T, 22, 3) float array
        Metres, Y up.
    heading : (..., T) float array, optional
        Yaw of each frame in radians, by default from :func:`facing`. Pass it for motions, where it should be smooth,
        and for a person who lies on the side.

    Returns
    -------
    (..., T, 67) float32 array
        Denormalised features. The last frame repeats the velocities of the frame before it (0 when T = 1).
    """
    joints = np.asarray(joints, dtype=np.float64)
    yaw = facing(joints) if heading is None else np.asarray(heading, dtype=np.float64)  # (..., T)
    root = joints[..., 0, :]  # (..., T, 3)
    features = np.zeros((*joints.shape[:-2], NUM_FEATURES))
    turned = np.diff(yaw, axis=-1)  # (..., T - 1)
    features[..., :-1, 0] = (np.mod(turned + np.pi, 2 * np.pi) - np.pi) / 2
    step = np.diff(root[..., 0::2], axis=-2)  # (..., T - 1, 2)
    features[..., :-1, 1:3] = _turn(step[..., 0], step[..., 1], -yaw[..., 1:])
    if joints.shape[-3] > 1:
        features[..., -1, :3] = features[..., -2, :3]
    features[..., 3] = root[..., 1]
    local = joints[..., 1:, :].copy()  # (..., T, 21, 3)
    local[..., 0::2] -= root[..., None, 0::2]
    local[..., 0::2] = _turn(local[..., 0], local[..., 2], -yaw[..., None])
    features[..., 4:] = local.reshape(*joints.shape[:-2], -1)
    return features.astype(np.float32)
