"""Codes of the arms: bends, directions, heights and places of elbows and hands."""

from __future__ import annotations

from typing import Final

from training.posecodes.base import ANY, Code, Kind, Range, Said, Test, tests

UPRIGHT: Final = Test("trunk_pitch", 55)
"""Above and below are said of hands only if the trunk is roughly upright; else "above the head" has two meanings."""

_FREE: Final = Test("wrist_to_head:side", 0.32)
"""A hand at the head is not described by its height."""

_IN_AIR: Final = Test("wrist_height:side", 0.2)


def bends(joint: str, limb: str, straightest: float) -> tuple[Code, ...]:
    """Return the codes for the bend of elbows or knees.

    Parameters
    ----------
    joint : "elbow" or "knee"
    limb : "arm" or "leg"
    straightest : float
        Degrees below which the limb is called straight.
    """
    bent = {
        "slight": ((24.0, 40.0), ("slightly bent", "bent slightly", "a little bent", "bent a little"), ()),
        "half": ((52.0, 72.0), ("partly bent", "half bent", "partially bent", "bent"), ("bend {it} partway",)),
        "square": (
            (80.0, 100.0),
            ("bent at a right angle", "at a right angle", "bent to a right angle", "bent at 90 degrees"),
            ("bend {it} at a right angle", "bend {it} to a right angle"),
        ),
        "deep": (
            (118.0, 180.0),
            ("fully bent", "completely bent", "bent all the way", "tightly bent", "sharply bent"),
            ("bend {it} all the way", "bend {it} completely", "bend {it} tightly"),
        ),
        "bent": ((64.0, 180.0), ("bent", "clearly bent"), ("bend {it}",)),
    }  # fmt: skip
    out = [
        Code(
            f"{joint}_straight", "angle", f"{joint}_bend", tests(**{f"{joint}_bend__side": (-1.0, straightest)}),
            (
                Said(joint, ("straight", "fully straight"), ("straight", "fully straight"),
                     ("straighten {it}", "keep {it} straight"), ("straighten {it}", "keep {it} straight")),
                Said(limb, ("straight", "fully extended", "completely straight"),
                     ("straight", "fully extended", "completely straight"),
                     ("straighten {it}", "keep {it} straight"), ("straighten {it}", "keep {it} straight")),
            ),
            limb=limb,
        )
    ]  # fmt: skip
    for name, (stated, words, does) in bent.items():
        many = tuple(each.replace("a right angle", "right angles") for each in words)
        both_do = tuple(each.replace("a right angle", "right angles") for each in does)
        nouns = (joint, joint, limb) if joint == "elbow" else (joint, joint, joint, limb)
        said = tuple(Said(noun, words, many, does, both_do) for noun in nouns)
        claims = tests(**{f"{joint}_bend__side": stated})
        out.append(Code(f"{joint}_{name}", "angle", f"{joint}_bend", claims, said, limb=limb))
    return tuple(out)


_TILTED: Final = Test("trunk_pitch", -91, 50)
_STRAIGHT: Final = Test("elbow_bend:side", -1, 30)


def _arm(name: str, claims: dict[str, Range], said: Said, *when: Test) -> Code:
    return Code(
        name, "direction", "arm_direction", (*tests(**claims), _STRAIGHT), (said,), when,
        implies=("elbow_straight", "hand_aside", "upper_arm_level", "forearm_level", "hand_at_shoulder_height",
                 "hand_above_shoulder", "hand_in_front", "hand_in_front_of_chest", "hands_far_apart", "elbow_out",
                 "forearm_up", "hand_above_head", "upper_arm_up", "elbow_slight", "elbow_above_shoulder",
                 "hand_behind_body", "hand_at_head_height"),
    )  # fmt: skip


