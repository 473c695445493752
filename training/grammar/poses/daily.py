"""Base poses of the group daily life."""

from __future__ import annotations

import numpy as np

from training import landmarks as at
from training.controls import Controls
from training.grammar.base import ARMS, LEGS, BasePose
from training.grammar.base import draw_from as u
from training.grammar.fighting import before_chest
from training.grammar.sitting import on_chair
from training.grammar.standing import stand

Rng = np.random.Generator


def _staggered(rng: Rng, length: float, knee: float) -> Controls:
    """Standing, the right foot ahead."""
    c = stand(rng)
    c.right_leg.plant(u(rng, 0.09, 0.14), length * u(rng, 0.8, 1.2), knee=knee * u(rng, 0.8, 1.2), toe_out=5)
    c.left_leg.plant(u(rng, 0.09, 0.14), -length * u(rng, 0.8, 1.2), knee=knee * 0.6, toe_out=25)
    return c


def _shaft(rng: Rng, lean: float) -> Controls:
    """Both hands at a shaft that slants from the left shoulder's height down to the right: broom, mop, rake."""
    c = _staggered(rng, 0.10, 18)
    c.pitch, c.flex, c.nod = lean * 0.5, lean * 0.8 + 6, u(rng, 16, 28)
    c.left_arm.to(before_chest(u(rng, 0.02, 0.10), -u(rng, 0.02, 0.12), u(rng, 0.26, 0.32)))
    c.right_arm.to(before_chest(u(rng, 0.10, 0.18), -u(rng, 0.28, 0.36), u(rng, 0.28, 0.34)))
    return c


def _fish(rng: Rng) -> Controls:
    c = stand(rng)
    c.left_arm.to(before_chest(0.10, -u(rng, 0.06, 0.14), u(rng, 0.34, 0.40)))
    c.right_arm.to(before_chest(0.04, -u(rng, 0.18, 0.26), u(rng, 0.24, 0.30)))
    return c


def _saw(rng: Rng) -> Controls:
    c = _staggered(rng, 0.16, 25)
    c.pitch, c.flex, c.nod = u(rng, 20, 28), u(rng, 16, 24), u(rng, 4, 14)
    c.left_arm.to(before_chest(u(rng, 0.14, 0.2), -u(rng, 0.20, 0.28), u(rng, 0.16, 0.36), (0.6, 0.2, -1.0)))
    c.right_arm.to(before_chest(u(rng, 0.08, 0.14), -u(rng, 0.28, 0.34), u(rng, 0.32, 0.38)))
    return c


def _pull_rope(rng: Rng) -> Controls:
    c = _staggered(rng, 0.24, 40)
    c.pitch, c.flex, c.balance, c.nod = -u(rng, 10, 20), u(rng, 2, 10), 0.35, 8
    height = u(rng, -0.22, -0.10)
    c.left_arm.to(before_chest(0.04, height, u(rng, 0.26, 0.34)))
    c.right_arm.to(before_chest(0.02, height, u(rng, 0.42, 0.47)))
    return c


def _push(rng: Rng) -> Controls:
    c = _staggered(rng, 0.26, 30)
    c.pitch, c.flex, c.balance, c.nod = u(rng, 16, 26), u(rng, 2, 8), 0.35, -12
    c.both_hands(before_chest(u(rng, 0.12, 0.2), u(rng, 0.06, 0.18), u(rng, 0.38, 0.45)))
    return c


def _push_cart(rng: Rng) -> Controls:
    c = _staggered(rng, 0.22, 22)
    c.pitch, c.flex, c.nod = u(rng, 8, 18), u(rng, 2, 8), -6
    c.left_leg.heel = u(rng, 10, 30)
    c.both_hands(before_chest(u(rng, 0.18, 0.25), -u(rng, 0.16, 0.26), u(rng, 0.36, 0.42)))
    return c


def _open_door(rng: Rng) -> Controls:
    c = _staggered(rng, 0.08, 10)
    c.left_arm.to(before_chest(u(rng, 0.16, 0.26), -u(rng, 0.20, 0.28), u(rng, 0.36, 0.42)))
    return c


