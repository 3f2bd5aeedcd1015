"""The predictor learns, is measured on patients it never saw, and is saved."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import torch

import training
from gazecore.messages import RunFinished, parse_progress
from training.config import PredictorConfig
from training.data.attention import AttentionSet
from training.engine.progress import RunReport
from training.engine.stopping import StopRequest
from training.predictor.training import disturb, train_predictor

if TYPE_CHECKING:
    from pathlib import Path


def spots(n: int, side: int = 32) -> AttentionSet:
    """Images with one bright spot each, where all attention lies."""
    center = np.random.default_rng(0).uniform(6, side - 6, (n, 2))
    axis = np.arange(side) + 0.5
    y = np.exp(-((axis - center[:, :1]) ** 2) / 8)
    x = np.exp(-((axis - center[:, 1:]) ** 2) / 8)
    maps = y[:, :, None] * x[:, None, :]
    names = tuple(f"case-{i}" for i in range(n))
    return AttentionSet(
        names=names,
        images=(60 + 150 * maps).astype(np.uint8),
        maps=(maps / maps.sum(axis=(1, 2), keepdims=True)).astype(np.float32),
        groups=np.array(names),
        simulated=True,
    )


def test_it_beats_the_mean_map_on_spots(tmp_path: Path) -> None:
    config = PredictorConfig(size_px=32, epochs=25, batch=8, width=8, learning_rate=4e-3)
    metrics = train_predictor(
        spots(24), config, RunReport(tmp_path, "predictor", quiet=True), StopRequest()
    )
    assert json.loads((tmp_path / "metrics.json").read_text()) == metrics
    assert metrics["cases"] == {"train": 14, "validation": 4, "held_out": 6}
    assert metrics["simulated"] is True
    assert metrics["cc"] > metrics["mean_map"]["cc"] + 0.2
    assert metrics["beats_mean_map"] is True
    maps = training.predict_attention(tmp_path, spots(2).images)
    assert maps.shape == (2, 32, 32)


def test_a_stop_before_the_first_epoch_still_leaves_a_model(tmp_path: Path) -> None:
    stop = StopRequest()
    stop.ask()
    config = PredictorConfig(size_px=32, width=8)
    metrics = train_predictor(spots(8), config, RunReport(tmp_path, "predictor", quiet=True), stop)
    assert metrics["cases"]["train"] == 5
    assert (tmp_path / "predictor.safetensors").is_file()
    last = parse_progress((tmp_path / "progress.jsonl").read_text().splitlines()[-1])
    assert isinstance(last, RunFinished)
    assert last.outcome == "stopped"


def test_images_and_maps_are_disturbed_alike() -> None:
    cases = spots(30)
    images = torch.from_numpy(cases.images)[:, None].float() / 255
    maps = torch.from_numpy(cases.maps)[:, None]
    moved, attention = disturb(images, maps, torch.Generator().manual_seed(0))
    assert torch.allclose(attention.sum(dim=(1, 2, 3)), torch.ones(30), atol=1e-4)
    brightest = moved.flatten(1).argmax(dim=1)
    attended = attention.flatten(1).argmax(dim=1)
    rows = (brightest // 32 - attended // 32).abs()
    columns = (brightest % 32 - attended % 32).abs()
    # Intensities are clipped, so the brightest pixel may be one of a few in the spot.
    assert (torch.maximum(rows, columns) <= 3).float().mean() > 0.9