_DIRECTIONS: Final = (
    _arm("arm_sideways", {"arm_out__side": (0.9, 2)},
         Said("arm", ("stretched out to the side", "extended to the side", "held straight out to the side",
                      "stretched sideways"),
              ("stretched out to the sides", "extended sideways", "spread wide", "held straight out to the sides"),
              ("stretch {it} out to the side", "extend {it} to the side", "hold {it} out to the side"),
              ("stretch {it} out to the sides", "spread {it} wide", "hold {it} out to the sides"))),
    _arm("arm_overhead", {"arm_along__side": (0.88, 2)},
         Said("arm", ("stretched out above {his} head", "stretched overhead", "extended past {his} head"),
              ("stretched out above {his} head", "stretched overhead", "extended past {his} head"),
              ("stretch {it} out above {his} head", "stretch {it} overhead"),
              ("stretch {it} out above {his} head", "stretch {it} overhead")), _TILTED),
    _arm("arm_beside_body", {"arm_along__side": (-2, -0.92)},
         Said("arm", ("beside {his} body", "at {his} side", "alongside {his} torso"),
              ("beside {his} body", "at {his} sides", "alongside {his} torso"),
              ("keep {it} beside {his} body", "hold {it} at {his} side"),
              ("keep {it} beside {his} body", "hold {it} at {his} sides")), _TILTED),
    _arm("arm_forward", {"arm_front__side": (0.88, 2)},
         Said("arm", ("stretched forward", "stretched out in front", "extended forward", "held straight out in front"),
              ("stretched forward", "stretched out in front", "extended forward", "held straight out in front"),
              ("stretch {it} forward", "extend {it} in front", "reach forward with {it}"),
              ("stretch {it} forward", "extend {it} in front", "reach forward with {it}")), UPRIGHT),
    _arm("arm_up", {"arm_pitch__side": (68, 91)},
         Said("arm", ("stretched straight up", "raised straight up", "pointing straight up", "extended upward"),
              ("stretched straight up", "raised straight up", "pointing straight up", "extended upward"),
              ("stretch {it} straight up", "raise {it} straight up", "reach up with {it}"),
              ("stretch {it} straight up", "raise {it} straight up", "reach up with {it}")), UPRIGHT),
    _arm("arm_up_aside", {"arm_pitch__side": (28, 56), "arm_out__side": (0.5, 2)},
         Said("arm", ("raised diagonally to the side", "pointing up and out", "stretched up and to the side"),
              ("raised diagonally to the sides", "pointing up and out", "raised in a wide V"),
              ("raise {it} diagonally to the side", "stretch {it} up and to the side"),
              ("raise {it} diagonally to the sides", "stretch {it} up and out")), UPRIGHT),
    _arm("arm_up_forward", {"arm_pitch__side": (28, 56), "arm_front__side": (0.55, 2)},
         Said("arm", ("raised diagonally forward", "pointing up and forward", "stretched forward and up"),
              ("raised diagonally forward", "pointing up and forward", "stretched forward and up"),
              ("raise {it} diagonally forward", "stretch {it} forward and up"),
              ("raise {it} diagonally forward", "stretch {it} forward and up")), UPRIGHT),
    _arm("arm_down_aside", {"arm_pitch__side": (-58, -28), "arm_out__side": (0.5, 2)},
         Said("arm", ("held away from {his} body", "pointing down and out", "lowered diagonally to the side"),
              ("held away from {his} body", "pointing down and out", "lowered diagonally to the sides"),
              ("hold {it} away from {his} body",), ("hold {it} away from {his} body",)), UPRIGHT),
    _arm("arm_down_forward", {"arm_pitch__side": (-58, -28), "arm_front__side": (0.5, 2)},
         Said("arm", ("pointing forward and down", "lowered diagonally in front", "stretched forward and down"),
              ("pointing forward and down", "lowered diagonally in front", "stretched forward and down"),
              ("stretch {it} forward and down",), ("stretch {it} forward and down",)), UPRIGHT),
    _arm("arm_back", {"arm_front__side": (-2, -0.52)},
         Said("arm", ("stretched backward", "stretched back behind {his} body", "extended backward", "swung back"),
              ("stretched backward", "stretched back behind {his} body", "extended backward"),
              ("stretch {it} backward", "swing {it} back"), ("stretch {it} backward", "swing {it} back")), UPRIGHT),
    _arm("arm_hanging", {"arm_pitch__side": (-91, -74)},
         Said("arm", ("hanging straight down", "hanging down", "pointing straight down", "lowered"),
              ("hanging straight down", "hanging down", "pointing straight down", "lowered"),
              ("let {it} hang down", "lower {it}"), ("let {it} hang down", "lower {it}"))),
)  # fmt: skip


def _part(
    name: str, topic: str, claims: dict[str, Range], said: Said, *when: Test, kind: Kind = "direction",
    implies: tuple[str, ...] = (),
) -> Code:  # fmt: skip
    return Code(name, kind, topic, tests(**claims), (said,), when, implies=implies)


