"""The model card: its figures, its verdict, and that the bundled one is up to date."""

from __future__ import annotations

from pathlib import Path

import pytest

from posepipe.models import SMALL_WEIGHTS, small
from training import card

FIGURES = {
    "gigaflop": 1.06,
    "megabytes": 19.7,
    "near": {"count": 200, "by_seed": [0.80, 0.79], "by_group": {"yoga": [0.9, 20]}, "never": []},
    "asked": {"count": 900, "by_seed": [0.90, 0.89], "by_group": {"yoga": [0.95, 50], "limbs": [0.8, 80]}, "never": []},
    "asked_learned": {"count": 600, "satisfied": 0.951},
    "taught": {"count": 660, "satisfied": 0.976},
    "far": {"count": 472, "satisfied": 0.528},
    "modified": {"count": 1024, "satisfied": 0.57},
    "modified_single": 0.831,
    "derived": {
        "count": 768,
        "satisfied": 0.31,
        "single": 0.62,
        "by_kind": {"contact": [0.44, 200], "head": [0.75, 40]},
        "sides_confused": [12, 500],
    },
    "blind": {
        "blind_one": {
            "by_seed": [0.71, 0.72],
            "by_group": {"plain": [0.8, 30]},
            "never": [],
            "sides_confused": [3, 60],
        },
        "blind_two": {
            "by_seed": [0.73, 0.74],
            "by_group": {"plain": [0.9, 30]},
            "never": [],
            "sides_confused": [2, 50],
        },
    },
    "sides_confused": [27, 1256],
    "bones_sound": 1.0,
    "sound": 0.995,
    "not_below_floor": 1.0,
    "not_off_floor": 0.985,
    "variation_mm": 18.0,
    "retrieval_generated": [0.841, 0.942, 0.971],
    "retrieval_real": [0.788, 0.9, 0.938],
}


def test_the_card_shows_the_figures(weights: Path) -> None:
    card.write(weights, FIGURES)
    written = (weights / small.CARD).read_text()
    assert "| right poses, 900 new user captions | 90.0 % |" in written
    assert "| left and right confused | 27 of 1256 captions that name a side |" in written
    assert "| yoga | 95.0 % of 50 | 90.0 % of 20 |" in written
    assert "| limbs | 80.0 % of 80 |  |" in written
    assert "no joint out of a human's range | 99.5 % |" in written
    assert "| 768 descriptions of limbs derived from held-out poses, all statements | 31.0 % |" in written
    assert "| contact | 44.0 % of 200 |" in written
    assert "| plain | 80.0 % of 30 | 90.0 % of 30 |" in written
    assert "confused in 5 of 110" in written
    assert "Short of the aim" not in written


def test_figures_of_an_evaluation_without_descriptions_still_make_a_card(weights: Path) -> None:
    card.write(weights, {name: figure for name, figure in FIGURES.items() if name != "derived"})
    assert "descriptions" not in (weights / small.CARD).read_text()


@pytest.mark.parametrize("change", [{"sides_confused": [80, 1256]}, {"asked": FIGURES["asked"] | {"by_seed": [0.84]}}])
def test_the_card_says_if_the_aim_is_missed(change: dict[str, object], weights: Path) -> None:
    card.write(weights, FIGURES | change)
    assert "**Short of the aim**" in (weights / small.CARD).read_text()


def test_the_bundled_card_has_the_text_that_training_writes(weights: Path) -> None:
    card.write(weights, FIGURES)
    written, bundled = ((folder / small.CARD).read_text() for folder in (weights, SMALL_WEIGHTS))
    head = written.split("## Figures")[0]
    assert bundled.startswith(head)
    assert written.split("\n## Training\n")[1] == bundled.split("\n## Training\n")[1]
