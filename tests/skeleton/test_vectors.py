"""Arithmetic with single vectors agrees with numpy's."""

from __future__ import annotations

import numpy as np
import pytest

from posepipe.skeleton.vectors import cross, dot, minus, plus, times

ONE, OTHER = (0.3, -1.2, 2.5), (1.7, 0.4, -0.6)


def test_sums_and_products_are_those_of_numpy() -> None:
    one, other = np.array(ONE), np.array(OTHER)
    np.testing.assert_allclose(minus(ONE, OTHER), one - other)
    np.testing.assert_allclose(plus(ONE, OTHER), one + other)
    np.testing.assert_allclose(plus(ONE, OTHER, 0.25, -2.0), 0.25 * one - 2.0 * other)
    np.testing.assert_allclose(times(ONE, -3.0), -3.0 * one)
    assert dot(ONE, OTHER) == pytest.approx(one @ other)


def test_the_vector_product_is_right_handed() -> None:
    assert cross((1.0, 0.0, 0.0), (0.0, 1.0, 0.0)) == (0.0, 0.0, 1.0)
    np.testing.assert_allclose(cross(ONE, OTHER), np.cross(ONE, OTHER))
