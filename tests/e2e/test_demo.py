"""The whole loop, small: real station, real LSL, real XDF, real training, a valid export."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

from app.demo.plan import DemoPlan
from app.demo.run import run_demo

if TYPE_CHECKING:
    from pathlib import Path

PLAN = DemoPlan(
    seed=3,
    readers=("R1",),
    knees=4,
    knee_size_px=(450, 360),
    zoomed_cases=3,
    looking_s=1.2,
    predictor_epochs=20,
    set_examples=120,
    set_size_px=32,
    training_seeds=1,
)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_loop_closes(tmp_path: Path) -> None:
    out = tmp_path / "out"
    document = run_demo(out, PLAN, lambda _text: None)
    assert document == json.loads((out / "summary.json").read_text())
    assert document["cases"] == document["readings"] == 6
    assert document["samples"] > 600
    assert document["samples_lost_to_us"] == 0
    assert document["fixations"] > 5
    _check_geometry(document["gaze_image_error_px"])
    assert document["export"]["validator"] == "valid"
    rows = {(row["method"], row["arm"], row["seed"]) for row in document["compare"]}
    assert len(rows) == 9
    assert all(np.isfinite(document["predictor"][name]) for name in ("cc", "nss"))
    report = (out / "report.html").read_text(encoding="utf-8")
    assert "simulated" in report
    assert report.count("data:image/png") >= 12


def _check_geometry(error: dict[str, float]) -> None:
    assert error["median"] <= 0.5
    assert error["p95"] <= 1.0
    assert error["wrong_viewport_control"] >= 20
    assert error["states_not_found"] == 0
