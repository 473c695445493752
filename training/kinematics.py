"""Joints from controls: forward kinematics on the fixed skeleton, inverse kinematics for hands and feet, ground.

All steps work on whole motions: a control is a float or one value per frame, vectors are (frames, 3) or (1, 3). Metres;
y is up, z is where the feet point, x is to the person's left. The heading is applied last.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from posepipe.skeleton import BONE_LENGTHS, JOINT_NAMES
from training.controls import Arm, Controls, Leg, Number
from training.landmarks import Target
from training.vectors import Floats, apply, column, turned, two_bones, unit

INDEX: Final = {name: number for number, name in enumerate(JOINT_NAMES)}

_REST_DIRECTIONS: Final = {
    "left_hip": (0.5805, -0.8003, -0.1503),
    "spine1": (0.0, 0.9556, -0.2947),
    "spine2": (0.0, 0.9818, 0.1901),
    "spine3": (0.0, 0.9987, 0.0505),
    "neck": (0.0, 0.9879, -0.1550),
    "left_collar": (0.5411, 0.8265, -0.1552),
    "left_shoulder": (0.9299, 0.3401, -0.1398),
    "head": (0.0, 0.8712, 0.4909),
}
"""Bone directions of a person in a T-pose: the mean of the motion-capture clip POSE_tpose (Mesh2Motion, CC0), averaged
over left and right. At rest, arms and legs hang straight down."""

FOOT_PITCH: Final = 27.14
"""Degrees by which the bone from ankle to toe joint points down when the foot stands flat (from the same clip)."""

HEEL_HEIGHT: Final = 0.02
"""Metres from the ground to the ankle of a foot that rests on its heel with the toes up."""

LIMITS: Final = {
    "flex": (-70.0, 110.0), "bend": (-50.0, 50.0), "twist": (-70.0, 70.0),
    "nod": (-55.0, 55.0), "turn_head": (-80.0, 80.0), "tilt": (-45.0, 45.0),
    "elevation": (0.0, 185.0), "elbow": (0.0, 150.0), "rotation": (-100.0, 100.0),
    "shrug": (-10.0, 35.0), "protract": (-25.0, 35.0),
    "flexion": (-50.0, 150.0), "abduction": (-45.0, 90.0), "hip_rotation": (-50.0, 80.0),
    "knee": (0.0, 155.0), "ankle": (-35.0, 65.0),
}  # fmt: skip
"""Range of each angle in degrees; angles beyond it are clipped."""


def _offset(name: str) -> Floats:
    direction = np.array(_REST_DIRECTIONS[name])
    return np.asarray(direction / np.linalg.norm(direction) * BONE_LENGTHS[INDEX[name]])


_OFFSETS: Final = {name: _offset(name) for name in _REST_DIRECTIONS}
_LENGTH: Final = {name: BONE_LENGTHS[number] for name, number in INDEX.items()}
_LEAST_REACH_ARM: Final = 0.16
_LEAST_REACH_LEG: Final = 0.20
"""Smallest distance in metres from shoulder to wrist, and from hip to ankle."""

_UPPER_BODY: Final = tuple(INDEX[name] for name in ("pelvis", "spine2", "spine3", "neck", "head"))
_UPPER_SHARE: Final = 0.65
"""Share of the weight of the body that is in :data:`_UPPER_BODY`."""

_LOW_SEAT: Final = 0.3
"""Metres of hip height above which a seat is a chair: the body need not touch the ground."""

_ARM_LIFTS_SHOULDER: Final = 0.25
"""Degrees that the shoulder rises with each degree of elevation above :data:`_SHOULDER_RISES_FROM`."""

_SHOULDER_RISES_FROM: Final = 70
_SHOULDER_TO_HEAD: Final = 15.0
"""Degrees that the shoulder rises when the hand reaches for the top of the head."""

_ALONG_THIGH: Final = 0.65
_ALONG_SHIN: Final = 0.5
_ALONG_FOOT: Final = 0.35
_ALONG_INSTEP: Final = 0.5
_ALONG_ARM: Final = 0.5
"""Points on limbs, as shares of the way from the upper joint to the lower one."""

_ON_LIMB: Final = {
    "thigh": ("hip", "knee", _ALONG_THIGH),
    "shin": ("knee", "ankle", _ALONG_SHIN),
    "instep": ("ankle", "foot", _ALONG_INSTEP),
    "upper_arm": ("shoulder", "elbow", _ALONG_ARM),
}
"""Points on limbs that are no joints: the joints that they lie between, and the share of the way."""


def _clipped(value: Number, name: str) -> Number:
    """Clip an angle to its range."""
    low, high = LIMITS[name]
    if isinstance(value, np.ndarray):
        return np.asarray(np.minimum(np.maximum(value, low), high))
    return min(max(value, low), high)


def _spine_step(c: Controls) -> Floats:
    """Return the rotation (n, 3, 3) of each of the three joints of the spine."""
    twist, flex, bend = (_clipped(getattr(c, name), name) / 3 for name in ("twist", "flex", "bend"))
    return turned(1, twist) @ turned(0, flex) @ turned(2, -bend)


class Body:
    """A body whose joints are placed step by step, with the frames of pelvis, chest and head."""

    def __init__(self, controls: Controls, frames: int) -> None:
        self.controls = controls
        self.joints = np.zeros((frames, 22, 3))
        self.placed_by_angles: list[int] = [0]
        c = controls
        self.pelvis = turned(1, c.turn) @ turned(0, c.pitch) @ turned(2, -c.roll)
        self._trunk()
        for side, sign in (("left", 1.0), ("right", -1.0)):
            arm, leg = (c.left_arm, c.left_leg) if side == "left" else (c.right_arm, c.right_leg)
            self._shoulder(side, sign, arm)
            if arm.reach is None:
                self._arm_by_angles(side, sign, arm)
            self._hip(side, sign)
            if not leg.planted and leg.reach is None:
                self._leg_by_angles(side, sign, leg)

    def set(self, name: str, value: Floats) -> None:
        """Set the positions (frames, 3) of a joint."""
        self.joints[:, INDEX[name]] = value

    def get(self, name: str) -> Floats:
        """Return the positions (frames, 3) of a joint."""
        return np.asarray(self.joints[:, INDEX[name]])

    def _trunk(self) -> None:
        c = self.controls
        step = _spine_step(c)
        frame, place = self.pelvis, np.zeros(3)
        for name in ("spine1", "spine2", "spine3"):
            place = place + apply(frame, _OFFSETS[name])
            self.set(name, place)
            frame = frame @ step
        self.chest = frame
        self.set("neck", place + apply(frame, _OFFSETS["neck"]))
        self.head = (
            frame
            @ turned(1, _clipped(c.turn_head, "turn_head"))
            @ turned(0, _clipped(c.nod, "nod"))
            @ turned(2, -np.asarray(_clipped(c.tilt, "tilt")))
        )
        self.set("head", self.get("neck") + apply(self.head, _OFFSETS["head"]))
        self.placed_by_angles += [INDEX[name] for name in ("spine1", "spine2", "spine3", "neck", "head")]

    def _shoulder(self, side: str, sign: float, arm: Arm) -> None:
        outward = np.array([sign, 1.0, 1.0])
        collar = self.get("spine3") + apply(self.chest, _OFFSETS["left_collar"] * outward)
        lifted: Number = 0.0
        if arm.reach is None:
            lifted = _ARM_LIFTS_SHOULDER * np.maximum(_clipped(arm.elevation, "elevation") - _SHOULDER_RISES_FROM, 0)
        elif arm.reach.frame == "head" and arm.reach.offset[1] > 0.1:
            lifted = _SHOULDER_TO_HEAD
        shrug = _clipped(arm.shrug + lifted, "shrug")
        protract = _clipped(arm.protract, "protract")
        frame = self.chest @ turned(2, sign * shrug) @ turned(1, -sign * protract)
        self.set(f"{side}_collar", collar)
        self.set(f"{side}_shoulder", collar + apply(frame, _OFFSETS["left_shoulder"] * outward))
        self.placed_by_angles += [INDEX[f"{side}_collar"], INDEX[f"{side}_shoulder"]]

    def _arm_by_angles(self, side: str, sign: float, arm: Arm) -> None:
        azimuth = sign * np.asarray(arm.azimuth)
        upper = (
            self.chest
            @ turned(1, azimuth)
            @ turned(0, -np.asarray(_clipped(arm.elevation, "elevation")))
            @ turned(1, -azimuth)
            @ turned(1, sign * np.asarray(_clipped(arm.rotation, "rotation")))
        )
        lower = upper @ turned(0, -np.asarray(_clipped(arm.elbow, "elbow")))
        elbow = self.get(f"{side}_shoulder") - upper[..., 1] * _LENGTH["left_elbow"]
        self.set(f"{side}_elbow", elbow)
        self.set(f"{side}_wrist", elbow - lower[..., 1] * _LENGTH["left_wrist"])
        self.placed_by_angles += [INDEX[f"{side}_elbow"], INDEX[f"{side}_wrist"]]

    def _hip(self, side: str, sign: float) -> None:
        self.set(f"{side}_hip", apply(self.pelvis, _OFFSETS["left_hip"] * np.array([sign, 1.0, 1.0])))
        self.placed_by_angles.append(INDEX[f"{side}_hip"])

    def _leg_by_angles(self, side: str, sign: float, leg: Leg) -> None:
        thigh = (
            self.pelvis
            @ turned(0, -np.asarray(_clipped(leg.flexion, "flexion")))
            @ turned(2, sign * np.asarray(_clipped(leg.abduction, "abduction")))
            @ turned(1, sign * np.asarray(_clipped(leg.rotation, "hip_rotation")))
        )
        shank = thigh @ turned(0, _clipped(leg.knee, "knee"))
        foot = shank @ turned(0, FOOT_PITCH + np.asarray(_clipped(leg.ankle, "ankle")))
        knee = self.get(f"{side}_hip") - thigh[..., 1] * _LENGTH["left_knee"]
        ankle = knee - shank[..., 1] * _LENGTH["left_ankle"]
        self.set(f"{side}_knee", knee)
        self.set(f"{side}_ankle", ankle)
        self.set(f"{side}_foot", ankle + foot[..., 2] * _LENGTH["left_foot"])
        self.placed_by_angles += [INDEX[f"{side}_{part}"] for part in ("knee", "ankle", "foot")]

    def level(self) -> None:
        """Tip the body until the two groups of joints in ``controls.level`` are at the same height."""
        if self.controls.level is None:
            return
        first, second = (self.joints[:, [INDEX[name] for name in names]].mean(1) for names in self.controls.level)
        way = unit(second - first)
        flat = unit(way * np.array([1.0, 0.0, 1.0]))
        axis = np.cross(way, flat)
        cosine = np.sum(way * flat, axis=-1)[:, None, None]
        cross = np.zeros((len(axis), 3, 3))
        cross[:, 0, 1], cross[:, 0, 2], cross[:, 1, 2] = -axis[:, 2], axis[:, 1], -axis[:, 0]
        cross -= cross.transpose(0, 2, 1)
        tip = np.eye(3) + cross + cross @ cross / (1 + cosine)
        self.joints = np.einsum("fij,fkj->fki", tip, self.joints)
        self.pelvis, self.chest, self.head = tip @ self.pelvis, tip @ self.chest, tip @ self.head

    def _ankles(self, side: str, sign: float, leg: Leg) -> tuple[Floats, Floats]:
        """Return the position of a planted ankle and the direction of its foot, relative to the origin of the feet."""
        pitch = np.radians(FOOT_PITCH + np.asarray(leg.heel))
        out = np.radians(np.asarray(leg.toe_out))
        toes = column(sign * np.sin(out) * np.cos(pitch), -np.sin(pitch), np.cos(out) * np.cos(pitch))
        height = leg.y + np.maximum(_LENGTH["left_foot"] * np.sin(pitch), HEEL_HEIGHT)
        return column(sign * leg.x, height, leg.z), toes

    def stand(self) -> None:
        """Set the height of the pelvis and place the planted feet."""
        c = self.controls
        planted = [
            (side, sign, leg, *self._ankles(side, sign, leg))
            for side, sign, leg in (("left", 1.0, c.left_leg), ("right", -1.0, c.right_leg))
            if leg.planted
        ]
        if c.support == "feet":
            self.joints += self._over_feet(planted)[:, None]
        elif c.support == "seat":
            hips = (self.get("left_hip") + self.get("right_hip")) / 2
            self.joints[..., 1] += (c.height - hips[:, 1])[:, None]
        else:
            self.joints[..., 1] -= self.joints[:, self.placed_by_angles, 1].min(1)[:, None]
        for side, sign, leg, ankle, toes in planted:
            forward = unit(toes * np.array([1.0, 0.0, 1.0]))
            pole = forward + np.array([0.0, 0.5, 0.0]) + column(sign * np.asarray(leg.knee_out), 0.0, 0.0)
            hip = self.get(f"{side}_hip")
            knee, end = two_bones(hip, ankle, pole, _LENGTH["left_knee"], _LENGTH["left_ankle"], _LEAST_REACH_LEG)
            self.set(f"{side}_knee", knee)
            self.set(f"{side}_ankle", end)
            self.set(f"{side}_foot", end + toes * _LENGTH["left_foot"])

    def _over_feet(self, planted: list[tuple[str, float, Leg, Floats, Floats]]) -> Floats:
        """Return the position (frames, 3) of the pelvis over the planted feet."""
        c = self.controls
        middles = [ankle + _ALONG_FOOT * _LENGTH["left_foot"] * toes for _, _, _, ankle, toes in planted]
        share = (1 + np.asarray(c.weight)) / 2
        centre = middles[0]
        if len(middles) == 2:
            centre = np.atleast_1d(share)[:, None] * middles[0] + (1 - np.atleast_1d(share)[:, None]) * middles[1]
        lean = _UPPER_SHARE * self.joints[:, _UPPER_BODY].mean(1)
        place = centre - np.asarray(c.balance) * lean + column(c.sway_x, 0.0, c.sway_z)
        heights = []
        for side, _, leg, ankle, _ in planted:
            hip = self.get(f"{side}_hip")
            bend = np.radians(np.asarray(_clipped(leg.knee, "knee")))
            first, second = _LENGTH["left_knee"], _LENGTH["left_ankle"]
            reach = first**2 + second**2 + 2 * first * second * np.cos(bend)
            flat = ((place + hip - ankle)[:, [0, 2]] ** 2).sum(-1)
            heights.append(ankle[:, 1] + np.sqrt(np.maximum(reach - flat, 0.01)) - hip[:, 1])
        out = np.broadcast_to(place, (len(self.joints), 3)).copy()
        out[:, 1] = np.min(np.broadcast_arrays(*heights), axis=0)
        return out

    def step(self) -> None:
        """Place the legs whose ankles reach for targets."""
        for side, sign, leg in (("left", 1.0, self.controls.left_leg), ("right", -1.0, self.controls.right_leg)):
            if leg.reach is None or leg.planted:
                continue
            hip = self.get(f"{side}_hip")
            knee, ankle = two_bones(
                hip,
                self.place_of(leg.reach, side, sign),
                apply(self.pelvis, np.array(leg.reach.pole) * np.array([sign, 1.0, 1.0])),
                _LENGTH["left_knee"],
                _LENGTH["left_ankle"],
                _LEAST_REACH_LEG,
            )
            up = unit(knee - ankle)
            forward = unit(np.cross(np.cross(knee - hip, ankle - knee), up))
            tip = np.radians(FOOT_PITCH + np.asarray(_clipped(leg.ankle, "ankle")))
            toes = np.cos(tip)[..., None] * forward - np.sin(tip)[..., None] * up
            self.set(f"{side}_knee", knee)
            self.set(f"{side}_ankle", ankle)
            self.set(f"{side}_foot", ankle + toes * _LENGTH["left_foot"])

    def reach(self) -> None:
        """Place the arms whose wrists, hands or elbows reach for targets."""
        c = self.controls
        arms = [("left", 1.0, c.left_arm), ("right", -1.0, c.right_arm)]
        if c.left_arm.reach is not None and c.left_arm.reach.on_other_arm:
            arms.reverse()
        for side, sign, arm in arms:
            target = arm.reach
            if target is None:
                continue
            outward = np.array([sign, 1.0, 1.0])
            pole = apply(self.chest, np.asarray(arm.pole if arm.pole is not None else target.pole) * outward)
            shoulder, place = self.get(f"{side}_shoulder"), self.place_of(target, side, sign)
            upper, lower = _LENGTH["left_elbow"], _LENGTH["left_wrist"]
            if target.by_elbow:
                elbow = shoulder + unit(place - shoulder) * upper
                wrist = elbow + unit(pole) * lower
            else:
                least = _LEAST_REACH_ARM + 0.25 * target.hand
                elbow, end = two_bones(shoulder, place, pole, upper, lower + target.hand, least)
                wrist = elbow + (end - elbow) * (lower / (lower + target.hand))
            self.set(f"{side}_elbow", elbow)
            self.set(f"{side}_wrist", wrist)

    def place_of(self, target: Target, side: str, sign: float) -> Floats:
        """Return the position (frames, 3) of a target for the arm of one side, in metres."""
        opposite = "right" if side == "left" else "left"
        name = target.origin.replace("own_", f"{side}_").replace("other_", f"{opposite}_")
        whose, _, point = name.partition("_")
        if name == "ground":
            origin = self.get("pelvis") * np.array([1.0, 0.0, 1.0])
        elif point in _ON_LIMB:
            first, last, share = _ON_LIMB[point]
            origin = (1 - share) * self.get(f"{whose}_{first}") + share * self.get(f"{whose}_{last}")
        else:
            origin = self.get(name)
        offset = np.array(target.offset) * np.array([sign, 1.0, 1.0])
        if target.frame != "world":
            offset = apply(getattr(self, target.frame), offset)
        place = np.array(np.broadcast_to(origin + offset, (len(self.joints), 3)))
        if target.towards:
            place += target.towards * unit(self.get(f"{side}_shoulder") - place)
        if target.on_ground:
            place[:, 1] = target.offset[1]
        return place


def chest_axes(controls: Controls) -> Floats:
    """Return the axes (3, 3) of the chest at the first frame, before levelling; the columns point left, up, forward."""
    c = controls
    frame = turned(1, c.turn) @ turned(0, c.pitch) @ turned(2, -c.roll)
    step = _spine_step(c)
    return np.asarray((frame @ step @ step @ step)[0])


def solve_body(controls: Controls, frames: int) -> Body:
    """Place the joints of a body; :func:`solve` then sets it on the ground and turns it to its heading."""
    body = Body(controls, frames)
    body.level()
    body.stand()
    body.step()
    body.reach()
    return body


def placed(body: Body, target: Target, side: str) -> Floats:
    """Return the position (frames, 3) of the point of an arm that a target places: wrist, hand or elbow."""
    elbow, wrist = body.get(f"{side}_elbow"), body.get(f"{side}_wrist")
    if target.by_elbow:
        return elbow
    return wrist + (wrist - elbow) * (target.hand / _LENGTH["left_wrist"])


def solve(controls: Controls, frames: int = 1) -> NDArray[np.float32]:
    """Compute the joints of a body.

    Parameters
    ----------
    controls : Controls
        Each number is a float or a (frames,) array.
    frames : int

    Returns
    -------
    (frames, 22, 3) float32 array
        Metres, y up. The pelvis of the first frame is at x = z = 0; no joint is below the ground.
    """
    return grounded(solve_body(controls, frames))


def grounded(body: Body) -> NDArray[np.float32]:
    """Return the joints (frames, 22, 3) of a body on the ground, turned to its heading; metres."""
    controls, joints = body.controls, body.joints.copy()
    below = joints[..., 1].min()
    if controls.support == "seat" and np.max(controls.height) > _LOW_SEAT:
        below = min(below, 0.0)
    joints[..., 1] += np.asarray(controls.lift - below)
    joints[..., [0, 2]] -= joints[:1, :1, [0, 2]]
    if np.any(np.asarray(controls.heading) != 0):
        joints = joints @ turned(1, controls.heading).transpose(0, 2, 1)
    return joints.astype(np.float32)
