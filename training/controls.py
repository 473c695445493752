"""The controls that describe a pose: joint angles in degrees and positions in metres.

:mod:`training.kinematics` turns them into joints.

Signs
-----
- Trunk, head, pelvis: bending and leaning forward is positive. Everything sideways (bend, twist, roll, turn, tilt,
  weight, sway) is positive towards the person's own LEFT.
- Arms and legs, on both sides: ``x`` is positive OUTWARD, away from the middle; negative values reach across the body.
- ``y`` is up, ``z`` is forward.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, TypedDict, TypeVar, Unpack

import numpy as np
from numpy.typing import NDArray

from posepipe.models.sides import swap_sides

if TYPE_CHECKING:
    from training.landmarks import Target

Number = float | NDArray[np.float64]
"""A float, or one value per frame."""

Pole = tuple[float, float, float] | NDArray[np.float64]
"""A direction, or one direction (frames, 3) per frame."""

Side = Literal["left", "right"]
SIDES: Final[tuple[Side, Side]] = ("left", "right")
Support = Literal["feet", "seat", "lowest"]
JointGroups = tuple[tuple[str, ...], tuple[str, ...]]
"""Two groups of joint names."""

FEET_AND_WRISTS: Final[JointGroups] = (("left_foot", "right_foot"), ("left_wrist", "right_wrist"))
FEET_AND_ELBOWS: Final[JointGroups] = (("left_foot", "right_foot"), ("left_elbow", "right_elbow"))
KNEES_AND_WRISTS: Final[JointGroups] = (("left_knee", "right_knee"), ("left_wrist", "right_wrist"))


def opposite(side: Side) -> Side:
    """Return the other side of the body."""
    return "right" if side == "left" else "left"


@dataclass
class Arm:
    """One arm: set by angles, or by a target that the wrist reaches by inverse kinematics.

    Parameters
    ----------
    elevation : degrees
        0 hangs down along the trunk, 90 is level with the shoulder, 180 points straight up.
    azimuth : degrees
        Direction in which the arm is raised: 0 forward, 90 out to its own side, 180 backward, -60 across the chest.
    elbow : degrees
        0 straight, 145 fully bent.
    rotation : degrees
        Rotation of the upper arm about its own axis. At 0, bending the elbow moves the forearm forward if the arm
        hangs or is held out to the side, and up if the arm is held forward. Positive is outward: with the arm out to
        the side, 90 turns the bent forearm up ("surrender") and -90 down; with the arm forward, -90 turns it in
        across the chest.
    shrug, protract : degrees
        Shoulder raised; shoulder drawn forward. Raising the arm also raises the shoulder, without ``shrug``.
    reach : Target or None
        Where the wrist goes, from :mod:`training.landmarks`. The angles are then unused.
    pole : (x, y, z), (frames, 3) array or None
        Direction in which the elbow points when reaching, in the frame of the chest, x outward. None takes the pole
        of the target.
    """

    elevation: Number = 10.0
    azimuth: Number = 80.0
    elbow: Number = 18.0
    rotation: Number = 0.0
    shrug: Number = 0.0
    protract: Number = 0.0
    reach: Target | None = None
    pole: Pole | None = None

    def angles(
        self,
        elevation: Number,
        azimuth: Number = 0.0,
        elbow: Number = 5.0,
        rotation: Number = 0.0,
        shrug: Number = 0.0,
        protract: Number = 0.0,
    ) -> None:
        """Set the arm by angles, in degrees, and drop its target."""
        self.elevation, self.azimuth, self.elbow, self.rotation = elevation, azimuth, elbow, rotation
        self.shrug, self.protract = shrug, protract
        self.reach = self.pole = None

    def to(self, target: Target, pole: Pole | None = None, shrug: Number = 0.0) -> None:
        """Make the wrist reach ``target``; ``shrug`` in degrees."""
        self.reach, self.pole, self.shrug, self.protract = target, pole, shrug, 0.0


@dataclass
class Leg:
    """One leg: set by angles, or by a foot planted on the ground by inverse kinematics.

    Parameters
    ----------
    flexion, abduction, rotation : degrees
        Angles of the hip: thigh raised forward (negative: back), raised to the side, turned outward.
    knee : degrees
        0 straight, 150 fully bent. For a planted leg the minimum bend (see ``planted``).
    ankle : degrees
        Positive points the toes, negative pulls them up; 0 is a foot that stands flat under a vertical shank.
    planted : bool
        If true, the ankle is placed ``x`` metres outward and ``z`` metres forward, with the toe joint ``y`` metres
        above the ground. The origin is the middle between the feet for support "feet", otherwise the point below the
        pelvis. With support "feet" the knees set the height of the pelvis; the more bent leg decides.
    toe_out, heel : degrees
        Angles of a planted foot: turned outward; heel raised (35 is tiptoe). A negative heel raises the toes while the
        heel rests: -40 stands on the heels, -100 is a leg stretched out on the ground with the toes up.
    knee_out : float
        Direction of the knee of a planted leg: 0 over the toes, 0.5 well outward, negative inward.
    reach : Target or None
        Where the ankle of a leg that is not planted goes, from :mod:`training.landmarks`; its pole, in the frame of
        the pelvis, says where the knee points. ``ankle`` sets the foot, the other angles are unused.
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
    reach: Target | None = None

    def angles(
        self,
        flexion: Number,
        knee: Number = 5.0,
        abduction: Number = 3.0,
        rotation: Number = 0.0,
        ankle: Number = 0.0,
    ) -> None:
        """Set the leg by angles, in degrees; the foot is not planted."""
        self.flexion, self.knee, self.abduction, self.rotation = flexion, knee, abduction, rotation
        self.ankle, self.planted, self.reach = ankle, False, None

    def to(self, target: Target, ankle: Number = 0.0) -> None:
        """Make the ankle reach ``target``; ``ankle`` in degrees sets the foot."""
        self.reach, self.ankle, self.planted = target, ankle, False

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
        """Plant the foot on the ground: positions in metres, angles in degrees."""
        self.planted, self.reach = True, None
        self.x, self.z, self.y, self.knee = x, z, y, knee
        self.toe_out, self.heel, self.knee_out = toe_out, heel, knee_out


