"""Poses of daily life: carrying, cleaning, cooking, dressing, music.

Units: degrees and metres, as :mod:`training.controls` defines them; every builder poses the LEFT side.
"""

from __future__ import annotations

from training import landmarks as at
from training.controls import Controls
from training.grammar.base import ARMS, BODY, LEFT_ARM, LEGS, TRUNK, Rng, pose
from training.grammar.base import uniform as u
from training.grammar.poses.fighting import before_chest
from training.grammar.poses.sitting import on_chair
from training.grammar.poses.standing import stand, stand_with_hand, stand_with_hands


@pose(
    "fishing",
    group="daily",
    predicates=("standing", "hand_in_front:both", "hands_close"),
    locks=ARMS,
    right=0.8,
    weight=2,
)
def _fish(rng: Rng) -> Controls:
    c = stand(rng)
    c.left_arm.to(before_chest(0.10, -u(rng, 0.06, 0.14), u(rng, 0.34, 0.40)))
    c.right_arm.to(before_chest(0.04, -u(rng, 0.18, 0.26), u(rng, 0.24, 0.30)))
    return c


def _staggered(rng: Rng, length: float, knee: float) -> Controls:
    """Stand with the right foot about ``length`` metres ahead and its knee bent by about ``knee`` degrees."""
    c = stand(rng)
    c.right_leg.plant(x=u(rng, 0.09, 0.14), z=length * u(rng, 0.8, 1.2), knee=knee * u(rng, 0.8, 1.2), toe_out=5)
    c.left_leg.plant(x=u(rng, 0.09, 0.14), z=-length * u(rng, 0.8, 1.2), knee=knee * 0.6, toe_out=25)
    return c


@pose(
    "sawing",
    group="daily",
    predicates=("standing", "trunk_bent_forward", "hands_in_front", "feet_staggered"),
    locks=ARMS,
    right=0.8,
    weight=2,
)
def _saw(rng: Rng) -> Controls:
    c = _staggered(rng, length=0.16, knee=25)
    c.set(pitch=u(rng, 20, 28), flex=u(rng, 16, 24), nod=u(rng, 4, 14))
    c.left_arm.to(before_chest(u(rng, 0.14, 0.2), -u(rng, 0.20, 0.28), u(rng, 0.16, 0.36), pole=(0.6, 0.2, -1.0)))
    c.right_arm.to(before_chest(u(rng, 0.08, 0.14), -u(rng, 0.28, 0.34), u(rng, 0.32, 0.38)))
    return c


@pose(
    "pull_rope",
    group="daily",
    predicates=("standing", "trunk_leans_back", "hands_in_front", "hands_close"),
    locks=ARMS,
    weight=2,
)
def _pull_rope(rng: Rng) -> Controls:
    c = _staggered(rng, length=0.24, knee=40)
    c.set(pitch=-u(rng, 10, 20), flex=u(rng, 2, 10), balance=0.35, nod=8)
    height = u(rng, -0.22, -0.10)
    c.left_arm.to(before_chest(0.04, height, u(rng, 0.26, 0.34)))
    c.right_arm.to(before_chest(0.02, height, u(rng, 0.42, 0.47)))
    return c


@pose(
    "open_door",
    group="daily",
    predicates=("standing", "hand_in_front:left", "not hand_in_front:right", "not hand_above_shoulder:left"),
    locks=LEFT_ARM,
    right=0.75,
    weight=2,
)
def _open_door(rng: Rng) -> Controls:
    c = _staggered(rng, length=0.08, knee=10)
    c.left_arm.to(before_chest(u(rng, 0.16, 0.26), -u(rng, 0.20, 0.28), u(rng, 0.36, 0.42)))
    return c


