"""Base poses of the group sports."""

from __future__ import annotations

from typing import Final

import numpy as np

from training import landmarks as at
from training.controls import Controls
from training.grammar.base import ARMS, LEGS, BasePose
from training.grammar.base import draw_from as u
from training.grammar.sitting import on_floor
from training.grammar.standing import stand

Rng = np.random.Generator

_BODY: Final = ARMS | LEGS | {"trunk"}
_AIR: Final = frozenset({"airborne"})
_MOVING: Final = frozenset({"moving"})


def _chest_point(x: float, y: float, z: float, pole: tuple[float, float, float] = (0.7, -1.0, 0.0)) -> at.Target:
    """A point counted from the breastbone; x outward for the reaching arm."""
    return at.Target("spine3", "chest", (x, y, z), pole)


def _hold(c: Controls, x: float, y: float, z: float, apart: float = 0.09) -> None:
    """Both hands around one thing before the chest; x to the person's left."""
    c.left_arm.to(_chest_point(x + apart, y, z))
    c.right_arm.to(_chest_point(-x + apart, y, z))


def _ready(rng: Rng) -> Controls:
    """An athlete's stance: knees soft, trunk a little forward."""
    c = stand(rng)
    c.pitch, c.flex = u(rng, 12, 20), u(rng, 6, 12)
    c.both_feet(u(rng, 0.18, 0.26), knee=u(rng, 36, 52), toe_out=14)
    return c


def _stride(rng: Rng, front: float = 0.26, back: float = 0.32) -> Controls:
    """The right foot ahead, the left one behind on its toes: for whoever throws with the left."""
    c = stand(rng)
    c.right_leg.plant(0.10, front * u(rng, 0.9, 1.15), knee=u(rng, 18, 32), toe_out=8)
    c.left_leg.plant(0.12, -back * u(rng, 0.9, 1.1), knee=u(rng, 12, 24), toe_out=35, heel=u(rng, 10, 28))
    return c


def _kick_ball(rng: Rng) -> Controls:
    """With the left foot."""
    c = stand(rng)
    c.right_leg.plant(0.07, knee=u(rng, 10, 20), toe_out=12)
    c.pitch, c.flex, c.twist = -u(rng, 4, 12), u(rng, 4, 12), u(rng, 8, 18)
    c.left_leg.angles(u(rng, 38, 70), u(rng, 4, 28), 4, 8, u(rng, 15, 35))
    c.right_arm.angles(u(rng, 50, 85), u(rng, 40, 75), u(rng, 10, 30))
    c.left_arm.angles(u(rng, 35, 65), u(rng, 110, 150), u(rng, 10, 35))
    return c


def _throw(rng: Rng) -> Controls:
    """Cocked to throw with the left hand."""
    c = _stride(rng)
    c.pitch, c.flex, c.twist, c.turn, c.turn_head = -u(rng, 0, 6), -4, u(rng, 20, 32), u(rng, 5, 15), -u(rng, 20, 35)
    c.left_arm.angles(u(rng, 88, 105), u(rng, 92, 112), u(rng, 75, 100), u(rng, 65, 90))
    c.right_arm.angles(u(rng, 65, 90), u(rng, 10, 40), u(rng, 5, 25))
    return c


def _catch(rng: Rng) -> Controls:
    c = _ready(rng)
    c.both_feet(u(rng, 0.14, 0.22), knee=u(rng, 14, 36))
    c.pitch = u(rng, 4, 12)
    _hold(c, u(rng, -0.1, 0.1), u(rng, -0.02, 0.3), u(rng, 0.36, 0.46), u(rng, 0.10, 0.14))
    return c


def _catch_high(rng: Rng) -> Controls:
    c = stand(rng)
    c.flex, c.nod = -8, -22
    c.both_feet(0.14, knee=u(rng, 5, 20), heel=u(rng, 0, 20))
    c.both_arms(u(rng, 150, 165), u(rng, 5, 25), u(rng, 10, 28))
    return c


def _basketball_shot(rng: Rng) -> Controls:
    """The left hand pushes the ball up, the right one guides it."""
    c = stand(rng)
    c.both_feet(u(rng, 0.10, 0.15), knee=u(rng, 10, 34), heel=u(rng, 0, 28), toe_out=6)
    c.flex, c.nod = -u(rng, 0, 6), -u(rng, 8, 16)
    if rng.random() < 0.5:
        c.left_arm.angles(u(rng, 138, 158), u(rng, 4, 18), u(rng, 8, 45))
        c.right_arm.angles(u(rng, 122, 140), u(rng, -5, 12), u(rng, 35, 60))
    else:
        c.left_arm.to(at.Target("head", "chest", (0.08, 0.20, 0.16), (0.3, -0.6, 1.0)))
        c.right_arm.to(at.Target("head", "chest", (0.10, 0.14, 0.18), (0.9, -0.8, 0.4)))
    return c


def _dunk(rng: Rng) -> Controls:
    c = Controls(support="lowest", lift=u(rng, 0.4, 0.6), flex=-u(rng, 2, 10), bend=-6, nod=-15)
    c.left_arm.angles(u(rng, 158, 172), 25, u(rng, 5, 20))
    c.right_arm.angles(u(rng, 30, 70), u(rng, 60, 100), u(rng, 20, 50))
    c.left_leg.angles(u(rng, 0, 15), u(rng, 25, 60), 4, 0, 35)
    c.right_leg.angles(u(rng, 40, 75), u(rng, 70, 100), 4, 0, 25)
    return c