class BodyValues(TypedDict, total=False):
    """Fields of :class:`Controls` apart from the limbs, for :meth:`Controls.set`."""

    pitch: Number
    roll: Number
    turn: Number
    flex: Number
    bend: Number
    twist: Number
    nod: Number
    turn_head: Number
    tilt: Number
    heading: Number
    support: Support
    height: Number
    lift: Number
    level: JointGroups | None
    weight: Number
    sway_x: Number
    sway_z: Number
    balance: Number


@dataclass
class Controls:
    """A whole body. ``Controls()`` stands upright on both feet with relaxed arms.

    Parameters
    ----------
    pitch, roll, turn : degrees
        Angles of the pelvis: tipped forward (90 prone, -90 supine, 180 upside down and facing backward), tipped onto
        the left side, turned to the left relative to the feet.
    flex, bend, twist : degrees
        Angles of the whole spine: forward (negative arches back), to the left, to the left.
    nod, turn_head, tilt : degrees
        Angles of the head: down (negative is up), to the left, towards the left shoulder.
    heading : degrees
        Rotation of the finished body to the left, feet included; 180 faces backward.
    support : "feet", "seat" or "lowest"
        What sets the height. "feet": the planted feet carry the body; at least one leg must be planted. "seat": the
        hip joints are ``height`` metres above the ground. "lowest": the lowest joint that is not placed by inverse
        kinematics touches the ground.
    height : metres
        For support "seat": 0.47 is a chair, 0.08 the ground. To sit or lie with planted feet this is more reliable
        than "lowest", because both feet stay on the ground.
    lift : metres
        How far the finished body is raised into the air.
    level : two tuples of joint names or None
        The body is tipped until the mean height of the first joints equals that of the second, because both carry
        it, as hands and toes do in a plank. Only for limbs set by angles, with support "lowest".
    weight : -1 to 1
        For support "feet": 1 puts all weight on the left foot.
    sway_x, sway_z : metres
        For support "feet": shift of the pelvis to the left and forward.
    balance : 0 to 1
        For support "feet": how far the pelvis moves to keep the weight of the body over the feet.
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
    level: JointGroups | None = None
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
        """Left arm, right arm."""
        return self.left_arm, self.right_arm

    @property
    def legs(self) -> tuple[Leg, Leg]:
        """Left leg, right leg."""
        return self.left_leg, self.right_leg

    def set(self, **values: Unpack[BodyValues]) -> None:
        """Set some fields of pelvis, spine, head and support; the others stay."""
        for name, value in values.items():
            if name not in BodyValues.__annotations__:
                raise TypeError(
                    f"Controls.set() has no field {name!r}; it takes {', '.join(BodyValues.__annotations__)}"
                )
            setattr(self, name, value)

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

    def both_hands(self, target: Target, pole: Pole | None = None) -> None:
        """Make each wrist reach ``target`` on its own side."""
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
        """Set both legs by the same angles; the feet are not planted."""
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
        """Plant both feet on the ground at the same distance from the middle."""
        for leg in self.legs:
            leg.plant(x, z, y=y, knee=knee, toe_out=toe_out, heel=heel, knee_out=knee_out)


_SIDEWAYS = ("roll", "turn", "bend", "twist", "turn_head", "tilt", "heading", "weight", "sway_x")


Part = TypeVar("Part", Arm, Leg, Controls)


def copied(part: Part, **values: object) -> Part:
    """Return a shallow copy with some fields set to other values; ``dataclasses.replace`` takes ten times as long."""
    out = object.__new__(type(part))
    out.__dict__.update(part.__dict__)
    out.__dict__.update(values)
    return out


def mirrored(controls: Controls) -> Controls:
    """Return the mirror image: left and right exchanged."""
    swapped = {name: -getattr(controls, name) for name in _SIDEWAYS}
    level = controls.level
    if level is not None:
        level = (_swap(level[0]), _swap(level[1]))
    return copied(
        controls,
        **swapped,
        level=level,
        left_arm=copied(controls.right_arm),
        right_arm=copied(controls.left_arm),
        left_leg=copied(controls.right_leg),
        right_leg=copied(controls.left_leg),
    )


def _swap(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(swap_sides(name) for name in names)
