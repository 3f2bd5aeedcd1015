"""One run: pre-train, save, probe."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import training
from training.config import PretrainConfig
from training.engine.progress import RunReport
from training.engine.stopping import StopRequest
from training.evaluation.runs import evaluate, limited, read_data, run_one
from training.views import PRESETS

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = PretrainConfig(size_px=32, epochs=1, batch=8)


def test_a_run_leaves_a_backbone_that_scores_the_same(
    tmp_path: Path, knees_npz: Path, maps_npz: Path
) -> None:
    data = read_data(knees_npz, maps_npz, size_px=32)
    result = run_one(CONFIG, data, RunReport(tmp_path, "pretrain", quiet=True), StopRequest())
    assert result is not None
    assert json.loads((tmp_path / "result.json").read_text()) == result
    assert (result["method"], result["arm"], result["seed"]) == ("simclr", "focuscontrast", 0)
    assert result["simulated"] is True
    assert 0.72 <= result["attention_kept"] <= 1
    assert 0 < result["effective_area"] < 0.3
    again = evaluate(training.load_backbone(tmp_path), data.examples, 32)
    assert again["top1"] == result["top1"]
    assert json.loads((tmp_path / "backbone.json").read_text())["simulated"] is True


def test_a_stopped_run_has_no_result(tmp_path: Path, knees_npz: Path, maps_npz: Path) -> None:
    data, stop = read_data(knees_npz, maps_npz, size_px=32), StopRequest()
    stop.ask()
    assert run_one(CONFIG, data, RunReport(tmp_path, "pretrain", quiet=True), stop) is None
    assert json.loads((tmp_path / "state.json").read_text())["state"] == "stopped"
    assert not (tmp_path / "result.json").exists()


def test_conventional_needs_no_maps(tmp_path: Path, knees_npz: Path) -> None:
    data = read_data(knees_npz, None, size_px=32)
    config = PretrainConfig(arm="conventional", size_px=32, epochs=1, batch=16)
    result = run_one(config, data, RunReport(tmp_path, "pretrain", quiet=True), StopRequest())
    assert result is not None
    assert result["attention_kept"] is None


def test_strengths_are_limited_alike_and_never_raised() -> None:
    config = PretrainConfig(degrees=20, contrast=0.3)
    assert limited(PRESETS["focuscontrast"], config).degrees == 20
    assert limited(PRESETS["weak"], config).degrees == 10
    assert limited(PRESETS["weak"], config).contrast == 0.2