def _dribble(rng: Rng) -> Controls:
    """With the left hand."""
    c = _ready(rng)
    c.left_leg.plant(0.15, -0.12, knee=u(rng, 30, 48))
    c.right_leg.plant(0.13, 0.16, knee=u(rng, 30, 48))
    c.left_arm.angles(u(rng, 24, 38), u(rng, 30, 55), u(rng, 30, 55))
    c.right_arm.angles(u(rng, 35, 60), u(rng, 20, 60), u(rng, 60, 90), -20)
    c.nod = -10
    return c


def _bat_ready(rng: Rng) -> Controls:
    """A left-handed batter waiting, hands at the left shoulder."""
    c = _ready(rng)
    c.both_feet(u(rng, 0.24, 0.3), knee=u(rng, 36, 48))
    c.twist, c.turn_head = u(rng, 20, 34), -u(rng, 50, 66)
    _hold(c, u(rng, 0.20, 0.27), u(rng, 0.22, 0.32), u(rng, 0.10, 0.18), 0.03)
    return c


def _bat(rng: Rng) -> Controls:
    """A left-handed batter: hands at the left shoulder, or through the swing before the body."""
    c = _bat_ready(rng)
    if rng.random() < 0.5:
        c.twist, c.turn_head = -u(rng, 24, 40), -10
        _hold(c, -u(rng, 0.05, 0.2), u(rng, -0.05, 0.08), u(rng, 0.38, 0.46), 0.03)
    return c


def _pitch(rng: Rng) -> Controls:
    """A left-handed pitcher: the wind-up on the left leg, or the long stride with the arm cocked."""
    if rng.random() < 0.5:
        c = stand(rng)
        c.left_leg.plant(0.06, knee=u(rng, 8, 18), toe_out=30)
        c.right_leg.angles(u(rng, 88, 108), u(rng, 85, 110), -4, 0, 15)
        c.flex, c.twist = 6, u(rng, 12, 26)
        _hold(c, 0.02, u(rng, 0.10, 0.22), 0.22, 0.05)
        c.turn_head = -u(rng, 30, 50)
        return c
    c = _stride(rng, 0.42, 0.46)
    c.pitch, c.twist, c.turn_head = u(rng, 4, 12), u(rng, 14, 26), -20
    c.left_arm.angles(u(rng, 95, 112), u(rng, 95, 115), u(rng, 70, 95), u(rng, 70, 90))
    c.right_arm.angles(u(rng, 70, 88), u(rng, 5, 30), u(rng, 15, 45))
    return c


def _golf(rng: Rng) -> Controls:
    """A left-handed golfer: backswing over the left shoulder, address, or finish over the right."""
    c = stand(rng)
    c.pitch, c.flex, c.balance = u(rng, 14, 22), u(rng, 6, 12), 0.8
    c.both_feet(u(rng, 0.17, 0.23), knee=u(rng, 14, 24))
    choice = rng.random()
    if choice < 0.55:
        c.twist, c.nod, c.turn_head = u(rng, 48, 64), 12, -u(rng, 40, 55)
        _hold(c, u(rng, 0.18, 0.26), u(rng, 0.38, 0.48), u(rng, 0.18, 0.24), 0.03)
    elif choice < 0.65:
        c.nod = 24
        _hold(c, 0.0, -u(rng, 0.34, 0.4), u(rng, 0.28, 0.34), 0.03)
    else:
        c.pitch, c.flex, c.twist, c.turn, c.weight = 2, -6, -u(rng, 44, 58), -20, -0.6
        c.left_leg.heel, c.turn_head = 35, -10
        _hold(c, -u(rng, 0.18, 0.24), u(rng, 0.34, 0.44), u(rng, 0.16, 0.22), 0.03)
    return c


def _golf_address(rng: Rng) -> Controls:
    c = stand(rng)
    c.pitch, c.flex, c.balance, c.nod = u(rng, 24, 30), u(rng, 10, 18), 0.9, 18
    c.both_feet(u(rng, 0.14, 0.2), knee=u(rng, 14, 24))
    _hold(c, 0.0, -u(rng, 0.34, 0.4), u(rng, 0.26, 0.32), 0.03)
    return c


def _serve(rng: Rng) -> Controls:
    """With the left hand: racket behind the head, the right hand following the tossed ball; or the hit."""
    c = _stride(rng, 0.16, 0.18)
    c.flex, c.nod, c.turn = -u(rng, 12, 22), -u(rng, 18, 30), u(rng, 10, 24)
    if rng.random() < 0.6:
        c.bend, c.twist = u(rng, 4, 12), u(rng, 10, 22)
        c.right_arm.angles(u(rng, 155, 170), u(rng, 10, 40), 5)
        c.left_arm.angles(u(rng, 95, 112), u(rng, 90, 108), u(rng, 95, 120), u(rng, 70, 92))
    else:
        c.bend, c.pitch = -u(rng, 8, 16), 8
        c.left_arm.angles(u(rng, 160, 172), u(rng, 15, 50), u(rng, 4, 15))
        c.right_arm.angles(u(rng, 50, 75), u(rng, -20, 10), u(rng, 70, 100), -40)
    return c


def _forehand(rng: Rng) -> Controls:
    """With the left hand."""
    c = _stride(rng, 0.24, 0.22)
    c.pitch, c.twist, c.turn = 8, u(rng, 8, 28), u(rng, 5, 18)
    c.left_arm.angles(u(rng, 68, 86), u(rng, 70, 100), u(rng, 10, 35), u(rng, -10, 10))
    c.right_arm.angles(u(rng, 55, 80), u(rng, 0, 30), u(rng, 25, 55))
    c.turn_head = -u(rng, 0, 10)
    return c


