"""The trainer's commands, their files, and one line for bad input."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gazecore.messages import parse_progress
from tests.training.conftest import gaussians
from training.cli import run

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def attention_set(tmp_path: Path) -> Path:
    path = tmp_path / "attention.npz"
    maps = gaussians(8, 32, seed=0)
    images = (maps / maps.max(axis=(1, 2), keepdims=True) * 255).astype(np.uint8)
    np.savez(path, images=images, maps=maps, simulated=True)
    return path


def test_from_predictor_to_evaluation(
    tmp_path: Path, attention_set: Path, knees_npz: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model, maps, runs = tmp_path / "model", tmp_path / "maps.npz", tmp_path / "run"
    short = ["--epochs", "1"]
    learn = ["predictor", "--data", str(attention_set), "--size", "32", *short]
    assert run([*learn, "--out", str(model)]) == 0
    metrics = json.loads((model / "metrics.json").read_text())
    assert {"cc", "nss", "mean_map", "cases", "simulated"} <= metrics.keys()
    knees = ["--data", str(knees_npz)]
    assert run(["predict", "--model", str(model), *knees, "--out", str(maps)]) == 0
    with np.load(maps) as predicted:
        assert predicted["maps"].shape == (48, 32, 32)
        assert bool(predicted["simulated"])
    data = ["--data", str(knees_npz), "--attention", str(maps), "--size", "32", *short]
    assert run(["pretrain", *data, "--out", str(runs)]) == 0
    lines = [x for x in capsys.readouterr().out.splitlines() if x.startswith("{")]
    assert parse_progress(lines[-1]).kind == "run_finished"
    scored = tmp_path / "evaluation"
    assert run(["evaluate", "--model", str(runs), *knees, "--out", str(scored)]) == 0
    result = json.loads((runs / "result.json").read_text())
    evaluation = json.loads((scored / "evaluation.json").read_text())
    assert evaluation["balanced"] == result["balanced"]


def result_of(
    arguments: list[str], out: Path, capsys: pytest.CaptureFixture[str]
) -> dict[str, Any]:
    """What a command prints with --json, checked to be one document beside pure progress."""
    assert run([*arguments, "--out", str(out), "--json"]) == 0
    captured = capsys.readouterr()
    document = json.loads(captured.out)
    assert (document["task"], document["outcome"]) == (arguments[0], "finished")
    assert document["out"] == str(out)
    if out.is_dir():
        assert captured.err == (out / "progress.jsonl").read_text()
    else:
        assert captured.err == ""
    result: dict[str, Any] = document["result"]
    return result


def test_json_is_one_document_with_the_result(
    tmp_path: Path, attention_set: Path, knees_npz: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model, maps, one, scored = (tmp_path / name for name in ("model", "m.npz", "run", "scored"))
    short = ["--size", "32", "--epochs", "1"]
    knees = ["--data", str(knees_npz)]
    result = result_of(["predictor", "--data", str(attention_set), *short], model, capsys)
    assert result == json.loads((model / "metrics.json").read_text())
    result = result_of(["predict", "--model", str(model), *knees], maps, capsys)
    assert result == {"maps": 48, "size_px": 32, "simulated": True}
    data = [*knees, "--attention", str(maps)]
    result = result_of(["pretrain", *data, *short], one, capsys)
    assert result == json.loads((one / "result.json").read_text())
    result = result_of(["evaluate", "--model", str(one), *knees], scored, capsys)
    assert {"schema_version": 1, **result} == json.loads((scored / "evaluation.json").read_text())
    views = ["views", *data, "--arms", "conventional", "--count", "2", "--size", "32"]
    result = result_of(views, tmp_path / "views.npz", capsys)
    assert result["images"] == 2
    with np.load(tmp_path / "views.npz") as sheet:
        assert result["arrays"] == sorted(sheet.files)


def test_compares_document_has_summary_and_runs(
    tmp_path: Path, knees_npz: Path, maps_npz: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "c"
    data = ["--data", str(knees_npz), "--attention", str(maps_npz)]
    only = ["--methods", "simclr", "--arms", "focuscontrast", "--seeds", "1"]
    result = result_of(["compare", *data, *only, "--size", "32", "--epochs", "1"], out, capsys)
    assert result.pop("runs") == json.loads((out / "results.json").read_text())
    assert result == json.loads((out / "summary.json").read_text())


def test_compare_writes_results(tmp_path: Path, knees_npz: Path, maps_npz: Path) -> None:
    arguments = ["compare", "--data", str(knees_npz), "--attention", str(maps_npz), "--size", "32"]
    only = ["--methods", "byol", "--arms", "focuscontrast", "--seeds", "1", "--epochs", "1"]
    assert run([*arguments, *only, "--out", str(tmp_path / "c")]) == 0
    (row,) = json.loads((tmp_path / "c" / "results.json").read_text())
    assert (row["method"], row["arm"], row["seed"]) == ("byol", "focuscontrast", 0)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["compare", "--data", "{tmp}/none.npz"], "no such"),
        (["compare", "--data", "{knees}", "--arms", "sideways"], "sideways"),
        (["compare", "--data", "{knees}", "--methods", "dino"], "dino"),
        (["compare", "--data", "{knees}", "--methods", ","], "commas"),
        (["compare", "--data", "{knees}", "--seeds", "0"], "at least 1"),
        (["compare", "--data", "{knees}"], "--attention"),
        (["compare", "--data", "{knees}", "--speed", "9"], "--speed"),
        (["pretrain", "--data", "{knees}", "--arm", "weak", "--backbone", "vgg"], "vgg"),
        (["pretrain", "--data", "{knees}", "--arm", "conventional", "--threads", "0"], "threads"),
        (["pretrain", "--data", "{knees}", "--arm", "conventional", "--batch", "99"], "batch"),
        (["predictor", "--study", "{tmp}/none"], "no such study"),
        (["predictor"], "--study"),
        (["predict", "--model", "{tmp}", "--data", "{knees}"], "predictor"),
        (["evaluate", "--model", "{tmp}", "--data", "{knees}"], "backbone"),
    ],
)
def test_bad_input_is_one_line_and_status_2(
    arguments: list[str],
    reason: str,
    tmp_path: Path,
    knees_npz: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    filled = [a.format(tmp=tmp_path, knees=knees_npz) for a in arguments]
    assert run([*filled, "--out", str(tmp_path / "out")]) == 2
    captured = capsys.readouterr()
    assert reason in captured.err
    assert captured.err.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_help_lists_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    text = capsys.readouterr().out
    for name in ("predictor", "predict", "pretrain", "evaluate", "compare"):
        assert name in text


def test_help_answers_without_torch() -> None:
    code = (
        "import sys; from training.cli import run; status = run(['pretrain', '--help']);"
        "heavy = {'torch', 'sklearn', 'scipy'} & set(sys.modules);"
        "raise SystemExit(str(heavy) if heavy else status)"
    )
    finished = subprocess.run([sys.executable, "-c", code], check=False, cwd=ROOT)
    assert finished.returncode == 0
