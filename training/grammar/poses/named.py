"""Poses that people know by a name of one or two words, and type as such: "jazz hands", "crane kick".

Units: degrees and metres, as :mod:`training.controls` defines them; every builder poses the LEFT side.
"""

from __future__ import annotations

from training import landmarks as at
from training.controls import FEET_AND_WRISTS, Controls
from training.grammar.base import ARMS, BALANCE, BODY, LEFT_ARM, LEGS, TRUNK, Rng, pose
from training.grammar.base import uniform as u
from training.grammar.poses.kneeling import kneel_on_left
from training.grammar.poses.sitting import on_chair
from training.grammar.poses.standing import stand


@pose(
    "jazz_hands",
    group="named",
    predicates=("standing", "elbow_bent:both", "forearm_points_up:both", "hands_far_apart"),
    locks=ARMS,
)
def _jazz_hands(rng: Rng) -> Controls:
    c = stand(rng)
    c.both_arms(elevation=u(rng, 62, 82), azimuth=u(rng, 78, 90), elbow=u(rng, 95, 115), rotation=u(rng, 84, 94))
    return c


@pose(
    "crane_stance",
    group="named",
    predicates=("stands_on:right", "knee_raised:left", "hand_above_shoulder:both", "arms_lifted"),
    locks=LEGS | ARMS,
    tags=BALANCE,
)
def _crane_stance(rng: Rng) -> Controls:
    """On the right leg, the left knee up and both arms spread like wings."""
    c = stand(rng)
    c.weight = -0.9
    c.left_leg.angles(flexion=u(rng, 80, 100), knee=u(rng, 80, 110), abduction=4, rotation=4, ankle=u(rng, 20, 40))
    c.both_arms(elevation=u(rng, 105, 130), azimuth=u(rng, 82, 92), elbow=u(rng, 8, 30), rotation=u(rng, 10, 30))
    return c


@pose(
    "lightning_bolt",
    group="named",
    predicates=("standing", "arm_points_up_out:left", "elbow_bent:right", "hand_above_chest:right"),
    locks=ARMS,
)
def _lightning_bolt(rng: Rng) -> Controls:
    """The left arm points up and out, the right one is drawn back like that of an archer."""
    c = stand(rng)
    c.set(twist=u(rng, 4, 14), turn_head=u(rng, 20, 45), bend=-u(rng, 4, 12), nod=-u(rng, 4, 14))
    c.left_arm.angles(elevation=u(rng, 128, 140), azimuth=u(rng, 84, 94), elbow=u(rng, 2, 8))
    c.right_arm.to(at.Target("own_shoulder", "chest", (0.0, 0.04, 0.17), (1.0, -0.1, -0.3)))
    return c


@pose("fist_bump", group="named", predicates=("standing", "hand_far_ahead:left"), locks=LEFT_ARM, right=0.8)
def _fist_bump(rng: Rng) -> Controls:
    c = stand(rng)
    c.left_arm.angles(elevation=u(rng, 68, 88), azimuth=u(rng, -5, 12), elbow=u(rng, 12, 34), rotation=u(rng, -20, 10))
    return c


@pose(
    "bear_crawl",
    group="named",
    predicates=("hand_on_floor:both", "not knee_on_floor:left", "not knee_on_floor:right", "facing_down"),
    locks=BODY,
    spread=0.5,
)
def _bear_crawl(rng: Rng) -> Controls:
    """On hands and feet, the hips high and the knees bent."""
    c = Controls(support="lowest", pitch=u(rng, 84, 92), flex=u(rng, 4, 14), nod=-u(rng, 10, 25), level=FEET_AND_WRISTS)
    for arm, more in zip(c.arms, (u(rng, 0, 10), -u(rng, 0, 10)), strict=True):
        arm.angles(elevation=88 + more, azimuth=4, elbow=u(rng, 3, 10))
    for leg, less in zip(c.legs, (0.0, u(rng, 0, 14)), strict=True):
        leg.angles(flexion=u(rng, 96, 102) - less, knee=u(rng, 62, 70) - less, abduction=6, rotation=4, ankle=-10)
    return c


@pose(
    "superhero_landing",
    group="named",
    predicates=("kneels_on:left", "hand_on_floor:left", "hand_back:right"),
    locks=BODY,
    spread=0.5,
)
def _superhero_landing(rng: Rng) -> Controls:
    """On the left knee, the left fist on the ground, the right arm swung up and back."""
    c = kneel_on_left(rng)
    lean, low = u(rng, 38, 44), u(rng, 28, 36)
    c.set(pitch=lean, flex=u(rng, 50, 60), nod=-u(rng, 20, 45))
    c.left_leg.flexion = lean + low
    c.left_leg.knee = 90 + low
    c.left_arm.to(at.Target("own_knee", "world", (0.06, 0.0, u(rng, 0.10, 0.20)), (0.6, 0.0, -0.8), on_ground=True))
    c.right_arm.angles(elevation=u(rng, 60, 80), azimuth=u(rng, 105, 118), elbow=u(rng, 4, 25))
    return c


