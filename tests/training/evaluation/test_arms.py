"""Arms and the attention that they get."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from gazecore.errors import InvalidSettingError
from training.evaluation.arms import ARMS, attention_of, blurred, find_arm
from training.views import PRESETS

RNG = np.random.default_rng(0)
MAPS = RNG.random((5, 16, 16)).astype(np.float32)
MASKS = RNG.random((5, 16, 16)) > 0.9


def get(name: str) -> torch.Tensor:
    attention = attention_of(ARMS[name], MAPS, MASKS, map_px=16, seed=0)
    assert attention is not None
    return attention


def test_every_arm_has_a_preset_and_maps_of_the_asked_size() -> None:
    for name, arm in ARMS.items():
        assert arm.preset in PRESETS
        assert get(name).shape == (5, 1, 16, 16)


def test_sources() -> None:
    given = torch.from_numpy(MAPS)[:, None]
    assert torch.equal(get("focuscontrast"), given)
    assert torch.equal(get("centre-prior")[3], given.mean(dim=0))
    assert torch.equal(get("inverted")[2], given[2].max() - given[2])
    shuffled = get("shuffled")
    assert not torch.equal(shuffled, given)
    assert torch.equal(shuffled.sum(dim=0), given[torch.randperm(5)].sum(dim=0)) or torch.allclose(
        shuffled.sum(dim=0), given.sum(dim=0)
    )


def test_the_oracle_covers_the_finding() -> None:
    finding = torch.zeros(1, 1, 32, 32)
    finding[0, 0, 20, 10] = 1
    soft = blurred(finding)
    assert soft.argmax().item() == 20 * 32 + 10
    assert soft.sum().item() == pytest.approx(1, abs=1e-5)


def test_what_is_missing_is_named() -> None:
    assert attention_of(ARMS["conventional"], None, None, map_px=16, seed=0) is None
    with pytest.raises(InvalidSettingError, match="--attention"):
        attention_of(ARMS["area-matched"], None, None, map_px=16, seed=0)
    with pytest.raises(InvalidSettingError, match="finding_masks"):
        attention_of(ARMS["oracle"], MAPS, None, map_px=16, seed=0)
    with pytest.raises(InvalidSettingError, match="inverted"):
        find_arm("upside-down")
