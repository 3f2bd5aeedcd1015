"""Blinks: how long they last and wait, and the lid on its way."""

from __future__ import annotations

import numpy as np
import pytest

from gazecore.synthetic.blinks import CLOSING_S, OPENING_S, Blinks


@pytest.mark.parametrize("has_flanks", [False, True])
def test_blinks_last_and_wait_as_said(has_flanks: bool) -> None:
    blinks = Blinks(np.random.default_rng(1), 100.0, has_flanks=has_flanks)
    closed = np.array([blinks.is_closed(100.0 + k / 1000) for k in range(300_000)])
    edges = np.flatnonzero(np.diff(closed.astype(int)))
    assert not closed[0]
    lasted = np.diff(edges)[::2] / 1000
    waited = np.diff(edges)[1::2] / 1000
    assert lasted.min() >= 0.099
    assert lasted.max() <= 0.301
    assert waited.min() >= 2.999
    assert waited.max() <= 5.001


def test_without_flanks_the_eye_is_open_or_lost() -> None:
    blinks = Blinks(np.random.default_rng(1), 0.0)
    assert {blinks.closure(k / 1000) for k in range(30_000)} == {0.0, 1.0}


def test_the_lid_closes_faster_than_it_opens() -> None:
    blinks = Blinks(np.random.default_rng(1), 0.0, has_flanks=True)
    closure = np.array([blinks.closure(k / 10_000) for k in range(200_000)])
    lost = np.flatnonzero(np.diff((closure >= 1).astype(int)))
    start, stop = lost[0], lost[1]
    before = closure[start - round(CLOSING_S * 1e4) : start]
    after = closure[stop + 2 : stop + round(OPENING_S * 1e4)]
    assert (np.diff(before) > 0).all()
    assert (np.diff(after) < 0).all()
    assert closure[start - round(CLOSING_S * 1e4) - 20] == 0
    assert closure[stop + round(OPENING_S * 1e4) + 20] == 0
    assert closure[0] == 0


def test_both_have_the_same_losses() -> None:
    random = np.random.default_rng
    plain, visible = Blinks(random(2), 0.0), Blinks(random(2), 0.0, has_flanks=True)
    times_s = [k / 500 for k in range(10_000)]
    assert [plain.is_closed(t) for t in times_s] == [visible.is_closed(t) for t in times_s]