def _backhand(rng: Rng) -> Controls:
    """With the left hand, swung from the right side."""
    c = _stride(rng, 0.18, 0.2)
    c.left_leg.plant(0.06, 0.26, knee=28, toe_out=-20)
    c.right_leg.plant(0.14, -0.22, knee=22, toe_out=40)
    c.pitch, c.twist, c.turn_head = 10, -u(rng, 30, 44), u(rng, 10, 28)
    if rng.random() < 0.5:
        _hold(c, -u(rng, 0.18, 0.28), -u(rng, 0.0, 0.14), u(rng, 0.26, 0.34), 0.03)
    else:
        c.left_arm.to(_chest_point(-u(rng, 0.2, 0.28), -u(rng, 0.0, 0.12), u(rng, 0.26, 0.34)))
        c.right_arm.angles(u(rng, 40, 60), u(rng, 100, 130), 20)
    return c


def _spike(rng: Rng) -> Controls:
    """In the air, the left hand cocked high."""
    c = Controls(support="lowest", lift=u(rng, 0.3, 0.5), pitch=-4, flex=-u(rng, 16, 26), twist=u(rng, 10, 22), nod=-10)
    if rng.random() < 0.6:
        c.left_arm.angles(u(rng, 122, 140), u(rng, 95, 110), u(rng, 60, 85), u(rng, 50, 75))
        c.right_arm.angles(u(rng, 135, 155), u(rng, 10, 35), 10)
    else:
        c.flex, c.twist = 4, -8
        c.left_arm.angles(u(rng, 155, 170), u(rng, 0, 20), 6)
        c.right_arm.angles(u(rng, 50, 80), u(rng, 10, 40), 40)
    c.both_legs(-u(rng, 5, 20), u(rng, 50, 85), 6, 0, 35)
    return c


def _volley_dig(rng: Rng) -> Controls:
    c = _ready(rng)
    c.both_feet(u(rng, 0.2, 0.28), knee=u(rng, 55, 72))
    c.both_arms(u(rng, 62, 78), -u(rng, 20, 25), 2)
    c.nod = -14
    return c


def _bowling(rng: Rng) -> Controls:
    """With the left hand: a deep stride, the ball swung low, the left leg trailing behind the right."""
    c = stand(rng)
    c.pitch, c.flex, c.weight, c.balance = u(rng, 34, 46), u(rng, 4, 12), -0.7, 0.6
    c.right_leg.plant(0.08, 0.2, knee=u(rng, 62, 82), toe_out=4)
    c.left_leg.plant(-u(rng, 0.02, 0.12), -u(rng, 0.46, 0.54), knee=14, heel=45)
    c.left_arm.angles(u(rng, 50, 95) if rng.random() < 0.6 else u(rng, 10, 20), u(rng, 2, 10), 4)
    c.right_arm.angles(u(rng, 50, 80), u(rng, 85, 115), 8)
    c.nod = -16
    return c


def _archery(rng: Rng) -> Controls:
    """The left arm holds the bow out to the left, the right hand draws to the cheek."""
    c = stand(rng)
    c.flex, c.weight = -2, 0
    c.both_feet(u(rng, 0.16, 0.22), knee=4, toe_out=8)
    c.left_arm.angles(u(rng, 87, 94), u(rng, 84, 92), u(rng, 1, 6))
    c.right_arm.to(at.Target("head", "chest", (u(rng, 0.04, 0.1), -0.05, 0.12), (1.0, 0.15, -0.1)))
    c.turn_head = u(rng, 60, 76)
    return c


def _ski(rng: Rng) -> Controls:
    c = stand(rng)
    c.pitch, c.flex, c.balance, c.nod = u(rng, 30, 44), u(rng, 10, 20), 0.9, -u(rng, 18, 28)
    c.both_feet(u(rng, 0.09, 0.15), knee=u(rng, 62, 92), toe_out=2)
    c.roll, c.bend = u(rng, -6, 10), u(rng, -6, 6)
    c.both_arms(u(rng, 58, 78), u(rng, 20, 40), u(rng, 60, 90))
    return c


def _cross_country(rng: Rng) -> Controls:
    """Striding on the left ski, the right arm ahead."""
    c = stand(rng)
    c.pitch, c.flex, c.nod = u(rng, 22, 32), 8, -14
    c.left_leg.plant(0.08, u(rng, 0.14, 0.2), knee=u(rng, 32, 46), toe_out=2)
    c.right_leg.plant(0.08, -u(rng, 0.42, 0.5), knee=16, heel=u(rng, 30, 45), toe_out=2)
    c.weight = 0.5
    c.right_arm.angles(u(rng, 80, 100), u(rng, 5, 15), u(rng, 35, 55))
    c.left_arm.angles(u(rng, 28, 45), u(rng, 160, 175), 15)
    return c


def _skate(rng: Rng) -> Controls:
    """Gliding on the left skate, the right leg pushed out behind."""
    c = stand(rng)
    c.pitch, c.flex, c.nod, c.balance = u(rng, 26, 44), u(rng, 6, 16), -16, 0.9
    c.left_leg.plant(0.03, knee=u(rng, 38, 62), toe_out=8)
    c.right_leg.angles(-u(rng, 2, 14), u(rng, 14, 30), u(rng, 26, 36), 14, 0)
    c.left_arm.angles(u(rng, 40, 65), u(rng, 140, 170), u(rng, 10, 50))
    c.right_arm.angles(u(rng, 55, 85), -u(rng, 0, 30), u(rng, 40, 70), -20)
    return c


