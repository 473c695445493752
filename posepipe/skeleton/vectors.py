"""Arithmetic with single vectors as tuples: for one body, numpy's calls would cost more than the sums."""

from __future__ import annotations

Vector = tuple[float, float, float]


def minus(one: Vector, other: Vector) -> Vector:
    """The difference of two vectors."""
    return one[0] - other[0], one[1] - other[1], one[2] - other[2]


def plus(one: Vector, other: Vector, share: float = 1.0, more: float = 1.0) -> Vector:
    """The sum of ``share`` times one vector and ``more`` times another."""
    return share * one[0] + more * other[0], share * one[1] + more * other[1], share * one[2] + more * other[2]


def times(vector: Vector, factor: float) -> Vector:
    """A vector multiplied by a number."""
    return vector[0] * factor, vector[1] * factor, vector[2] * factor


def dot(one: Vector, other: Vector) -> float:
    """The scalar product of two vectors."""
    return one[0] * other[0] + one[1] * other[1] + one[2] * other[2]


def cross(one: Vector, other: Vector) -> Vector:
    """The vector product of two vectors, right-handed."""
    return (
        one[1] * other[2] - one[2] * other[1],
        one[2] * other[0] - one[0] * other[2],
        one[0] * other[1] - one[1] * other[0],
    )