@pose(
    "pull_door",
    group="daily",
    predicates=("standing", "hand_in_front:left", "elbow_bent:left", "feet_staggered", "not hand_above_shoulder:left"),
    locks=LEFT_ARM,
    right=0.75,
    weight=2,
)
def _pull_door(rng: Rng) -> Controls:
    c = _staggered(rng, length=0.14, knee=18)
    c.set(pitch=-u(rng, 6, 12), twist=u(rng, 4, 12))
    c.left_arm.to(before_chest(u(rng, 0.14, 0.22), -u(rng, 0.14, 0.24), u(rng, 0.24, 0.34), pole=(0.8, -0.5, -0.8)))
    return c


@pose(
    "push_door",
    group="daily",
    predicates=("standing", "hand_in_front:both", "trunk_leans_forward", "feet_staggered"),
    locks=ARMS,
    weight=2,
)
def _push(rng: Rng) -> Controls:
    c = _staggered(rng, length=0.26, knee=30)
    c.set(pitch=u(rng, 16, 26), flex=u(rng, 2, 8), balance=0.35, nod=-12)
    c.both_hands(before_chest(u(rng, 0.12, 0.2), u(rng, 0.06, 0.18), u(rng, 0.38, 0.45)))
    return c


@pose(
    "push_cart",
    group="daily",
    predicates=("standing", "hand_in_front:both", "feet_staggered", "not hand_above_shoulder:both"),
    locks=ARMS,
    weight=2,
)
def _push_cart(rng: Rng) -> Controls:
    c = _staggered(rng, length=0.22, knee=22)
    c.set(pitch=u(rng, 8, 18), flex=u(rng, 2, 8), nod=-6)
    c.left_leg.heel = u(rng, 10, 30)
    c.both_hands(before_chest(u(rng, 0.18, 0.25), -u(rng, 0.16, 0.26), u(rng, 0.36, 0.42)))
    return c


@pose(
    "knock",
    group="daily",
    predicates=("standing", "hand_in_front:left", "hand_above_shoulder:left", "not hand_in_front:right"),
    locks=LEFT_ARM,
    right=0.75,
    weight=2,
)
def _knock(rng: Rng) -> Controls:
    c = stand(rng)
    c.left_arm.to(before_chest(u(rng, 0.10, 0.2), u(rng, 0.15, 0.22), u(rng, 0.34, 0.41), pole=(0.7, -1.0, 0.0)))
    return c


@pose(
    "carry_box",
    group="daily",
    predicates=("standing", "hand_in_front:both", "elbow_bent:both", "not hands_together"),
    locks=ARMS,
    weight=2.5,
)
def _box(rng: Rng) -> Controls:
    c = stand(rng)
    c.set(flex=-u(rng, 0, 8), pitch=-u(rng, 0, 4))
    c.both_hands(before_chest(u(rng, 0.15, 0.20), -u(rng, 0.14, 0.22), u(rng, 0.24, 0.29), pole=(1.0, -0.8, -0.8)))
    return c


@pose(
    "lift_box",
    group="daily",
    predicates=("knee_well_bent:both", "trunk_bent_forward", "hand_at_hip_height:both", "feet_on_floor"),
    locks=BODY,
    weight=2,
)
def _lift_box(rng: Rng) -> Controls:
    c = Controls(pitch=u(rng, 46, 58), flex=u(rng, 14, 26), nod=-u(rng, 8, 20))
    c.both_feet(x=u(rng, 0.18, 0.24), knee=u(rng, 86, 104), toe_out=18)
    c.both_hands(at.Target("pelvis", "world", offset=(u(rng, 0.14, 0.19), -u(rng, 0.28, 0.38), u(rng, 0.40, 0.46))))
    return c


@pose(
    "carry_child",
    group="daily",
    predicates=("standing", "hands_in_front", "elbow_bent:both", "hands_close"),
    locks=ARMS,
    weight=2,
)
def _child(rng: Rng) -> Controls:
    c = stand(rng)
    c.set(flex=-u(rng, 2, 8), nod=u(rng, 6, 18))
    c.left_arm.to(before_chest(-u(rng, 0.02, 0.10), u(rng, -0.12, 0.0), u(rng, 0.22, 0.28), pole=(1.0, -0.8, 0.1)))
    c.right_arm.to(before_chest(-u(rng, 0.0, 0.08), -u(rng, 0.14, 0.19), u(rng, 0.22, 0.26), pole=(1.0, -0.8, 0.0)))
    return c