def _board(rng: Rng) -> Controls:
    """Sideways on a board that goes to the left."""
    c = stand(rng)
    c.pitch, c.flex, c.turn_head, c.twist = u(rng, 14, 24), u(rng, 6, 14), u(rng, 48, 68), u(rng, 8, 20)
    c.both_feet(u(rng, 0.28, 0.36), knee=u(rng, 52, 80), toe_out=u(rng, 10, 20), knee_out=-0.1)
    c.left_arm.angles(u(rng, 72, 92), u(rng, 70, 92), u(rng, 8, 28))
    c.right_arm.angles(u(rng, 72, 95), u(rng, 80, 110), u(rng, 8, 40))
    return c


def _breaststroke(rng: Rng) -> Controls:
    c = Controls(support="lowest", pitch=u(rng, 84, 90), flex=-u(rng, 6, 14), nod=-u(rng, 20, 34))
    if rng.random() < 0.55:
        c.both_arms(u(rng, 162, 174), u(rng, 5, 30), 4)
        c.both_legs(-2, 5, u(rng, 5, 14), 0, 45)
    else:
        c.both_arms(u(rng, 110, 128), u(rng, 70, 88), u(rng, 20, 45))
        c.both_legs(u(rng, 26, 40), u(rng, 88, 112), u(rng, 26, 36), 18, 0)
    return c


def _freestyle(rng: Rng) -> Controls:
    """The left arm reaches ahead, the right one pushes back or comes over."""
    c = Controls(support="lowest", pitch=u(rng, 86, 92), roll=u(rng, 8, 20), flex=-4, turn_head=-u(rng, 30, 60))
    c.left_arm.angles(u(rng, 166, 177), 40, 4)
    if rng.random() < 0.5:
        c.right_arm.angles(u(rng, 10, 25), u(rng, 40, 100), u(rng, 5, 30))
    else:
        c.right_arm.angles(u(rng, 90, 115), u(rng, 105, 125), u(rng, 60, 85), -u(rng, 10, 50))
    c.left_leg.angles(-u(rng, 3, 9), u(rng, 4, 14), 3, 0, 50)
    c.right_leg.angles(u(rng, 4, 12), u(rng, 2, 8), 3, 0, 50)
    return c


def _backstroke(rng: Rng) -> Controls:
    """On the back, the left arm overhead."""
    c = Controls(support="lowest", pitch=-u(rng, 86, 92), flex=2, nod=5)
    c.left_arm.angles(u(rng, 160, 175), u(rng, 20, 60), 4)
    c.right_arm.angles(u(rng, 8, 22), u(rng, 80, 100), 8)
    c.left_leg.angles(u(rng, 4, 12), u(rng, 4, 12), 3, 0, 50)
    c.right_leg.angles(u(rng, -2, 4), u(rng, 4, 12), 3, 0, 50)
    return c


def _butterfly(rng: Rng) -> Controls:
    c = Controls(support="lowest", pitch=u(rng, 85, 91), flex=-u(rng, 10, 18), nod=-u(rng, 8, 20))
    c.both_arms(u(rng, 100, 125), u(rng, 85, 98), u(rng, 4, 15))
    c.both_legs(u(rng, -6, 4), u(rng, 6, 30), 2, 0, 50)
    return c


def _dive(rng: Rng) -> Controls:
    """Bent over at the pool's edge, arms beside the ears."""
    c = stand(rng)
    c.pitch, c.flex, c.balance, c.nod = u(rng, 56, 72), u(rng, 22, 34), 0.8, 10
    c.both_feet(0.07, knee=u(rng, 15, 35), toe_out=2)
    c.both_arms(u(rng, 166, 176), 40, 3)
    return c


def _row(rng: Rng) -> Controls:
    """Seated low, hands on two oars: reaching ahead with bent knees, or leaning back at the end of the pull."""
    c = Controls(support="seat", height=u(rng, 0.2, 0.26))
    if rng.random() < 0.5:
        c.pitch, c.flex = u(rng, 8, 18), u(rng, 20, 34)
        c.both_feet(0.10, u(rng, 0.44, 0.52), heel=-10)
        c.both_arms(u(rng, 88, 102), -u(rng, 2, 8), u(rng, 3, 12))
    else:
        c.pitch, c.flex = -u(rng, 22, 32), u(rng, 8, 16)
        c.both_feet(0.10, u(rng, 0.70, 0.76), heel=-40)
        c.both_hands(_chest_point(0.08, -0.04, 0.14, (0.8, -0.3, -1.0)))
    return c


def _paddle(rng: Rng) -> Controls:
    """Kneeling, a paddle at the left side: the right hand on top, the left one low and outside."""
    c = Controls(support="lowest", pitch=u(rng, 4, 14), flex=u(rng, 8, 16), twist=-u(rng, 5, 22), bend=u(rng, 4, 12))
    if rng.random() < 0.5:
        c.both_legs(u(rng, 96, 104), u(rng, 140, 148), 8, 0, 62)
    else:
        c = on_floor(rng)
        c.both_feet(0.14, u(rng, 0.55, 0.7), heel=-20)
        c.pitch, c.flex, c.twist, c.bend = -4, 16, -u(rng, 5, 22), 6
    c.right_arm.to(at.Target("neck", "chest", (-0.10, u(rng, 0.0, 0.12), 0.34), (0.9, -0.2, 0.2)))
    c.left_arm.to(
        at.Target("own_shoulder", "chest", (0.12, -u(rng, 0.30, 0.36), u(rng, 0.28, 0.34)), (0.8, -0.4, -0.4))
    )
    return c


def _press(rng: Rng) -> Controls:
    c = stand(rng)
    c.flex, c.weight, c.nod = -4, 0, -8
    c.both_feet(u(rng, 0.15, 0.22), knee=u(rng, 3, 14))
    c.both_arms(u(rng, 162, 172), u(rng, 75, 95), u(rng, 2, 10))
    return c


