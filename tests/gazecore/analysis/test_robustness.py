"""Endpoints over other ways of analysing."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from gazecore.analysis import analyse_session
from gazecore.analysis.robustness import (
    EYES,
    OF_THE_STUDY,
    ROBUSTNESS_SCHEMA,
    SIGMAS_DEG,
    VARIANTS,
    Sitting,
    session_robustness,
)
from gazecore.events.adaptive import AdaptiveDetector
from gazecore.samples import GAZE_LABELS
from gazecore.study.protocol import Exclusion

OWN = AdaptiveDetector()


def robustness(sitting: Any, preset: str = "focusstation") -> pl.DataFrame:
    """The table of a sitting."""
    analysis = analyse_session(sitting.samples, sitting.markers, Exclusion(), preset=preset)
    one = Sitting(sitting.samples, sitting.markers, sitting.screen, preset, "both", None)
    return session_robustness(one, analysis)


def test_a_row_per_reading_and_way(sitting: Any) -> None:
    table = robustness(sitting)
    assert table.height == 2 * len(VARIANTS) * len(EYES) * len(SIGMAS_DEG)
    assert sorted([*OF_THE_STUDY, *table.columns]) == sorted(ROBUSTNESS_SCHEMA)
    ways = table.select("reading_id", "detector", "threshold", "eye", "sigma_deg")
    assert ways.is_unique().all()


@pytest.mark.parametrize(
    ("preset", "detector", "threshold"),
    [("focusstation", "focusstation", OWN.peak_deg_s), ("Tobii Pro Lab attention", "I-VT", 100.0)],
)
def test_the_default_is_what_the_study_found(
    sitting: Any, preset: str, detector: str, threshold: float
) -> None:
    analysis = analyse_session(sitting.samples, sitting.markers, Exclusion(), preset=preset)
    default = robustness(sitting, preset).filter("is_default")
    assert default["detector"].to_list() == [detector] * 2
    assert default["threshold"].to_list() == [threshold] * 2
    assert default["map_cc"].to_list() == pytest.approx([1.0, 1.0])
    assert default["fixations"].to_list() == [row["fixations"] for row in analysis.quality]
    mine = analysis.fixations.filter(pl.col("reading_id") == "reading-000001")
    assert default["dwell_on_image_s"][0] == pytest.approx(
        mine.filter("on_image")["duration_s"].sum()
    )
    means_s = mine.group_by("fixation").agg(pl.col("duration_s").sum())["duration_s"]
    assert default["mean_fixation_s"][0] == pytest.approx(means_s.mean())


def test_a_wider_sigma_looks_less_like_the_default(sitting: Any) -> None:
    table = robustness(sitting).filter(
        pl.col("reading_id") == "reading-000001",
        pl.col("detector") == "focusstation",
        pl.col("threshold") == OWN.peak_deg_s,
        pl.col("eye") == "both",
    )
    by_sigma = dict(zip(table["sigma_deg"], table["map_cc"], strict=True))
    assert by_sigma[1.0] > max(by_sigma[0.5], by_sigma[2.0])
    assert table["fixations"].n_unique() == 1


def test_a_blind_eye_finds_nothing(sitting: Any) -> None:
    sitting.channels[:, GAZE_LABELS.index("left_gaze_valid")] = 0
    table = robustness(sitting).filter(pl.col("eye") == "left")
    assert table["fixations"].sum() == 0
    assert table["mean_fixation_s"].null_count() == table.height == table["map_cc"].null_count()
    assert np.all(table["dwell_on_image_s"].to_numpy() == 0)
