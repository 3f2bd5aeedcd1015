"""Differences between arms, paired by seed, with bootstrap intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

_RESAMPLES = 2000
_REFERENCES = ("searched", "weak", "area-matched", "conventional")


def summarise(results: Sequence[dict[str, Any]], *, metric: str = "top1") -> list[dict[str, Any]]:
    """FocusContrast against each other arm, per method, seed by seed.

    Returns
    -------
    list of dict
        ``method``, ``against``, ``metric``, mean ``difference`` (share, not points), its 95 %
        interval by bootstrap over seeds, number of ``seeds``, and ``healthy``: all runs that
        take part lie in the health band, else the figure says nothing.
    """
    rows = []
    for method in dict.fromkeys(r["method"] for r in results):
        of_method = [r for r in results if r["method"] == method]
        by_arm: dict[str, dict[int, dict[str, Any]]] = {}
        for result in of_method:
            by_arm.setdefault(result["arm"], {})[result["seed"]] = result
        ours = by_arm.pop("focuscontrast", {})
        for arm, theirs in by_arm.items():
            seeds = sorted(ours.keys() & theirs.keys())
            if seeds:
                pairs = [(ours[s], theirs[s]) for s in seeds]
                rows.append({"method": method, "against": arm, **_compare(pairs, metric)})
    return rows


def best_reference(results: Sequence[dict[str, Any]], method: str) -> str | None:
    """The strongest arm without attention, chosen on val: what the method must beat."""
    scores = {
        arm: np.mean(
            [r["val_balanced"] for r in results if (r["method"], r["arm"]) == (method, arm)]
        )
        for arm in _REFERENCES
        if any((r["method"], r["arm"]) == (method, arm) for r in results)
    }
    return max(scores, key=lambda arm: scores[arm]) if scores else None


def _compare(pairs: list[tuple[dict[str, Any], dict[str, Any]]], metric: str) -> dict[str, Any]:
    differences = np.array([ours[metric] - theirs[metric] for ours, theirs in pairs])
    low, high = interval(differences)
    return {
        "metric": metric,
        "difference": float(differences.mean()),
        "low": low,
        "high": high,
        "seeds": len(differences),
        "healthy": all(ours["healthy"] and theirs["healthy"] for ours, theirs in pairs),
    }


def interval(differences: np.ndarray[Any, np.dtype[np.float64]]) -> tuple[float, float]:
    """The 95 % bootstrap interval of a mean over seeds; the value itself where there is one."""
    chosen = np.random.default_rng(0).integers(0, len(differences), (_RESAMPLES, len(differences)))
    means = differences[chosen].mean(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    return float(low), float(high)