def _rack(rng: Rng) -> Controls:
    """Clean: the bar on the front of the shoulders."""
    c = stand(rng)
    c.both_feet(u(rng, 0.15, 0.2), knee=u(rng, 5, 40))
    c.flex = -4
    c.both_hands(at.Target("own_shoulder", "chest", (0.05, 0.0, 0.14), (0.3, -0.5, 1.0)))
    return c


def _deadlift(rng: Rng) -> Controls:
    c = stand(rng)
    c.pitch, c.flex, c.balance, c.nod = u(rng, 54, 66), u(rng, 0, 8), 0.9, -u(rng, 18, 28)
    c.both_feet(u(rng, 0.12, 0.17), knee=u(rng, 46, 72), toe_out=10)
    lean = float(np.asarray(c.pitch)) + float(np.asarray(c.flex))
    c.both_arms(lean + u(rng, -3, 5), 6, 3)
    return c


def _back_squat(rng: Rng) -> Controls:
    c = stand(rng)
    c.pitch, c.flex, c.balance, c.nod = u(rng, 30, 40), -u(rng, 4, 10), 0.95, -15
    c.both_feet(u(rng, 0.18, 0.24), knee=u(rng, 92, 110), toe_out=24, knee_out=0.35)
    c.both_hands(at.Target("own_shoulder", "chest", (0.14, 0.03, -0.02), (0.4, -1.0, -0.4)))
    return c


def _curl(rng: Rng) -> Controls:
    """The left arm bent; the right one too, or hanging."""
    c = stand(rng)
    c.flex, c.weight = 0, 0
    c.both_feet(u(rng, 0.12, 0.18), knee=6)
    c.left_arm.angles(u(rng, 6, 14), u(rng, 20, 50), u(rng, 95, 135))
    return c


def _curl_both(rng: Rng) -> Controls:
    c = _curl(rng)
    c.both_arms(u(rng, 6, 14), u(rng, 20, 50), u(rng, 95, 135))
    return c


def _bench(rng: Rng) -> Controls:
    """On the back on a bench, arms pressed up."""
    c = Controls(support="seat", height=0.45, pitch=-90, flex=0)
    c.both_feet(0.24, 0.34, toe_out=15)
    if rng.random() < 0.6:
        c.both_arms(u(rng, 84, 94), u(rng, 8, 22), u(rng, 3, 15))
    else:
        c.both_arms(u(rng, 60, 75), 90, u(rng, 80, 95))
    return c


def _javelin(rng: Rng) -> Controls:
    """In the left hand, drawn far back."""
    c = _stride(rng, 0.38, 0.34)
    c.pitch, c.flex, c.twist, c.turn, c.turn_head = -u(rng, 8, 16), -4, u(rng, 26, 40), u(rng, 15, 28), -u(rng, 45, 60)
    c.left_arm.angles(u(rng, 112, 124), u(rng, 96, 112), u(rng, 4, 16))
    c.right_arm.angles(u(rng, 92, 112), u(rng, 30, 60), u(rng, 5, 25))
    return c


def _discus(rng: Rng) -> Controls:
    """In the left hand, swung far back and low, trunk wound up."""
    c = _ready(rng)
    c.both_feet(u(rng, 0.24, 0.32), knee=u(rng, 42, 62))
    c.twist, c.turn, c.turn_head = u(rng, 42, 58), u(rng, 10, 20), -10
    c.left_arm.angles(u(rng, 70, 88), u(rng, 98, 122), u(rng, 2, 8))
    c.right_arm.angles(u(rng, 65, 85), u(rng, 20, 60), u(rng, 10, 35))
    return c


def _shot(rng: Rng) -> Controls:
    """The left hand at the neck, the right arm ahead."""
    c = _ready(rng)
    c.left_leg.plant(0.12, -0.22, knee=u(rng, 40, 66), toe_out=40)
    c.right_leg.plant(0.12, 0.28, knee=u(rng, 12, 24), toe_out=20)
    c.weight, c.pitch, c.twist, c.bend = 0.4, -2, u(rng, 22, 36), u(rng, 5, 14)
    c.left_arm.to(at.Target("neck", "chest", (0.13, 0.02, 0.07), (1.0, -0.25, 0.1)))
    c.right_arm.angles(u(rng, 78, 104), u(rng, 15, 50), u(rng, 8, 30))
    return c


def _sprint_start(rng: Rng) -> Controls:
    """In the blocks: hands on the line, the left foot ahead, hips up or the right knee down."""
    c = stand(rng)
    c.pitch, c.flex, c.balance, c.nod = u(rng, 98, 106), u(rng, 14, 22), 0.0, -u(rng, 2, 14)
    c.sway_z = u(rng, 0.16, 0.22)
    c.left_leg.plant(0.09, 0.12, knee=u(rng, 96, 106), heel=38, toe_out=2)
    c.right_leg.plant(0.09, -u(rng, 0.28, 0.34), knee=u(rng, 55, 66), heel=48, toe_out=2)
    c.both_hands(at.Target("own_shoulder", "world", (0.04, 0.03, 0.02), (0.6, 0.2, -0.6), on_ground=True))
    return c


def _finish(rng: Rng) -> Controls:
    """Running through the tape, chest out, arms up; the left foot lands."""
    c = stand(rng)
    c.pitch, c.flex, c.nod = u(rng, 4, 12), -u(rng, 12, 20), -12
    c.left_leg.plant(0.07, 0.12, knee=u(rng, 14, 28), toe_out=4)
    c.right_leg.angles(-u(rng, 10, 22), u(rng, 55, 85), 3, 0, 30)
    c.both_arms(u(rng, 132, 160), u(rng, 60, 95), u(rng, 6, 28))
    return c


