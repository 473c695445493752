"""The evaluation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from posepipe.models import small
from posepipe.skeleton import MIRROR
from training import evaluation
from training.evaluation import confused, satisfied
from training.settings import TINY
from training.split import draw_many
from training.user_captions import Question


def test_of_equally_good_guidance_scales_the_largest_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    done = {2.0: 0.600, 3.0: 0.590, 4.0: 0.570}
    monkeypatch.setattr(evaluation, "poses_of", lambda model, captions, seeds, cfg: cfg)
    monkeypatch.setattr(evaluation, "satisfied", lambda questions, cfg: np.array([done[cfg]]))
    settings = replace(TINY, guidance=tuple(done))
    assert evaluation.best_guidance(small.SMALL_WEIGHTS, settings, lambda line: None) == 3.0


def test_a_mirror_image_counts_as_confused() -> None:
    drawn = [e for e in draw_many(200, 3, 1, 4) if any(":left" in name for name in e.predicates)]
    example = next(e for e in drawn if "left" in e.caption and "right" not in e.caption)
    pose = example.motion[2]
    question = Question(example.caption, (example.predicates,), example.group)
    mirror = pose[list(MIRROR)] * np.array((-1, 1, 1), dtype=np.float32)
    assert satisfied([question], pose[None]).all()
    assert confused([question], pose[None]) == (0, 1)
    assert confused([question], mirror[None])[1] == 1
    assert not satisfied([question], mirror[None]).any()


def test_the_wrong_arm_counts_as_confused() -> None:
    wanted = ("hand_above_head:left", "not hand_above_head:right")
    caption = Question("A person raising the left arm", (wanted,), "arms")
    examples = [each for each in draw_many(400, 3, 1, 4) if "hand_above_head:right" in each.predicates]
    pose = next(each.motion[2] for each in examples if not satisfied([caption], each.motion[None, 2]).all())
    assert confused([caption], pose[None])[1] == 1
