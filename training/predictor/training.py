"""Training the attention predictor and measuring it on patients it never saw."""

from __future__ import annotations

import copy
import math
import time
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from training.config import PredictorConfig, to_json
from training.data.attention import AttentionSet, PatientSplit, split_patients
from training.engine.durable import write_json
from training.networks.saved import Card, save_network
from training.networks.unet import UNet
from training.predictor.loss import attention_loss
from training.predictor.predicting import predict_attention
from training.predictor.scores import centre_map, mean_map, mean_scores
from training.views.geometry import Box, sampling_grid, view_to_source, warp

if TYPE_CHECKING:
    from torch import Tensor

    from training.engine.progress import RunReport
    from training.engine.stopping import StopRequest

_MOST_ROTATED_RAD = math.radians(10)
_SMALLEST_SIDE = 0.8


def train_predictor(
    cases: AttentionSet, config: PredictorConfig, report: RunReport, stop: StopRequest
) -> dict[str, Any]:
    """Train, keep the weights that validate best, save them, measure them once on held-out cases.

    Returns
    -------
    dict
        What stands in ``metrics.json``: ``cc`` and ``nss`` on the held-out cases, the same of
        the mean map of the training cases and of the centre, and how many cases took part.
    """
    split = split_patients(
        cases.groups, held_out=config.held_out, validation=config.validation, seed=config.seed
    )
    write_json(report.folder / "config.json", to_json(config))
    torch.manual_seed(config.seed)
    network = UNet(config.width)
    best = _Best(network)
    images = torch.from_numpy(cases.images)[:, None].float() / 255
    maps = torch.from_numpy(cases.maps)[:, None]
    report.started(config.epochs)
    begun = time.monotonic()
    optimizer = torch.optim.AdamW(network.parameters(), lr=config.learning_rate)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, config.epochs)
    generator = torch.Generator().manual_seed(config.seed)
    for epoch in range(config.epochs):
        spent = time.monotonic() - begun
        if stop.asked or (config.seconds and spent > config.seconds):
            break
        chosen = torch.from_numpy(split.train)
        loss = _train_epoch(network, optimizer, (images[chosen], maps[chosen]), config, generator)
        schedule.step()
        validated = _validate(network, cases, split)
        best.offer(network, validated)
        report.step(epoch + 1, epoch, {"loss": loss, "validation_cc": validated})
    network.load_state_dict(best.weights)
    metrics = _measure(network, cases, split)
    _save(network, cases, config, metrics, report)
    scores = {name: metrics[name] for name in ("cc", "nss")}
    report.finished(scores, "stopped" if stop.asked else "finished")
    return metrics


class _Best:
    """The weights with the best validation so far."""

    def __init__(self, network: UNet) -> None:
        self.weights = copy.deepcopy(network.state_dict())
        self.score = -math.inf

    def offer(self, network: UNet, score: float) -> None:
        if score > self.score:
            self.weights, self.score = copy.deepcopy(network.state_dict()), score


def _train_epoch(
    network: UNet,
    optimizer: torch.optim.Optimizer,
    cases: tuple[Tensor, Tensor],
    config: PredictorConfig,
    generator: torch.Generator,
) -> float:
    """One pass over the training cases; returns the mean loss."""
    losses: list[float] = []
    network.train()
    for chosen in torch.split(torch.randperm(len(cases[0]), generator=generator), config.batch):
        images, maps = disturb(cases[0][chosen], cases[1][chosen], generator)
        loss = attention_loss(network(images), maps)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        losses.append(float(loss.detach()))
    return float(np.mean(losses))


def disturb(images: Tensor, maps: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Mirror, rotate, shift and scale images and maps (n, 1, h, w) alike; vary the intensity."""
    n = len(images)
    u = torch.rand((n, 7), generator=generator)
    angle = (2 * u[:, 0] - 1) * _MOST_ROTATED_RAD
    half = _SMALLEST_SIDE + u[:, 1] * (1 - _SMALLEST_SIDE)
    shift = (2 * u[:, 2:4] - 1) * (1 - half)[:, None]
    flip = torch.where(u[:, 4] < 0.5, -1.0, 1.0)
    size = (images.shape[2], images.shape[3])
    box = Box(shift[:, 0], shift[:, 1], half, half)
    theta = view_to_source(angle, box, flip, size[0] / size[1])
    grid = sampling_grid(theta, size)
    moved = warp(images, theta, grid, images.mean(dim=(2, 3), keepdim=True))
    contrast, brightness = 0.7 + 0.6 * u[:, 5], 0.2 * u[:, 6] - 0.1
    moved = (moved - 0.5) * contrast[:, None, None, None] + 0.5 + brightness[:, None, None, None]
    attention = warp(maps, theta, grid, torch.zeros(n, 1, 1, 1)).clamp(min=0)
    total = attention.sum(dim=(1, 2, 3), keepdim=True)
    # Attention that the shift moved out entirely would leave nothing to learn: keep the original.
    lost = total < 0.5 * maps.sum(dim=(1, 2, 3), keepdim=True)
    moved = torch.where(lost, images, moved.clamp(0, 1))
    return moved, torch.where(lost, maps, attention / total.clamp(min=1e-12))


def _validate(network: UNet, cases: AttentionSet, split: PatientSplit) -> float:
    predicted = predict_attention(network, cases.images[split.validation])
    return mean_scores(predicted, cases.maps[split.validation], None)["cc"]


def _measure(network: UNet, cases: AttentionSet, split: PatientSplit) -> dict[str, Any]:
    wanted = cases.maps[split.held_out]
    learnt = cases.maps[split.train]
    n = len(wanted)
    predicted = predict_attention(network, cases.images[split.held_out])
    fixations = None
    if cases.fixations is not None:
        fixations = [cases.fixations[i] for i in split.held_out]
    scores = mean_scores(predicted, wanted, fixations)
    baseline = mean_scores(mean_map(learnt, n), wanted, fixations)
    return {
        "schema_version": 1,
        **scores,
        "mean_map": baseline,
        "centre": mean_scores(centre_map((wanted.shape[1], wanted.shape[2]), n), wanted, fixations),
        "nss_from": "reference map" if fixations is None else "fixations",
        "beats_mean_map": scores["cc"] > baseline["cc"] and scores["nss"] > baseline["nss"],
        "cases": {
            "train": len(split.train),
            "validation": len(split.validation),
            "held_out": n,
        },
        "held_out": [cases.names[i] for i in split.held_out],
        "simulated": cases.simulated,
    }


def _save(
    network: UNet,
    cases: AttentionSet,
    config: PredictorConfig,
    metrics: dict[str, Any],
    report: RunReport,
) -> None:
    card = Card(
        "predictor", "unet", config.size_px, cases.simulated, {"width": config.width, **metrics}
    )
    save_network(network, card, report.folder / "predictor.safetensors")
    write_json(report.folder / "metrics.json", metrics)
    for name in ("cc", "nss"):
        report.metric(name, metrics[name])
        report.metric(f"mean_map.{name}", metrics["mean_map"][name])
