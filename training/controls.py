"""What a pose writer turns: anatomical controls of one body, in degrees and metres, alike for left and right.

Signs
-----
- Trunk, head, pelvis: bending and leaning forward is plus; everything sideways (bend, twist, roll, turn, tilt,
  weight, sway) is plus towards the person's own LEFT.
- Arms and legs: ``x`` is plus OUTWARD, away from the middle, on either side; minus reaches across the body.
- ``y`` is up, ``z`` is forward.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
from numpy.typing import NDArray

from posepipe.models.sides import swap_sides

if TYPE_CHECKING:
    from training.landmarks import Target

Number = float | NDArray[np.float64]
"""A float, or one value per frame."""

Side = Literal["left", "right"]
Support = Literal["feet", "seat", "lowest"]


def other(side: Side) -> Side:
    """The other side of the body."""
    return "right" if side == "left" else "left"


@dataclass
class Arm:
    """One arm: either angles, or a hand that reaches a target by inverse kinematics.

    Parameters
    ----------
    elevation : degrees
        0 hangs down along the trunk, 90 is level with the shoulder, 180 points to the top.
    azimuth : degrees
        Into which direction it is raised: 0 forward, 90 out to its own side, 180 behind, -60 across the chest.
    elbow : degrees
        0 straight, 145 fully bent.
    rotation : degrees
        Of the upper arm about itself. At 0 a hanging arm bends its forearm forward, an arm held out to the side
        bends it forward, an arm held forward bends it up. Plus is outward: with the arm out to the side, +90 turns
        the bent forearm up ("surrender"), -90 down; with the arm forward, -90 turns it in across the chest.
    shrug, protract : degrees
        Shoulder lifted; shoulder drawn forward. Raising the arm lifts the shoulder by itself.
    reach : Target or None
        Where the wrist goes, from :mod:`training.landmarks`; the angles are then unused.
    pole : (x, y, z) or None
        Where the elbow points when reaching, in the chest's frame, x outward; None takes the target's own.
    """

    elevation: Number = 10.0
    azimuth: Number = 80.0
    elbow: Number = 18.0
    rotation: Number = 0.0
    shrug: Number = 0.0
    protract: Number = 0.0
    reach: Target | None = None
    pole: tuple[float, float, float] | None = None

    def angles(
        self,
        elevation: Number,
        azimuth: Number = 0.0,
        elbow: Number = 5.0,
        rotation: Number = 0.0,
        shrug: Number = 0.0,
        protract: Number = 0.0,
    ) -> None:
        """Set the arm by angles and let go of any target."""
        self.elevation, self.azimuth, self.elbow, self.rotation = elevation, azimuth, elbow, rotation
        self.shrug, self.protract = shrug, protract
        self.reach = self.pole = None

    def to(self, target: Target, pole: tuple[float, float, float] | None = None, shrug: Number = 0.0) -> None:
        """Let the wrist reach ``target``."""
        self.reach, self.pole, self.shrug, self.protract = target, pole, shrug, 0.0


@dataclass
class Leg:
    """One leg: either angles, or a foot planted on the ground by inverse kinematics.

    Parameters
    ----------
    flexion, abduction, rotation : degrees
        Of the hip: thigh raised forward (minus: back), out to the side, turned outward.
    knee : degrees
        0 straight, 150 fully bent. For a planted leg the least bend that it keeps (see ``planted``).
    ankle : degrees
        Plus points the toes, minus pulls them up; 0 is a foot that stands flat under a vertical shank.
    planted : bool
        Ankle stands at ``x`` outward and ``z`` forward, toe joint ``y`` above the ground. The origin is the middle
        between the feet for support "feet", else the point below the pelvis. Pelvis height follows from ``knee``
        with support "feet": the more bent leg decides.
    toe_out, heel : degrees
        Of a planted foot: turned outward; heel raised (35 is tiptoe). Minus raises the toes over the resting heel:
        -40 stands on the heels, -100 is a leg stretched out on the ground with the toes up.
    knee_out : float
        Where a planted leg's knee points beside forward: 0 as the toes, plus 0.5 outward, minus inward.
    """

    flexion: Number = 0.0
    abduction: Number = 4.0
    rotation: Number = 6.0
    knee: Number = 6.0
    ankle: Number = 0.0
    planted: bool = False
    x: Number = 0.11
    z: Number = 0.0
    y: Number = 0.0
    toe_out: Number = 12.0
    heel: Number = 0.0
    knee_out: Number = 0.0

    def angles(
        self,
        flexion: Number,
        knee: Number = 5.0,
        abduction: Number = 3.0,
        rotation: Number = 0.0,
        ankle: Number = 0.0,
    ) -> None:
        """Set the leg by angles, its foot free of the ground."""
        self.flexion, self.knee, self.abduction, self.rotation = flexion, knee, abduction, rotation
        self.ankle, self.planted = ankle, False

    def plant(
        self,
        x: Number = 0.11,
        z: Number = 0.0,
        *,
        y: Number = 0.0,
        knee: Number = 6.0,
        toe_out: Number = 12.0,
        heel: Number = 0.0,
        knee_out: Number = 0.0,
    ) -> None:
        """Stand the foot on the ground."""
        self.planted = True
        self.x, self.z, self.y, self.knee = x, z, y, knee
        self.toe_out, self.heel, self.knee_out = toe_out, heel, knee_out


@dataclass
class Controls:
    """A whole body. ``Controls()`` stands upright on both feet with relaxed arms.

    Parameters
    ----------
    pitch, roll, turn : degrees
        Of the pelvis: tipped forward (90 prone, -90 supine, 180 upside down and facing backward), onto the left
        side, turned to the left against the feet.
    flex, bend, twist : degrees
        Of the spine as a whole: forward (minus arches back), to the left, to the left.
    nod, turn_head, tilt : degrees
        Of the head: down (minus up), to the left, towards the left shoulder.
    heading : degrees
        The finished body, feet and all, turned to the left; 180 faces backward.
    support : "feet", "seat" or "lowest"
        What sets the height. "feet": the planted feet carry (at least one leg must be planted). "seat": the hip
        joints are ``height`` metres above the ground. "lowest": the lowest joint not placed by inverse
        kinematics touches the ground.
    height : metres
        For support "seat": 0.47 is a chair, 0.08 the ground (sitting or lying with planted feet: sturdier than
        "lowest", as both feet stay on the ground).
    lift : metres
        The finished body raised into the air.
    level : two tuples of joint names or None
        Tip the body until the mean of the first joints is as high as the mean of the second: both
        carry, as hands and toes in a plank. Only for limbs set by angles, with support "lowest".
    weight : -1 to 1
        Support "feet": 1 is all weight over the left foot.
    sway_x, sway_z : metres
        Support "feet": the pelvis shifted to the left, forward.
    balance : 0 to 1
        Support "feet": how much the pelvis gives way to keep the body's weight over the feet.
    """

    pitch: Number = 0.0
    roll: Number = 0.0
    turn: Number = 0.0
    flex: Number = 2.0
    bend: Number = 0.0
    twist: Number = 0.0
    nod: Number = 0.0
    turn_head: Number = 0.0
    tilt: Number = 0.0
    heading: Number = 0.0
    support: Support = "feet"
    height: Number = 0.47
    lift: Number = 0.0
    level: tuple[tuple[str, ...], tuple[str, ...]] | None = None
    weight: Number = 0.0
    sway_x: Number = 0.0
    sway_z: Number = 0.0
    balance: Number = 0.6
    left_arm: Arm = field(default_factory=Arm)
    right_arm: Arm = field(default_factory=Arm)
    left_leg: Leg = field(default_factory=lambda: Leg(planted=True))
    right_leg: Leg = field(default_factory=lambda: Leg(planted=True))

    @property
    def arms(self) -> tuple[Arm, Arm]:
        """Left and right arm."""
        return self.left_arm, self.right_arm

    @property
    def legs(self) -> tuple[Leg, Leg]:
        """Left and right leg."""
        return self.left_leg, self.right_leg

    def arm(self, side: Side) -> Arm:
        """The arm of that side."""
        return self.left_arm if side == "left" else self.right_arm

    def leg(self, side: Side) -> Leg:
        """The leg of that side."""
        return self.left_leg if side == "left" else self.right_leg

    def both_arms(
        self,
        elevation: Number,
        azimuth: Number = 0.0,
        elbow: Number = 5.0,
        rotation: Number = 0.0,
        shrug: Number = 0.0,
        protract: Number = 0.0,
    ) -> None:
        """Set both arms by the same angles."""
        for arm in self.arms:
            arm.angles(elevation, azimuth, elbow, rotation, shrug, protract)

    def both_hands(self, target: Target, pole: tuple[float, float, float] | None = None) -> None:
        """Let both wrists reach the same kind of target, each on its own side."""
        for arm in self.arms:
            arm.to(target, pole)

    def both_legs(
        self,
        flexion: Number,
        knee: Number = 5.0,
        abduction: Number = 3.0,
        rotation: Number = 0.0,
        ankle: Number = 0.0,
    ) -> None:
        """Set both legs by the same angles, the feet free of the ground."""
        for leg in self.legs:
            leg.angles(flexion, knee, abduction, rotation, ankle)

    def both_feet(
        self,
        x: Number = 0.11,
        z: Number = 0.0,
        *,
        y: Number = 0.0,
        knee: Number = 6.0,
        toe_out: Number = 12.0,
        heel: Number = 0.0,
        knee_out: Number = 0.0,
    ) -> None:
        """Stand both feet on the ground."""
        for leg in self.legs:
            leg.plant(x, z, y=y, knee=knee, toe_out=toe_out, heel=heel, knee_out=knee_out)


_SIDEWAYS = ("roll", "turn", "bend", "twist", "turn_head", "tilt", "heading", "weight", "sway_x")


def mirrored(controls: Controls) -> Controls:
    """The same body seen in a mirror: left and right swapped."""
    swapped = {name: -getattr(controls, name) for name in _SIDEWAYS}
    level = controls.level
    if level is not None:
        level = (_swap(level[0]), _swap(level[1]))
    return replace(
        controls,
        **swapped,
        level=level,
        left_arm=replace(controls.right_arm),
        right_arm=replace(controls.left_arm),
        left_leg=replace(controls.right_leg),
        right_leg=replace(controls.left_leg),
    )


def _swap(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(swap_sides(name) for name in names)


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
_REACH_SPREAD: Final = 0.012
_OWN: Final = 0.3
"""Share of its own in the variation of a limb that may lie on the ground; the rest it has in common with its twin."""


def jittered(controls: Controls, rng: np.random.Generator, amount: float = 1.0) -> Controls:
    """Every angle moved a little, as nobody stands twice the same.

    Parameters
    ----------
    amount : float
        1 moves joints by about 3 degrees and feet by about 1 cm (standard deviation, cut at two).
    """

    shared: dict[type, NDArray[np.float64]] = {}

    def moved(part: Controls | Arm | Leg) -> dict[str, Number]:
        spread = _SPREAD[type(part)]
        noise = rng.standard_normal(len(spread))
        if controls.support == "lowest":
            common = shared.setdefault(type(part), noise)
            noise = common + _OWN * (noise - common)
        noise = np.clip(noise, -2, 2) * amount
        return {
            name: getattr(part, name) + width * float(draw)
            for (name, width), draw in zip(spread.items(), noise, strict=True)
        }

    out = replace(controls, **moved(controls))  # type: ignore[arg-type]
    for name in ("left_arm", "right_arm"):
        arm: Arm = getattr(controls, name)
        new = replace(arm, **moved(arm))  # type: ignore[arg-type]
        if arm.reach is not None:
            shift = np.clip(rng.standard_normal(3), -2, 2) * _REACH_SPREAD * amount
            new.reach = arm.reach.moved(*(float(part) for part in shift))
        setattr(out, name, new)
    for name in ("left_leg", "right_leg"):
        leg: Leg = getattr(controls, name)
        setattr(out, name, replace(leg, **moved(leg)))  # type: ignore[arg-type]
    return out


def held(controls: Controls, frames: int, rng: np.random.Generator, fps: float = 20.0) -> Controls:
    """The pose as it is held for a while: breathing and a slow sway, planted feet and bearing limbs at rest.

    Returns controls whose trunk, head and arms are (frames,) arrays.
    """
    time = np.arange(frames) / fps

    def wander(width: float) -> NDArray[np.float64]:
        speed = rng.uniform(0.15, 0.5, 2)
        phase = rng.uniform(0, 2 * np.pi, 2)
        size = width * rng.uniform(0.4, 1.0, 2)
        curve = (size[:, None] * np.sin(2 * np.pi * speed[:, None] * time + phase[:, None])).sum(0)
        return np.asarray(curve - curve[frames // 2])

    out = replace(controls)
    rests_on_arms = controls.level is not None or (
        controls.support == "lowest" and abs(float(np.mean(controls.pitch))) > 45
    )
    trunk = 0.0 if rests_on_arms else 1.0
    out.flex = controls.flex + wander(0.8 * trunk)
    out.bend = controls.bend + wander(0.5 * trunk)
    out.twist = controls.twist + wander(0.7 * trunk)
    out.nod = controls.nod + wander(1.5)
    out.turn_head = controls.turn_head + wander(1.5)
    if controls.support == "feet":
        out.sway_x = controls.sway_x + wander(0.004)
        out.sway_z = controls.sway_z + wander(0.004)
    for name in ("left_arm", "right_arm"):
        arm: Arm = getattr(controls, name)
        setattr(
            out,
            name,
            replace(
                arm,
                elevation=arm.elevation + wander(1.5 * trunk),
                elbow=arm.elbow + wander(1.5 * trunk),
                shrug=arm.shrug + wander(0.8 * trunk),
            ),
        )
    return out
