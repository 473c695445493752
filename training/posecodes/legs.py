"""Codes of the legs: bends, directions, heights and distances of knees and feet."""

from __future__ import annotations

from typing import Final

from training.posecodes.arms import UPRIGHT, bends
from training.posecodes.base import ANY, Code, Kind, Range, Said, Test, tests

_STRAIGHT: Final = Test("knee_bend:side", -1, 24)
_IN_AIR: Final = Test("sole_height:side", 0.12)


def _leg(
    name: str, kind: Kind, topic: str, claims: dict[str, Range], said: Said | tuple[Said, ...], *when: Test,
    implies: tuple[str, ...] = (),
) -> Code:  # fmt: skip
    said = said if isinstance(said, tuple) else (said,)
    return Code(name, kind, topic, tests(**claims), said, when, implies=implies, limb="leg")  # fmt: skip


def _whole(name: str, topic: str, claims: dict[str, Range], said: tuple[Said, ...], *when: Test,
           implies: tuple[str, ...] = ()) -> Code:  # fmt: skip
    return Code(name, "distance", topic, tests(**claims), said, when, sided=False, implies=implies, limb="leg")


_DIRECTIONS: Final = (
    _leg("leg_forward", "direction", "leg_direction",
         {"leg_front__side": (0.6, 2), "knee_bend__side": (-1, 24), "sole_height__side": (0.2, ANY)},
         Said("leg", ("raised straight in front", "stretched forward in the air", "lifted forward, straight"),
              ("raised straight in front", "stretched forward in the air"),
              ("raise {it} straight in front", "kick {it} forward", "lift {it} straight forward"),
              ("raise {it} straight in front",)),
         UPRIGHT, implies=("knee_straight", "foot_in_air", "foot_over_other", "foot_ahead")),
    _leg("leg_ahead", "direction", "leg_direction",
         {"leg_front__side": (0.8, 2), "knee_bend__side": (-1, 24), "leg_pitch__side": (-40, 15)},
         Said("leg", ("stretched out in front", "extended forward", "straight out in front"),
              ("stretched out in front", "extended forward", "straight out in front"),
              ("stretch {it} out in front", "extend {it} forward"), ("stretch {it} out in front",)),
         Test("trunk_pitch", 30), implies=("knee_straight", "foot_ahead", "thigh_level")),
    _leg("leg_back", "direction", "leg_direction", {"leg_front__side": (-2, -0.4), "knee_bend__side": (-1, 30)},
         Said("leg", ("stretched back", "stretched out behind {his} body", "extended backward", "straight out behind"),
              (), ("stretch {it} back", "extend {it} backward", "stretch {it} out behind {his} body")),
         Test("leg_pitch:side", -75, 30), Test("hip_height", 0.25),
         implies=("knee_straight", "foot_behind", "knee_slight")),
    _leg("leg_aside", "direction", "leg_direction", {"leg_out__side": (0.48, 2), "knee_bend__side": (-1, 26)},
         Said("leg", ("stretched out to the side", "extended to the side", "straight out to the side"),
              ("stretched out to the sides", "extended to the sides"),
              ("stretch {it} out to the side", "extend {it} to the side"), ("stretch {it} out to the sides",)),
         Test("leg_pitch:side", -78, 40), implies=("knee_straight", "knee_slight", "feet_wide", "knees_wide")),
    _leg("leg_up", "direction", "leg_direction", {"leg_pitch__side": (55, 91), "knee_bend__side": (-1, 35)},
         Said("leg", ("pointing up", "stretched up", "raised high in the air"),
              ("pointing up", "stretched up", "raised high in the air"),
              ("stretch {it} up", "raise {it} high in the air"), ("stretch {it} up", "raise {it} high in the air")),
         implies=("knee_straight", "foot_in_air", "foot_over_other", "thigh_up", "shin_up")),
    _leg("thigh_level", "direction", "thigh", {"thigh_pitch__side": (-14, 14)},
         (Said("thigh", ("horizontal", "parallel to the floor", "level with the floor"),
               ("horizontal", "parallel to the floor", "level with the floor")),
          Said("knee", ("at hip height", "level with {his} hip"), ("at hip height", "level with {his} hips"),
               ("raise {it} to hip height",), ("raise {it} to hip height",))),
         Test("hip_height", 0.3)),
    _leg("thigh_up", "direction", "thigh", {"knee_above_hip__side": (0.12, ANY)},
         Said("knee", ("higher than {his} hip", "above {his} hip", "raised above hip height"),
              ("higher than {his} hips", "above {his} hips", "raised above hip height"),
              ("raise {it} above hip height", "lift {it} above {his} hip"),
              ("raise {it} above hip height", "lift {it} above {his} hips"))),
    _leg("thigh_upright", "direction", "thigh", {"thigh_pitch__side": (-91, -76)},
         Said("thigh", ("vertical", "upright"), ("vertical", "upright")), Test("knee_bend:side", 50)),
    _leg("shin_level", "direction", "shin", {"shin_pitch__side": (-14, 14)},
         Said("lower leg", ("horizontal", "parallel to the floor"), ("horizontal", "parallel to the floor")),
         Test("knee_height:side", 0.2)),
    _leg("shin_upright", "direction", "shin", {"shin_pitch__side": (-91, -74)},
         Said("lower leg", ("vertical", "upright", "perpendicular to the floor"),
              ("vertical", "upright", "perpendicular to the floor")), Test("knee_bend:side", 50)),
    _leg("shin_up", "direction", "shin", {"shin_pitch__side": (45, 91)},
         Said("lower leg", ("pointing up", "raised in the air"), ("pointing up", "raised in the air"))),
    _leg("toes_out", "direction", "toes", {"toes_out__side": (0.66, 2)},
         Said("foot", ("turned out", "turned outward", "pointing out to the side"),
              ("turned out", "turned outward", "pointing out to the sides"),
              ("turn {it} out", "turn {it} outward"), ("turn {it} out", "turn {it} outward")),
         Test("sole_height:side", -1, 0.06)),
    _leg("toes_in", "direction", "toes", {"toes_out__side": (-2, -0.3)},
         Said("foot", ("turned inward", "pointing inward"), ("turned inward", "pointing inward"),
              ("turn {it} inward",), ("turn {it} inward",)), Test("sole_height:side", -1, 0.06)),
    _leg("heel_up", "height", "heel", {"heel_lift__side": (0.115, ANY)},
         Said("heel", ("raised", "off the floor", "lifted off the ground"),
              ("raised", "off the floor", "lifted off the ground"),
              ("raise {it}", "lift {it} off the ground"), ("raise {it}", "lift {it} off the ground")),
         Test("hip_height", 0.5), Test("sole_height:side", -1, 0.06), Test("knee_height:side", 0.25)),
)  # fmt: skip