def _hurdle(rng: Rng) -> Controls:
    """In the air, the left leg over the hurdle, the right one folded beside."""
    c = Controls(support="lowest", lift=u(rng, 0.3, 0.45), pitch=u(rng, 24, 36), flex=u(rng, 6, 14), nod=-16)
    c.left_leg.angles(u(rng, 104, 118), u(rng, 3, 15), 3, 0, -5)
    c.right_leg.angles(u(rng, 20, 40), u(rng, 95, 115), u(rng, 52, 66), 25, 0)
    c.right_arm.angles(u(rng, 95, 115), u(rng, 0, 12), u(rng, 8, 25))
    c.left_arm.angles(u(rng, 35, 55), u(rng, 150, 172), u(rng, 40, 80))
    return c


def _long_jump(rng: Rng) -> Controls:
    c = Controls(support="lowest", lift=u(rng, 0.3, 0.45), pitch=u(rng, 6, 18), flex=u(rng, 16, 26))
    c.both_legs(u(rng, 82, 100), u(rng, 8, 30), 4, 0, -5)
    c.both_arms(u(rng, 80, 115), u(rng, 5, 20), 8)
    return c


def _bicycle(rng: Rng) -> Controls:
    """Seated high, hands on the bar, the left pedal down."""
    c = Controls(support="lowest", pitch=u(rng, 24, 40), flex=u(rng, 12, 24), nod=-u(rng, 14, 26))
    lean = float(np.asarray(c.pitch))
    c.left_leg.angles(lean + u(rng, 8, 14), u(rng, 22, 32), 2, 0, 8)
    c.right_leg.angles(lean + u(rng, 54, 64), u(rng, 92, 104), 2, 0, 4)
    c.both_hands(at.Target("own_shoulder", "world", (0.02, -u(rng, 0.26, 0.32), u(rng, 0.36, 0.42)), (0.7, -0.8, -0.3)))
    return c


def _climb(rng: Rng) -> Controls:
    """On a wall: the left hand high, the left foot on a hold, the right leg long."""
    c = Controls(
        support="lowest", lift=u(rng, 0.0, 0.02), pitch=u(rng, -4, 6), bend=-u(rng, 2, 10), nod=-u(rng, 14, 26)
    )
    c.right_leg.angles(u(rng, 2, 12), u(rng, 6, 24), u(rng, 6, 14), 15, 25)
    c.left_leg.angles(u(rng, 78, 98), u(rng, 92, 112), u(rng, 22, 36), 25, 10)
    c.left_arm.angles(u(rng, 156, 170), u(rng, 15, 50), u(rng, 5, 22))
    c.right_arm.angles(u(rng, 105, 135), u(rng, 25, 60), u(rng, 40, 75), 30)
    return c


def _jump_rope(rng: Rng) -> Controls:
    """A low hop, hands beside the hips."""
    c = Controls(support="lowest", lift=u(rng, 0.07, 0.14), flex=2, nod=-4)
    c.both_legs(u(rng, 4, 14), u(rng, 14, 32), -1.5, 0, 40)
    c.both_arms(u(rng, 18, 30), u(rng, 80, 105), u(rng, 58, 80), u(rng, 30, 55))
    return c


def _fence(rng: Rng) -> Controls:
    return _en_garde(rng) if rng.random() < 0.5 else _fencing_lunge(rng)


def _en_garde(rng: Rng) -> Controls:
    return _with_foil(rng, deep=False)


def _fencing_lunge(rng: Rng) -> Controls:
    return _with_foil(rng, deep=True)


def _with_foil(rng: Rng, deep: bool) -> Controls:
    """On guard or lunging with the left arm and foot ahead, the right arm raised behind."""
    c = stand(rng)
    c.pitch, c.flex, c.balance, c.turn, c.weight = 4, 0, 0.3, -u(rng, 30, 45), 0.3 if deep else 0.2
    c.left_leg.plant(0.08, 0.44 if deep else 0.24, knee=u(rng, 70, 84) if deep else u(rng, 38, 54), toe_out=0)
    c.right_leg.plant(0.06, -0.6 if deep else -0.26, knee=5 if deep else 46, toe_out=75, knee_out=0.5)
    c.turn_head = u(rng, 28, 42)
    c.left_arm.angles(u(rng, 82, 92), u(rng, 38, 55), u(rng, 3, 12) if deep else u(rng, 30, 55))
    if deep:
        c.right_arm.angles(u(rng, 45, 65), u(rng, 100, 130), 6)
    else:
        c.right_arm.angles(u(rng, 85, 100), u(rng, 105, 125), u(rng, 80, 105), 85)
    return c


def _header(rng: Rng) -> Controls:
    c = Controls(support="lowest", lift=u(rng, 0.2, 0.4), flex=-u(rng, 10, 22), nod=-u(rng, 6, 16))
    c.both_legs(-u(rng, 5, 15), u(rng, 40, 75), 6, 0, 35)
    c.both_arms(u(rng, 50, 75), u(rng, 50, 85), u(rng, 50, 80))
    return c


def _goalkeeper(rng: Rng) -> Controls:
    """In the air, stretched out to the left."""
    c = Controls(support="lowest", lift=u(rng, 0.3, 0.6), roll=u(rng, 52, 72), bend=u(rng, -6, 8), turn_head=10)
    c.left_arm.angles(u(rng, 150, 168), u(rng, 60, 85), 4)
    c.right_arm.angles(u(rng, 160, 174), u(rng, 15, 40), 8)
    c.left_leg.angles(u(rng, 0, 12), u(rng, 4, 20), 2, 0, 35)
    c.right_leg.angles(u(rng, 20, 55), u(rng, 40, 80), 8, 0, 30)
    return c