@pose(
    "suitcase",
    group="daily",
    predicates=("standing", "arm_down:left", "arm_straight:left", "trunk_bends:right"),
    locks=LEFT_ARM | TRUNK,
)
def _suitcase(rng: Rng) -> Controls:
    """A weight in the left hand."""
    c = stand(rng)
    c.set(bend=-u(rng, 13, 20), weight=0.2)
    c.left_arm.angles(elevation=u(rng, 4, 12), azimuth=u(rng, 70, 95), elbow=u(rng, 2, 8), shrug=-5)
    c.right_arm.angles(elevation=u(rng, 14, 32), azimuth=88, elbow=u(rng, 8, 20))
    return c


@pose("backpack", group="daily", predicates=("standing", "elbow_bent:both", "hands_in_front"), locks=ARMS)
def _backpack(rng: Rng) -> Controls:
    c = stand(rng)
    c.set(pitch=u(rng, 4, 10), flex=u(rng, 6, 14))
    c.both_hands(at.OWN_SHOULDER.moved(x=-0.05, y=-0.14, z=0.06))
    return c


@pose(
    "drum",
    group="daily",
    predicates=("standing", "hands_in_front", "elbow_bent:left", "not hands_together"),
    locks=ARMS,
    weight=2,
)
def _drum(rng: Rng) -> Controls:
    c = stand(rng)
    c.nod = u(rng, 6, 18)
    c.left_arm.to(before_chest(u(rng, 0.12, 0.2), u(rng, -0.02, 0.12), u(rng, 0.26, 0.34), pole=(0.9, -0.9, -0.2)))
    c.right_arm.to(before_chest(u(rng, 0.10, 0.16), -u(rng, 0.18, 0.26), u(rng, 0.30, 0.36), pole=(0.9, -0.9, -0.4)))
    return c


@pose(
    "photo",
    group="daily",
    predicates=("standing", "hands_close", "hand_in_front:both", "hand_above_shoulder:both"),
    locks=ARMS,
    weight=2,
)
def _photo(rng: Rng) -> Controls:
    c = stand(rng)
    if rng.random() < 0.6:
        c.both_hands(at.EYES.moved(x=0.04, z=0.09))
    else:
        c.both_hands(before_chest(u(rng, 0.08, 0.12), u(rng, 0.14, 0.22), u(rng, 0.34, 0.40)))
    return c


@pose(
    "selfie",
    group="daily",
    predicates=("standing", "hand_above_shoulder:left", "hand_far_ahead:left", "not hand_above_shoulder:right"),
    locks=LEFT_ARM,
    right=0.7,
)
def _selfie(rng: Rng) -> Controls:
    c = stand(rng)
    c.left_arm.angles(elevation=u(rng, 98, 120), azimuth=u(rng, 10, 35), elbow=u(rng, 4, 22))
    c.set(turn_head=u(rng, 5, 20), nod=-8, tilt=-u(rng, 4, 14))
    return c


@pose(
    "stairs",
    group="daily",
    predicates=("standing", "foot_lifted:left", "knee_bent:left", "leg_forward:left"),
    locks=LEGS,
    weight=2.5,
)
def _stairs(rng: Rng) -> Controls:
    """The left foot on the next step."""
    c = stand(rng)
    c.set(pitch=u(rng, 6, 14), flex=u(rng, 2, 8))
    c.right_leg.plant(x=0.09, z=-u(rng, 0.10, 0.16), knee=u(rng, 10, 18), heel=u(rng, 6, 20))
    c.left_leg.plant(x=0.10, z=u(rng, 0.18, 0.26), y=u(rng, 0.18, 0.26), knee=60, toe_out=4)
    c.weight = 0.1
    c.right_arm.angles(elevation=u(rng, 15, 32), azimuth=5, elbow=u(rng, 20, 40))
    c.left_arm.angles(elevation=u(rng, 12, 28), azimuth=172, elbow=u(rng, 10, 20))
    return c