_PARTS: Final = (
    _part("upper_arm_level", "upper_arm", {"upper_arm_pitch__side": (-13, 13)},
          Said("upper arm", ("horizontal", "level with the floor", "parallel to the floor"),
               ("horizontal", "level with the floor", "parallel to the floor")), UPRIGHT,
          implies=("elbow_above_shoulder", "elbow_out")),
    _part("upper_arm_up", "upper_arm", {"upper_arm_pitch__side": (50, 91)},
          Said("upper arm", ("pointing up", "raised steeply"), ("pointing up", "raised steeply")), UPRIGHT,
          implies=("elbow_above_shoulder",)),
    _part("elbow_above_shoulder", "upper_arm", {"elbow_above_shoulder__side": (0.1, ANY)},
          Said("elbow", ("above {his} shoulder", "higher than {his} shoulder", "raised above shoulder height"),
               ("above {his} shoulders", "higher than {his} shoulders", "raised above shoulder height"),
               ("raise {it} above shoulder height", "lift {it} above {his} shoulder"),
               ("raise {it} above shoulder height", "lift {it} above {his} shoulders")), UPRIGHT, kind="height"),
    _part("elbow_out", "upper_arm", {"elbow_out__side": (0.2, ANY)},
          Said("elbow", ("pointing out to the side", "out to the side", "flared out"),
               ("pointing out to the sides", "out to the sides", "flared out")),
          UPRIGHT, Test("elbow_bend:side", 50)),
    _part("elbow_back", "upper_arm", {"elbow_front__side": (-ANY, -0.2)},
          Said("elbow", ("pulled back", "drawn back behind {his} body", "behind {his} back"),
               ("pulled back", "drawn back behind {his} body", "behind {his} back"),
               ("pull {it} back", "draw {it} back"), ("pull {it} back", "draw {it} back")),
          UPRIGHT, Test("elbow_bend:side", 40)),
    _part("forearm_up", "forearm", {"forearm_pitch__side": (62, 91)},
          Said("forearm", ("vertical, pointing up", "pointing straight up", "pointing up", "raised upright"),
               ("vertical, pointing up", "pointing straight up", "pointing up", "raised upright"),
               ("point {it} straight up",), ("point {it} straight up",)), Test("elbow_bend:side", 45)),
    _part("forearm_level", "forearm", {"forearm_pitch__side": (-13, 13)},
          Said("forearm", ("horizontal", "parallel to the floor", "level"),
               ("horizontal", "parallel to the floor", "level"),
               ("hold {it} horizontally", "hold {it} level"), ("hold {it} horizontally", "hold {it} level")),
          UPRIGHT, Test("elbow_bend:side", 45)),
    _part("forearm_down", "forearm", {"forearm_pitch__side": (-91, -62)},
          Said("forearm", ("pointing straight down", "pointing down", "hanging down"),
               ("pointing straight down", "pointing down", "hanging down"),
               ("point {it} straight down",), ("point {it} straight down",)),
          Test("elbow_bend:side", 45), _IN_AIR),
)  # fmt: skip


def _height(name: str, claims: dict[str, Range], said: Said, *when: Test, implies: tuple[str, ...] = ()) -> Code:
    return Code(name, "height", "hand_height", tests(**claims), (said,), (UPRIGHT, *when), implies=implies)


