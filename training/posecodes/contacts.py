"""Codes of contacts: hands, elbows, feet and knees that touch another part of the body or the floor.

The hand of the skeleton is the wrist joint; so a contact is a distance of joints below 13 to 20 cm, by the size of the
part that is touched.
"""

from __future__ import annotations

from typing import Final

from training.posecodes.base import ANY, Code, Range, Said, Test, tests

_HEIGHTS: Final = (
    "hand_above_head", "hand_at_head_height", "hand_above_shoulder", "hand_at_shoulder_height", "hand_at_chest_height",
    "hand_at_waist_height", "hand_below_hips", "hand_below_knee",
)  # fmt: skip
_PLACES: Final = (
    "hand_in_front_of_chest", "hand_in_front_of_belly", "hand_in_front", "hand_behind_back", "hand_behind_body",
    "hand_across", "hand_aside",
)  # fmt: skip
_LAID: Final = ("rest {it} on ", "place {it} on ", "put {it} on ", "lay {it} on ")
_HELD: Final = ("touch ", "hold ", "grasp ")


def _hand(
    name: str, claims: dict[str, Range], where: tuple[str, ...], many: tuple[str, ...], *when: Test,
    does: tuple[str, ...] = (), both_do: tuple[str, ...] = (), implies: tuple[str, ...] = (),
) -> Code:  # fmt: skip
    """Return the code of a hand that is somewhere; ``where`` follows "the left hand is"."""
    on = tuple(each.removeprefix("on ") for each in where if each.startswith("on "))
    on_many = tuple(each.removeprefix("on ") for each in many if each.startswith("on "))
    does = does or tuple(verb + each for verb in _LAID for each in on[:2])
    both_do = both_do or tuple(verb + each for verb in _LAID for each in on_many[:2])
    return Code(name, "contact", "hand_contact", tests(**claims), (Said("hand", where, many, does, both_do),), when,
                implies=(*_HEIGHTS, *_PLACES, *implies))  # fmt: skip


def _touching(part: str, measure: str, limit: float, *when: Test) -> tuple[Code, Code]:
    """Return the codes of a hand on a part of the own side and of the other side."""
    own, other = f"on {{his}} {{side}} {part}", f"on {{his}} {{other}} {part}"
    plural = {"foot": "feet"}.get(part, part + "s")
    touch = tuple(f"{verb}{{his}} {{X}} {part} with {{it}}" for verb in _HELD[:1])
    return (
        _hand(f"hand_on_{part}", {f"wrist_to_{measure}__side": (0, limit)}, (own, own.replace("on ", "touching "), own),
              (f"on {{his}} {plural}", f"touching {{his}} {plural}", f"on {{his}} {plural}"), *when,
              does=(*(verb + own[3:] for verb in _LAID), touch[0].replace("{X}", "{side}")),
              both_do=(*(f"{verb}{{his}} {plural}" for verb in _LAID), f"touch {{his}} {plural} with {{it}}")),
        _hand(f"hand_on_other_{part}", {f"wrist_to_other_{measure}__side": (0, limit)},
              (other, other.replace("on ", "touching "), f"on {{his}} opposite {part}", other),
              (f"on {{his}} opposite {plural}", f"on the opposite {plural}"), *when,
              does=(*(verb + other[3:] for verb in _LAID), touch[0].replace("{X}", "{other}")),
              both_do=tuple(f"{verb}{{his}} opposite {plural}" for verb in _LAID)),
    )  # fmt: skip


_NOT_KNEE: Final = Test("wrist_to_knee:side", 0.145)
_NOT_HIP: Final = Test("wrist_to_hip:side", 0.24)
_THIGH_UP: Final = Test("thigh_pitch:side", -50)