@pose(
    "ladder",
    group="daily",
    predicates=("standing", "foot_lifted:left", "hand_above_shoulder:right", "hand_in_front:both", "knee_bent:left"),
    locks=ARMS | LEGS,
    weight=2,
)
def _ladder(rng: Rng) -> Controls:
    c = _stairs(rng)
    c.set(pitch=4, nod=-u(rng, 14, 28))
    c.left_leg.plant(x=0.10, z=u(rng, 0.12, 0.18), y=u(rng, 0.26, 0.34), knee=60, toe_out=4)
    c.right_arm.to(at.Target("own_shoulder", "chest", offset=(0.02, u(rng, 0.26, 0.36), 0.30), pole=(0.8, -1.0, 0.0)))
    c.left_arm.to(at.Target("own_shoulder", "chest", offset=(0.02, u(rng, -0.02, 0.10), 0.34), pole=(0.8, -1.0, 0.0)))
    return c


@pose(
    "step_over",
    group="daily",
    predicates=("standing", "stands_on:right", "knee_bent:left", "thigh_forward:left"),
    locks=LEGS,
    weight=2,
)
def _step_over(rng: Rng) -> Controls:
    c = stand(rng)
    c.pitch = u(rng, 2, 8)
    c.right_leg.plant(x=0.07, knee=u(rng, 5, 14))
    c.left_leg.angles(flexion=u(rng, 72, 92), knee=u(rng, 60, 90), abduction=6, rotation=4, ankle=-u(rng, 0, 12))
    c.right_arm.angles(elevation=u(rng, 20, 45), azimuth=40, elbow=u(rng, 15, 40))
    c.left_arm.angles(elevation=u(rng, 20, 50), azimuth=95, elbow=u(rng, 10, 30))
    c.nod = u(rng, 10, 24)
    return c


@pose(
    "watering",
    group="daily",
    predicates=("standing", "hand_in_front:left", "head_down", "not hand_above_shoulder:left"),
    locks=LEFT_ARM,
    right=0.75,
    weight=2,
)
def _water(rng: Rng) -> Controls:
    c = stand(rng)
    c.set(flex=u(rng, 8, 18), pitch=u(rng, 2, 10), nod=u(rng, 14, 26))
    c.left_arm.to(before_chest(u(rng, 0.10, 0.18), -u(rng, 0.10, 0.20), u(rng, 0.36, 0.43), pole=(1.0, -0.3, -0.1)))
    return c


@pose(
    "feeding_birds",
    group="daily",
    predicates=("standing", "hand_in_front:left", "head_down", "not hand_above_shoulder:left"),
    locks=ARMS,
    right=0.75,
    weight=2,
)
def _feed(rng: Rng) -> Controls:
    c = _water(rng)
    c.right_arm.to(before_chest(0.06, -u(rng, 0.18, 0.24), u(rng, 0.18, 0.24)))
    return c


@pose(
    "paint_wall",
    group="daily",
    predicates=("standing", "hand_in_front:left", "hand_above_shoulder:left", "not hand_in_front:right"),
    locks=LEFT_ARM,
    right=0.75,
    weight=2,
)
def _wall(rng: Rng) -> Controls:
    """The left hand at a wall, at the height of the head."""
    c = stand(rng)
    c.left_arm.to(before_chest(u(rng, 0.12, 0.24), u(rng, 0.24, 0.42), u(rng, 0.34, 0.40), pole=(0.8, -1.0, 0.0)))
    c.nod = -u(rng, 4, 14)
    return c