def _pull_door(rng: Rng) -> Controls:
    c = _staggered(rng, 0.14, 18)
    c.pitch, c.twist = -u(rng, 6, 12), u(rng, 4, 12)
    c.left_arm.to(before_chest(u(rng, 0.14, 0.22), -u(rng, 0.14, 0.24), u(rng, 0.24, 0.34), (0.8, -0.5, -0.8)))
    return c


def _knock(rng: Rng) -> Controls:
    c = stand(rng)
    c.left_arm.to(before_chest(u(rng, 0.10, 0.2), u(rng, 0.15, 0.22), u(rng, 0.34, 0.41), (0.7, -1.0, 0.0)))
    return c


def _box(rng: Rng) -> Controls:
    c = stand(rng)
    c.flex, c.pitch = -u(rng, 0, 8), -u(rng, 0, 4)
    c.both_hands(before_chest(u(rng, 0.15, 0.20), -u(rng, 0.14, 0.22), u(rng, 0.24, 0.29), (1.0, -0.8, -0.8)))
    return c


def _lift_box(rng: Rng) -> Controls:
    c = Controls(pitch=u(rng, 46, 58), flex=u(rng, 14, 26), nod=-u(rng, 8, 20))
    c.both_feet(u(rng, 0.18, 0.24), knee=u(rng, 86, 104), toe_out=18)
    c.both_hands(at.Target("pelvis", "world", (u(rng, 0.14, 0.19), -u(rng, 0.28, 0.38), u(rng, 0.40, 0.46))))
    return c


def _child(rng: Rng) -> Controls:
    c = stand(rng)
    c.flex, c.nod = -u(rng, 2, 8), u(rng, 6, 18)
    c.left_arm.to(before_chest(-u(rng, 0.02, 0.10), u(rng, -0.12, 0.0), u(rng, 0.22, 0.28), (1.0, -0.8, 0.1)))
    c.right_arm.to(before_chest(-u(rng, 0.0, 0.08), -u(rng, 0.14, 0.19), u(rng, 0.22, 0.26), (1.0, -0.8, 0.0)))
    return c


def _suitcase(rng: Rng) -> Controls:
    """A weight in the left hand."""
    c = stand(rng)
    c.bend, c.weight = -u(rng, 13, 20), 0.2
    c.left_arm.angles(u(rng, 4, 12), u(rng, 70, 95), u(rng, 2, 8), shrug=-5)
    c.right_arm.angles(u(rng, 14, 32), 88, u(rng, 8, 20))
    return c


def _backpack(rng: Rng) -> Controls:
    c = stand(rng)
    c.pitch, c.flex = u(rng, 4, 10), u(rng, 6, 14)
    c.both_hands(at.OWN_SHOULDER.moved(x=-0.05, y=-0.14, z=0.06))
    return c


def _drum(rng: Rng) -> Controls:
    c = stand(rng)
    c.nod = u(rng, 6, 18)
    c.left_arm.to(before_chest(u(rng, 0.12, 0.2), u(rng, -0.02, 0.12), u(rng, 0.26, 0.34), (0.9, -0.9, -0.2)))
    c.right_arm.to(before_chest(u(rng, 0.10, 0.16), -u(rng, 0.18, 0.26), u(rng, 0.30, 0.36), (0.9, -0.9, -0.4)))
    return c


def _photo(rng: Rng) -> Controls:
    c = stand(rng)
    if rng.random() < 0.6:
        c.both_hands(at.EYES.moved(x=0.04, z=0.09))
    else:
        c.both_hands(before_chest(u(rng, 0.08, 0.12), u(rng, 0.14, 0.22), u(rng, 0.34, 0.40)))
    return c


def _selfie(rng: Rng) -> Controls:
    c = stand(rng)
    c.left_arm.angles(u(rng, 98, 120), u(rng, 10, 35), u(rng, 4, 22))
    c.turn_head, c.nod, c.tilt = u(rng, 5, 20), -8, -u(rng, 4, 14)
    return c