_HEIGHTS: Final = (
    _height("hand_above_head", {"wrist_above_head__side": (0.15, ANY)},
            Said("hand", ("above {his} head", "higher than {his} head", "over {his} head", "raised above {his} head"),
                 ("above {his} head", "higher than {his} head", "over {his} head", "raised above {his} head"),
                 ("raise {it} above {his} head", "hold {it} above {his} head", "lift {it} over {his} head"),
                 ("raise {it} above {his} head", "hold {it} above {his} head", "lift {it} over {his} head")),
            implies=("hand_above_shoulder", "forearm_up", "elbow_above_shoulder")),
    _height("hand_at_head_height", {"wrist_above_head__side": (-0.06, 0.1)},
            Said("hand", ("at head height", "level with {his} head", "as high as {his} head"),
                 ("at head height", "level with {his} head", "as high as {his} head"),
                 ("raise {it} to head height", "hold {it} at head height"),
                 ("raise {it} to head height", "hold {it} at head height")), _FREE,
            implies=("hand_above_shoulder",)),
    _height("hand_above_shoulder", {"wrist_above_shoulder__side": (0.13, ANY)},
            Said("hand", ("above {his} shoulder", "above shoulder height", "higher than {his} shoulder"),
                 ("above {his} shoulders", "above shoulder height", "higher than {his} shoulders"),
                 ("raise {it} above {his} shoulder", "lift {it} above shoulder height"),
                 ("raise {it} above {his} shoulders", "lift {it} above shoulder height")), _FREE),
    _height("hand_at_shoulder_height", {"wrist_above_shoulder__side": (-0.07, 0.07)},
            Said("hand", ("at shoulder height", "level with {his} shoulder", "as high as {his} shoulder"),
                 ("at shoulder height", "level with {his} shoulders", "as high as {his} shoulders"),
                 ("raise {it} to shoulder height", "hold {it} at shoulder height"),
                 ("raise {it} to shoulder height", "hold {it} at shoulder height")), _FREE),
    _height("hand_at_chest_height", {"wrist_above_chest__side": (-0.07, 0.08)},
            Said("hand", ("at chest height", "level with {his} chest"), ("at chest height", "level with {his} chest"),
                 ("hold {it} at chest height", "raise {it} to chest height"),
                 ("hold {it} at chest height", "raise {it} to chest height")),
            Test("wrist_front:side", 0.16), Test("elbow_bend:side", 40)),
    _height("hand_at_waist_height", {"wrist_above_hips__side": (0.1, 0.24)},
            Said("hand", ("at waist height", "level with {his} waist"), ("at waist height", "level with {his} waist"),
                 ("hold {it} at waist height",), ("hold {it} at waist height",)),
            Test("elbow_bend:side", 40), Test("wrist_front:side", 0.16), Test("trunk_pitch", 70)),
    _height("hand_below_hips", {"wrist_above_hips__side": (-ANY, -0.1)},
            Said("hand", ("below {his} hips", "lower than {his} hips", "below hip height"),
                 ("below {his} hips", "lower than {his} hips", "below hip height"),
                 ("hold {it} below {his} hips", "lower {it} below {his} hips"),
                 ("hold {it} below {his} hips", "lower {it} below {his} hips")), Test("hip_height", 0.4)),
    Code("hand_below_knee", "height", "hand_height", tests(wrist_above_knee__side=(-ANY, -0.1)),
         (Said("hand", ("below {his} knee", "lower than {his} knee"), ("below {his} knees", "lower than {his} knees"),
               ("lower {it} below {his} knee", "reach down below {his} knee with {it}"),
               ("lower {it} below {his} knees", "reach down below {his} knees with {it}")),),
         (Test("hip_height", 0.45), Test("knee_above_hip:side", -9, -0.15), Test("wrist_height:side", 0.12)),
         implies=("hand_below_hips",)),
    Code("hand_over_other", "height", "hand_compared", tests(wrist_above_other__side=(0.2, ANY)),
         (Said("hand", ("above the {other} hand", "higher than the {other} hand", "above the {other} one",
                        "higher than the {other} one"), (),
               ("hold {it} higher than the {other} hand", "raise {it} higher than the {other} one")),),
         (UPRIGHT,)),
    Code("hand_under_other", "height", "hand_compared", tests(wrist_above_other__side=(-ANY, -0.2)),
         (Said("hand", ("below the {other} hand", "lower than the {other} hand", "lower than the {other} one"), (),
               ("hold {it} lower than the {other} hand", "hold {it} below the {other} one")),),
         (UPRIGHT,)),
)  # fmt: skip


def _place(name: str, claims: dict[str, Range], said: Said, *when: Test, implies: tuple[str, ...] = ()) -> Code:
    return Code(name, "position", "hand_place", tests(**claims), (said,), when, implies=implies)


