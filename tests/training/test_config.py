"""Configurations are checked, and written as JSON."""

from __future__ import annotations

import json

import pytest

from gazecore.errors import InvalidSettingError
from training.config import PredictorConfig, PretrainConfig, to_json


def test_a_configuration_is_plain_json() -> None:
    content = json.loads(json.dumps(to_json(PretrainConfig(method="byol", seed=4, crop=0.7))))
    assert content.pop("schema_version") == 1
    assert PretrainConfig(**content) == PretrainConfig(method="byol", seed=4, crop=0.7)


def test_impossible_values_are_refused() -> None:
    with pytest.raises(InvalidSettingError, match="epochs"):
        PretrainConfig(epochs=0)
    with pytest.raises(InvalidSettingError, match="16"):
        PredictorConfig(size_px=50)
    with pytest.raises(InvalidSettingError, match="batch"):
        PredictorConfig(batch=0)
