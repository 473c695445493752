"""Poses on one knee, on both knees and on all fours.

Units: degrees and metres, as :mod:`training.controls` defines them; every builder poses the LEFT side.
"""

from __future__ import annotations

import numpy as np

from training import landmarks as at
from training.controls import KNEES_AND_WRISTS, Controls
from training.grammar.base import BODY, HEAD, LEGS, TRUNK, Rng, pose
from training.grammar.base import uniform as u


@pose(
    "kneel",
    group="kneeling",
    predicates=("kneeling", "knees_on_floor", "trunk_upright", "not seated_on_floor"),
    locks=LEGS,
    spread=0.7,
    weight=3,
)
def kneel(rng: Rng) -> Controls:
    """Upright on both knees, shanks along the ground."""
    c = Controls(support="lowest", pitch=u(rng, 0, 5), flex=u(rng, 0, 6))
    lean = float(np.asarray(c.pitch))
    for leg in c.legs:
        leg.angles(
            flexion=lean + u(rng, -2, 4), knee=u(rng, 87, 92), abduction=u(rng, 2, 6), rotation=0, ankle=u(rng, 57, 63)
        )
    return c


@pose(
    "kneel_on_one",
    group="kneeling",
    predicates=("kneels_on:left", "foot_on_floor:right", "trunk_upright"),
    locks=LEGS,
    spread=0.7,
    weight=3,
)
def kneel_on_left(rng: Rng) -> Controls:
    """The left knee on the ground, the right foot flat ahead."""
    c = kneel(rng)
    c.right_leg.plant(x=u(rng, 0.08, 0.13), z=u(rng, 0.34, 0.44), toe_out=6)
    if rng.random() < 0.5:
        c.right_arm.to(at.KNEE)
    return c


def on_heels(rng: Rng, pitch: float = 0.0) -> Controls:
    """Both knees on the ground, the hips on the heels, tipped forward by ``pitch``."""
    c = Controls(support="lowest", pitch=pitch, flex=u(rng, 4, 12))
    for leg in c.legs:
        leg.angles(flexion=62 + pitch, knee=153, abduction=u(rng, 3, 9), rotation=0, ankle=60)
    return c


@pose(
    "kneel_bow",
    group="kneeling",
    predicates=("kneeling", "hand_on_floor:both", "trunk_bent_far_forward"),
    locks=LEGS,
    spread=0.7,
    weight=1.5,
)
def _kneel_bow(rng: Rng) -> Controls:
    """From the heels forward, hands on the ground, the forehead above them."""
    c = on_heels(rng, pitch=u(rng, 42, 54))
    c.set(flex=u(rng, 34, 48), nod=u(rng, 2, 16))
    c.both_hands(
        at.Target("own_knee", "world", offset=(0.02, 0.0, u(rng, 0.2, 0.3)), pole=(1.0, 0.2, -0.2), on_ground=True)
    )
    return c


@pose(
    "prostrate",
    group="kneeling",
    predicates=("kneeling", "head_low", "trunk_bent_far_forward"),
    locks=LEGS | TRUNK,
    spread=0.7,
)
def _prostrate(rng: Rng) -> Controls:
    """Folded over the thighs, arms stretched out along the ground."""
    c = on_heels(rng, pitch=u(rng, 66, 74))
    c.set(flex=u(rng, 40, 50), nod=u(rng, 4, 14))
    if rng.random() < 0.7:
        c.both_hands(
            at.Target(
                "own_shoulder", "world", offset=(0.02, 0.03, u(rng, 0.38, 0.46)), pole=(1.0, 0.6, 0.0), on_ground=True
            )
        )
    else:
        c.both_hands(at.Target("own_ankle", "world", offset=(0.1, 0.05, u(rng, 0.05, 0.2)), pole=(1.0, 0.4, 0.0)))
    return c


@pose("kneel_pray", group="kneeling", predicates=("kneeling", "hands_together"), locks=LEGS, spread=0.7, weight=1.5)
def _pray(rng: Rng) -> Controls:
    c = kneel(rng) if rng.random() < 0.6 else on_heels(rng)
    c.set(flex=u(rng, 6, 16), nod=u(rng, 10, 30))
    c.both_hands(at.PRAYER.moved(y=u(rng, 0, 0.06)))
    return c


