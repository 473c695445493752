"""The model card with the figures of the evaluation, and a contact sheet of poses that the model makes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import numpy as np

from posepipe.models import small
from training.evaluation import poses_of
from training.questions import held_out_questions

_HEAD: Final = """# The bundled model `small`

A small MARDM (Meng et al., 2025): the networks and the sampler of `posepipe/models/mardm` (velocity prediction, SiT)
with a text encoder of its own. It makes poses on one fixed skeleton from captions, and runs anywhere without a
download.

## Training data
- A caption grammar, `training/grammar`: poses written for this project and many ways to describe each.
- Motion capture of CMU: the data used in this project was obtained from mocap.cs.cmu.edu. The database was
  created with funding from NSF EIA-0196217. (Free for all uses; not to be resold directly.)
- Animations and poses of Quaternius (Universal Animation Library 1), Mesh2Motion and the MakeHuman community,
  all CC0 1.0.
- Word vectors computed once by all-MiniLM-L6-v2 (Apache 2.0), reduced to a table.

`config.json` holds the sizes and the record of the training: checksums, settings, commit, seconds, machine.
`training/README.md` describes how to train the model: `python -m training all --mocap PATH`.

## What it can and cannot do
It makes single, held poses of one adult body: 16 frames at 20 frames a second by default, from 4 to 196. It was trained
on standing, trunk, arms, legs, sitting, kneeling, squatting, lying, gymnastics, yoga, sports, fighting, gestures,
daily life, emotions and dance, left and right, and on combinations of these, as far as its grammar describes them.

- Captions must be in English; those in other languages are flagged `unsure`.
- There is one person. Hands have no fingers, heads have no faces, and objects are not shown.
- The body is held almost still; the model does not make movements.
- If a caption names the right side first, the model exchanges left and right in it and mirrors the pose, so that
  what it learned for one side holds for both.
- The noise of the sampler has a smaller standard deviation (*temperature*, in `config.json`) than in training. So
  poses of one caption differ less, and the likelier meaning of a caption prevails.
- The last step sets every bone to its exact length and the lowest joint on the ground, unless the pose is in the air.
  Then limbs that go through each other, through the trunk or the head are moved apart, as little as possible.