def _hockey(rng: Rng) -> Controls:
    """Bent over a stick held low at the left."""
    c = _ready(rng)
    c.pitch, c.flex, c.nod = u(rng, 30, 42), u(rng, 10, 20), -12
    c.both_feet(u(rng, 0.2, 0.28), knee=u(rng, 42, 60))
    c.right_arm.to(_chest_point(-0.04, -u(rng, 0.08, 0.14), 0.28))
    c.left_arm.to(_chest_point(u(rng, 0.14, 0.24), -u(rng, 0.30, 0.36), u(rng, 0.26, 0.32)))
    return c


_BALLS: Final = (
    BasePose(
        "kick_ball",
        _kick_ball,
        ("stands_on:right", "foot_lifted:left", "foot_ahead:left"),
        LEGS,
        right=0.8,
        tags=_MOVING,
        weight=1.5,
    ),
    BasePose(
        "throw_ball",
        _throw,
        ("standing", "hand_above_shoulder:left", "elbow_bent:left", "leg_forward:right"),
        LEGS,
        right=0.85,
        tags=_MOVING,
        weight=1.5,
    ),
    BasePose("catch_ball", _catch, ("standing", "hands_in_front", "hands_near"), frozenset(), weight=1.4),
    BasePose("catch_high", _catch_high, ("standing", "hand_high:both", "hands_near"), frozenset(), weight=0.7),
    BasePose(
        "shoot_basketball",
        _basketball_shot,
        ("standing", "hand_high:left", "hand_above_shoulder:both"),
        frozenset(),
        right=0.85,
        weight=1.5,
    ),
    BasePose("dunk", _dunk, ("airborne", "arm_up:left"), LEGS, right=0.85, tags=_AIR),
    BasePose(
        "dribble",
        _dribble,
        ("standing", "knee_bent:both", "trunk_leans_forward", "hand_below_chest:left"),
        LEGS,
        right=0.8,
        weight=1.4,
    ),
    BasePose(
        "bat",
        _bat,
        ("standing", "hands_together", "feet_apart", "knee_bent:both"),
        ARMS | LEGS,
        right=0.85,
        tags=_MOVING,
        weight=1.5,
    ),
    BasePose(
        "bat_ready",
        _bat_ready,
        ("standing", "hands_together", "feet_apart", "knee_bent:both", "hand_above_chest:both"),
        ARMS | LEGS,
        right=0.85,
    ),
    BasePose("pitch", _pitch, ("standing", "not feet_together"), LEGS, right=0.85, tags=_MOVING, weight=1.5),
    BasePose("forehand", _forehand, ("standing", "arm_sideways:left"), LEGS, right=0.85, tags=_MOVING, weight=1.5),
    BasePose(
        "backhand",
        _backhand,
        ("standing", "arm_across:left", "trunk_twists:right"),
        LEGS | {"left_arm"},
        right=0.85,
        tags=_MOVING,
        weight=1.4,
    ),
    BasePose(
        "serve",
        _serve,
        ("standing", "one_hand_high", "hand_above_shoulder:left"),
        frozenset(),
        right=0.85,
        tags=_MOVING,
        weight=1.5,
    ),
    BasePose(
        "spike",
        _spike,
        ("airborne", "hand_above_shoulder:left", "one_hand_high"),
        LEGS,
        right=0.85,
        tags=_AIR,
        weight=1.4,
    ),
    BasePose(
        "volleyball_dig",
        _volley_dig,
        ("knee_bent:both", "hands_together", "arm_straight:both", "feet_on_floor"),
        LEGS | ARMS,
    ),
    BasePose(
        "bowl",
        _bowling,
        ("feet_staggered", "leg_forward:right", "trunk_bent_forward", "arm_straight:left"),
        LEGS,
        right=0.85,
        tags=_MOVING,
        weight=1.5,
    ),
    BasePose(
        "golf", _golf, ("standing", "hands_together", "feet_apart"), LEGS | ARMS, right=0.85, tags=_MOVING, weight=1.5
    ),
    BasePose(
        "putt",
        _golf_address,
        ("standing", "hands_together", "trunk_bent_forward", "hand_below_chest:both"),
        LEGS | ARMS,
        weight=0.7,
    ),
    BasePose("hockey", _hockey, ("standing", "trunk_bent_forward", "hands_in_front", "knee_bent:both"), ARMS | LEGS),
    BasePose("header", _header, ("airborne", "knee_bent:both"), LEGS, tags=_AIR, weight=0.7),
    BasePose("goalkeeper", _goalkeeper, ("airborne", "hand_overhead:both"), _BODY, tags=_AIR, weight=0.8),
)

