"""Questions drawn from the grammar."""

from __future__ import annotations

import numpy as np
import pytest

from posepipe.skeleton import MIRROR
from training.evaluation import confused, satisfied
from training.questions import derived_questions, held_out_questions, modified_questions


@pytest.mark.parametrize("far", [False, True])
def test_held_out_phrasings_are_asked_for_both_sides(far: bool) -> None:
    questions = held_out_questions(0, far=far)
    assert len({question.caption for question in questions}) == len(questions) > 150
    named = [q.caption for q in questions]
    assert any("left" in caption for caption in named)
    assert any("right" in caption for caption in named)
    assert satisfied(questions, np.stack([question.pose for question in questions])).all()


def test_modified_questions_are_satisfied_by_their_poses() -> None:
    questions = modified_questions(40, 3)
    assert len(questions) == 40
    assert satisfied(questions, np.stack([question.pose for question in questions])).all()


def test_descriptions_are_satisfied_by_their_poses_and_not_by_mirror_images() -> None:
    questions = derived_questions(70, 3)
    assert len({question.caption for question in questions}) == 70
    poses = np.stack([question.pose for question in questions])
    assert satisfied(questions, poses).all()
    wrong, sided = confused(questions, poses[:, list(MIRROR)] * np.array((-1, 1, 1), dtype=np.float32))
    assert wrong > 0.7 * sided > 20


def test_a_caption_without_a_side_accepts_both_sides() -> None:
    turned = np.array((-1, 1, 1), dtype=np.float32)
    questions = [q for q in held_out_questions(0) if len(q.accepted) == 2]
    assert len(questions) > 20
    mirrors = np.stack([question.pose[list(MIRROR)] * turned for question in questions])
    assert satisfied(questions, mirrors).mean() > 0.95
    assert confused(questions, mirrors) == (0, 0)
