"""Runs against a loop over samples."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazecore.events.runs import members, paint, reduce_runs, runs_of


def runs_by_loop(mask: list[bool], breaks: set[int]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for i, inside in enumerate(mask):
        if not inside:
            continue
        if found and found[-1][1] == i and i not in breaks:
            found[-1] = (found[-1][0], i + 1)
        else:
            found.append((i, i + 1))
    return found


@given(st.lists(st.booleans(), max_size=40), st.data())
def test_runs_are_those_of_a_loop(mask: list[bool], data: st.DataObject) -> None:
    inner = st.integers(1, max(1, len(mask) - 1))
    breaks = data.draw(st.sets(inner, max_size=5)) if len(mask) > 1 else set()
    starts, stops = runs_of(np.array(mask, dtype=bool), np.array(sorted(breaks), dtype=np.intp))
    assert list(zip(starts.tolist(), stops.tolist(), strict=True)) == runs_by_loop(mask, breaks)


@given(st.lists(st.booleans(), min_size=1, max_size=40))
def test_reducing_is_that_of_a_loop(mask: list[bool]) -> None:
    values = np.random.default_rng(0).normal(size=(len(mask), 2))
    starts, stops = runs_of(np.array(mask))
    expected = [values[a:b].max(axis=0) for a, b in zip(starts, stops, strict=True)]
    found = reduce_runs(np.maximum, values, starts, stops)
    assert found == pytest.approx(np.array(expected).reshape(-1, 2))


def test_members_and_paint() -> None:
    starts, stops = np.array([1, 4]), np.array([3, 5])
    assert members(starts, stops).tolist() == [1, 2, 4]
    labels = np.zeros(6, dtype=np.uint8)
    paint(labels, starts, stops, 7)
    assert labels.tolist() == [0, 7, 7, 0, 7, 0]


def test_nothing_has_no_runs() -> None:
    starts, stops = runs_of(np.zeros(0, dtype=bool))
    assert len(starts) == len(stops) == 0
    assert members(starts, stops).tolist() == []
    assert reduce_runs(np.add, np.zeros((3, 2)), starts, stops).shape == (0, 2)