@pose(
    "write_board",
    group="daily",
    predicates=("standing", "hand_in_front:left", "hand_above_shoulder:left", "not hand_in_front:right"),
    locks=LEFT_ARM,
    right=0.8,
    weight=2,
)
def _write_board(rng: Rng) -> Controls:
    c = stand(rng)
    c.left_arm.to(before_chest(u(rng, 0.08, 0.2), u(rng, 0.16, 0.28), u(rng, 0.32, 0.38), pole=(0.8, -1.0, 0.0)))
    return c


@pose(
    "hammer",
    group="daily",
    predicates=(
        "standing",
        "hand_above_shoulder:left",
        "elbow_bent:left",
        "hand_in_front:right",
        "not hand_above_head:right",
    ),
    locks=ARMS,
    right=0.8,
    weight=2,
)
def _hammer(rng: Rng) -> Controls:
    c = _staggered(rng, length=0.08, knee=12)
    c.right_arm.to(before_chest(u(rng, 0.02, 0.08), u(rng, -0.06, 0.06), u(rng, 0.36, 0.42)))
    c.left_arm.to(at.Target("own_shoulder", "chest", offset=(0.08, u(rng, 0.08, 0.22), 0.12), pole=(0.8, -0.6, 0.3)))
    c.nod = u(rng, 6, 16)
    return c


@pose(
    "pick_apple",
    group="daily",
    predicates=("standing", "hand_above_head:left", "head_up", "not hand_above_head:right"),
    locks=LEFT_ARM,
    right=0.7,
    weight=2,
)
def _pick(rng: Rng) -> Controls:
    c = stand(rng)
    c.left_arm.angles(elevation=u(rng, 138, 160), azimuth=u(rng, 0, 30), elbow=u(rng, 5, 22))
    c.nod = -u(rng, 22, 40)
    if rng.random() < 0.5:
        c.both_feet(x=0.09, knee=3, heel=u(rng, 15, 30))
    return c


@pose(
    "umbrella",
    group="daily",
    predicates=("standing", "elbow_bent:left", "hand_in_front:left", "forearm_up:left", "not hand_in_front:right"),
    locks=LEFT_ARM,
    right=0.65,
    weight=2,
)
def _umbrella(rng: Rng) -> Controls:
    c = stand(rng)
    c.left_arm.to(before_chest(u(rng, 0.10, 0.18), u(rng, 0.06, 0.16), u(rng, 0.20, 0.27), pole=(0.5, -1.0, -0.2)))
    return c


def _shaft(rng: Rng, lean: float) -> Controls:
    """Hold the shaft of a broom, mop or rake with both hands, leaning forward by ``lean`` degrees."""
    c = _staggered(rng, length=0.10, knee=18)
    c.set(pitch=lean * 0.5, flex=lean * 0.8 + 6, nod=u(rng, 16, 28))
    c.left_arm.to(before_chest(u(rng, 0.02, 0.10), -u(rng, 0.02, 0.12), u(rng, 0.26, 0.32)))
    c.right_arm.to(before_chest(u(rng, 0.10, 0.18), -u(rng, 0.28, 0.36), u(rng, 0.28, 0.34)))
    return c


@pose(
    "mop",
    group="daily",
    predicates=("standing", "hands_in_front", "trunk_leans_forward"),
    locks=ARMS,
    right=0.7,
    weight=2,
)
def _mop(rng: Rng) -> Controls:
    return _shaft(rng, lean=u(rng, 18, 28))


@pose(
    "sweep",
    group="daily",
    predicates=("standing", "hands_in_front", "not hand_above_shoulder:both"),
    locks=ARMS,
    right=0.7,
    weight=2,
)
def _sweep(rng: Rng) -> Controls:
    return _shaft(rng, lean=u(rng, 6, 18))


