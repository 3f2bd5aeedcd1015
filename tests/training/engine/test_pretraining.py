"""Pre-training goes on to the bit where it was, for every method."""

from __future__ import annotations

import itertools
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
import torch

from gazecore.errors import InvalidSettingError
from gazecore.processes import child_environment
from training.config import PretrainConfig
from training.engine.checkpoints import load_last_checkpoint
from training.engine.pretraining import Pretraining, learning_rate, make_method
from training.engine.progress import RunReport
from training.engine.stopping import StopRequest
from training.evaluation.runs import make_pretraining, read_data

if TYPE_CHECKING:
    from pathlib import Path

STEPS = 3

IN_A_NEW_PROCESS = """
import sys, torch
from pathlib import Path
from tests.training.engine.test_pretraining import train_until
torch.set_num_threads(1)
train_until(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4], int(sys.argv[5]))
"""


def config_of(method: str) -> PretrainConfig:
    return PretrainConfig(method=method, size_px=32, epochs=2, batch=8, seed=1, degrees=45)


def train_until(data: Path, maps: Path, folder: Path, method: str, until: int) -> None:
    pretraining = make_pretraining(config_of(method), read_data(data, maps, size_px=32))
    pretraining.run(RunReport(folder, "pretrain", quiet=True), StopRequest(), until=until)


def differences(one: Any, other: Any, path: str = "") -> list[str]:
    """Where two states are not equal, bit by bit."""
    if isinstance(one, torch.Tensor):
        return [] if torch.equal(one, other) else [path]
    if isinstance(one, dict):
        assert one.keys() == other.keys()
        return [d for k in one for d in differences(one[k], other[k], f"{path}/{k}")]
    if isinstance(one, list):
        return [d for i, v in enumerate(one) for d in differences(v, other[i], f"{path}/{i}")]
    return [] if one == other else [path]


@pytest.mark.parametrize("method", ["simclr", "moco", "byol"])
def test_resuming_in_a_new_process_equals_never_having_stopped(
    tmp_path: Path, knees_npz: Path, maps_npz: Path, method: str
) -> None:
    train_until(knees_npz, maps_npz, tmp_path / "whole", method, 2 * STEPS)
    train_until(knees_npz, maps_npz, tmp_path / "halves", method, STEPS)
    subprocess.run(
        [
            *(sys.executable, "-c", IN_A_NEW_PROCESS, str(knees_npz), str(maps_npz)),
            *(str(tmp_path / "halves"), method, str(2 * STEPS)),
        ],
        check=True,
        env={**child_environment(), "OMP_NUM_THREADS": "1"},
    )
    whole = load_last_checkpoint(tmp_path / "whole" / "checkpoints")
    halves = load_last_checkpoint(tmp_path / "halves" / "checkpoints")
    assert whole is not None
    assert whole["step"] == 2 * STEPS
    assert differences(whole, halves) == []


def images(n: int = 16) -> torch.Tensor:
    return (torch.rand(n, 1, 32, 32, generator=torch.Generator().manual_seed(0)) * 255).byte()


def pretraining_of(config: PretrainConfig, data: str = "data") -> Pretraining:
    from training.views import FocusContrastViews

    return Pretraining(config, FocusContrastViews(32, preset="weak"), images(), None, data)


def test_a_stop_saves_and_reports(tmp_path: Path) -> None:
    stop = StopRequest()
    stop.ask()
    trained = pretraining_of(config_of("simclr")).run(
        RunReport(tmp_path, "pretrain", quiet=True), stop
    )
    assert not trained.finished
    assert trained.step == 0
    assert load_last_checkpoint(tmp_path / "checkpoints") is not None


def test_checkpoints_of_other_settings_or_data_are_refused(tmp_path: Path) -> None:
    report = RunReport(tmp_path, "pretrain", quiet=True)
    pretraining_of(config_of("simclr")).run(report, StopRequest(), until=1)
    with pytest.raises(InvalidSettingError, match="configuration"):
        pretraining_of(PretrainConfig(size_px=32, batch=8)).run(report, StopRequest(), until=1)
    with pytest.raises(InvalidSettingError, match="data"):
        pretraining_of(config_of("simclr"), "other").run(report, StopRequest(), until=1)


def test_seeds_pair_initialisation_over_arms_and_differ_from_each_other() -> None:
    def first_weight(seed: int) -> torch.Tensor:
        config = PretrainConfig(size_px=32, batch=8, seed=seed)
        return next(pretraining_of(config).method.parameters())

    assert torch.equal(first_weight(0), first_weight(0))
    assert not torch.equal(first_weight(0), first_weight(1))


def test_the_rate_warms_up_then_falls() -> None:
    rates = [learning_rate(1.0, step, 100) for step in range(100)]
    assert rates[:10] == pytest.approx([(i + 1) / 10 for i in range(10)])
    assert all(a >= b for a, b in itertools.pairwise(rates[9:]))
    assert 0 < rates[-1] < 0.001
    assert learning_rate(1.0, 0, 1) == 1.0


def test_a_batch_larger_than_the_set_is_refused() -> None:
    with pytest.raises(InvalidSettingError, match="batch"):
        pretraining_of(PretrainConfig(size_px=32, batch=64))


def test_moco_gets_a_queue_of_whole_batches_under_the_set() -> None:
    method = make_method(PretrainConfig(method="moco", batch=8), 100)
    assert len(method.state_dict()["queue"]) == 24
    with pytest.raises(InvalidSettingError, match="byol"):
        make_method(PretrainConfig(method="dino"), 100)