_HANDS: Final = (
    *_touching("knee", "knee", 0.14),
    *_touching("ankle", "ankle", 0.12),
    *_touching("foot", "foot", 0.14),
    *_touching("shin", "shin", 0.13),
    *_touching("shoulder", "shoulder", 0.16),
    _hand("hand_on_thigh", {"wrist_to_thigh__side": (0, 0.13)},
          ("on {his} {side} thigh", "resting on {his} {side} thigh"),
          ("on {his} thighs", "resting on {his} thighs"), _NOT_KNEE, _NOT_HIP, _THIGH_UP),
    _hand("hand_on_other_thigh", {"wrist_to_other_thigh__side": (0, 0.13)},
          ("on {his} {other} thigh", "on {his} opposite thigh"), (), Test("wrist_to_other_knee:side", 0.145),
          Test("thigh_pitch:other", -50)),
    _hand("hand_on_hip", {"wrist_to_hip__side": (0, 0.19), "elbow_bend__side": (50, 180)},
          ("on {his} {side} hip", "on {his} hip", "resting on {his} hip"), ("on {his} hips", "resting on {his} hips"),
          Test("elbow_out:side", 0.07), implies=("elbow_bent", "elbow_out", "elbow_square", "elbow_half")),
    _hand("hand_on_head", {"wrist_to_head__side": (0, 0.23), "wrist_over_head__side": (0.11, ANY)},
          ("on top of {his} head", "on {his} head", "resting on {his} head"),
          ("on top of {his} head", "on {his} head", "resting on {his} head"), implies=("elbow_bent", "elbow_deep")),
    _hand("hand_at_face",
          {"wrist_to_head__side": (0, 0.2), "wrist_before_head__side": (0.07, ANY),
           "wrist_over_head__side": (-0.14, 0.08)},
          ("in front of {his} face", "at {his} face", "close to {his} face"),
          ("in front of {his} face", "at {his} face", "close to {his} face"),
          does=("hold {it} in front of {his} face", "bring {it} to {his} face"),
          both_do=("hold {it} in front of {his} face", "bring {it} to {his} face"),
          implies=("elbow_bent", "forearm_up")),
    _hand("hand_behind_head",
          {"wrist_to_head__side": (0, 0.2), "wrist_before_head__side": (-ANY, -0.05),
           "wrist_over_head__side": (-0.12, ANY)},
          ("behind {his} head", "at the back of {his} head"), ("behind {his} head", "at the back of {his} head"),
          does=("put {it} behind {his} head", "hold {it} behind {his} head"),
          both_do=("put {it} behind {his} head", "clasp {it} behind {his} head"), implies=("elbow_bent", "elbow_deep")),
    _hand("hand_beside_head",
          {"wrist_to_head__side": (0, 0.2), "wrist_beside_head__side": (0.1, ANY),
           "wrist_before_head__side": (-0.08, 0.09)},
          ("beside {his} head", "at {his} {side} ear", "next to {his} head"),
          ("beside {his} head", "at {his} ears", "next to {his} head"),
          does=("hold {it} beside {his} head", "bring {it} to {his} {side} ear"),
          both_do=("hold {it} beside {his} head", "bring {it} to {his} ears"), implies=("elbow_bent", "forearm_up")),
    _hand("hand_at_neck", {"wrist_to_neck__side": (0, 0.13)}, ("at {his} neck", "on {his} neck", "close to {his} neck"),
          ("at {his} neck", "on {his} neck"), does=("put {it} on {his} neck", "bring {it} to {his} neck"),
          both_do=("put {it} on {his} neck", "bring {it} to {his} neck"), implies=("elbow_bent",)),
    _hand("hand_on_chest",
          {"wrist_out__side": (-0.11, 0.11), "wrist_front__side": (0.06, 0.2), "wrist_up__side": (0.0, 0.17)},
          ("on {his} chest", "resting on {his} chest"), ("on {his} chest", "resting on {his} chest"),
          implies=("elbow_bent",)),
    _hand("hand_on_belly",
          {"wrist_pelvis_out__side": (-0.14, 0.14), "wrist_pelvis_front__side": (0.09, 0.21),
           "wrist_pelvis_up__side": (0.06, 0.27)},
          ("on {his} belly", "on {his} stomach", "resting on {his} belly"),
          ("on {his} belly", "on {his} stomach", "resting on {his} belly"), implies=("elbow_bent",)),
    _hand("hand_on_lower_back",
          {"wrist_pelvis_out__side": (-0.12, 0.15), "wrist_pelvis_front__side": (-0.2, -0.09),
           "wrist_pelvis_up__side": (0.02, 0.24)},
          ("on {his} lower back", "on the small of {his} back"), ("on {his} lower back", "on the small of {his} back"),
          Test("elbow_bend:side", 45), implies=("elbow_bent",)),
    _hand("hand_on_other_elbow", {"wrist_to_other_elbow__side": (0, 0.13)},
          ("on {his} {other} elbow", "touching {his} {other} elbow", "on {his} opposite elbow"),
          ("on {his} opposite elbows", "on the opposite elbows"),
          does=("hold {his} {other} elbow with {it}", "put {it} on {his} {other} elbow"),
          both_do=("hold {his} opposite elbows with {it}",), implies=("elbow_bent",)),
    _hand("hand_on_floor", {"wrist_height__side": (-1, 0.07)},
          ("on the floor", "on the ground", "touching the floor", "touching the ground"),
          ("on the floor", "on the ground", "touching the floor", "touching the ground"),
          does=("put {it} on the floor", "place {it} on the ground", "touch the floor with {it}",
                "support {himself} with {it} on the floor"),
          both_do=("put {it} on the floor", "place {it} on the ground", "touch the floor with {it}")),
)  # fmt: skip