@pose(
    "dig",
    group="daily",
    predicates=("standing", "trunk_bent_forward", "knee_bent:both", "hands_in_front"),
    locks=ARMS | TRUNK,
    right=0.7,
    weight=2,
)
def _dig(rng: Rng) -> Controls:
    c = _staggered(rng, length=0.16, knee=58)
    c.set(pitch=u(rng, 26, 38), flex=u(rng, 18, 28), nod=u(rng, 0, 10))
    c.left_arm.to(before_chest(u(rng, 0.08, 0.14), -u(rng, 0.14, 0.22), u(rng, 0.18, 0.26), pole=(0.9, 0.2, -0.8)))
    c.right_arm.to(before_chest(u(rng, 0.06, 0.12), -u(rng, 0.30, 0.38), u(rng, 0.28, 0.34)))
    return c


@pose(
    "read_paper",
    group="daily",
    predicates=("hands_in_front", "elbow_bent:both", "head_down", "not hands_together"),
    locks=ARMS,
    weight=2,
)
def _paper(rng: Rng) -> Controls:
    c = stand(rng) if rng.random() < 0.75 else on_chair(rng)
    c.both_hands(before_chest(u(rng, 0.14, 0.20), u(rng, -0.08, 0.04), u(rng, 0.28, 0.34)))
    c.nod = u(rng, 22, 32)
    return c


@pose(
    "phone_screen",
    group="daily",
    predicates=("standing", "elbow_bent:left", "head_down", "hand_in_front:left"),
    locks=ARMS,
    right=0.75,
)
def _phone_screen(rng: Rng) -> Controls:
    c = stand(rng)
    c.left_arm.to(before_chest(u(rng, 0.04, 0.10), -u(rng, 0.04, 0.12), u(rng, 0.28, 0.33)))
    c.set(nod=u(rng, 24, 36), flex=u(rng, 6, 14))
    if rng.random() < 0.15:
        c.right_arm.to(before_chest(0.04, -0.10, 0.27))
    return c


@pose(
    "phone_call",
    group="daily",
    predicates=("standing", "hand_at_ear:left", "not hand_above_shoulder:right"),
    locks=LEFT_ARM,
    right=0.65,
    weight=2.5,
)
def _phone_call(rng: Rng) -> Controls:
    return stand_with_hand(rng, at.EAR.moved(y=-u(rng, 0.02, 0.05)))


@pose(
    "drink",
    group="daily",
    predicates=("standing", "hand_at_face:left", "elbow_bent:left", "not hand_above_shoulder:right"),
    locks=LEFT_ARM,
    right=0.75,
    weight=2.5,
)
def _drink(rng: Rng) -> Controls:
    return stand_with_hand(rng, at.MOUTH.moved(z=0.02), nod=-u(rng, 4, 18))


@pose(
    "eat",
    group="daily",
    predicates=("hand_at_face:left", "elbow_bent:both", "not hand_at_face:right"),
    locks=ARMS,
    right=0.8,
    weight=2,
)
def _eat(rng: Rng) -> Controls:
    c = on_chair(rng) if rng.random() < 0.35 else stand(rng)
    c.left_arm.to(at.MOUTH.moved(z=0.03))
    c.right_arm.to(before_chest(0.05, -u(rng, 0.12, 0.18), u(rng, 0.24, 0.28)))
    c.nod = u(rng, 4, 14)
    return c


@pose(
    "brush_teeth",
    group="daily",
    predicates=("standing", "hand_at_face:left", "elbow_bent:left", "not hand_at_face:right"),
    locks=LEFT_ARM,
    right=0.75,
    weight=2,
)
def _brush_teeth(rng: Rng) -> Controls:
    return stand_with_hand(rng, at.MOUTH.moved(x=u(rng, 0.0, 0.05), z=0.01), nod=6)


@pose(
    "comb",
    group="daily",
    predicates=("standing", "hand_at_head:left", "hand_above_shoulder:left", "not hand_above_shoulder:right"),
    locks=LEFT_ARM,
    right=0.7,
    weight=2,
)
def _comb(rng: Rng) -> Controls:
    return stand_with_hand(rng, at.HEAD_TOP.moved(x=u(rng, 0, 0.05), y=-u(rng, 0.0, 0.05), z=-u(rng, 0, 0.05)))