def _stairs(rng: Rng) -> Controls:
    """The left foot on the next step."""
    c = stand(rng)
    c.pitch, c.flex = u(rng, 6, 14), u(rng, 2, 8)
    c.right_leg.plant(0.09, -u(rng, 0.10, 0.16), knee=u(rng, 10, 18), heel=u(rng, 6, 20))
    c.left_leg.plant(0.10, u(rng, 0.18, 0.26), y=u(rng, 0.18, 0.26), knee=60, toe_out=4)
    c.weight = 0.1
    c.right_arm.angles(u(rng, 15, 32), 5, u(rng, 20, 40))
    c.left_arm.angles(u(rng, 12, 28), 172, u(rng, 10, 20))
    return c


def _ladder(rng: Rng) -> Controls:
    c = _stairs(rng)
    c.pitch, c.nod = 4, -u(rng, 14, 28)
    c.left_leg.plant(0.10, u(rng, 0.12, 0.18), y=u(rng, 0.26, 0.34), knee=60, toe_out=4)
    c.right_arm.to(at.Target("own_shoulder", "chest", (0.02, u(rng, 0.26, 0.36), 0.30), (0.8, -1.0, 0.0)))
    c.left_arm.to(at.Target("own_shoulder", "chest", (0.02, u(rng, -0.02, 0.10), 0.34), (0.8, -1.0, 0.0)))
    return c


def _step_over(rng: Rng) -> Controls:
    c = stand(rng)
    c.pitch = u(rng, 2, 8)
    c.right_leg.plant(0.07, knee=u(rng, 5, 14))
    c.left_leg.angles(u(rng, 72, 92), u(rng, 60, 90), 6, 4, -u(rng, 0, 12))
    c.right_arm.angles(u(rng, 20, 45), 40, u(rng, 15, 40))
    c.left_arm.angles(u(rng, 20, 50), 95, u(rng, 10, 30))
    c.nod = u(rng, 10, 24)
    return c


def _water(rng: Rng) -> Controls:
    c = stand(rng)
    c.flex, c.pitch, c.nod = u(rng, 8, 18), u(rng, 2, 10), u(rng, 14, 26)
    c.left_arm.to(before_chest(u(rng, 0.10, 0.18), -u(rng, 0.10, 0.20), u(rng, 0.36, 0.43), (1.0, -0.3, -0.1)))
    return c


def _feed(rng: Rng) -> Controls:
    c = _water(rng)
    c.right_arm.to(before_chest(0.06, -u(rng, 0.18, 0.24), u(rng, 0.18, 0.24)))
    return c


def _wall(rng: Rng) -> Controls:
    """The left hand at a wall, at the height of the head."""
    c = stand(rng)
    c.left_arm.to(before_chest(u(rng, 0.12, 0.24), u(rng, 0.24, 0.42), u(rng, 0.34, 0.40), (0.8, -1.0, 0.0)))
    c.nod = -u(rng, 4, 14)
    return c


def _write_board(rng: Rng) -> Controls:
    c = stand(rng)
    c.left_arm.to(before_chest(u(rng, 0.08, 0.2), u(rng, 0.16, 0.28), u(rng, 0.32, 0.38), (0.8, -1.0, 0.0)))
    return c


def _hammer(rng: Rng) -> Controls:
    c = _staggered(rng, 0.08, 12)
    c.right_arm.to(before_chest(u(rng, 0.02, 0.08), u(rng, -0.06, 0.06), u(rng, 0.36, 0.42)))
    c.left_arm.to(at.Target("own_shoulder", "chest", (0.08, u(rng, 0.08, 0.22), 0.12), (0.8, -0.6, 0.3)))
    c.nod = u(rng, 6, 16)
    return c


def _pick(rng: Rng) -> Controls:
    c = stand(rng)
    c.left_arm.angles(u(rng, 138, 160), u(rng, 0, 30), u(rng, 5, 22))
    c.nod = -u(rng, 22, 40)
    if rng.random() < 0.5:
        c.both_feet(0.09, knee=3, heel=u(rng, 15, 30))
    return c


def _umbrella(rng: Rng) -> Controls:
    c = stand(rng)
    c.left_arm.to(before_chest(u(rng, 0.10, 0.18), u(rng, 0.06, 0.16), u(rng, 0.20, 0.27), (0.5, -1.0, -0.2)))
    return c


