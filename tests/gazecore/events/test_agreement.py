"""Kappa and event F1 in closed form."""

from __future__ import annotations

import numpy as np
import pytest

from gazecore.events.agreement import compare, event_f1, kappa


def test_kappa_of_a_known_table() -> None:
    # Cohen's (1960) kind of table: both 20, ours only 5, theirs only 10, neither 15.
    ours = np.repeat([1, 1, 0, 0], [20, 5, 10, 15])
    theirs = np.repeat([1, 0, 1, 0], [20, 5, 10, 15])
    assert kappa(ours, theirs, 1) == pytest.approx(0.4)


def test_kappa_undefined_without_variation() -> None:
    assert np.isnan(kappa(np.ones(3, int), np.ones(3, int), 1))
    assert np.isnan(kappa(np.ones(0, int), np.ones(0, int), 1))


def test_events_match_by_half_overlap() -> None:
    theirs = np.array([0, 2, 2, 2, 2, 0, 0, 2, 2, 2, 2, 0])
    ours = np.array([0, 0, 0, 2, 2, 0, 0, 2, 2, 2, 0, 0])
    assert event_f1(ours, theirs, 2) == 1.0
    assert event_f1(ours, theirs, 2, min_overlap=0.6) == 0.5


def test_an_event_matches_once() -> None:
    theirs = np.array([2, 2, 2, 2])
    ours = np.array([2, 2, 0, 2])
    assert event_f1(ours, theirs, 2) == pytest.approx(2 / 3)


def test_no_events_at_all() -> None:
    assert np.isnan(event_f1(np.zeros(4, int), np.zeros(4, int), 2))


def test_counts_of_recordings_add_up() -> None:
    random = np.random.default_rng(0)
    pairs = [random.integers(0, 3, (2, 200)) for _ in range(3)]
    first, second, third = (compare(ours, theirs, 1) for ours, theirs in pairs)
    total = first + second + third
    # With a zero between them no event of one recording reaches into the next.
    ours, theirs = (np.concatenate([np.append(pair[i], 0) for pair in pairs]) for i in (0, 1))
    assert total.event_f1 == event_f1(ours, theirs, 1)
    ours, theirs = (np.concatenate([pair[i] for pair in pairs]) for i in (0, 1))
    assert total.kappa == pytest.approx(kappa(ours, theirs, 1))
    assert total.samples == 600