@pose(
    "wash_face",
    group="daily",
    predicates=("standing", "hand_at_head:both", "trunk_leans_forward"),
    locks=ARMS,
    weight=2,
)
def _wash_face(rng: Rng) -> Controls:
    c = stand_with_hands(rng, at.CHEEK, nod=u(rng, 12, 24), flex=u(rng, 12, 24))
    c.pitch = u(rng, 6, 18)
    return c


@pose("hat", group="daily", predicates=("standing", "hand_at_head:both", "hand_above_head:both"), locks=ARMS, weight=2)
def _hat(rng: Rng) -> Controls:
    return stand_with_hands(rng, at.HEAD_TOP.moved(x=0.05, y=-0.03))


@pose("jacket", group="daily", predicates=("standing", "arm_back:left", "elbow_bent:right"), locks=ARMS, weight=2)
def _jacket(rng: Rng) -> Controls:
    """One arm in the sleeve behind, the other hand pulls at the collar."""
    c = stand(rng)
    c.left_arm.angles(elevation=u(rng, 42, 56), azimuth=u(rng, 150, 172), elbow=u(rng, 10, 35))
    c.right_arm.to(at.OWN_SHOULDER.moved(x=-0.05, y=-0.03, z=0.05))
    c.twist = u(rng, 4, 14)
    return c


@pose(
    "guitar",
    group="daily",
    predicates=("standing", "hand_on_belly:left", "hand_outside:right", "hand_in_front:left"),
    locks=ARMS,
    right=0.85,
    weight=2,
)
def _guitar(rng: Rng) -> Controls:
    """The left hand strums, the right one at the neck of the guitar."""
    c = stand(rng)
    c.left_arm.to(before_chest(u(rng, 0.02, 0.10), -u(rng, 0.24, 0.30), u(rng, 0.20, 0.25), pole=(1.0, -0.4, -0.4)))
    c.right_arm.to(before_chest(u(rng, 0.36, 0.44), -u(rng, 0.08, 0.18), u(rng, 0.24, 0.30), pole=(0.6, -1.0, -0.2)))
    c.set(nod=u(rng, 10, 22), turn_head=-u(rng, 5, 20))
    return c


@pose(
    "violin",
    group="daily",
    predicates=("standing", "hand_in_front:both", "elbow_bent:left"),
    locks=ARMS,
    right=0.9,
    weight=2,
)
def _violin(rng: Rng) -> Controls:
    """The violin on the right shoulder (mirrored for almost everyone), the bow in the left hand."""
    c = stand(rng)
    c.right_arm.to(before_chest(u(rng, 0.24, 0.32), u(rng, 0.13, 0.19), u(rng, 0.36, 0.42), pole=(0.2, -1.0, 0.2)))
    c.left_arm.to(before_chest(u(rng, 0.02, 0.14), u(rng, -0.02, 0.08), u(rng, 0.28, 0.34), pole=(1.0, -0.3, 0.1)))
    c.set(turn_head=-u(rng, 25, 40), tilt=-u(rng, 8, 18), nod=u(rng, 6, 14))
    return c


@pose(
    "flute",
    group="daily",
    predicates=("standing", "elbow_bent:both", "hand_above_shoulder:both", "not hand_outside:right"),
    locks=ARMS,
    right=0.85,
    weight=2,
)
def _flute(rng: Rng) -> Controls:
    """A cross flute that points to the left."""
    c = stand(rng)
    c.left_arm.to(at.Target("head", "chest", offset=(u(rng, 0.28, 0.36), -0.06, 0.14), pole=(0.8, -1.0, 0.1)))
    c.right_arm.to(at.Target("head", "chest", offset=(-u(rng, 0.10, 0.16), -0.06, 0.17), pole=(0.6, -1.0, 0.4)))
    c.turn_head = -u(rng, 8, 22)
    return c