def _dig(rng: Rng) -> Controls:
    c = _staggered(rng, 0.16, 58)
    c.pitch, c.flex, c.nod = u(rng, 26, 38), u(rng, 18, 28), u(rng, 0, 10)
    c.left_arm.to(before_chest(u(rng, 0.08, 0.14), -u(rng, 0.14, 0.22), u(rng, 0.18, 0.26), (0.9, 0.2, -0.8)))
    c.right_arm.to(before_chest(u(rng, 0.06, 0.12), -u(rng, 0.30, 0.38), u(rng, 0.28, 0.34)))
    return c


def _paper(rng: Rng) -> Controls:
    c = stand(rng) if rng.random() < 0.75 else on_chair(rng)
    c.both_hands(before_chest(u(rng, 0.14, 0.20), u(rng, -0.08, 0.04), u(rng, 0.28, 0.34)))
    c.nod = u(rng, 22, 32)
    return c


def _phone_screen(rng: Rng) -> Controls:
    c = stand(rng)
    c.left_arm.to(before_chest(u(rng, 0.04, 0.10), -u(rng, 0.04, 0.12), u(rng, 0.28, 0.33)))
    c.nod, c.flex = u(rng, 24, 36), u(rng, 6, 14)
    if rng.random() < 0.15:
        c.right_arm.to(before_chest(0.04, -0.10, 0.27))
    return c


def _hand_at(rng: Rng, target: at.Target, nod: float = 0.0) -> Controls:
    c = stand(rng)
    c.left_arm.to(target)
    c.nod += nod
    return c


def _hands_at(rng: Rng, target: at.Target, nod: float = 0.0, flex: float = 0.0) -> Controls:
    c = stand(rng)
    c.both_hands(target)
    c.nod, c.flex = c.nod + nod, c.flex + flex
    return c


def _drink(rng: Rng) -> Controls:
    return _hand_at(rng, at.MOUTH.moved(z=0.02), -u(rng, 4, 18))


def _eat(rng: Rng) -> Controls:
    c = on_chair(rng) if rng.random() < 0.35 else stand(rng)
    c.left_arm.to(at.MOUTH.moved(z=0.03))
    c.right_arm.to(before_chest(0.05, -u(rng, 0.12, 0.18), u(rng, 0.24, 0.28)))
    c.nod = u(rng, 4, 14)
    return c


def _comb(rng: Rng) -> Controls:
    return _hand_at(rng, at.HEAD_TOP.moved(x=u(rng, 0, 0.05), y=-u(rng, 0.0, 0.05), z=-u(rng, 0, 0.05)))


def _wash_face(rng: Rng) -> Controls:
    c = _hands_at(rng, at.CHEEK, u(rng, 12, 24), u(rng, 12, 24))
    c.pitch = u(rng, 6, 18)
    return c


def _jacket(rng: Rng) -> Controls:
    """One arm in the sleeve behind, the other hand pulls at the collar."""
    c = stand(rng)
    c.left_arm.angles(u(rng, 42, 56), u(rng, 150, 172), u(rng, 10, 35))
    c.right_arm.to(at.OWN_SHOULDER.moved(x=-0.05, y=-0.03, z=0.05))
    c.twist = u(rng, 4, 14)
    return c


def _guitar(rng: Rng) -> Controls:
    """The left hand strums, the right one at the neck of the guitar."""
    c = stand(rng)
    c.left_arm.to(before_chest(u(rng, 0.02, 0.10), -u(rng, 0.24, 0.30), u(rng, 0.20, 0.25), (1.0, -0.4, -0.4)))
    c.right_arm.to(before_chest(u(rng, 0.36, 0.44), -u(rng, 0.08, 0.18), u(rng, 0.24, 0.30), (0.6, -1.0, -0.2)))
    c.nod, c.turn_head = u(rng, 10, 22), -u(rng, 5, 20)
    return c


