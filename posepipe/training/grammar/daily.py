"""Base poses of the group daily life."""
# ruff: noqa: E501 - tables of phrasings and predicates

from __future__ import annotations

import numpy as np

from posepipe.training import landmarks as at
from posepipe.training.controls import Controls
from posepipe.training.grammar.base import ARMS, LEGS, BasePose
from posepipe.training.grammar.base import draw_from as u
from posepipe.training.grammar.fighting import before_chest
from posepipe.training.grammar.sitting import on_chair
from posepipe.training.grammar.standing import stand

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
    if rng.random() < 0.4:
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


def _piano(rng: Rng) -> Controls:
    c = on_chair(rng)
    c.pitch, c.flex, c.nod = u(rng, 0, 8), u(rng, 4, 12), u(rng, 6, 18)
    for arm in c.arms:
        arm.to(before_chest(u(rng, 0.12, 0.24), -u(rng, 0.22, 0.28), u(rng, 0.36, 0.42)))
    return c


def _desk(rng: Rng) -> Controls:
    c = _piano(rng)
    for arm in c.arms:
        arm.to(before_chest(u(rng, 0.10, 0.15), -u(rng, 0.20, 0.26), u(rng, 0.34, 0.38)))
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
    c.right_arm.to(before_chest(u(rng, 0.10, 0.16), -u(rng, 0.14, 0.22), u(rng, 0.24, 0.30)))
    c.nod, c.flex = u(rng, 22, 34), u(rng, 4, 12)
    return c


def _pick_up(rng: Rng) -> Controls:
    """Something from the ground with the left hand."""
    c = Controls(pitch=u(rng, 66, 74), flex=u(rng, 44, 54), nod=u(rng, -10, 6))
    c.both_feet(u(rng, 0.10, 0.16), knee=u(rng, 98, 115))
    c.left_arm.to(at.on_floor(u(rng, 0.06, 0.16), u(rng, 0.34, 0.42)))
    c.right_arm.to(at.KNEE)
    return c


def _tie(rng: Rng) -> Controls:
    """Down on the left knee, both hands at the right shoe."""
    c = Controls(support="lowest", pitch=u(rng, 28, 36), flex=u(rng, 62, 74), nod=0)
    pitch = float(np.asarray(c.pitch))
    c.left_leg.angles(pitch, u(rng, 88, 94), 4, 0, u(rng, 50, 60))
    c.right_leg.plant(u(rng, 0.08, 0.12), u(rng, 0.30, 0.36), toe_out=6)
    c.right_arm.to(at.TOES)
    c.left_arm.to(at.OTHER_TOES)
    return c


def _high_shelf(rng: Rng) -> Controls:
    c = stand(rng)
    c.both_feet(0.10, knee=3, heel=u(rng, 8, 28))
    c.both_arms(u(rng, 140, 160), u(rng, 0, 20), u(rng, 4, 18))
    c.nod = -u(rng, 24, 36)
    return c


def _steer(rng: Rng) -> Controls:
    c = on_chair(rng)
    c.pitch = -u(rng, 12, 20)
    for leg in c.legs:
        leg.z = u(rng, 0.5, 0.58)
    c.both_hands(before_chest(u(rng, 0.15, 0.2), u(rng, -0.10, 0.02), u(rng, 0.38, 0.43)))
    return c


_LEFT = frozenset({"left_arm"})

