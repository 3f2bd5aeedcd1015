"""The report tells what was measured, in both directions, and a dash where nothing was."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from app.demo import story
from app.demo.geometry_check import GazeImageError
from app.demo.losses import SampleCount
from app.demo.summary import Measured
from app.demo.validation import Verdict
from gazecore.messages import MetricMeasured, RunStarted, StepDone

if TYPE_CHECKING:
    from pathlib import Path

GOOD = GazeImageError(0.01, 0.02, 300.0, 100, 10)


def _measured(geometry: GazeImageError = GOOD, lost: int = 0, **scores: Any) -> Measured:
    rows = [
        {
            "method": "simclr",
            "arm": "focuscontrast",
            "seed": s,
            "top1": 0.4 + s / 10,
            "healthy": s == 0,
        }
        for s in (0, 1)
    ]
    return Measured(
        cases=3,
        readings=6,
        samples=SampleCount(100, 100 - lost, lost),
        fixations=7,
        geometry=geometry,
        predictor=scores or {"cc": 0.5, "nss": 1.0, "mean_map": {"cc": 0.4, "nss": 0.9}},
        compare=rows,
        export_files=2,
        verdict=Verdict("valid", 1),
        seconds={"reading": 60.0, "learning": 60.0, "compare": 30.0},
    )


def _verdicts(measured: Measured) -> dict[str, bool | None]:
    return {tile.name.split(",")[0]: tile.good for tile in story.tiles(measured)}


def test_marks_follow_the_figures() -> None:
    assert _verdicts(_measured())["samples lost to us"] is True
    assert _verdicts(_measured(lost=1))["samples lost to us"] is False
    assert _verdicts(_measured())["gaze on image"] is True
    for worse in (
        GazeImageError(0.6, 0.7, 300.0, 1, 1),
        GazeImageError(0.1, 1.1, 300.0, 1, 1),
        GazeImageError(0.1, 0.2, 300.0, 1, 1, unfitted=1),
        GazeImageError(math.nan, math.nan, math.nan, 0, 0),
    ):
        assert _verdicts(_measured(worse))["gaze on image"] is False


def test_parts_of_learning_are_not_counted_twice() -> None:
    assert story.sum_seconds(_measured()) == 120.0


def test_the_predictor_is_said_to_beat_the_mean_map_only_if_it_does(tmp_path: Path) -> None:
    progress = tmp_path / "models" / "predictor" / "progress.jsonl"
    progress.parent.mkdir(parents=True)
    progress.write_text("")
    (table,) = story.predictor_section(tmp_path, _measured()).tables
    assert table.caption.endswith("It beats the mean map on both.")
    worse = _measured(cc=0.5, nss=0.8, mean_map={"cc": 0.4, "nss": 0.9})
    (table,) = story.predictor_section(tmp_path, worse).tables
    assert table.caption.endswith("It does not beat the mean map on both.")


def test_comparison_rows_show_each_seed_and_its_health(tmp_path: Path) -> None:
    progress = tmp_path / "models" / "compare" / "simclr-focuscontrast-0" / "progress.jsonl"
    progress.parent.mkdir(parents=True)
    progress.write_text("")
    (table,) = story.comparison_section(tmp_path, _measured()).tables
    assert ("simclr", "focuscontrast", "45.0 (40.0, 50.0)", "1 of 2", "–", "–") in table.rows
    assert ("byol", "conventional", "–", "0 of 0", "–", "–") in table.rows


def test_curves_are_read_from_progress_lines(tmp_path: Path) -> None:
    lines = [
        RunStarted(t_unix_s=0, run="r", task="predictor", total_steps=2, pid=1),
        StepDone(t_unix_s=0, step=1, epoch=0, values={"loss": 2.0}),
        StepDone(t_unix_s=0, step=2, epoch=1, values={"loss": 1.0}),
        MetricMeasured(t_unix_s=0, step=2, name="once", value=1.0),
    ]
    file = tmp_path / "progress.jsonl"
    file.write_text("".join(line.to_json() + "\n" for line in lines))
    assert story.run_curves(file) == {"loss": [(1, 2.0), (2, 1.0)]}


def test_views_are_shown_where_they_were_made(tmp_path: Path) -> None:
    assert story.view_figures(tmp_path) == ()
    (tmp_path / "models").mkdir()
    views = np.zeros((2, 8, 8), np.uint8)
    arms = ("conventional", "area-matched", "focuscontrast")
    arrays: dict[str, Any] = {f"{a}_{side}": views for a in arms for side in ("first", "second")}
    np.savez(tmp_path / "models" / "views.npz", **arrays)
    assert [f.caption for f in story.view_figures(tmp_path)] == [
        f"Two views each of 2 knees: {arm}" for arm in arms
    ]


@pytest.mark.parametrize("value", [None, math.nan, "0.5"])
def test_no_figure_is_a_dash(value: object) -> None:
    assert story.figure(value) == "–"