def _violin(rng: Rng) -> Controls:
    """The violin on the right shoulder (mirrored for almost everyone), the bow in the left hand."""
    c = stand(rng)
    c.right_arm.to(before_chest(u(rng, 0.24, 0.32), u(rng, 0.13, 0.19), u(rng, 0.36, 0.42), (0.2, -1.0, 0.2)))
    c.left_arm.to(before_chest(u(rng, 0.02, 0.14), u(rng, -0.02, 0.08), u(rng, 0.28, 0.34), (1.0, -0.3, 0.1)))
    c.turn_head, c.tilt, c.nod = -u(rng, 25, 40), -u(rng, 8, 18), u(rng, 6, 14)
    return c


def _flute(rng: Rng) -> Controls:
    """A cross flute that points to the left."""
    c = stand(rng)
    c.left_arm.to(at.Target("head", "chest", (u(rng, 0.28, 0.36), -0.06, 0.14), (0.8, -1.0, 0.1)))
    c.right_arm.to(at.Target("head", "chest", (-u(rng, 0.10, 0.16), -0.06, 0.17), (0.6, -1.0, 0.4)))
    c.turn_head = -u(rng, 8, 22)
    return c


def _sing(rng: Rng) -> Controls:
    c = _hand_at(rng, at.CHIN.moved(z=0.04))
    if rng.random() < 0.35:
        c.right_arm.angles(u(rng, 60, 95), u(rng, 50, 85), u(rng, 5, 30))
    return c


def _cook(rng: Rng) -> Controls:
    c = stand(rng)
    c.left_arm.to(before_chest(u(rng, 0.06, 0.14), -u(rng, 0.14, 0.22), u(rng, 0.25, 0.31)))
    c.right_arm.to(before_chest(u(rng, 0.12, 0.18), -u(rng, 0.28, 0.36), u(rng, 0.16, 0.22)))
    c.nod, c.flex = u(rng, 22, 34), u(rng, 4, 12)
    return c


def _high_shelf(rng: Rng) -> Controls:
    c = stand(rng)
    c.both_feet(0.10, knee=3, heel=u(rng, 8, 28))
    c.both_arms(u(rng, 140, 160), u(rng, 0, 20), u(rng, 4, 18))
    c.nod = -u(rng, 24, 36)
    return c


_LEFT = frozenset({"left_arm"})


def _load_on_shoulder(rng: Rng) -> Controls:
    """A load on the left shoulder, held by the left hand."""
    c = stand(rng)
    c.bend, c.tilt = -u(rng, 0, 6), -u(rng, 0, 10)
    c.left_arm.to(at.Target("own_shoulder", "chest", (u(rng, 0.0, 0.06), u(rng, 0.10, 0.18), u(rng, 0.06, 0.14))))
    c.right_arm.angles(u(rng, 5, 14), 60, u(rng, 8, 30))
    return c


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