_RELATIONS: Final = (
    _leg("foot_in_air", "height", "foot_height", {"sole_height__side": (0.14, ANY)},
         Said("foot", ("off the floor", "off the ground", "in the air", "lifted"),
              ("off the floor", "off the ground", "in the air", "lifted"),
              ("lift {it}", "lift {it} off the floor", "raise {it} off the ground"),
              ("lift {it} off the floor", "raise {it} off the ground"))),
    _leg("foot_over_other", "height", "feet_compared", {"ankle_above_other__side": (0.18, ANY)},
         Said("foot", ("higher than the {other} foot", "above the {other} foot", "higher than the {other} one"), (),
              ("raise {it} higher than the {other} foot", "hold {it} higher than the {other} one")),
         implies=("foot_in_air", "knee_over_other")),
    _leg("knee_over_other", "height", "knees_compared", {"knee_above_other__side": (0.2, ANY)},
         Said("knee", ("higher than the {other} knee", "above the {other} knee", "higher than the {other} one"), (),
              ("raise {it} higher than the {other} knee", "hold {it} higher than the {other} one"))),
    _leg("foot_ahead", "position", "feet_step", {"ankle_before_other__side": (0.24, ANY)},
         Said("foot", ("in front of the {other} foot", "ahead of the {other} foot", "in front of the {other} one",
                       "forward"), (),
              ("put {it} in front of the {other} foot", "step forward with {it}", "move {it} forward")),
         Test("trunk_pitch", 35)),
    _leg("foot_behind", "position", "feet_step", {"ankle_before_other__side": (-ANY, -0.24)},
         Said("foot", ("behind the {other} foot", "behind the {other} one", "back"), (),
              ("put {it} behind the {other} foot", "step back with {it}", "move {it} back")),
         Test("trunk_pitch", 35)),
    _whole("legs_crossed", "feet", {"ankle_gap": (-ANY, -0.07)},
           (Said("legs", ("crossed",), (), ("cross {his} legs",), is_plural=True),
            Said("ankles", ("crossed",), (), ("cross {his} ankles",), is_plural=True)), Test("ankles_apart", 0, 0.36),
           Test("ankle_above_other:left", -0.2, 0.2)),
    _whole("feet_together", "feet", {"ankles_apart": (0, 0.13)},
           (Said("feet", ("together", "close together", "side by side", "next to each other"), (),
                 ("keep {his} feet together", "hold {his} feet together"), is_plural=True),),
           Test("ankle_gap", 0.03), implies=("knees_together",)),
    _whole("feet_shoulder_width", "feet", {"ankles_apart": (0.31, 0.44), "ankle_step": (-1, 0.14)},
           (Said("feet", ("shoulder-width apart", "about shoulder width apart", "apart"), (),
                 ("keep {his} feet shoulder-width apart",), is_plural=True),
            Said("legs", ("apart", "slightly apart"), (), is_plural=True)), Test("hip_height", 0.4)),
    _whole("feet_wide", "feet", {"ankles_apart": (0.62, ANY)},
           (Said("feet", ("wide apart", "far apart", "spread wide apart"), (),
                 ("spread {his} feet wide apart", "put {his} feet far apart"), is_plural=True),
            Said("legs", ("wide apart", "spread wide", "far apart"), (), ("spread {his} legs wide",), is_plural=True)),
           implies=("knees_wide", "knees_shoulder_width")),
    _whole("knees_together", "knees", {"knees_apart": (0, 0.13)},
           (Said("knees", ("together", "close together", "touching each other"), (),
                 ("keep {his} knees together", "press {his} knees together"), is_plural=True),),
           implies=("feet_together",)),
    _whole("knees_wide", "knees", {"knees_apart": (0.52, ANY)},
           (Said("knees", ("wide apart", "spread wide", "far apart"), (), ("spread {his} knees wide",),
                 is_plural=True),), implies=("knees_shoulder_width", "feet_wide")),
    _whole("knees_shoulder_width", "knees", {"knees_apart": (0.32, 0.44)},
           (Said("knees", ("shoulder-width apart", "apart"), (), ("keep {his} knees apart",), is_plural=True),)),
)  # fmt: skip

CODES: Final = (*bends("knee", "leg", 12.0), *_DIRECTIONS, *_RELATIONS)
"""All codes of the legs, contacts aside."""