@pose(
    "tai_chi",
    group="named",
    predicates=("standing", "knee_bent:both", "hand_in_front:both", "elbow_bent:both"),
    locks=LEGS | ARMS,
)
def _tai_chi(rng: Rng) -> Controls:
    c = stand(rng)
    for leg in c.legs:
        leg.plant(x=u(rng, 0.14, 0.20), z=leg.z, knee=u(rng, 34, 52), toe_out=u(rng, 10, 25))
    c.left_leg.z, c.right_leg.z = u(rng, 0.06, 0.2), -u(rng, 0.06, 0.2)
    c.left_arm.to(at.in_front(x=-0.04, y=u(rng, -0.02, 0.08), z=u(rng, 0.36, 0.42)))
    c.right_arm.to(at.in_front(x=-0.06, y=u(rng, -0.22, -0.1), z=u(rng, 0.26, 0.34)))
    return c


@pose(
    "passe",
    group="named",
    predicates=("stands_on:right", "foot_on_other_knee:left", "knee_well_bent:left", "trunk_upright"),
    locks=LEGS | TRUNK,
    tags=BALANCE,
)
def _passe(rng: Rng) -> Controls:
    """On the right leg, the left toes at the right knee, the left knee out."""
    c = stand(rng)
    c.set(weight=-0.9, flex=-2)
    c.left_leg.to(at.Target("other_knee", "world", (0.15, u(rng, 0.0, 0.05), 0.05), (1.0, 0.1, 0.25)), ankle=55)
    if rng.random() < 0.5:
        c.both_arms(elevation=u(rng, 40, 60), azimuth=u(rng, 20, 40), elbow=u(rng, 30, 50), rotation=-30)
    else:
        c.both_arms(elevation=u(rng, 75, 90), azimuth=u(rng, 75, 90), elbow=u(rng, 10, 25))
    return c


@pose("juggle", group="named", predicates=("standing", "elbow_bent:both", "hands_in_front"), locks=ARMS)
def _juggle(rng: Rng) -> Controls:
    c = stand(rng)
    c.nod = -u(rng, 8, 25)
    for arm, more in zip(c.arms, (u(rng, 10, 30), 0.0), strict=True):
        arm.angles(
            elevation=u(rng, 14, 26), azimuth=u(rng, 20, 45), elbow=u(rng, 78, 95) + more, rotation=u(rng, 0, 12)
        )
    return c


@pose(
    "lasso",
    group="named",
    predicates=("standing", "hand_above_head:left", "not hand_above_shoulder:right"),
    locks=LEFT_ARM,
    right=0.8,
)
def _lasso(rng: Rng) -> Controls:
    c = stand(rng)
    c.left_arm.angles(elevation=u(rng, 130, 155), azimuth=u(rng, 60, 88), elbow=u(rng, 30, 70), rotation=u(rng, 40, 80))
    return c


@pose(
    "twerk",
    group="named",
    predicates=("crouched", "trunk_leans_forward", "hand_touches_thigh:both", "feet_apart"),
    locks=LEGS | ARMS | TRUNK,
)
def _twerk(rng: Rng) -> Controls:
    c = stand(rng)
    c.both_feet(x=u(rng, 0.20, 0.28), knee=u(rng, 68, 84), toe_out=u(rng, 15, 30), knee_out=0.3)
    c.set(pitch=u(rng, 44, 54), flex=-u(rng, 8, 20), nod=-u(rng, 5, 25))
    c.both_hands(at.OWN_THIGH)
    return c


@pose(
    "beat_chest",
    group="named",
    predicates=("standing", "hand_on_chest:both", "elbow_bent:both"),
    locks=ARMS,
)
def _beat_chest(rng: Rng) -> Controls:
    c = stand(rng)
    c.both_feet(x=u(rng, 0.16, 0.26), knee=u(rng, 14, 40), toe_out=20)
    c.flex = u(rng, 6, 20)
    for arm in c.arms:
        arm.to(at.CHEST.moved(x=u(rng, 0.06, 0.10), z=u(rng, 0.0, 0.06)), pole=(1.0, -0.3, 0.1))
    return c


@pose("knit", group="named", predicates=("seated", "hands_close", "hands_in_front"), locks=ARMS)
def _knit(rng: Rng) -> Controls:
    c = on_chair(rng)
    c.set(nod=u(rng, 12, 30), flex=u(rng, 6, 16))
    for arm in c.arms:
        arm.to(at.Target("spine2", "chest", (u(rng, 0.05, 0.09), u(rng, -0.04, 0.06), 0.24), (1.0, -0.8, -0.4)))
    return c
