"""Paired differences over seeds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from training.evaluation.paired import best_reference, interval, summarise


def row(arm: str, seed: int, top1: float, *, healthy: bool = True) -> dict[str, Any]:
    return {
        "method": "simclr",
        "arm": arm,
        "seed": seed,
        "top1": top1,
        "val_balanced": top1,
        "healthy": healthy,
    }


def test_differences_are_taken_seed_by_seed() -> None:
    results = [row("focuscontrast", s, 0.5 + 0.1 * s) for s in range(3)]
    results += [row("conventional", s, 0.4 + 0.1 * s) for s in (2, 1, 0)]
    results += [row("weak", 0, 0.7, healthy=False)]
    conventional, weak = summarise(results)
    assert conventional["difference"] == pytest.approx(0.1)
    assert conventional["low"] == pytest.approx(0.1)
    assert (conventional["seeds"], conventional["healthy"]) == (3, True)
    assert weak["difference"] == pytest.approx(-0.2)
    assert (weak["seeds"], weak["healthy"]) == (1, False)


def test_without_the_method_there_is_nothing_to_compare() -> None:
    assert summarise([row("conventional", 0, 0.5)]) == []


def test_the_best_reference_has_no_attention() -> None:
    results = [row("focuscontrast", 0, 0.9), row("weak", 0, 0.5), row("conventional", 0, 0.6)]
    assert best_reference(results, "simclr") == "conventional"
    assert best_reference(results, "byol") is None


def test_the_interval_covers_the_mean_and_widens_with_spread() -> None:
    narrow = interval(np.array([0.1, 0.11, 0.09, 0.1]))
    wide = interval(np.array([-0.3, 0.5, 0.2, 0.0]))
    assert narrow[0] <= 0.1 <= narrow[1]
    assert wide[1] - wide[0] > narrow[1] - narrow[0]
