"""All settings of runs, as frozen dataclasses saved as JSON in the run's folder."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import Any

from gazecore.errors import InvalidSettingError

_LARGEST_SEED = 2**32 - 1


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
        Length of MoCo's queue, a multiple of the batch; 0 takes a quarter of the images, in
        whole batches.

    Raises
    ------
    InvalidSettingError
        A value outside its range, or not finite.
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
        _at_least(self, 1, "epochs", "size_px")
        _at_least(self, 2, "batch")  # a contrast needs another image
        _at_least(self, 0, "weight_decay", "degrees", "keys")
        _above_zero(self, "learning_rate", "temperature")
        _share(self, "crop", "cutout", "mask", "brightness", "contrast")
        _share(self, "momentum", below_one=True)
        _seed(self)
        if self.keys % self.batch:
            raise InvalidSettingError("keys", self.keys, f"0 or a multiple of batch {self.batch}")


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
        Channels of the U-Net's finest level, a multiple of 8.
    held_out : float
        Share of the patients that only the final measurement sees (at least one).
    validation : float
        Share of the patients on which the run is watched (at least one).
    seed : int
        Of split, initialisation and order.

    Raises
    ------
    InvalidSettingError
        A value outside its range, or not finite.
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
        if self.width < 8 or self.width % 8:
            raise InvalidSettingError("width", self.width, "a multiple of 8 channels")
        _at_least(self, 1, "epochs", "batch")
        _at_least(self, 0, "seconds")
        _above_zero(self, "learning_rate")
        _share(self, "held_out", "validation", below_one=True)
        _seed(self)


def to_json(config: PretrainConfig | PredictorConfig) -> dict[str, Any]:
    """A configuration as it stands in a run's folder."""
    return {"schema_version": 1, **dataclasses.asdict(config)}


def _at_least(config: object, least: int, *names: str) -> None:
    for name in names:
        value = getattr(config, name)
        if not least <= value < math.inf:
            raise InvalidSettingError(name, value, f"at least {least}, and finite")


def _above_zero(config: object, *names: str) -> None:
    for name in names:
        value = getattr(config, name)
        if not 0 < value < math.inf:
            raise InvalidSettingError(name, value, "above 0, and finite")


def _share(config: object, *names: str, below_one: bool = False) -> None:
    for name in names:
        value = getattr(config, name)
        if not 0 <= value <= 1 or (below_one and value == 1):
            raise InvalidSettingError(name, value, "0..1, below 1" if below_one else "0..1")


def _seed(config: PretrainConfig | PredictorConfig) -> None:
    if not 0 <= config.seed <= _LARGEST_SEED:
        raise InvalidSettingError("seed", config.seed, f"0..{_LARGEST_SEED}")
