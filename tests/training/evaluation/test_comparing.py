"""Comparisons run side by side, go on where they were, and never mix settings."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from gazecore.errors import InvalidSettingError, TrainingError
from training.config import PretrainConfig
from training.engine.progress import RunReport
from training.engine.stopping import StopRequest
from training.evaluation.comparing import ComparePlan, compare, run_name

if TYPE_CHECKING:
    from pathlib import Path

BASE = PretrainConfig(size_px=32, epochs=1, batch=16)


@pytest.fixture
def plan(knees_npz: Path, maps_npz: Path) -> ComparePlan:
    arms = ("conventional", "focuscontrast")
    return ComparePlan(BASE, ("simclr",), arms, 1, knees_npz, maps_npz, 2)


def quiet(folder: Path) -> RunReport:
    return RunReport(folder, "compare", quiet=True)


def test_runs_are_paired_seed_by_seed(plan: ComparePlan) -> None:
    names = [run_name(c) for c in replace(plan, seeds=2).configs()]
    assert names == [
        "simclr-conventional-0",
        "simclr-focuscontrast-0",
        "simclr-conventional-1",
        "simclr-focuscontrast-1",
    ]


def test_a_comparison_has_a_row_per_run_and_goes_on(tmp_path: Path, plan: ComparePlan) -> None:
    results = compare(plan, quiet(tmp_path), StopRequest())
    assert results is not None
    assert json.loads((tmp_path / "results.json").read_text()) == results
    assert [r["arm"] for r in results] == ["conventional", "focuscontrast"]
    wanted = {"method", "arm", "seed", "top1", "balanced", "kappa", "healthy", "feature_std"}
    assert wanted | {"attention_kept", "effective_area"} <= results[0].keys()
    summary = json.loads((tmp_path / "summary.json").read_text())
    assert summary["paired"][0]["against"] == "conventional"
    assert summary["simulated"] is True
    # Again: nothing is left to do, so no process starts, and the rows are the same.
    assert compare(plan, quiet(tmp_path), StopRequest()) == results
    with pytest.raises(InvalidSettingError, match="another --out"):
        compare(replace(plan, base=replace(BASE, epochs=2)), quiet(tmp_path), StopRequest())


def test_a_stop_ends_all_processes(tmp_path: Path, plan: ComparePlan) -> None:
    stop = StopRequest()
    stop.ask()
    assert compare(plan, quiet(tmp_path), stop) is None
    assert json.loads((tmp_path / "state.json").read_text())["state"] == "stopped"
    assert not (tmp_path / "results.json").exists()


def test_a_failing_run_is_named(tmp_path: Path, plan: ComparePlan) -> None:
    bad = replace(plan, arms=("focuscontrast",), attention=None)
    with pytest.raises(TrainingError, match=r"simclr-focuscontrast-0.*--attention"):
        compare(bad, quiet(tmp_path), StopRequest())