POSES: tuple[BasePose, ...] = (
    BasePose("fishing", ("fishing", "fishing with a rod", "holding a fishing rod [with both hands|]", "angling", "standing and fishing", "fishing [in a lake|by the river|from a pier]", "casting a fishing line"),
             _fish, ("standing", "hand_in_front:both", "hands_close"), ("waiting for a bite, rod in both hands", "trying to catch trout at a stream"), ARMS, right=0.8, weight=2),
    BasePose("sawing", ("sawing wood", "sawing [a board|a log|a plank|timber]", "cutting wood with a saw", "working with a saw", "sawing through a branch", "using a handsaw"),
             _saw, ("standing", "trunk_bent_forward", "hands_in_front", "feet_staggered"), ("bent over a plank with a handsaw", "as a carpenter cutting a beam"), ARMS, right=0.8, weight=2),
    BasePose("pull_rope", ("pulling [a|on a|the] rope", "pulling a rope with both hands", "playing tug of war", "hauling [on|in] a rope", "leaning back and pulling a rope", "dragging something with a rope", "in a tug-of-war"),
             _pull_rope, ("standing", "trunk_leans_back", "hands_in_front", "hands_close"), ("heaving at a line with all the weight leaning back", "hauling in a boat hand over hand"), ARMS, weight=2),
    BasePose("open_door", ("opening a door", "opening the door [with the {side} hand|]", "turning a [doorknob|door handle|key]", "reaching for [the|a] [doorknob|door handle|handle]", "grabbing a door handle with the {side} hand", "closing a door", "unlocking a door"),
             _open_door, ("standing", "hand_in_front:left", "not hand_in_front:right", "not hand_above_shoulder:left"), ("entering a room, {side} hand at the knob", "using a key at an entrance"), _LEFT, right=0.75, weight=2),
    BasePose("pull_door", ("pulling a door", "pulling a door [open|shut|towards the body]", "pulling a door with the {side} hand", "pulling on a [door handle|handle|drawer] [with the {side} hand|]", "tearing open a door", "yanking a door open"),
             _pull_door, ("standing", "hand_in_front:left", "elbow_bent:left", "feet_staggered", "not hand_above_shoulder:left"), ("dragging a heavy gate open by its knob, {side} hand", "drawing an exit towards the body"), _LEFT, right=0.75, weight=2),
    BasePose("push_door", ("pushing a door", "pushing a door [open|shut|with both hands]", "pushing against a [wall|door]", "pushing [a car|something heavy|a wall|hard]", "pressing both hands against a [wall|door]", "shoving a [door|wardrobe]", "pushing with both [hands|arms]"),
             _push, ("standing", "hand_in_front:both", "trunk_leans_forward", "feet_staggered"), ("leaning with two palms into a heavy gate", "heaving forward against something that is stuck"), ARMS, weight=2),
    BasePose("push_cart", ("pushing a cart", "pushing a [shopping cart|trolley|stroller|wheelbarrow|baby carriage|lawn mower|wheelchair]", "walking with a [shopping cart|stroller]", "mowing the lawn", "rolling a cart [forward|ahead]", "going shopping with a trolley", "moving a [cart|trolley]"),
             _push_cart, ("standing", "hand_in_front:both", "feet_staggered", "not hand_above_shoulder:both"), ("wheeling a load ahead with two hands at the bar", "taking a baby for a stroll in a pram"), ARMS, weight=2),
    BasePose("knock", ("knocking on [a|the] door", "knocking on [a|the] door with the {side} [hand|fist]", "knocking [at the door|at a window|]", "rapping on a door", "ringing a doorbell [with the {side} hand|]", "pressing [a|an elevator] button with the {side} hand", "banging on a door [with the {side} fist|]"),
             _knock, ("standing", "hand_in_front:left", "hand_above_shoulder:left", "not hand_in_front:right"), ("asking to be let in, {side} knuckles on the wood", "tapping at the entrance of a neighbour"), _LEFT, right=0.75, weight=2),
    BasePose("carry_box", ("carrying a box", "carrying a [heavy |big |large |]box [with both hands|in front of the body|]", "holding a [box|package|crate|basket|tray]", "carrying a [tray|crate|parcel|pile of books|load|laundry basket]", "holding a [big |]box with both arms", "bringing a package"),
             _box, ("standing", "hand_in_front:both", "elbow_bent:both", "not hands_together"), ("with a parcel in both arms before the belly", "transporting a crate by hand"), ARMS, weight=2.5),
    BasePose("lift_box", ("lifting a heavy box", "lifting a [box|heavy object|crate|weight] [from the ground|off the floor|up|]", "picking up a [heavy |]box", "bending the knees to lift a [heavy |]box", "heaving a heavy box", "putting down a heavy box", "lifting something heavy"),
             _lift_box, ("knee_well_bent:both", "trunk_bent_forward", "hand_at_hip_height:both", "feet_on_floor"), ("bent down with both hands under a weighty crate", "getting a load off the ground with bent knees"), ARMS | LEGS | {"trunk"}, weight=2),
    BasePose("carry_child", ("carrying a child", "carrying a [baby|toddler|child] [in the arms|]", "holding a [baby|child|toddler|doll] [in the arms|in both arms|]", "cradling a baby", "rocking a baby", "carrying a small child on the arm", "holding a cat in the arms"),
             _child, ("standing", "hands_in_front", "elbow_bent:both", "hands_close"), ("with an infant in the arms", "cuddling a newborn against the chest"), ARMS, weight=2),
    BasePose("suitcase", ("carrying a [suitcase|bucket|heavy bag|bag|briefcase] [in the {side} hand|with the {side} hand|]", "holding a [bucket|bag|suitcase] in the {side} hand", "lugging a heavy bag with the {side} hand", "carrying shopping in the {side} hand"),
             _suitcase, ("standing", "arm_down:left", "arm_straight:left", "trunk_bends:right"), ("travelling with luggage hanging from the {side} arm",), _LEFT | {"trunk"}),
    BasePose("backpack", ("carrying a backpack", "wearing a backpack", "holding the straps of a backpack", "hiking with a backpack"),
             _backpack, ("standing", "elbow_bent:both", "hands_in_front"), ("with thumbs under the straps of a rucksack",), ARMS),
    BasePose("drum", ("beating a drum", "beating a drum with [two sticks|both hands]", "playing [the drums|a drum]", "drumming", "hitting a drum", "playing a snare drum", "banging a drum"),
             _drum, ("standing", "hands_in_front", "elbow_bent:left", "not hands_together"), ("striking a snare with two sticks", "keeping the rhythm of a band on percussion"), ARMS, weight=2),
    BasePose("photo", ("taking a photo", "taking a [picture|photograph|photo] [with a camera|of something|]", "holding [up |]a camera [in front of the face|]", "photographing [something|]", "looking through [a camera|binoculars|a viewfinder]", "filming with [a camera|a phone]", "shooting a photo"),
             _photo, ("standing", "hands_close", "hand_in_front:both", "hand_above_shoulder:both"), ("with a camera at the eye", "snapping a holiday view with a lens"), ARMS, weight=2),
    BasePose("selfie", ("taking a selfie [with the {side} hand|]", "taking a picture of oneself", "holding a phone out at arm's length [with the {side} hand|]", "taking a selfie with the {side} arm stretched out"),
             _selfie, ("standing", "hand_above_shoulder:left", "hand_far_ahead:left", "not hand_above_shoulder:right"), ("snapping a self-portrait with the {side} arm out",), _LEFT, right=0.7),
    BasePose("stairs", ("climbing stairs", "climbing [the|some|a flight of] stairs", "going up [the |]stairs", "walking up [the |a flight of |]stairs", "walking upstairs", "stepping up with the {side} [foot|leg]", "stepping onto a [step|box|platform] [with the {side} foot|]", "standing with the {side} foot on a step", "ascending a staircase"),
             _stairs, ("standing", "foot_lifted:left", "knee_bent:left", "leg_forward:left"), ("on the way up a staircase, {side} foot one step higher", "heading to the upper floor on foot"), LEGS, weight=2.5),
    BasePose("ladder", ("climbing a ladder", "climbing [up |]a [ladder|pole|rope ladder|tree]", "going up a ladder", "standing on a ladder", "climbing up", "ascending a ladder [hand over hand|]"),
             _ladder, ("standing", "foot_lifted:left", "hand_above_shoulder:right", "hand_in_front:both", "knee_bent:left"), ("working up the rungs with hands and feet", "on the rungs, one hand over the other"), ARMS | LEGS, weight=2),
    BasePose("step_over", ("stepping over an obstacle", "stepping over [a log|a puddle|something|a fence|a hurdle] [with the {side} leg|]", "lifting the {side} foot over an obstacle", "climbing over a low [wall|fence]", "striding over an obstacle", "walking over an obstacle with the {side} foot first"),
             _step_over, ("standing", "stands_on:right", "knee_bent:left", "thigh_forward:left"), ("lifting the {side} leg across a barrier", "getting across a fallen branch on foot"), LEGS, weight=2),
    BasePose("watering", ("watering plants", "watering [the |][flowers|plants|garden] [with a watering can|with the {side} hand|]", "pouring water on [the |]plants", "holding a watering can [in the {side} hand|]", "pouring [water|tea|a drink] [with the {side} hand|]", "gardening with a watering can"),
             _water, ("standing", "hand_in_front:left", "head_down", "not hand_above_shoulder:left"), ("giving the flower bed a drink from a can", "tilting a sprinkling can over the pots"), _LEFT, right=0.75, weight=2),
    BasePose("feeding_birds", ("feeding [the |]birds", "feeding [pigeons|ducks|chickens|the pigeons]", "throwing crumbs to the birds", "scattering [seeds|corn|grain]", "giving bread to the ducks", "sowing seeds [by hand|]"),
             _feed, ("standing", "hand_in_front:left", "head_down", "not hand_above_shoulder:left"), ("strewing crumbs for sparrows", "dropping grain to some poultry"), ARMS, right=0.75, weight=2),
    BasePose("paint_wall", ("painting a wall", "painting [the|a] wall with [a roller|a brush|the {side} hand]", "painting a [fence|house|picture]", "cleaning a window [with the {side} hand|]", "washing a window", "wiping a [mirror|wall|window] [with the {side} hand|]", "rolling paint onto a wall"),
             _wall, ("standing", "hand_in_front:left", "hand_above_shoulder:left", "not hand_in_front:right"), ("giving a room a fresh coat of colour", "moving a roller up the plaster, {side} hand"), _LEFT, right=0.75, weight=2),
    BasePose("write_board", ("writing on a board", "writing on [the|a] [blackboard|whiteboard|chalkboard|wall] [with the {side} hand|]", "writing with chalk", "drawing on a [whiteboard|board]", "teaching at the blackboard", "writing something on the board"),
             _write_board, ("standing", "hand_in_front:left", "hand_above_shoulder:left", "not hand_in_front:right"), ("as a teacher with chalk in the {side} hand", "scribbling a formula for a class to see"), _LEFT, right=0.8, weight=2),
    BasePose("hammer", ("hammering a nail", "hammering [a nail into a wall|a nail|]", "hitting a nail with a hammer", "swinging a hammer [with the {side} hand|]", "driving a nail into [the |a ][wall|board]", "working with a hammer", "nailing a picture to the wall"),
             _hammer, ("standing", "hand_above_shoulder:left", "elbow_bent:left", "hand_in_front:right", "not hand_above_head:right"), ("about to strike a spike held in the other hand", "fixing a board by pounding, {side} hand swinging"), ARMS, right=0.8, weight=2),
    BasePose("pick_apple", ("picking an apple", "picking an apple [from a tree|with the {side} hand|]", "picking [fruit|apples|cherries] [from a tree|]", "reaching up to pick [an apple|fruit]", "plucking an apple", "reaching for something high with the {side} hand", "changing a light bulb"),
             _pick, ("standing", "hand_above_head:left", "head_up", "not hand_above_head:right"), ("harvesting from a branch overhead with the {side} hand", "getting a fruit down from the orchard tree"), _LEFT, right=0.7, weight=2),
    BasePose("umbrella", ("holding an umbrella", "holding an umbrella [in|with] the {side} hand", "carrying an [open |]umbrella", "standing under an umbrella", "with an umbrella in the {side} hand", "walking in the rain with an umbrella", "holding a [flag|sign|torch|candle] [in|with] the {side} hand"),
             _umbrella, ("standing", "elbow_bent:left", "hand_in_front:left", "forearm_up:left", "not hand_in_front:right"), ("staying dry beneath a brolly", "keeping off the rain, {side} fist round a handle"), _LEFT, right=0.65, weight=2),
    BasePose("mop", ("mopping the floor", "mopping", "cleaning the floor with a mop", "wiping the floor with a mop", "scrubbing the floor [with a mop|]", "mopping the kitchen"),
             lambda rng: _shaft(rng, u(rng, 18, 28)), ("standing", "hands_in_front", "trunk_leans_forward"), ("washing the tiles with a wet mop", "making the kitchen tiles shine, stick in both hands"), ARMS, right=0.7, weight=2),
    BasePose("sweep", ("sweeping the floor", "sweeping", "sweeping [the yard|leaves|with a broom|the street|the kitchen]", "using a broom", "holding a broom [with both hands|]", "raking leaves", "vacuuming [the carpet|]", "cleaning with a broom"),
             lambda rng: _shaft(rng, u(rng, 6, 18)), ("standing", "hands_in_front", "not hand_above_shoulder:both"), ("clearing dust away with a besom in two hands", "brushing the patio clean"), ARMS, right=0.7, weight=2),
    BasePose("dig", ("digging with a shovel", "digging [a hole|in the garden|a ditch|]", "shoveling [snow|sand|dirt|]", "working with a [spade|shovel]", "pushing a spade into the ground", "digging a hole with a spade", "using a [shovel|pitchfork]"),
             _dig, ("standing", "trunk_bent_forward", "knee_bent:both", "hands_in_front"), ("turning over the soil of a flower bed with a spade", "making a pit in the earth"), ARMS | {"trunk"}, right=0.7, weight=2),
    BasePose("read_paper", ("reading a newspaper", "reading [the|a] [paper|newspaper|book|letter|magazine|map]", "holding [a|an open] [newspaper|book|map] [in both hands|]", "looking at a [newspaper|book|map]", "studying a map", "reading"),
             _paper, ("hands_in_front", "elbow_bent:both", "head_down", "not hands_together"), ("taking in the morning headlines", "with a daily gazette spread between the hands"), ARMS, weight=2),
    BasePose("phone_screen", ("looking at [a|the|{his}] [phone|smartphone]", "texting [on a phone|with the {side} hand|]", "holding a phone in [the {side}|one] hand", "typing on a phone", "checking [the|a] phone", "reading a message on a phone"),
             _phone_screen, ("standing", "elbow_bent:left", "head_down", "hand_in_front:left"), ("scrolling through messages, {side} thumb on the screen",), ARMS, right=0.75),
    BasePose("phone_call", ("talking on the phone", "talking on [a|the|{his}] [phone|telephone|cell phone|mobile] [with the {side} hand|]", "making a [phone |]call", "holding a phone to [the|{his}] [{side} |]ear", "on the phone", "phoning [someone|]", "answering [a call|the phone] [with the {side} hand|]", "calling someone [on the phone|]"),
             lambda rng: _hand_at(rng, at.EAR.moved(y=-u(rng, 0.02, 0.05))), ("standing", "hand_at_ear:left", "not hand_above_shoulder:right"), ("having a conversation with a receiver at the {side} ear", "chatting by telephone"), _LEFT, right=0.65, weight=2.5),
    BasePose("drink", ("drinking from a [cup|glass|bottle|mug]", "drinking from a cup with the {side} hand", "drinking [water|coffee|tea|a beer|something|]", "taking a sip [of coffee|of water|from a cup|]", "raising a [cup|glass|mug] to the [mouth|lips] [with the {side} hand|]", "having a [drink|coffee]", "emptying a glass"),
             _drink, ("standing", "hand_at_face:left", "elbow_bent:left", "not hand_above_shoulder:right"), ("quenching thirst from a mug in the {side} hand", "swallowing tea"), _LEFT, right=0.75, weight=2.5),
    BasePose("eat", ("eating with a spoon", "eating with a [fork|spoon] [in the {side} hand|]", "eating [soup|an apple|ice cream|a sandwich|something|]", "putting food in[to|] the mouth [with the {side} hand|]", "having [lunch|breakfast|soup]", "bringing a spoon to the mouth", "tasting soup [with a spoon|]"),
             _eat, ("hand_at_face:left", "elbow_bent:both", "not hand_at_face:right"), ("spooning up soup with the {side} hand", "at a meal, cutlery near the lips"), ARMS, right=0.8, weight=2),
    BasePose("brush_teeth", ("brushing [the|{his}] teeth", "brushing [the |{his} |]teeth with the {side} hand", "cleaning [the|{his}] teeth", "holding a toothbrush [in the mouth|]", "using a toothbrush [with the {side} hand|]", "shaving [the face|with the {side} hand|]", "putting on lipstick"),
             lambda rng: _hand_at(rng, at.MOUTH.moved(x=u(rng, 0.0, 0.05), z=0.01), 6), ("standing", "hand_at_face:left", "elbow_bent:left", "not hand_at_face:right"), ("doing dental care with the {side} hand", "scrubbing molars before bed"), _LEFT, right=0.75, weight=2),
    BasePose("comb", ("combing [the|{his}] hair", "combing [the|{his}] hair with the {side} hand", "brushing [the|{his}] hair", "running a comb through the hair", "styling [the|{his}] hair", "fixing the hair with the {side} hand", "washing the hair with one hand"),
             _comb, ("standing", "hand_at_head:left", "hand_above_shoulder:left", "not hand_above_shoulder:right"), ("tidying locks in front of a mirror, {side} hand", "untangling curls with a brush"), _LEFT, right=0.7, weight=2),
    BasePose("wash_face", ("washing [the|{his}] face", "washing [the|{his}] face with both hands", "rubbing [the|{his}] face [with both hands|]", "splashing water in the face", "bending over a sink to wash the face", "drying the face with a towel", "putting cream on the face"),
             _wash_face, ("standing", "hand_at_head:both", "trunk_leans_forward"), ("freshening up over a basin, both palms on the cheeks", "rinsing sleep from the eyes"), ARMS, weight=2),
    BasePose("hat", ("putting on a hat", "putting on a [cap|helmet|hat] [with both hands|]", "taking off a hat", "holding a hat on the head", "adjusting a [hat|cap|helmet]", "placing a hat on the head", "putting a crown on the head"),
             lambda rng: _hands_at(rng, at.HEAD_TOP.moved(x=0.05, y=-0.03)), ("standing", "hand_at_head:both", "hand_above_head:both"), ("dressing the head with a bowler", "setting a beret in place with both hands"), ARMS, weight=2),
    BasePose("jacket", ("putting on a jacket", "putting on [a coat|the jacket|a shirt]", "slipping into a [jacket|coat]", "taking off a [jacket|coat]", "getting dressed", "slipping the {side} arm into a sleeve", "putting the {side} arm into a [jacket|coat]"),
             _jacket, ("standing", "arm_back:left", "elbow_bent:right"), ("wriggling the {side} arm into a blazer", "getting clothed in a parka"), ARMS, weight=2),
    BasePose("piano", ("playing the piano", "playing [a|the] [piano|keyboard|organ]", "sitting at [a|the] piano [and playing|]", "sitting and playing the piano", "playing a tune on the piano", "as a pianist", "practicing the piano"),
             _piano, ("seated", "hand_in_front:both", "not hand_above_shoulder:both"), ("seated with ten fingers on the keys", "giving a recital on a grand"), ARMS, weight=2),
    BasePose("desk", ("typing on a [keyboard|laptop|computer]", "working at a [desk|computer]", "sitting at a [desk|table] [and writing|]", "using a computer", "writing a letter at a table", "eating at a table"),
             _desk, ("seated", "hand_in_front:both", "not hand_above_shoulder:both"), ("busy in the office at a screen",), ARMS),
    BasePose("drive", ("driving a car", "sitting at the [steering |]wheel", "holding a steering wheel", "driving [a truck|a bus|]", "steering a car with both hands"),
             _steer, ("seated", "hand_in_front:both", "trunk_leans_back"), ("behind the wheel of a vehicle",), ARMS),
    BasePose("guitar", ("playing the guitar", "playing [a|an electric|an acoustic|the bass] guitar", "strumming a guitar [with the {side} hand|]", "playing [the banjo|the ukulele|the lute]", "playing air guitar", "plucking the strings of a guitar", "jamming on a guitar"),
             _guitar, ("standing", "hand_on_belly:left", "hand_outside:right", "hand_in_front:left"), ("making music on six strings", "rocking with a Stratocaster"), ARMS, right=0.85, weight=2),
    BasePose("violin", ("playing the violin", "playing [a|the] [violin|fiddle|viola]", "bowing a violin", "practicing the violin", "holding a violin [under the chin|]", "fiddling", "playing a tune on the violin"),
             _violin, ("standing", "hand_in_front:both", "elbow_bent:left"), ("drawing a bow over strings at the chin", "performing a solo on a Stradivarius"), ARMS, right=0.9, weight=2),
    BasePose("flute", ("playing the flute", "playing a [flute|transverse flute|piccolo]", "playing the flute with both hands", "blowing [into a flute|the flute]", "holding a flute to the [mouth|lips]", "practicing the flute"),
             _flute, ("standing", "elbow_bent:both", "hand_above_shoulder:both", "not hand_outside:right"), ("blowing across a silver tube held sideways", "performing a melody on a woodwind held to the side"), ARMS, right=0.85, weight=2),
    BasePose("trumpet", ("playing the [trumpet|clarinet|recorder|saxophone|oboe]", "blowing a [trumpet|horn|whistle]", "playing a wind instrument", "eating with both hands", "holding a trumpet to the lips"),
             lambda rng: _hands_at(rng, at.MOUTH.moved(x=0.0, y=-u(rng, 0.02, 0.08), z=u(rng, 0.05, 0.12))), ("standing", "hands_together", "elbow_bent:both", "hand_in_front:both"), ("sounding a fanfare on brass",), ARMS),
    BasePose("sing", ("singing into a microphone", "singing [into a microphone held in the {side} hand|karaoke|a song|on stage|]", "holding a microphone [in the {side} hand|to the mouth]", "speaking into a microphone [with the {side} hand|]", "giving a concert with a microphone", "singing [loudly|] with a mic [in the {side} hand|]"),
             _sing, ("standing", "hand_at_face:left", "elbow_bent:left", "not hand_at_face:right"), ("belting out a tune at a mic", "crooning, {side} fist close to the lips"), _LEFT, right=0.75, weight=2),
    BasePose("cook", ("cooking", "stirring a pot [with the {side} hand|]", "chopping vegetables", "washing [the |]dishes", "doing the dishes", "ironing [a shirt|]", "kneading dough", "preparing food", "peeling potatoes"),
             _cook, ("standing", "hands_in_front", "elbow_bent:both", "head_down"), ("making dinner at the stove",), ARMS, right=0.75),
    BasePose("pick_up", ("picking something up [from the floor|off the ground|]", "picking up [something|a coin|a ball|a pen] [with the {side} hand|]", "bending down to pick [something |]up [something|]", "reaching down to the floor with the {side} hand", "putting something on the floor [with the {side} hand|]"),
             _pick_up, ("hand_on_floor:left", "trunk_bent_forward", "feet_on_floor", "not hand_on_floor:right"), ("collecting a fallen thing with the {side} hand",), LEGS | {"left_arm", "trunk"}),
    BasePose("tie_shoes", ("tying [the|{his}|a] [shoelaces|shoelace|shoes|shoe]", "tying the {other} [shoe|shoelace]", "kneeling [down |]to tie [the|a] shoe", "lacing [the|{his}] {other} shoe", "putting on the {other} shoe"),
             _tie, ("kneels_on:left", "hand_at_toes:right", "trunk_bent_forward"), ("fastening the laces of the {other} sneaker",), ARMS | LEGS | {"trunk"}),
    BasePose("high_shelf", ("reaching for [something on a high shelf|a high shelf|the top shelf]", "putting a book on a high shelf", "hanging [up |][the laundry|laundry|a picture|curtains]", "lifting a box onto a shelf"),
             _high_shelf, ("standing", "hand_above_head:both", "head_up"), ("stretching for the uppermost board of a cupboard",), ARMS),
)  # fmt: skip
