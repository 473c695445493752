"""Random variation: no two examples of a pose are equal, and a held pose moves a little."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from training.controls import Arm, Controls, Leg, Number, copied

_SPREAD: dict[type, dict[str, float]] = {
    Controls: {
        "pitch": 1.5, "roll": 1.0, "turn": 2.0, "flex": 2.5, "bend": 1.5, "twist": 2.0, "nod": 4.0,
        "turn_head": 4.0, "tilt": 2.5, "heading": 4.0, "height": 0.01, "weight": 0.08,
        "sway_x": 0.008, "sway_z": 0.008,
    },
    Arm: {
        "elevation": 3.5, "azimuth": 5.0, "elbow": 4.0, "rotation": 5.0, "shrug": 2.0, "protract": 2.0,
    },
    Leg: {
        "flexion": 2.5, "abduction": 1.5, "rotation": 3.0, "knee": 2.5, "ankle": 3.0, "x": 0.012, "z": 0.015,
        "toe_out": 4.0, "heel": 0.0, "knee_out": 0.05,
    },
}  # fmt: skip
"""Standard deviation of the random variation of each control: degrees; metres for height, sway, x and z."""

_REACH_SPREAD: Final = 0.012
"""Standard deviation in metres of a target that a wrist reaches."""

_INDEPENDENT_SHARE: Final = 0.3
"""With support "lowest", the share of the variation that is independent for left and right. The rest is equal, so that
both limbs stay on the ground."""

_CUT: Final = 2
"""Random variation is cut at so many standard deviations."""

_DRIFT_SPEEDS: Final = (0.15, 0.5)
"""Range of frequencies in hertz at which a held pose drifts."""

_SWAY: Final = 0.004
"""Amplitude in metres of the sway of a person standing."""

_TIPPED_OVER: Final = 45
"""Degrees of pitch beyond which a body with support "lowest" rests on its arms."""


def jittered(controls: Controls, rng: np.random.Generator, amount: float = 1.0) -> Controls:
    """Return controls with random variation added to every number.

    Parameters
    ----------
    controls : Controls
    rng : numpy Generator
    amount : float
        1 varies angles by about 3 degrees and feet by about 1 cm (standard deviation).
    """

    shared: dict[type, NDArray[np.float64]] = {}

    def moved(part: Controls | Arm | Leg) -> dict[str, Number]:
        spread = _SPREAD[type(part)]
        noise = rng.standard_normal(len(spread))
        if controls.support == "lowest":
            common = shared.setdefault(type(part), noise)
            noise = common + _INDEPENDENT_SHARE * (noise - common)
        noise = np.clip(noise, -_CUT, _CUT) * amount
        return {
            name: getattr(part, name) + width * float(draw)
            for (name, width), draw in zip(spread.items(), noise, strict=True)
        }

    out = copied(controls, **moved(controls))
    for name in ("left_arm", "right_arm"):
        arm: Arm = getattr(controls, name)
        new = copied(arm, **moved(arm))
        if arm.reach is not None:
            shift = np.clip(rng.standard_normal(3), -_CUT, _CUT) * _REACH_SPREAD * amount
            new.reach = arm.reach.moved(*(float(part) for part in shift))
        setattr(out, name, new)
    for name in ("left_leg", "right_leg"):
        leg: Leg = getattr(controls, name)
        setattr(out, name, copied(leg, **moved(leg)))
    return out


def held(controls: Controls, frames: int, rng: np.random.Generator, fps: float = 20.0) -> Controls:
    """Return controls of a pose that is held: breathing and a slow sway.

    Planted feet and limbs that carry the body do not move. The middle frame is the pose itself.

    Parameters
    ----------
    controls : Controls
    frames : int
    rng : numpy Generator
    fps : float
        Frames per second.

    Returns
    -------
    Controls
        Trunk, head and arms are (frames,) arrays.
    """
    time = np.arange(frames) / fps

    def drift(width: float) -> NDArray[np.float64]:
        speed = rng.uniform(*_DRIFT_SPEEDS, 2)
        phase = rng.uniform(0, 2 * np.pi, 2)
        size = width * rng.uniform(0.4, 1.0, 2)
        curve = (size[:, None] * np.sin(2 * np.pi * speed[:, None] * time + phase[:, None])).sum(0)
        return np.asarray(curve - curve[frames // 2])

    rests_on_arms = controls.level is not None or (
        controls.support == "lowest" and abs(float(np.mean(controls.pitch))) > _TIPPED_OVER
    )
    trunk = 0.0 if rests_on_arms else 1.0
    out = copied(controls)
    out.flex = controls.flex + drift(0.8 * trunk)
    out.bend = controls.bend + drift(0.5 * trunk)
    out.twist = controls.twist + drift(0.7 * trunk)
    out.nod = controls.nod + drift(1.5)
    out.turn_head = controls.turn_head + drift(1.5)
    if controls.support == "feet":
        out.sway_x = controls.sway_x + drift(_SWAY)
        out.sway_z = controls.sway_z + drift(_SWAY)
    for name in ("left_arm", "right_arm"):
        arm: Arm = getattr(controls, name)
        elevation, elbow = arm.elevation + drift(1.5 * trunk), arm.elbow + drift(1.5 * trunk)
        setattr(out, name, copied(arm, elevation=elevation, elbow=elbow, shrug=arm.shrug + drift(0.8 * trunk)))
    return out