@pose(
    "kneel_propose",
    group="kneeling",
    predicates=("kneels_on:left", "foot_on_floor:right", "hand_ahead:left"),
    locks=LEGS,
    spread=0.7,
    weight=1.5,
)
def _propose(rng: Rng) -> Controls:
    """On the left knee, the left hand holding out a ring."""
    c = kneel_on_left(rng)
    c.set(nod=-u(rng, 8, 22), flex=u(rng, 0, 8))
    c.left_arm.to(at.in_front(-u(rng, 0.02, 0.08), u(rng, -0.06, 0.06), u(rng, 0.34, 0.42)))
    pick = rng.random()
    if pick < 0.45:
        c.right_arm.to(at.in_front(-0.08, u(rng, -0.08, 0.02), u(rng, 0.3, 0.36)))
    elif pick < 0.75:
        c.right_arm.to(at.KNEE)
    else:
        c.right_arm.to(at.CHEST)
    return c


@pose(
    "kneel_tie_shoelace",
    group="kneeling",
    predicates=("kneels_on:left", "hand_near_foot:right", "hand_near_other_foot:left", "trunk_bent_forward"),
    locks=LEGS | TRUNK,
    spread=0.45,
    weight=1.5,
)
def _shoelace(rng: Rng) -> Controls:
    """On the left knee, both hands at the right shoe."""
    c = kneel_on_left(rng)
    lean = u(rng, 26, 34)
    c.set(pitch=lean, flex=u(rng, 64, 74), nod=u(rng, 4, 16))
    c.left_leg.flexion = lean + u(rng, -8, 0)
    c.left_leg.knee = 86
    c.right_leg.plant(x=0.09, z=u(rng, 0.30, 0.35), toe_out=4)
    c.left_arm.to(at.Target("other_ankle", "world", offset=(0.05, 0.05, 0.05), pole=(0.5, -0.4, 0.3)))
    c.right_arm.to(at.Target("own_ankle", "world", offset=(0.05, 0.05, 0.05), pole=(1.0, 0.0, 0.2)))
    return c


@pose(
    "all_fours",
    group="kneeling",
    predicates=("on_all_fours", "hand_on_floor:both", "knees_on_floor"),
    locks=BODY,
    spread=0.6,
    weight=1.5,
)
def all_fours(rng: Rng) -> Controls:
    """On hands and knees, the back level."""
    c = Controls(support="lowest", pitch=u(rng, 73, 77), flex=u(rng, -4, 6), nod=-u(rng, 5, 20), level=KNEES_AND_WRISTS)
    c.both_legs(flexion=u(rng, 73, 77), knee=90, abduction=u(rng, 3, 7), rotation=0, ankle=60)
    c.both_arms(elevation=u(rng, 74, 80), azimuth=u(rng, 2, 8), elbow=3)
    return c


@pose(
    "kneel_crawl",
    group="kneeling",
    predicates=("on_all_fours", "hand_on_floor:both", "knees_on_floor"),
    locks=BODY,
    spread=0.6,
    weight=2,
)
def _crawl(rng: Rng) -> Controls:
    """On hands and knees, the left hand and the right knee ahead."""
    c = all_fours(rng)
    step, reach = u(rng, 12, 20), u(rng, 10, 18)
    c.flex = u(rng, -2, 4)
    c.left_leg.angles(flexion=75 - step, knee=90 - step, abduction=5, rotation=0, ankle=60)
    c.right_leg.angles(flexion=75 + step, knee=90 + step, abduction=5, rotation=0, ankle=60)
    c.left_arm.angles(elevation=77 + reach, azimuth=4, elbow=3)
    c.right_arm.angles(elevation=77 - reach, azimuth=4, elbow=3)
    return c


@pose("kneel_hands_on_hips", group="kneeling", predicates=("kneeling", "hand_on_hip:both"), locks=LEGS, spread=0.7)
def _hands_on_hips(rng: Rng) -> Controls:
    c = kneel(rng)
    c.both_hands(at.HIP)
    return c


@pose("kneel_arms_up", group="kneeling", predicates=("kneeling", "arm_up:both"), locks=LEGS, spread=0.7)
def _arms_up(rng: Rng) -> Controls:
    c = kneel(rng)
    c.set(flex=-u(rng, 2, 10), nod=-u(rng, 8, 24))
    c.both_arms(elevation=u(rng, 150, 174), azimuth=u(rng, 30, 80), elbow=u(rng, 4, 20))
    return c


@pose("kneel_surrender", group="kneeling", predicates=("kneeling", "elbow_bent:both"), locks=LEGS, spread=0.7)
def _surrender(rng: Rng) -> Controls:
    c = kneel(rng) if rng.random() < 0.6 else on_heels(rng)
    if rng.random() < 0.5:
        c.both_hands(at.BACK_OF_HEAD)
    else:
        c.both_arms(elevation=u(rng, 84, 100), azimuth=85, elbow=u(rng, 75, 95), rotation=90)
    return c