def _other(
    name: str, topic: str, limb: str, claims: dict[str, Range], said: Said, *when: Test,
    implies: tuple[str, ...] = (),
) -> Code:  # fmt: skip
    return Code(name, "contact", topic, tests(**claims), (said,), when, implies=implies, limb=limb)  # fmt: skip


_OTHERS: Final = (
    _other("elbow_on_knee", "elbow_contact", "arm", {"elbow_to_knee__side": (0, 0.15)},
           Said("elbow", ("on {his} {side} knee", "resting on {his} {side} knee"),
                ("on {his} knees", "resting on {his} knees"),
                ("rest {it} on {his} {side} knee", "lean {it} on {his} {side} knee"),
                ("rest {it} on {his} knees", "lean {it} on {his} knees"))),
    _other("elbow_on_other_knee", "elbow_contact", "arm", {"elbow_to_other_knee__side": (0, 0.15)},
           Said("elbow", ("on {his} {other} knee", "touching {his} {other} knee", "on {his} opposite knee"), (),
                ("rest {it} on {his} {other} knee", "touch {his} {other} knee with {it}"))),
    _other("elbow_on_floor", "elbow_contact", "arm", {"elbow_height__side": (-1, 0.07)},
           Said("elbow", ("on the floor", "on the ground", "resting on the floor"),
                ("on the floor", "on the ground", "resting on the floor"),
                ("rest {it} on the floor", "put {it} on the ground"),
                ("rest {it} on the floor", "put {it} on the ground")), implies=("forearm_level",)),
    _other("foot_on_other_knee", "foot_contact", "leg", {"ankle_to_other_knee__side": (0, 0.17)},
           Said("foot", ("on {his} {other} knee", "resting on {his} {other} knee", "against {his} {other} knee"), (),
                ("rest {it} on {his} {other} knee", "place {it} on {his} {other} knee")),
           Test("ankle_height:side", 0.25)),
    _other("foot_on_other_thigh", "foot_contact", "leg", {"ankle_to_other_thigh__side": (0, 0.17)},
           Said("foot", ("on {his} {other} thigh", "against {his} {other} thigh"), (),
                ("rest {it} on {his} {other} thigh", "place {it} on {his} {other} thigh")),
           Test("ankle_to_other_knee:side", 0.2)),
    _other("foot_at_other_shin", "foot_contact", "leg", {"foot_to_other_shin__side": (0, 0.15)},
           Said("foot", ("against {his} {other} shin", "against {his} {other} lower leg"), (),
                ("rest {it} against {his} {other} shin", "place {it} against {his} {other} lower leg")),
           Test("ankle_height:side", 0.25), Test("ankle_height:other", -1, 0.2)),
    _other("knee_to_chest", "knee_contact", "leg", {"knee_to_chest__side": (0, 0.33)},
           Said("knee", ("drawn up to {his} chest", "pulled up to {his} chest", "close to {his} chest"),
                ("drawn up to {his} chest", "pulled up to {his} chest", "close to {his} chest"),
                ("pull {it} up to {his} chest", "draw {it} up to {his} chest"),
                ("pull {it} up to {his} chest", "draw {it} up to {his} chest")),
           implies=("knee_bent", "knee_deep", "thigh_up", "thigh_level")),
    _other("knee_on_floor", "knee_contact", "leg", {"knee_height__side": (-1, 0.09)},
           Said("knee", ("on the floor", "on the ground", "touching the floor", "resting on the ground"),
                ("on the floor", "on the ground", "touching the floor", "resting on the ground"),
                ("rest {it} on the floor", "put {it} on the ground"),
                ("rest {it} on the floor", "put {it} on the ground")), Test("trunk_facing", -1.1, 0.6)),
    _other("heel_at_buttocks", "knee_contact", "leg", {"ankle_to_hip__side": (0, 0.23)},
           Said("heel", ("close to {his} buttocks", "pulled up to {his} buttocks", "against {his} buttocks"),
                ("close to {his} buttocks", "against {his} buttocks"),
                ("pull {it} up to {his} buttocks",), ("bring {it} close to {his} buttocks",)),
           implies=("knee_bent", "knee_deep")),
)  # fmt: skip

CODES: Final = (*_HANDS, *_OTHERS)
"""All codes of contacts."""
