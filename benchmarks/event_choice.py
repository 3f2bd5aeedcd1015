"""How far the detector's parameters were fitted: leave-one-out over random sets of them.

Parameter sets are drawn at random around the default. For each hand-coded recording the set that
agrees best on the others is taken, and judged on the recording left out; "ours" is that figure
over all recordings, the peer the default's. A second row gives the median of all sets drawn.
Needs the local data sets, as ``benchmarks/events.py``.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.events import CODERS, GOALS, recordings  # noqa: E402
from benchmarks.reporting import Row, report  # noqa: E402
from gazecore.events import Label  # noqa: E402
from gazecore.events.adaptive import AdaptiveDetector  # noqa: E402
from gazecore.events.agreement import Agreement, compare  # noqa: E402
from gazecore.events.track import make_track  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterable

    from benchmarks.event_peers import Coded

SETS = 300
AROUND: dict[str, tuple[float, ...]] = {
    "peak_deg_s": (35.0, 40.0, 45.0, 50.0),
    "onset_deg_s": (20.0, 25.0, 30.0),
    "noise_factor": (5.0, 6.0, 7.0),
    "min_saccade_s": (0.006, 0.008, 0.010),
    "dip_share": (0.6, 0.7, 0.8, 0.9),
    "touching_s": (0.001, 0.005, 0.008),
    "join_share": (0.2, 0.3, 0.4),
    "step_within_s": (0.010, 0.020, 0.030),
    "step_share": (0.0, 0.3, 0.5, 0.6),
    "oscillation_within_s": (0.010, 0.015, 0.020, 0.030),
    "oscillation_share": (0.7, 0.8, 0.9),
}
FIGURES = [*product((Label.FIXATION, Label.SACCADE), CODERS)]
Counts = list[Agreement]
"""Of one recording, by label and coder."""


def drawn() -> list[AdaptiveDetector]:
    """The default, then random sets."""
    random = np.random.default_rng(0)
    default = AdaptiveDetector()
    sets = [
        {name: float(random.choice(values)) for name, values in AROUND.items()} for _ in range(SETS)
    ]
    return [default, *(replace(default, **chosen) for chosen in sets)]  # type: ignore[arg-type]


def counts(data: list[Coded]) -> list[list[Counts]]:
    """Agreement by parameter set and recording."""
    found = []
    detectors = drawn()
    gap_s = detectors[0].max_gap_s
    tracks = [make_track(d.t_s, d.xy_px, d.screen, None, gap_s) for d in data]
    for detector in detectors:
        labels = [detector.label(track) for track in tracks]
        found.append(
            [
                [compare(own, d.coders[coder], label) for label, coder in FIGURES]
                for own, d in zip(labels, data, strict=True)
            ]
        )
    return found


def pooled(parts: Iterable[Counts]) -> list[float]:
    """Kappa and event F1 by label and coder over some recordings."""
    sums = [sum(rest, first) for first, *rest in zip(*parts, strict=True)]
    return [value for each in sums for value in (each.kappa, each.event_f1)]


def rows() -> list[Row]:
    """Left out and median, by figure."""
    data = recordings()
    if not data:
        return []
    found = counts(data)
    left_out = []
    for out in range(len(data)):
        others = [np.mean(pooled(part for i, part in enumerate(one) if i != out)) for one in found]
        left_out.append(found[int(np.argmax(others))][out])
    every = [pooled(one) for one in found]
    made = []
    for kind, values in (
        ("left out", pooled(left_out)),
        (f"median of {SETS} random sets", np.median(every[1:], axis=0).tolist()),
    ):
        for i, ((label, coder), figure) in enumerate(product(FIGURES, ("kappa", "event_f1"))):
            goal, value, default = GOALS[label.name, coder, figure], values[i], every[0][i]
            case = f"{label.name.lower()} {figure} {coder}, {kind} (peer: default)"
            holds = value >= goal
            made.append(Row(case, value, default, figure, value / default, f">= {goal}", holds))
    return made


if __name__ == "__main__":
    report("event_choice", ("numpy",), rows)
