"""One run of a comparison: pre-train, save the backbone, probe it."""

from __future__ import annotations

import dataclasses
import hashlib
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch

from training.data.npz import read_maps
from training.data.sources import load_examples
from training.engine.durable import write_json
from training.engine.pretraining import Pretrained, Pretraining
from training.evaluation import neighbours
from training.evaluation.arms import attention_of, find_arm
from training.evaluation.features import features_of, settle_statistics
from training.evaluation.health import HealthBand, feature_std, is_healthy
from training.evaluation.probe import probe
from training.evaluation.scores import ClassScores, score
from training.networks.saved import Card, save_network
from training.views import FocusContrastViews
from training.views.presets import Preset, find_preset

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt
    from torch import nn

    from training.config import PretrainConfig
    from training.data.examples import ExampleSet
    from training.engine.progress import RunReport
    from training.engine.stopping import StopRequest


@dataclass(frozen=True, slots=True)
class RunData:
    """Examples, their attention maps if any, and whether anything in them is simulated."""

    examples: ExampleSet
    maps: npt.NDArray[np.float32] | None
    simulated: bool
    fingerprint: str


def read_data(data: Path, attention: Path | None, *, size_px: int) -> RunData:
    """Load what a run needs from where the user said it is."""
    # Crops are enlarged: keep half as many pixels again as a view has.
    examples = load_examples(data, size_px=round(1.5 * size_px))
    fingerprint = examples.fingerprint()
    if attention is None:
        return RunData(examples, None, False, fingerprint)
    maps, simulated = read_maps(attention, len(examples.images))
    digest = hashlib.sha256(fingerprint.encode() + maps.tobytes()).hexdigest()
    return RunData(examples, maps, simulated, digest)


def make_pretraining(config: PretrainConfig, data: RunData) -> Pretraining:
    """The training half of a run: only the images of split ``train`` are seen."""
    arm = find_arm(config.arm)
    chosen = data.examples.indices("train")
    masks = data.examples.finding_masks
    attention = attention_of(
        arm,
        None if data.maps is None else data.maps[chosen],
        None if masks is None else masks[chosen],
        map_px=max(32, config.size_px // 4),
        seed=config.seed,
    )
    views = FocusContrastViews(
        config.size_px,
        crop=config.crop,
        cutout=config.cutout,
        mask=config.mask,
        preset=limited(find_preset(arm.preset), config),
    )
    images = torch.from_numpy(data.examples.images[chosen])[:, None]
    return Pretraining(config, views, images, attention, data.fingerprint)


def limited(preset: Preset, config: PretrainConfig) -> Preset:
    """The preset with rotation and intensity changes no stronger than the run allows."""
    return dataclasses.replace(
        preset,
        degrees=min(preset.degrees, config.degrees),
        brightness=min(preset.brightness, config.brightness),
        contrast=min(preset.contrast, config.contrast),
    )


def run_one(
    config: PretrainConfig, data: RunData, report: RunReport, stop: StopRequest
) -> dict[str, Any] | None:
    """Pre-train and evaluate; the result also stands in ``result.json`` of the run's folder.

    Returns
    -------
    dict or None
        None where the run was asked to stop: started again, it goes on.
    """
    trained = make_pretraining(config, data).run(report, stop)
    if not trained.finished:
        report.finished(outcome="stopped")
        return None
    seen = data.examples.images[data.examples.indices("train")]
    settle_statistics(seen, trained.method.backbone, config.size_px)
    card = Card(
        "backbone", config.backbone, config.size_px, data.simulated, dataclasses.asdict(config)
    )
    save_network(trained.method.backbone, card, report.folder / "backbone.safetensors")
    result = _result(config, data, trained)
    write_json(report.folder / "result.json", result)
    report.finished({name: float(result[name]) for name in ("top1", "balanced", "kappa")})
    return result


def _result(config: PretrainConfig, data: RunData, trained: Pretrained) -> dict[str, Any]:
    measured = evaluate(trained.method.backbone, data.examples, config.size_px)
    classes = len(set(data.examples.labels.tolist()))
    healthy = math.isfinite(trained.loss) and is_healthy(
        measured["feature_std"], measured["knn_val_balanced"], classes, HealthBand()
    )
    kept = trained.views.attention_kept
    return {
        "method": config.method,
        "arm": config.arm,
        "seed": config.seed,
        **measured,
        "healthy": healthy,
        "attention_kept": kept if math.isfinite(kept) else None,
        "effective_area": trained.views.effective_area,
        "fallback": trained.views.fallback,
        "loss": trained.loss if math.isfinite(trained.loss) else None,
        "simulated": data.simulated,
    }


def evaluate(backbone: nn.Module, examples: ExampleSet, size_px: int) -> dict[str, float]:
    """Linear probe and nearest neighbours of a frozen backbone."""
    features = features_of(examples.images, backbone, size_px)
    val, test = probe(features, examples)
    train_at, val_at = examples.indices("train"), examples.indices("val")
    voted = neighbours.classify(features[train_at], examples.labels[train_at], features[val_at])
    voted_val: ClassScores = score(examples.labels[val_at], voted)
    return {
        **dataclasses.asdict(test),
        "val_balanced": val.balanced,
        "val_top1": val.top1,
        "knn_val_balanced": voted_val.balanced,
        "feature_std": feature_std(features[val_at]),
    }
