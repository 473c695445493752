"""The split of phrasings into training and tests."""

from __future__ import annotations

import numpy as np
import pytest

from posepipe.errors import ConfigError
from posepipe.skeleton import BONE_LENGTHS, bone_lengths
from posepipe.skeleton.bodies import deepest
from training.grammar.predicates import holds
from training.grammar.templates import expanded
from training.split import apart, draw, draw_many, poses


def test_examples_depend_on_the_seed_only() -> None:
    first, again = draw_many(40, seed=5), draw_many(40, seed=5)
    other = draw_many(40, seed=6)
    assert [example.caption for example in first] == [example.caption for example in again]
    assert all(np.array_equal(one.motion, two.motion) for one, two in zip(first, again, strict=True))
    assert [example.caption for example in first] != [example.caption for example in other]
    assert all(example.motion.shape == (16, 22, 3) for example in first)


def test_no_wording_of_a_test_is_used_in_training() -> None:
    learned = {words for each in poses() for t in each.base.phrasings for words in expanded(t)}
    tested = {words for each in poses() for t in (*each.near, *each.far) for words in expanded(t)}
    assert len(tested) > 200
    assert not learned & tested


def test_the_number_of_processes_does_not_matter() -> None:
    one, two = draw_many(6, 5, processes=1, frames=4), draw_many(6, 5, processes=2, frames=4)
    assert [example.caption for example in one] == [example.caption for example in two]
    assert all(np.array_equal(a.motion, b.motion) for a, b in zip(one, two, strict=True))


def test_less_than_one_process_is_refused() -> None:
    with pytest.raises(ConfigError, match="processes is 0"):
        draw_many(1, 5, processes=0)


def test_limbs_that_pass_through_the_body_are_moved_apart() -> None:
    drawn = [draw(np.random.default_rng((3, number)), 4) for number in range(80)]
    moved = apart(drawn)
    before, after = (deepest(np.stack([each.motion[2] for each in some])) for some in (drawn, moved))
    assert (before > 0.015).sum() >= 3
    assert (after > 0.015).sum() <= (before > 0.015).sum() / 3
    for one, two in zip(drawn, moved, strict=True):
        assert all(holds(name, two.motion[2]) for name in two.predicates)
        np.testing.assert_allclose(bone_lengths(two.motion), np.broadcast_to(BONE_LENGTHS, (4, 22)), atol=1e-5)
        if deepest(one.motion[2:3])[0] == 0:
            assert two.motion is one.motion