@pose(
    "kneel_beg", group="kneeling", predicates=("kneeling", "hands_in_front", "hand_ahead:both"), locks=LEGS, spread=0.5
)
def _beg(rng: Rng) -> Controls:
    c = kneel(rng)
    c.set(flex=u(rng, 6, 14), nod=-u(rng, 10, 24))
    c.both_hands(at.in_front(-u(rng, 0.06, 0.12), u(rng, -0.08, 0.04), u(rng, 0.3, 0.4)))
    return c


@pose("kneel_head_bowed", group="kneeling", predicates=("kneeling", "head_down"), locks=LEGS | HEAD, spread=0.7)
def _head_down(rng: Rng) -> Controls:
    c = kneel(rng) if rng.random() < 0.5 else on_heels(rng)
    c.set(flex=u(rng, 16, 28), nod=u(rng, 30, 42))
    return c


@pose(
    "knight",
    group="kneeling",
    predicates=("kneels_on:left", "foot_on_floor:right", "head_down"),
    locks=LEGS | HEAD,
    spread=0.5,
)
def _knight(rng: Rng) -> Controls:
    """On the left knee with a bowed head, the forearm on the raised knee."""
    c = kneel_on_left(rng)
    c.set(flex=u(rng, 14, 24), nod=u(rng, 30, 42))
    c.right_arm.to(at.KNEE)
    if rng.random() < 0.4:
        c.left_arm.to(at.CHEST)
    return c


@pose("kneel_lean_back", group="kneeling", predicates=("kneeling", "trunk_leans_back"), locks=LEGS | TRUNK, spread=0.6)
def _lean_back(rng: Rng) -> Controls:
    c = kneel(rng)
    c.set(pitch=-u(rng, 14, 20), flex=-u(rng, 8, 16), nod=-u(rng, 0, 12))
    tipped = u(rng, 8, 14)
    for leg in c.legs:
        leg.flexion = c.pitch + tipped
        leg.knee = 90 + tipped
    return c


@pose(
    "kneel_garden",
    group="kneeling",
    predicates=("kneeling", "hand_on_floor:both", "trunk_bent_forward"),
    locks=LEGS,
    spread=0.7,
)
def _garden(rng: Rng) -> Controls:
    """On both knees, bent over work on the ground."""
    c = on_heels(rng, pitch=u(rng, 34, 44))
    c.set(flex=u(rng, 40, 52), nod=u(rng, 0, 12))
    for arm in c.arms:
        arm.to(
            at.Target(
                "own_knee",
                "world",
                offset=(u(rng, -0.08, 0.04), 0.0, u(rng, 0.16, 0.34)),
                pole=(1.0, 0.0, -0.2),
                on_ground=True,
            )
        )
    return c


@pose("kneel_scrub_floor", group="kneeling", predicates=("on_all_fours", "hand_on_floor:both"), locks=BODY, spread=0.5)
def _scrub(rng: Rng) -> Controls:
    """On the knees and the right hand, the left hand wiping ahead."""
    c = all_fours(rng)
    c.left_arm.to(
        at.Target(
            "own_shoulder", "world", offset=(0.02, 0.0, u(rng, 0.16, 0.28)), pole=(1.0, 0.2, -0.2), on_ground=True
        )
    )
    c.level = (("left_knee", "right_knee"), ("right_wrist",))
    return c


@pose(
    "fours_arm",
    group="kneeling",
    predicates=("knees_on_floor", "hand_on_floor:right", "arm_up:left", "not hand_on_floor:left"),
    locks=BODY,
    spread=0.5,
)
def _fours_arm(rng: Rng) -> Controls:
    """On hands and knees, the left arm stretched ahead."""
    c = all_fours(rng)
    c.left_arm.angles(elevation=u(rng, 162, 176), azimuth=20, elbow=5)
    c.level = (("left_knee", "right_knee"), ("right_wrist",))
    return c


@pose(
    "fours_leg",
    group="kneeling",
    predicates=("hand_on_floor:both", "knee_on_floor:right", "leg_straight:left", "not knee_on_floor:left"),
    locks=BODY,
    spread=0.5,
)
def _fours_leg(rng: Rng) -> Controls:
    """On hands and knees, the left leg stretched behind."""
    c = all_fours(rng)
    c.left_leg.angles(flexion=u(rng, -6, 4), knee=u(rng, 2, 10), abduction=3, rotation=0, ankle=20)
    c.level = (("right_knee",), ("left_wrist", "right_wrist"))
    return c


