"""Ticks are round and inside."""

from __future__ import annotations

from app.pictures.scales import ticks


def test_ticks_are_round_and_inside() -> None:
    assert ticks(0.0, 16.7) == [0.0, 5.0, 10.0, 15.0]
    assert ticks(-1.0, 1.0) == [-1.0, -0.5, 0.0, 0.5, 1.0]
    assert len(ticks(0.0, 120.0, 8)) <= 9