_TOOLS: Final = (
    BasePose(
        "archery",
        _archery,
        ("standing", "arm_sideways:left", "arm_straight:left", "hand_at_head:right", "hands_far_apart"),
        ARMS,
        right=0.15,
        weight=1.5,
    ),
    BasePose(
        "javelin",
        _javelin,
        ("standing", "arm_straight:left", "hand_above_shoulder:left", "leg_forward:right", "hands_far_apart"),
        LEGS | ARMS,
        right=0.85,
        tags=_MOVING,
        weight=1.4,
    ),
    BasePose(
        "discus",
        _discus,
        ("standing", "trunk_twists:left", "arm_straight:left", "knee_bent:both"),
        LEGS | ARMS,
        right=0.85,
        tags=_MOVING,
        weight=1.4,
    ),
    BasePose(
        "shot_put",
        _shot,
        ("standing", "hand_near_neck:left", "elbow_bent:left", "feet_staggered"),
        LEGS | {"left_arm"},
        right=0.85,
        tags=_MOVING,
        weight=1.4,
    ),
    BasePose(
        "barbell_press", _press, ("standing", "arm_up:both", "arm_straight:both", "hand_high:both"), ARMS, weight=1.5
    ),
    BasePose("barbell_rack", _rack, ("standing", "hand_near_own_shoulder:both", "elbow_bent:both"), ARMS, weight=0.7),
    BasePose(
        "deadlift",
        _deadlift,
        ("standing", "trunk_bent_far_forward", "knee_bent:both", "arm_straight:both", "feet_on_floor"),
        ARMS | LEGS,
        weight=1.5,
    ),
    BasePose("back_squat", _back_squat, ("feet_on_floor", "knee_well_bent:both", "elbow_bent:both"), ARMS | LEGS),
    BasePose(
        "curl",
        _curl,
        ("standing", "elbow_bent:left", "not hand_above_shoulder:left"),
        frozenset({"left_arm"}),
        right=0.7,
    ),
    BasePose(
        "curl_both", _curl_both, ("standing", "elbow_bent:both", "not hand_above_shoulder:both"), ARMS, weight=1.3
    ),
    BasePose(
        "bench_press",
        _bench,
        ("facing_up", "trunk_horizontal", "hands_above_trunk"),
        ARMS | LEGS | {"trunk"},
        weight=0.8,
    ),
    BasePose("row_boat", _row, ("low_seat", "hands_near"), LEGS | ARMS, weight=1.5),
    BasePose("paddle_canoe", _paddle, ("low_seat", "hands_in_front", "hand_higher:right"), LEGS | ARMS, weight=1.5),
    BasePose(
        "fencing_bout",
        _fence,
        ("leg_forward:left", "knee_bent:left", "feet_staggered", "hand_ahead:left"),
        LEGS | ARMS,
        right=0.8,
        weight=1.5,
    ),
    BasePose(
        "en_garde",
        _en_garde,
        ("leg_forward:left", "knee_bent:both", "feet_staggered", "hand_ahead:left", "elbow_bent_some:left"),
        LEGS | ARMS,
        right=0.8,
    ),
    BasePose(
        "fencing_lunge",
        _fencing_lunge,
        (
            "leg_forward:left",
            "knee_bent:left",
            "feet_staggered",
            "hand_ahead:left",
            "arm_straight:left",
            "leg_straight:right",
        ),
        LEGS | ARMS,
        right=0.8,
        spread=0.5,
    ),
)

_MOVES: Final = (
    BasePose(
        "ski",
        _ski,
        ("knee_bent:both", "trunk_bent_forward", "feet_on_floor", "hands_in_front"),
        LEGS,
        tags=_MOVING,
        weight=1.5,
    ),
    BasePose(
        "cross_country",
        _cross_country,
        ("standing", "leg_forward:left", "hand_ahead:right", "trunk_bent_forward"),
        LEGS,
        tags=_MOVING,
        weight=0.8,
    ),
    BasePose(
        "skate",
        _skate,
        ("trunk_bent_forward", "knee_bent:left", "feet_wide", "foot_lifted:right"),
        LEGS,
        tags=_MOVING,
        weight=1.5,
    ),
    BasePose(
        "surf",
        _board,
        ("feet_apart", "knee_bent:both", "arms_lifted", "feet_on_floor", "head_turned:left"),
        LEGS,
        tags=_MOVING,
        weight=1.6,
    ),
    BasePose("breaststroke", _breaststroke, ("facing_down", "trunk_horizontal"), _BODY, tags=_MOVING, weight=1.5),
    BasePose(
        "freestyle",
        _freestyle,
        ("facing_down", "trunk_horizontal", "hand_overhead:left"),
        _BODY,
        tags=_MOVING,
        weight=1.5,
    ),
    BasePose("backstroke", _backstroke, ("facing_up", "trunk_horizontal", "hand_overhead:left"), _BODY, tags=_MOVING),
    BasePose("swim_butterfly", _butterfly, ("facing_down", "trunk_horizontal", "arms_wide"), _BODY, tags=_MOVING),
    BasePose(
        "dive", _dive, ("standing", "trunk_bent_far_forward", "hand_overhead:both"), LEGS | ARMS | {"trunk"}, weight=0.8
    ),
    BasePose(
        "sprint_start",
        _sprint_start,
        ("hand_on_floor:both", "trunk_horizontal", "leg_forward:left", "knee_bent:both"),
        _BODY,
        weight=1.5,
    ),
    BasePose("finish_line", _finish, ("standing", "stands_on:left", "hand_high:both"), LEGS, tags=_MOVING, weight=1.4),
    BasePose(
        "hurdle",
        _hurdle,
        ("airborne", "foot_ahead:left", "leg_straight:left", "knee_well_bent:right"),
        LEGS | {"trunk"},
        tags=_AIR,
        weight=1.5,
    ),
    BasePose(
        "long_jump", _long_jump, ("airborne", "thigh_forward:both", "hands_in_front"), LEGS | {"trunk"}, tags=_AIR
    ),
    BasePose(
        "bicycle",
        _bicycle,
        ("trunk_bent_forward", "hands_in_front", "knee_well_bent:right", "not knee_well_bent:left"),
        LEGS | ARMS | {"trunk"},
        tags=_MOVING,
        weight=1.5,
    ),
    BasePose(
        "climb_wall",
        _climb,
        ("hand_high:left", "knee_well_bent:left", "trunk_upright", "foot_higher:left"),
        LEGS | ARMS,
        tags=_MOVING,
        weight=1.5,
    ),
    BasePose("jump_rope", _jump_rope, ("airborne", "feet_together", "elbow_bent:both"), LEGS, tags=_AIR, weight=1.5),
)

POSES: tuple[BasePose, ...] = _BALLS + _TOOLS + _MOVES
