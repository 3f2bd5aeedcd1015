"""All settings of runs, as frozen dataclasses saved as JSON in the run's folder."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from gazecore.errors import InvalidSettingError


@dataclass(frozen=True, slots=True)
class PretrainConfig:
    """A contrastive pre-training run; the defaults suit some minutes on a CPU at toy size.

    Attributes
    ----------
    method : str
        ``simclr``, ``moco`` or ``byol``.
    arm : str
        What the views are and which attention they get; see `training.evaluation.arms`.
    seed : int
        Of initialisation, order and views; runs with the same seed differ in the arm alone.
    backbone : str
        ``tiny``, ``small`` or ``resnet18``.
    size_px : int
        Side of the views.
    epochs, batch : int
        Passes over the training images; images per step (the remainder is left out).
    learning_rate, weight_decay : float
        Of AdamW; the rate rises over the first tenth of all steps, then falls as a cosine.
    crop, cutout, mask : float
        Limits of FocusContrast, see `training.views.FocusContrastViews`.
    degrees, brightness, contrast : float
        The most that the views of any arm rotate and change intensity; short runs at toy size
        learn nothing under the strength (45 degrees, .2, .8) that 200 epochs can use.
    momentum : float
        Of MoCo's key encoder and BYOL's target; suited to runs of some hundred steps.
    temperature : float
        Of SimCLR and MoCo.
    keys : int
        Length of MoCo's queue; 0 takes a quarter of the images, in whole batches.
    """

    method: str = "simclr"
    arm: str = "focuscontrast"
    seed: int = 0
    backbone: str = "tiny"
    size_px: int = 64
    epochs: int = 10
    batch: int = 32
    learning_rate: float = 2e-3
    weight_decay: float = 1e-4
    crop: float = 0.8
    cutout: float = 0.9
    mask: float = 0.8
    degrees: float = 15.0
    brightness: float = 0.2
    contrast: float = 0.4
    momentum: float = 0.9
    temperature: float = 0.2
    keys: int = 0

    def __post_init__(self) -> None:
        for name in ("epochs", "batch", "size_px"):
            if getattr(self, name) < 1:
                raise InvalidSettingError(name, getattr(self, name), "at least 1")


@dataclass(frozen=True, slots=True)
class PredictorConfig:
    """A run that trains the attention predictor.

    Attributes
    ----------
    size_px : int
        Side to which images and maps are resized, a multiple of 16.
    epochs, batch : int
        Passes over the training cases (each seen mirrored, shifted and scaled at random); cases
        per step.
    seconds : float
        Training stops after so many seconds, whatever the epochs; 0: no limit. A run that ends
        by it is not exactly repeatable.
    learning_rate : float
        Of AdamW, falling as a cosine.
    width : int
        Channels of the U-Net's finest level.
    held_out : float
        Share of the patients that only the final measurement sees (at least one).
    validation : float
        Share of the patients on which the run is watched (at least one).
    seed : int
        Of split, initialisation and order.
    """

    size_px: int = 64
    epochs: int = 60
    batch: int = 8
    seconds: float = 0.0
    learning_rate: float = 2e-3
    width: int = 16
    held_out: float = 0.25
    validation: float = 0.15
    seed: int = 0

    def __post_init__(self) -> None:
        if self.size_px < 16 or self.size_px % 16:
            raise InvalidSettingError("size", self.size_px, "a multiple of 16 pixels")
        for name in ("epochs", "batch"):
            if getattr(self, name) < 1:
                raise InvalidSettingError(name, getattr(self, name), "at least 1")


def to_json(config: PretrainConfig | PredictorConfig) -> dict[str, Any]:
    """A configuration as it stands in a run's folder."""
    return {"schema_version": 1, **dataclasses.asdict(config)}