A caption far from all those of the training gives a person who stands, with the flag `unsure`.
"""

_AIM: Final = 0.85
"""Share of new user captions that the model should satisfy."""

_AIM_SIDES: Final = 0.03
"""Share of captions that name a side for which the model may show the other side."""


def write(weights: Path, figures: dict[str, Any]) -> None:
    """Write the model card into the folder of the weights.

    Parameters
    ----------
    weights : Path
        Folder of the model.
    figures : dict
        From :func:`training.evaluation.evaluate`.
    """
    record = json.loads((weights / small.CONFIG).read_text(encoding="utf-8"))["training"]
    (weights / small.CARD).write_text(
        "\n".join((_HEAD, *_figures(figures), *students(figures), *_training(record), "")), encoding="utf-8"
    )


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _figures(figures: dict[str, Any]) -> list[str]:
    asked, near, learned = figures["asked"], figures["near"], figures["asked_learned"]
    wrong, sided = figures["sides_confused"]
    top = [" / ".join(_percent(share) for share in figures[name]) for name in ("retrieval_generated", "retrieval_real")]
    short = asked["by_seed"][0] < _AIM or wrong > _AIM_SIDES * sided
    groups = {**asked["by_group"], **near["by_group"]}
    derived, blind = figures.get("derived"), figures.get("blind")
    return [
        "## Figures",
        *(
            ["**Short of the aim**: 85 % of new user captions right and at most 3 % of sides confused.", ""]
            if short
            else []
        ),
        "All figures are for 16 frames, default guidance and default temperature. A pose is right if all predicates "
        "that its caption asks for hold. *User captions* are those of `training/user_captions.txt`, written as users "
        "type them, without the grammar. They are *new* if training can draw them neither word for word nor by "
        "template. User captions that earlier models got wrong showed which poses and roles of sides the grammar "
        "lacked. These were added in other words; where the words are the same, the caption counts as seen in "
        "training. *Held-out phrasings* of the grammar were chosen at random, unusual ones included.",
        "",
        "| | |",
        "|---|---|",
        f"| right poses, {asked['count']} new user captions | {_percent(asked['by_seed'][0])} |",
        f"| the same with five other seeds | {_percents(asked['by_seed'][1:])} |",
        f"| {learned['count']} user captions seen in training | {_percent(learned['satisfied'])} |",
        f"| {near['count']} held-out phrasings of the grammar | {_percent(near['by_seed'][0])} |",
        f"| the same with five other seeds | {_percents(near['by_seed'][1:])} |",
        f"| {figures['far']['count']} phrasings far from all others, mostly in words not seen in training "
        f"| {_percent(figures['far']['satisfied'])} |",
        f"| {figures['taught']['count']} phrasings of the grammar seen in training "
        f"| {_percent(figures['taught']['satisfied'])} |",
        f"| {figures['modified']['count']} held-out phrasings with one to four modifiers, all predicates "
        f"| {_percent(figures['modified']['satisfied'])} |",
        f"| the same, single predicates | {_percent(figures['modified_single'])} |",
        *(_of_descriptions(derived) if derived else []),
        f"| left and right confused | {wrong} of {sided} captions that name a side |",
        f"| bones within 2 % | {_percent(figures['bones_sound'])} |",
        f"| nothing more than 3 cm below the ground | {_percent(figures['not_below_floor'])} |",
        f"| no parts of the body through each other, no joint out of a human's range | {_percent(figures['sound'])} |",
        f"| not more than 10 cm above the ground, poses in the air aside | {_percent(figures['not_off_floor'])} |",
        f"| size, operations per pose | {figures['megabytes']:.1f} MB, {figures['gigaflop']:.2f} GFLOP |",
        f"| standard deviation of joints over seeds | {figures['variation_mm']:.0f} mm |",
        f"| R-precision among 32 captions (first 1, 2, 3) by a matching model, generated poses | {top[0]} |",
        f"| the same, poses of the grammar | {top[1]} |",
        "",
        "| group | new user captions | held-out phrasings |",
        "|---|---|---|",
        *(f"| {name} | {_of_group(asked, name)} | {_of_group(near, name)} |" for name in groups),
        *(_by_kind(derived) if derived else []),
        *(_of_blind(blind) if blind else []),
    ]


def _of_blind(blind: dict[str, Any]) -> list[str]:
    wrong, sided = np.sum([each["sides_confused"] for each in blind.values()], axis=0)
    return [
        "",
        "Two lists of captions were written by people who knew only the names of the groups, and have never been used "
        "in training.",
        "",
        "| group | " + " | ".join(f"`{name}`" for name in blind) + " |",
        "|---|" + "---|" * len(blind),
        *(
            f"| {group} | " + " | ".join(_of_group(each, group) for each in blind.values()) + " |"
            for group in next(iter(blind.values()))["by_group"]
        ),
        "| all, six seeds | " + " | ".join(_percents(each["by_seed"]) for each in blind.values()) + " |",
        "",
        f"Left and right are confused in {wrong} of {sided} of these poses that name a side.",
    ]


def _of_descriptions(derived: dict[str, Any]) -> list[str]:
    wrong, sided = derived["sides_confused"]
    return [
        f"| {derived['count']} descriptions of limbs derived from held-out poses, all statements "
        f"| {_percent(derived['satisfied'])} |",
        f"| the same, single statements | {_percent(derived['single'])} |",
        f"| the same, left and right confused | {wrong} of {sided} |",
    ]


def _by_kind(derived: dict[str, Any]) -> list[str]:
    return [
        "",
        "| kind of statement about limbs | derived descriptions |",
        "|---|---|",
        *(f"| {kind} | {_percent(share)} of {count} |" for kind, (share, count) in derived["by_kind"].items()),
    ]


def students(figures: dict[str, Any]) -> list[str]:
    """Return the section that compares the student with the default solver; empty without a student."""
    if "student" not in figures:
        return []
    student = figures["student"]
    modified = _percent(figures["modified"]["satisfied"])
    rows = [
        ("new user captions, six seeds", _percents(student["asked"]), _percents(figures["asked"]["by_seed"])),
        ("held-out phrasings, six seeds", _percents(student["near"]), _percents(figures["near"]["by_seed"])),
        ("with one to four modifiers, all predicates", _percent(student["modified"]), modified),
        ("the same, single predicates", _percent(student["modified_single"]), _percent(figures["modified_single"])),
    ]
    return [
        "",
        "## Student",
        "With `--solver student`, a network guesses in one call what the solver gives, and a few steps of the solver "
        "lead from there to the end. Right poses of both, on the same captions with the same seeds:",
        "",
        "| captions | student | default solver |",
        "|---|---|---|",
        *(f"| {name} | {of_student} | {usual} |" for name, of_student, usual in rows),
    ]


def _percents(shares: list[float]) -> str:
    return ", ".join(_percent(share) for share in shares)


def _of_group(test: dict[str, Any], name: str) -> str:
    share, count = test["by_group"].get(name, (0.0, 0))
    return f"{_percent(share)} of {count}" if count else ""


def _training(record: dict[str, Any]) -> list[str]:
    unsure = record["unsure"]
    seconds = record["seconds"]
    return [
        "",
        "`unsure` is set for "
        f"{_percent(unsure['strange_found'])} of texts about other things and of random words, for "
        f"{_percent(unsure['sensible_flagged'])} of captions with held-out phrasings, and for "
        f"{_percent(unsure['forgetful_flagged'])} of those if every twelfth word is treated as unknown.",
        "",
        "## Training",
        f"{sum(seconds.values())} seconds on {record['machine']} "
        f"({', '.join(f'{name} {value} s' for name, value in seconds.items())}), "
        f"commit `{record['commit'][:12]}`, seed {record['settings']['seed']}.",
    ]


def sheet(weights: Path, path: Path, seed: int, count: int = 96) -> None:
    """Write a contact sheet (PNG) of ``count`` poses of held-out phrasings, drawn at random."""
    from posepipe import picture

    questions = held_out_questions(seed)
    chosen = np.random.default_rng((seed, 31)).permutation(len(questions))[:count]
    captions = [questions[index].caption for index in chosen]
    poses = poses_of(small.load(folder=weights), captions, range(len(captions)))
    pictures = [picture.draw(pose, caption) for pose, caption in zip(poses, captions, strict=True)]
    path.write_bytes(picture.sheet(pictures, columns=8))
