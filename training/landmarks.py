"""Targets that a hand can reach: on the body, on the ground, or in the air.

A target has an origin (a joint, or "ground" for the point below the pelvis), a frame, and an offset in metres along the
axes of that frame: x outward on the side of the reaching arm (negative: across the body), y up, z forward. The WRIST is
placed there unless the target says otherwise: with ``hand`` it is a point of the straight hand that is placed, so that
the palm or the fingertips touch, and with ``by_elbow`` the elbow. ``towards`` moves the point from the axis of a limb
to its surface, on the side of the shoulder that reaches.

An origin on the middle line has no side (``head``); ``own_`` is the side of the reaching arm, ``other_`` the opposite
side: ``own_hip``, ``other_shoulder``. Besides joints there are ``own_thigh``, ``own_shin``, ``own_instep``,
``own_upper_arm`` and their opposites.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal

HAND: Final = 0.08
"""Metres from the wrist to the palm at the roots of the fingers, along the forearm."""

Frame = Literal["pelvis", "chest", "head", "world"]
"""Frame of an offset; in "world", y is vertical and z is where the body is heading."""


@dataclass(frozen=True)
class Target:
    """A target for a wrist.

    Parameters
    ----------
    origin : str
        A joint or a point of a limb, see the module, or "ground".
    frame : "pelvis", "chest", "head" or "world"
    offset : (x, y, z)
        Metres; x outward.
    pole : (x, y, z)
        Direction in which the elbow points, in the frame of the chest; x outward.
    on_ground : bool
        Whether y is the height above the ground, not above the origin.
    hand : float
        Metres from the wrist, along the forearm, to the point that is placed; 0 places the wrist.
    towards : float
        Metres by which the target lies nearer to the shoulder of the arm than origin and offset say.
    by_elbow : bool
        The elbow is placed, at the length of the upper arm; ``pole`` is then the direction of the forearm.
    """

    origin: str
    frame: Frame
    offset: tuple[float, float, float]
    pole: tuple[float, float, float] = (0.6, -1.0, -0.4)
    on_ground: bool = False
    hand: float = 0.0
    towards: float = 0.0
    by_elbow: bool = False

    @property
    def on_other_arm(self) -> bool:
        """Whether the target is a point of the other arm below the shoulder."""
        return self.origin in ("other_elbow", "other_wrist", "other_upper_arm")

    def moved(self, x: float = 0.0, y: float = 0.0, z: float = 0.0) -> Target:
        """Return the target shifted by metres; the height of one on the ground stays."""
        old = self.offset
        return replace(self, offset=(old[0] + x, old[1] if self.on_ground else old[1] + y, old[2] + z))


HIP: Final = Target("own_hip", "pelvis", (0.10, 0.12, 0.0), (1.0, 0.0, -0.45))
HEAD_TOP: Final = Target("head", "head", (0.05, 0.17, 0.0), (1.0, 0.2, 0.1))
FOREHEAD: Final = Target("head", "head", (0.10, 0.09, 0.10), (1.0, -0.1, 0.2))
EYES: Final = Target("head", "head", (0.05, 0.05, 0.13), (0.7, -1.0, 0.2))
MOUTH: Final = Target("head", "head", (0.04, -0.02, 0.14), (0.6, -1.0, 0.1))
CHIN: Final = Target("head", "head", (0.03, -0.07, 0.12), (0.4, -1.0, 0.1))
CHEEK: Final = Target("head", "head", (0.08, -0.03, 0.10), (0.6, -1.0, 0.1))
EAR: Final = Target("head", "head", (0.13, 0.03, 0.03), (1.0, -0.5, 0.1))
BACK_OF_HEAD: Final = Target("head", "head", (0.07, 0.06, -0.09), (1.0, 0.3, -0.1))
NECK: Final = Target("neck", "chest", (0.07, 0.02, 0.05), (0.8, -1.0, 0.0))
OWN_SHOULDER: Final = Target("own_shoulder", "chest", (0.035, 0.10, 0.13), (0.6, -0.6, 0.4))
OTHER_SHOULDER: Final = Target("other_shoulder", "chest", (0.06, 0.0, 0.10), (0.5, -1.0, 0.2))
CHEST: Final = Target("spine3", "chest", (-0.02, 0.11, 0.14), (1.0, -0.8, -0.1))
CROSSED: Final = Target("spine3", "chest", (-0.12, 0.02, 0.16), (1.0, -0.8, -0.1))
BELLY: Final = Target("spine1", "chest", (0.0, 0.04, 0.16), (1.0, -0.5, -0.4))
PRAYER: Final = Target("spine3", "chest", (0.015, 0.07, 0.22), (1.0, -0.9, 0.0))
CLASPED_IN_FRONT: Final = Target("pelvis", "pelvis", (0.02, -0.02, 0.20), (1.0, -0.2, -0.4))
BEHIND_BACK: Final = Target("pelvis", "pelvis", (0.02, 0.0, -0.17), (0.8, -0.2, -1.0))
SMALL_OF_BACK: Final = Target("spine1", "pelvis", (0.05, 0.03, -0.13), (1.0, -0.2, -0.5))
GUARD: Final = Target("neck", "chest", (0.10, 0.0, 0.26), (0.5, -1.0, 0.0))
THIGH: Final = Target("own_thigh", "world", (0.0, 0.08, 0.0), (1.0, -0.3, -0.5))
KNEE: Final = Target("own_knee", "world", (0.0, 0.07, 0.02), (0.7, -0.2, -0.7))
OTHER_KNEE: Final = Target("other_knee", "world", (0.0, 0.07, 0.0), (0.7, -0.5, 0.0))
SHIN: Final = Target("own_shin", "world", (0.02, 0.03, 0.05), (0.8, -0.2, 0.2))
ANKLE: Final = Target("own_ankle", "world", (0.05, 0.05, 0.02), (0.8, 0.2, 0.1))
TOES: Final = Target("own_foot", "world", (0.03, 0.09, 0.0), (0.8, 0.3, 0.2))
OTHER_TOES: Final = Target("other_foot", "world", (0.0, 0.09, 0.0), (0.8, 0.3, 0.2))
FLOOR_BELOW: Final = Target("own_shoulder", "world", (0.03, 0.0, 0.05), (0.7, 0.2, -0.7), on_ground=True)
FLOOR_BEHIND: Final = Target("pelvis", "world", (0.22, 0.0, -0.30), (0.5, -0.2, -1.0), on_ground=True)
FLOOR_BESIDE: Final = Target("own_hip", "world", (0.18, 0.0, 0.0), (0.6, -0.2, -0.8), on_ground=True)

INSTEP: Final = Target("own_instep", "world", (0.0, 0.03, 0.0), (0.8, 0.1, 0.2), hand=HAND, towards=0.02)
OTHER_INSTEP: Final = replace(INSTEP, origin="other_instep")
OWN_ANKLE: Final = Target("own_ankle", "world", (0.0, 0.0, 0.0), (0.8, 0.0, 0.1), hand=HAND, towards=0.05)
OTHER_ANKLE: Final = replace(OWN_ANKLE, origin="other_ankle")
OWN_SHIN: Final = Target("own_shin", "world", (0.0, 0.0, 0.02), (0.8, -0.1, 0.1), hand=HAND, towards=0.05)
OTHER_SHIN: Final = replace(OWN_SHIN, origin="other_shin")
OWN_KNEE: Final = Target("own_knee", "world", (0.0, 0.02, 0.0), (0.7, -0.2, -0.5), hand=HAND, towards=0.05)
ACROSS_KNEE: Final = replace(OWN_KNEE, origin="other_knee", pole=(0.8, -0.5, 0.1))
OWN_THIGH: Final = Target("own_thigh", "world", (0.0, 0.0, 0.0), (0.9, -0.2, -0.5), hand=HAND, towards=0.08)
OTHER_THIGH: Final = replace(OWN_THIGH, origin="other_thigh", pole=(0.9, -0.3, 0.1))
OTHER_HIP: Final = Target("other_hip", "pelvis", (0.05, 0.08, 0.14), (0.9, -0.5, 0.2), hand=HAND)
LOWER_BACK: Final = Target("spine1", "pelvis", (0.04, 0.02, -0.12), (0.9, -0.2, -0.6), hand=HAND)
NAPE: Final = Target("neck", "chest", (0.03, 0.05, -0.07), (1.0, 0.4, 0.0), hand=HAND)
THROAT: Final = Target("neck", "chest", (0.02, 0.02, 0.08), (0.7, -1.0, 0.0), hand=HAND)
CHEEK_SIDE: Final = Target("head", "head", (0.08, -0.02, 0.07), (0.6, -1.0, 0.1), hand=HAND)
BROW: Final = Target("head", "head", (0.02, 0.08, 0.10), (0.9, -0.3, 0.2), hand=HAND)
OVER_EYES: Final = Target("head", "head", (0.03, 0.04, 0.11), (0.7, -0.8, 0.2), hand=HAND)
OTHER_ELBOW: Final = Target("other_elbow", "world", (0.0, 0.0, 0.0), (0.7, -0.9, 0.1), hand=HAND, towards=0.04)
OTHER_UPPER_ARM: Final = replace(OTHER_ELBOW, origin="other_upper_arm")
OTHER_WRIST: Final = replace(OTHER_ELBOW, origin="other_wrist")
OVERHEAD: Final = Target("head", "chest", (0.02, 0.24, 0.03), (1.0, 0.1, 0.1))
ACROSS_BELLY: Final = Target("spine2", "chest", (-0.08, 0.02, 0.19), (1.0, -0.7, -0.3))
AT_CHEST: Final = Target("spine3", "chest", (0.03, 0.06, 0.20), (1.0, -0.9, -0.1))
WALL: Final = Target("own_shoulder", "chest", (0.0, 0.05, 0.46), (0.6, -1.0, -0.1))
TABLE: Final = Target("own_shoulder", "world", (0.02, 0.74, 0.30), (0.8, -0.4, -0.3), on_ground=True)
FLOOR_IN_FRONT: Final = Target("own_shoulder", "world", (0.04, 0.04, 0.12), (0.8, 0.1, -0.4), on_ground=True)
FLOOR_BY_HIP: Final = Target("own_hip", "world", (0.22, 0.04, -0.05), (0.6, -0.2, -0.8), on_ground=True)
ELBOW_ON_KNEE: Final = Target("own_thigh", "world", (0.0, 0.0, 0.08), (0.1, 0.9, 0.3), towards=0.08, by_elbow=True)
ELBOW_ON_OTHER_KNEE: Final = replace(ELBOW_ON_KNEE, origin="other_thigh")
ELBOW_ON_TABLE: Final = Target(
    "own_shoulder", "world", (0.03, 0.72, 0.18), (-0.25, 0.9, 0.2), on_ground=True, by_elbow=True
)
"""Targets of the modifiers. A table is 0.7 m high; a wall in front is at arm's length."""


def in_front(x: float = 0.05, y: float = 0.0, z: float = 0.35) -> Target:
    """Return a point in front of the chest, relative to the shoulder of the arm; metres."""
    return Target("own_shoulder", "chest", (x, y, z))


def on_floor(x: float, z: float) -> Target:
    """Return a point on the ground, relative to the point below the pelvis; metres."""
    return Target("ground", "world", (x, 0.0, z), (0.6, 0.2, -0.6), on_ground=True)
