"""The model card and the contact sheet: what there is to read and to look at beside the figures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from posepipe.models import small
from training.evaluation import poses_of
from training.questions import phrasings

_HEAD = """# The bundled model `small`

A small MARDM (Meng et al., 2025; the networks and the sampler of `posepipe/models/mardm`, velocity
prediction, SiT) with a text encoder of its own: captions in, poses on one fixed skeleton out. It runs
anywhere, without a download.

## What it was made of
- A caption grammar, `training/grammar`: posed skeletons and the ways people say them. Nobody's
  property.
- Motion capture of CMU: the data used in this project was obtained from mocap.cs.cmu.edu. The database was
  created with funding from NSF EIA-0196217. (Free for all uses; not to be resold directly.)
- Animations and poses of Quaternius (Universal Animation Library 1), Mesh2Motion and MakeHuman's community,
  all CC0 1.0.
- Word vectors computed once by all-MiniLM-L6-v2 (Apache 2.0), reduced to a table.

`config.json` holds the sizes and the record of the training: checksums, settings, commit, seconds, machine.
The command: `python -m training all --mocap PATH`.

## What it can and cannot do
It makes single held poses of one adult body, 16 frames at 20 a second by default, from 4 to 196. It was taught
stances, trunk, arms, legs, sitting, kneeling, squatting, lying, gymnastics, yoga, sports, fighting, gestures,
daily life, emotions and dance, left and right, and combinations of those, as far as its grammar says them in
English. Hands have no fingers and heads no faces, objects are not shown. It does not make motions of any
interest, knows no second person, and other languages only by their names for `unsure`. A caption that names
the right side first is read with left and right exchanged, and its pose mirrored: what is learned of one side
holds for both. The noise that poses are made from has a standard deviation (*temperature*, in `config.json`)
below that of the training: the model keeps to the likelier reading of a caption, and one caption's poses differ
less. Its last step lays each bone at its exact length and sets the lowest joint on the ground, unless
the pose is in the air.

A caption far from all that it was trained on gives a person who stands, and the flag `unsure`.
"""


_AIM, _AIM_SIDES = 0.85, 0.03


def write(weights: Path, figures: dict[str, Any]) -> None:
    """Write the card of the model in a folder, with the figures of its evaluation."""
    record = json.loads((weights / small.CONFIG).read_text(encoding="utf-8"))["training"]
    (weights / small.CARD).write_text("\n".join((_HEAD, *_figures(figures), *_training(record), "")), encoding="utf-8")


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _figures(figures: dict[str, Any]) -> list[str]:
    asked, near, learned = figures["asked"], figures["near"], figures["asked_learned"]
    wrong, sided = figures["sides_confused"]
    top = [" / ".join(_percent(share) for share in figures[name]) for name in ("retrieval_generated", "retrieval_real")]
    short = asked["by_seed"][0] < _AIM or wrong > _AIM_SIDES * sided
    groups = {**asked["by_group"], **near["by_group"]}
    return [
        "## Figures",
        *(["**Short of the aim**, 85 % of new captions done and at most 3 % of sides confused.", ""] if short else []),
        "Sixteen frames, default guidance and temperature; all predicates that a caption asks for must hold. *Plain* "
        "captions are those of `training/asked.txt`, written as users type them and apart from the grammar; "
        "new are those that the training has neither word for word nor by template. What earlier models failed on of "
        "them showed which poses and roles of sides the grammar lacked; those were added in other words, or the "
        "caption counts as taught. Held-out phrasings were drawn by lot from the grammar, odd ones too.",
        "",
        "| | |",
        "|---|---|",
        f"| poses that do what the caption says, {asked['count']} new plain captions "
        f"| {_percent(asked['by_seed'][0])} |",
        f"| the same with five other seeds | {_percents(asked['by_seed'][1:])} |",
        f"| {learned['count']} plain captions that it was taught | {_percent(learned['satisfied'])} |",
        f"| {near['count']} held-out phrasings of the grammar | {_percent(near['by_seed'][0])} |",
        f"| the same with five other seeds | {_percents(near['by_seed'][1:])} |",
        f"| {figures['far']['count']} phrasings written to be far from all others, in words mostly never seen "
        f"| {_percent(figures['far']['satisfied'])} |",
        f"| {figures['taught']['count']} phrasings of the grammar that it was taught "
        f"| {_percent(figures['taught']['satisfied'])} |",
        f"| {figures['modified']['count']} held-out phrasings with one to four modifiers, everything right "
        f"| {_percent(figures['modified']['satisfied'])} |",
        f"| the same, single predicates | {_percent(figures['modified_single'])} |",
        f"| left and right confused | {wrong} of {sided} captions that name a side |",
        f"| bones within 2 % | {_percent(figures['bones_sound'])} |",
        f"| nothing more than 3 cm below the ground | {_percent(figures['not_below_floor'])} |",
        f"| on the ground where it should be (10 cm) | {_percent(figures['not_off_floor'])} |",
        f"| size, work per pose | {figures['megabytes']:.1f} MB, {figures['gigaflop']:.2f} GFLOP |",
        f"| joints' standard deviation over seeds | {figures['variation_mm']:.0f} mm |",
        f"| right caption among 32 by a matching model (first, first two, first three), generated | {top[0]} |",
        f"| the same, poses of the grammar itself | {top[1]} |",
        "",
        "| group | new plain captions | held-out phrasings |",
        "|---|---|---|",
        *(f"| {name} | {_of_group(asked, name)} | {_of_group(near, name)} |" for name in groups),
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
        f"{_percent(unsure['forgetful_flagged'])} of these when every twelfth word is taken for unknown.",
        "",
        "## Training",
        f"{sum(seconds.values())} seconds on {record['machine']} "
        f"({', '.join(f'{name} {value} s' for name, value in seconds.items())}), "
        f"commit `{record['commit'][:12]}`, seed {record['settings']['seed']}.",
    ]


def sheet(weights: Path, path: Path, seed: int, count: int = 96) -> None:
    """Write a contact sheet (PNG) of poses for held-out phrasings drawn at random."""
    from posepipe import picture

    questions = phrasings(seed)
    chosen = np.random.default_rng((seed, 31)).permutation(len(questions))[:count]
    captions = [questions[index].caption for index in chosen]
    poses = poses_of(small.load(folder=weights), captions, range(len(captions)))
    pictures = [picture.draw(pose, caption) for pose, caption in zip(poses, captions, strict=True)]
    path.write_bytes(picture.sheet(pictures, columns=8))