@pose(
    "trumpet",
    group="daily",
    predicates=("standing", "hands_together", "elbow_bent:both", "hand_in_front:both"),
    locks=ARMS,
)
def _trumpet(rng: Rng) -> Controls:
    return stand_with_hands(rng, at.MOUTH.moved(x=0.0, y=-u(rng, 0.02, 0.08), z=u(rng, 0.05, 0.12)))


@pose(
    "sing",
    group="daily",
    predicates=("standing", "hand_at_face:left", "elbow_bent:left", "not hand_at_face:right"),
    locks=LEFT_ARM,
    right=0.75,
    weight=2,
)
def _sing(rng: Rng) -> Controls:
    c = stand_with_hand(rng, at.CHIN.moved(z=0.04))
    if rng.random() < 0.35:
        c.right_arm.angles(elevation=u(rng, 60, 95), azimuth=u(rng, 50, 85), elbow=u(rng, 5, 30))
    return c


@pose(
    "cook",
    group="daily",
    predicates=("standing", "hands_in_front", "elbow_bent:both", "head_down"),
    locks=ARMS,
    right=0.75,
)
def _cook(rng: Rng) -> Controls:
    c = stand(rng)
    c.left_arm.to(before_chest(u(rng, 0.06, 0.14), -u(rng, 0.14, 0.22), u(rng, 0.25, 0.31)))
    c.right_arm.to(before_chest(u(rng, 0.12, 0.18), -u(rng, 0.28, 0.36), u(rng, 0.16, 0.22)))
    c.set(nod=u(rng, 22, 34), flex=u(rng, 4, 12))
    return c


@pose("high_shelf", group="daily", predicates=("standing", "hand_above_head:both", "head_up"), locks=ARMS)
def _high_shelf(rng: Rng) -> Controls:
    c = stand(rng)
    c.both_feet(x=0.10, knee=3, heel=u(rng, 8, 28))
    c.both_arms(elevation=u(rng, 140, 160), azimuth=u(rng, 0, 20), elbow=u(rng, 4, 18))
    c.nod = -u(rng, 24, 36)
    return c


@pose(
    "load_on_shoulder",
    group="daily",
    predicates=("standing", "hand_near_own_shoulder:left", "not hand_near_own_shoulder:right", "elbow_bent:left"),
    locks=ARMS,
    right=0.7,
)
def _load_on_shoulder(rng: Rng) -> Controls:
    """A load on the left shoulder, held by the left hand."""
    c = stand(rng)
    c.set(bend=-u(rng, 0, 6), tilt=-u(rng, 0, 10))
    c.left_arm.to(
        at.Target("own_shoulder", "chest", offset=(u(rng, 0.0, 0.06), u(rng, 0.10, 0.18), u(rng, 0.06, 0.14)))
    )
    c.right_arm.angles(elevation=u(rng, 5, 14), azimuth=60, elbow=u(rng, 8, 30))
    return c


@pose(
    "carry_tray",
    group="daily",
    predicates=("standing", "hand_in_front:left", "elbow_bent:left", "hand_higher:left", "not hand_in_front:right"),
    locks=ARMS,
    right=0.6,
)
def _tray(rng: Rng) -> Controls:
    """A tray on the left hand, at the height of the shoulder or before the chest."""
    c = stand(rng)
    if rng.random() < 0.5:
        c.left_arm.to(at.in_front(u(rng, 0.02, 0.10), u(rng, -0.06, 0.06), u(rng, 0.26, 0.32)))
    else:
        c.left_arm.to(at.in_front(u(rng, -0.02, 0.06), -u(rng, 0.12, 0.20), u(rng, 0.30, 0.36)))
    if rng.random() < 0.4:
        c.right_arm.to(at.SMALL_OF_BACK)
    return c
