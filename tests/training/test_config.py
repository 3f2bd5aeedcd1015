"""Configurations are checked, and written as JSON."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from gazecore.errors import InvalidSettingError
from training.config import PredictorConfig, PretrainConfig, to_json


def test_a_configuration_is_plain_json() -> None:
    content = json.loads(json.dumps(to_json(PretrainConfig(method="byol", seed=4, crop=0.7))))
    assert content.pop("schema_version") == 1
    assert PretrainConfig(**content) == PretrainConfig(method="byol", seed=4, crop=0.7)


_BAD_PRETRAINING: list[dict[str, Any]] = [
    {"epochs": 0},
    {"batch": 1},
    {"size_px": 0},
    {"seed": -1},
    {"seed": 2**32},
    {"learning_rate": 0.0},
    {"learning_rate": -1e-3},
    {"learning_rate": math.nan},
    {"learning_rate": math.inf},
    {"weight_decay": -0.1},
    {"weight_decay": math.nan},
    {"momentum": 1.0},
    {"momentum": -0.1},
    {"momentum": math.nan},
    {"temperature": 0.0},
    {"temperature": math.inf},
    {"degrees": -1.0},
    {"degrees": math.inf},
    {"brightness": 1.1},
    {"contrast": -0.1},
    {"contrast": math.nan},
    {"crop": 1.5},
    {"cutout": -0.5},
    {"mask": math.nan},
    {"keys": -1},
    {"keys": 16, "batch": 32},
]
_BAD_PREDICTOR: list[dict[str, Any]] = [
    {"size_px": 50},
    {"size_px": 0},
    {"epochs": 0},
    {"batch": 0},
    {"seconds": -1.0},
    {"seconds": math.nan},
    {"learning_rate": 0.0},
    {"learning_rate": math.nan},
    {"width": 4},
    {"width": 12},
    {"held_out": 1.0},
    {"validation": -0.1},
    {"seed": -1},
]


@pytest.mark.parametrize("options", _BAD_PRETRAINING, ids=str)
def test_a_pretraining_outside_its_ranges_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(InvalidSettingError, match=next(iter(options))):
        PretrainConfig(**options)


@pytest.mark.parametrize("options", _BAD_PREDICTOR, ids=str)
def test_a_predictor_outside_its_ranges_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(InvalidSettingError, match=next(iter(options)).removesuffix("_px")):
        PredictorConfig(**options)


def test_the_ends_of_the_ranges_are_allowed() -> None:
    none = dict.fromkeys(("degrees", "brightness", "contrast", "momentum", "weight_decay"), 0.0)
    assert PretrainConfig(**none, batch=2, keys=2, crop=1.0, mask=1.0).keys == 2  # type: ignore[arg-type]
    assert PredictorConfig(batch=1, width=8, size_px=16, held_out=0.0).seconds == 0