_PLACES: Final = (
    _place("hand_in_front_of_chest",
           {"wrist_front__side": (0.2, ANY), "wrist_out__side": (-0.17, 0.2), "wrist_up__side": (-0.06, 0.2)},
           Said("hand", ("in front of {his} chest",),
                ("in front of {his} chest",),
                ("hold {it} in front of {his} chest", "bring {it} in front of {his} chest"),
                ("hold {it} in front of {his} chest", "bring {it} in front of {his} chest")),
           Test("wrist_to_head:side", 0.25), Test("trunk_pitch", 35),
           implies=("hand_in_front", "hand_at_chest_height")),
    _place("hand_in_front_of_belly",
           {"wrist_front__side": (0.18, ANY), "wrist_out__side": (-0.17, 0.2), "wrist_up__side": (-0.4, -0.14)},
           Said("hand", ("in front of {his} belly", "in front of {his} stomach", "in front of {his} waist"),
                ("in front of {his} belly", "in front of {his} stomach", "in front of {his} waist"),
                ("hold {it} in front of {his} belly", "bring {it} in front of {his} stomach"),
                ("hold {it} in front of {his} belly", "bring {it} in front of {his} stomach")),
           UPRIGHT, implies=("hand_in_front", "hand_at_waist_height")),
    _place("hand_in_front", {"wrist_front__side": (0.28, ANY)},
           Said("hand", ("in front of {his} body", "in front of {his} torso"),
                ("in front of {his} body", "in front of {his} torso"),
                ("hold {it} in front of {his} body", "keep {it} in front of {his} torso"),
                ("hold {it} in front of {his} body", "keep {it} in front of {his} torso")),
           UPRIGHT, Test("wrist_up:side", -0.45, 0.2)),
    _place("hand_behind_back",
           {"wrist_front__side": (-ANY, -0.15), "wrist_out__side": (-0.3, 0.18), "wrist_up__side": (-0.5, 0.05)},
           Said("hand", ("behind {his} back", "at {his} back"), ("behind {his} back", "at {his} back"),
                ("hold {it} behind {his} back", "put {it} behind {his} back", "hide {it} behind {his} back"),
                ("hold {it} behind {his} back", "put {it} behind {his} back")),
           Test("elbow_bend:side", 20), implies=("hand_behind_body",)),
    _place("hand_behind_body", {"wrist_front__side": (-ANY, -0.2)},
           Said("hand", ("behind {his} body", "behind {his} torso"), ("behind {his} body", "behind {his} torso"),
                ("hold {it} behind {his} body", "move {it} behind {his} torso"),
                ("hold {it} behind {his} body", "move {it} behind {his} torso")),
           UPRIGHT, Test("wrist_up:side", -9, 0.1)),
    _place("hand_aside", {"wrist_out__side": (0.5, ANY)},
           Said("hand", ("out to the side", "away from {his} body", "far out to the side"),
                ("out to the sides", "away from {his} body", "far out to the sides"),
                ("hold {it} out to the side", "hold {it} away from {his} body"),
                ("hold {it} out to the sides", "hold {it} away from {his} body")), UPRIGHT),
    _place("hand_across", {"wrist_out__side": (-ANY, -0.08), "wrist_front__side": (0.02, ANY)},
           Said("hand", ("on the {other} side of {his} body", "reaching across {his} body",
                         "in front of the {other} side of {his} body"), (),
                ("reach across {his} body with {it}", "bring {it} across {his} body")),
           UPRIGHT, Test("wrist_up:side", -0.5, 0.3), implies=("hand_in_front",)),
    Code("arms_crossed", "position", "hands", tests(wrist_gap=(-ANY, -0.09), wrists_apart=(0, 0.42)),
         (Said("arms", ("crossed in front of {his} body", "crossed"), (), ("cross {his} arms",), is_plural=True),
          Said("forearms", ("crossed", "crossed in front of {his} body"), (), ("cross {his} forearms",),
               is_plural=True)),
         (Test("wrist_front:left", 0.05), Test("wrist_front:right", 0.05), Test("elbow_bend:left", 35),
          Test("elbow_bend:right", 35)), sided=False),
    Code("hands_together", "distance", "hands", tests(wrists_apart=(0, 0.13)),
         (Said("hands", ("together", "close together", "next to each other", "joined"), (),
               ("bring {his} hands together", "hold {his} hands together", "join {his} hands"), is_plural=True),),
         sided=False),
    Code("hands_close", "distance", "hands", tests(wrists_apart=(0.13, 0.24)),
         (Said("hands", ("close together", "close to each other", "near each other"), (),
               ("hold {his} hands close together",), is_plural=True),), sided=False),
    Code("hands_shoulder_width", "distance", "hands", tests(wrists_apart=(0.3, 0.42)),
         (Said("hands", ("shoulder-width apart", "about as far apart as {his} shoulders"), (),
               ("hold {his} hands shoulder-width apart",), is_plural=True),),
         (Test("elbow_out:left", -0.2, 0.25), Test("elbow_out:right", -0.2, 0.25), Test("wrist_gap", 0.25)),
         sided=False),
    Code("hands_far_apart", "distance", "hands", tests(wrists_apart=(1.0, ANY)),
         (Said("hands", ("far apart", "wide apart", "far away from each other"), (),
               ("hold {his} hands far apart", "spread {his} hands wide apart"), is_plural=True),), sided=False),
    Code("elbows_together", "distance", "elbows", tests(elbows_apart=(0, 0.24)),
         (Said("elbows", ("close together", "close to each other"), (), ("bring {his} elbows close together",),
               is_plural=True),), sided=False),
)  # fmt: skip

CODES: Final = (*bends("elbow", "arm", 14.0), *_DIRECTIONS, *_PARTS, *_HEIGHTS, *_PLACES)
"""All codes of the arms, contacts aside."""