POSES: tuple[BasePose, ...] = (
    BasePose("fishing", _fish, ("standing", "hand_in_front:both", "hands_close"), ARMS, right=0.8, weight=2),
    BasePose(
        "sawing",
        _saw,
        ("standing", "trunk_bent_forward", "hands_in_front", "feet_staggered"),
        ARMS,
        right=0.8,
        weight=2,
    ),
    BasePose(
        "pull_rope", _pull_rope, ("standing", "trunk_leans_back", "hands_in_front", "hands_close"), ARMS, weight=2
    ),
    BasePose(
        "open_door",
        _open_door,
        ("standing", "hand_in_front:left", "not hand_in_front:right", "not hand_above_shoulder:left"),
        _LEFT,
        right=0.75,
        weight=2,
    ),
    BasePose(
        "pull_door",
        _pull_door,
        ("standing", "hand_in_front:left", "elbow_bent:left", "feet_staggered", "not hand_above_shoulder:left"),
        _LEFT,
        right=0.75,
        weight=2,
    ),
    BasePose(
        "push_door", _push, ("standing", "hand_in_front:both", "trunk_leans_forward", "feet_staggered"), ARMS, weight=2
    ),
    BasePose(
        "push_cart",
        _push_cart,
        ("standing", "hand_in_front:both", "feet_staggered", "not hand_above_shoulder:both"),
        ARMS,
        weight=2,
    ),
    BasePose(
        "knock",
        _knock,
        ("standing", "hand_in_front:left", "hand_above_shoulder:left", "not hand_in_front:right"),
        _LEFT,
        right=0.75,
        weight=2,
    ),
    BasePose(
        "carry_box", _box, ("standing", "hand_in_front:both", "elbow_bent:both", "not hands_together"), ARMS, weight=2.5
    ),
    BasePose(
        "lift_box",
        _lift_box,
        ("knee_well_bent:both", "trunk_bent_forward", "hand_at_hip_height:both", "feet_on_floor"),
        ARMS | LEGS | {"trunk"},
        weight=2,
    ),
    BasePose("carry_child", _child, ("standing", "hands_in_front", "elbow_bent:both", "hands_close"), ARMS, weight=2),
    BasePose(
        "suitcase",
        _suitcase,
        ("standing", "arm_down:left", "arm_straight:left", "trunk_bends:right"),
        _LEFT | {"trunk"},
    ),
    BasePose("backpack", _backpack, ("standing", "elbow_bent:both", "hands_in_front"), ARMS),
    BasePose("drum", _drum, ("standing", "hands_in_front", "elbow_bent:left", "not hands_together"), ARMS, weight=2),
    BasePose(
        "photo", _photo, ("standing", "hands_close", "hand_in_front:both", "hand_above_shoulder:both"), ARMS, weight=2
    ),
    BasePose(
        "selfie",
        _selfie,
        ("standing", "hand_above_shoulder:left", "hand_far_ahead:left", "not hand_above_shoulder:right"),
        _LEFT,
        right=0.7,
    ),
    BasePose(
        "stairs", _stairs, ("standing", "foot_lifted:left", "knee_bent:left", "leg_forward:left"), LEGS, weight=2.5
    ),
    BasePose(
        "ladder",
        _ladder,
        ("standing", "foot_lifted:left", "hand_above_shoulder:right", "hand_in_front:both", "knee_bent:left"),
        ARMS | LEGS,
        weight=2,
    ),
    BasePose(
        "step_over", _step_over, ("standing", "stands_on:right", "knee_bent:left", "thigh_forward:left"), LEGS, weight=2
    ),
    BasePose(
        "watering",
        _water,
        ("standing", "hand_in_front:left", "head_down", "not hand_above_shoulder:left"),
        _LEFT,
        right=0.75,
        weight=2,
    ),
    BasePose(
        "feeding_birds",
        _feed,
        ("standing", "hand_in_front:left", "head_down", "not hand_above_shoulder:left"),
        ARMS,
        right=0.75,
        weight=2,
    ),
    BasePose(
        "paint_wall",
        _wall,
        ("standing", "hand_in_front:left", "hand_above_shoulder:left", "not hand_in_front:right"),
        _LEFT,
        right=0.75,
        weight=2,
    ),
    BasePose(
        "write_board",
        _write_board,
        ("standing", "hand_in_front:left", "hand_above_shoulder:left", "not hand_in_front:right"),
        _LEFT,
        right=0.8,
        weight=2,
    ),
    BasePose(
        "hammer",
        _hammer,
        ("standing", "hand_above_shoulder:left", "elbow_bent:left", "hand_in_front:right", "not hand_above_head:right"),
        ARMS,
        right=0.8,
        weight=2,
    ),
    BasePose(
        "pick_apple",
        _pick,
        ("standing", "hand_above_head:left", "head_up", "not hand_above_head:right"),
        _LEFT,
        right=0.7,
        weight=2,
    ),
    BasePose(
        "umbrella",
        _umbrella,
        ("standing", "elbow_bent:left", "hand_in_front:left", "forearm_up:left", "not hand_in_front:right"),
        _LEFT,
        right=0.65,
        weight=2,
    ),
    BasePose(
        "mop",
        lambda rng: _shaft(rng, u(rng, 18, 28)),
        ("standing", "hands_in_front", "trunk_leans_forward"),
        ARMS,
        right=0.7,
        weight=2,
    ),
    BasePose(
        "sweep",
        lambda rng: _shaft(rng, u(rng, 6, 18)),
        ("standing", "hands_in_front", "not hand_above_shoulder:both"),
        ARMS,
        right=0.7,
        weight=2,
    ),
    BasePose(
        "dig",
        _dig,
        ("standing", "trunk_bent_forward", "knee_bent:both", "hands_in_front"),
        ARMS | {"trunk"},
        right=0.7,
        weight=2,
    ),
    BasePose(
        "read_paper", _paper, ("hands_in_front", "elbow_bent:both", "head_down", "not hands_together"), ARMS, weight=2
    ),
    BasePose(
        "phone_screen",
        _phone_screen,
        ("standing", "elbow_bent:left", "head_down", "hand_in_front:left"),
        ARMS,
        right=0.75,
    ),
    BasePose(
        "phone_call",
        lambda rng: _hand_at(rng, at.EAR.moved(y=-u(rng, 0.02, 0.05))),
        ("standing", "hand_at_ear:left", "not hand_above_shoulder:right"),
        _LEFT,
        right=0.65,
        weight=2.5,
    ),
    BasePose(
        "drink",
        _drink,
        ("standing", "hand_at_face:left", "elbow_bent:left", "not hand_above_shoulder:right"),
        _LEFT,
        right=0.75,
        weight=2.5,
    ),
    BasePose(
        "eat", _eat, ("hand_at_face:left", "elbow_bent:both", "not hand_at_face:right"), ARMS, right=0.8, weight=2
    ),
    BasePose(
        "brush_teeth",
        lambda rng: _hand_at(rng, at.MOUTH.moved(x=u(rng, 0.0, 0.05), z=0.01), 6),
        ("standing", "hand_at_face:left", "elbow_bent:left", "not hand_at_face:right"),
        _LEFT,
        right=0.75,
        weight=2,
    ),
    BasePose(
        "comb",
        _comb,
        ("standing", "hand_at_head:left", "hand_above_shoulder:left", "not hand_above_shoulder:right"),
        _LEFT,
        right=0.7,
        weight=2,
    ),
    BasePose("wash_face", _wash_face, ("standing", "hand_at_head:both", "trunk_leans_forward"), ARMS, weight=2),
    BasePose(
        "hat",
        lambda rng: _hands_at(rng, at.HEAD_TOP.moved(x=0.05, y=-0.03)),
        ("standing", "hand_at_head:both", "hand_above_head:both"),
        ARMS,
        weight=2,
    ),
    BasePose("jacket", _jacket, ("standing", "arm_back:left", "elbow_bent:right"), ARMS, weight=2),
    BasePose(
        "guitar",
        _guitar,
        ("standing", "hand_on_belly:left", "hand_outside:right", "hand_in_front:left"),
        ARMS,
        right=0.85,
        weight=2,
    ),
    BasePose("violin", _violin, ("standing", "hand_in_front:both", "elbow_bent:left"), ARMS, right=0.9, weight=2),
    BasePose(
        "flute",
        _flute,
        ("standing", "elbow_bent:both", "hand_above_shoulder:both", "not hand_outside:right"),
        ARMS,
        right=0.85,
        weight=2,
    ),
    BasePose(
        "trumpet",
        lambda rng: _hands_at(rng, at.MOUTH.moved(x=0.0, y=-u(rng, 0.02, 0.08), z=u(rng, 0.05, 0.12))),
        ("standing", "hands_together", "elbow_bent:both", "hand_in_front:both"),
        ARMS,
    ),
    BasePose(
        "sing",
        _sing,
        ("standing", "hand_at_face:left", "elbow_bent:left", "not hand_at_face:right"),
        _LEFT,
        right=0.75,
        weight=2,
    ),
    BasePose("cook", _cook, ("standing", "hands_in_front", "elbow_bent:both", "head_down"), ARMS, right=0.75),
    BasePose("high_shelf", _high_shelf, ("standing", "hand_above_head:both", "head_up"), ARMS),
    BasePose(
        "load_on_shoulder",
        _load_on_shoulder,
        ("standing", "hand_near_own_shoulder:left", "not hand_near_own_shoulder:right", "elbow_bent:left"),
        ARMS,
        right=0.7,
    ),
    BasePose(
        "carry_tray",
        _tray,
        ("standing", "hand_in_front:left", "elbow_bent:left", "hand_higher:left", "not hand_in_front:right"),
        ARMS,
        right=0.6,
    ),
)