@pose(
    "look_under",
    group="kneeling",
    predicates=("knees_on_floor", "forearm_on_floor:both", "head_low"),
    locks=BODY,
    spread=0.5,
)
def _look_under(rng: Rng) -> Controls:
    """On knees and forearms, the head near the ground."""
    c = Controls(support="lowest", pitch=u(rng, 97, 100), flex=u(rng, 8, 12), nod=-u(rng, 10, 30), tilt=u(rng, 0, 20))
    c.both_legs(flexion=c.pitch, knee=90, abduction=6, rotation=0, ankle=60)
    c.both_hands(at.Target("own_shoulder", "world", offset=(0.02, 0.03, 0.2), pole=(0.3, -0.6, 1.0), on_ground=True))
    return c


@pose(
    "one_knee_hands_on_knee",
    group="kneeling",
    predicates=("kneels_on:left", "hand_on_knee:right", "hand_on_other_knee:left"),
    locks=LEGS,
    spread=0.7,
)
def _one_knee_hands_on_knee(rng: Rng) -> Controls:
    """On the left knee, both hands stacked on the right knee."""
    c = kneel_on_left(rng)
    c.set(pitch=u(rng, 2, 6), flex=u(rng, 14, 24))
    c.left_leg.flexion = c.pitch
    c.right_arm.to(at.KNEE)
    c.left_arm.to(at.OTHER_KNEE)
    return c


@pose(
    "one_knee_hand_on_floor",
    group="kneeling",
    predicates=("kneels_on:left", "hand_on_floor:left"),
    locks=LEGS | TRUNK,
    spread=0.6,
)
def _one_knee_hand_on_floor(rng: Rng) -> Controls:
    """On the left knee, the left hand propped on the ground beside it."""
    c = kneel_on_left(rng)
    lean = u(rng, 38, 46)
    c.set(pitch=lean, flex=u(rng, 54, 64), nod=u(rng, -14, 14))
    low = u(rng, 28, 36)
    c.left_leg.flexion = lean + low
    c.left_leg.knee = 90 + low
    c.left_arm.to(
        at.Target("own_knee", "world", offset=(0.08, 0.0, u(rng, 0.1, 0.2)), pole=(0.6, 0.0, -0.8), on_ground=True)
    )
    c.right_arm.to(at.KNEE, pole=(1.0, -0.4, 0.1))
    return c


@pose(
    "kneel_knees_wide",
    group="kneeling",
    predicates=("kneeling", "knees_apart", "trunk_upright"),
    locks=LEGS,
    spread=0.7,
)
def _knees_wide(rng: Rng) -> Controls:
    c = kneel(rng)
    for leg in c.legs:
        leg.abduction = u(rng, 20, 28)
    return c


@pose(
    "kneel_leg_side",
    group="kneeling",
    predicates=("knee_on_floor:right", "leg_out:left", "leg_straight:left", "trunk_upright"),
    locks=LEGS,
    spread=0.7,
)
def _leg_side(rng: Rng) -> Controls:
    """On the right knee, the left leg straight out to the side."""
    c = kneel(rng)
    c.left_leg.angles(
        flexion=u(rng, 0, 6), knee=u(rng, 2, 6), abduction=u(rng, 61, 66), rotation=4, ankle=u(rng, 10, 25)
    )
    pick = rng.random()
    if pick < 0.3:
        c.both_hands(at.HIP)
    elif pick < 0.55:
        c.both_arms(elevation=u(rng, 82, 96), azimuth=u(rng, 82, 95), elbow=u(rng, 2, 14))
    elif pick < 0.7:
        c.left_arm.to(at.THIGH)
    return c


@pose("kneel_lean_side", group="kneeling", predicates=("knees_on_floor", "trunk_bends:left"), locks=LEGS | TRUNK)
def _lean_side(rng: Rng) -> Controls:
    """Upright on both knees, bent over to the left."""
    c = kneel(rng)
    c.bend = u(rng, 24, 34)
    if rng.random() < 0.4:
        c.right_arm.angles(elevation=u(rng, 160, 174), azimuth=u(rng, 60, 90), elbow=u(rng, 4, 16))
    elif rng.random() < 0.5:
        c.both_hands(at.HIP)
    return c


@pose(
    "one_knee_hand_on_thigh",
    group="kneeling",
    predicates=("kneels_on:left", "hand_on_knee:right", "not hand_on_knee:left"),
    locks=LEGS | {"right_arm"},
)
def _one_knee_hand_on_thigh(rng: Rng) -> Controls:
    """On the left knee, the right hand on the right knee, the left arm free."""
    c = kneel_on_left(rng)
    c.right_arm.to(at.KNEE)
    if rng.random() < 0.5:
        c.left_arm.to(at.HIP)
    return c
