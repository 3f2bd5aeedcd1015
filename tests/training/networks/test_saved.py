"""Networks survive the disk, and bad files are named."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import torch
from safetensors.torch import save_file

from gazecore.errors import (
    DamagedFileError,
    InvalidSettingError,
    MissingPathError,
    NewerSchemaError,
)
from training.networks.saved import Card, find_network, load_weights, read_card, save_network
from training.networks.small_conv import SmallConv

if TYPE_CHECKING:
    from pathlib import Path

CARD = Card("backbone", "tiny", 64, simulated=True, trained_with={"seed": 3})


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    path = tmp_path / "backbone.safetensors"
    save_network(SmallConv(8), CARD, path)
    return path


def test_weights_and_card_come_back(weights: Path) -> None:
    torch.manual_seed(1)
    network, again = SmallConv(8), SmallConv(8)
    save_network(network, CARD, weights)
    load_weights(again, weights)
    for one, other in zip(network.state_dict().values(), again.state_dict().values(), strict=True):
        assert torch.equal(one, other)
    assert read_card(weights, "backbone") == CARD
    assert find_network(weights.parent, "backbone") == weights
    assert not list(weights.parent.glob("*.partial"))


def test_missing_files_are_named(tmp_path: Path, weights: Path) -> None:
    with pytest.raises(MissingPathError, match=r"predictor\.safetensors"):
        find_network(tmp_path, "predictor")
    weights.with_suffix(".json").unlink()
    with pytest.raises(MissingPathError, match="model card"):
        read_card(weights, "backbone")


def test_another_kind_is_refused(weights: Path) -> None:
    with pytest.raises(InvalidSettingError, match="predictor"):
        read_card(weights, "predictor")


@pytest.mark.parametrize("text", ["", "[]", '{"schema_version": 1}', '{"kind": "backbone"}'])
def test_a_damaged_card_is_refused(weights: Path, text: str) -> None:
    weights.with_suffix(".json").write_text(text)
    with pytest.raises(DamagedFileError):
        read_card(weights, "backbone")


def test_a_newer_card_is_refused(weights: Path) -> None:
    card = weights.with_suffix(".json")
    card.write_text(json.dumps({**json.loads(card.read_text()), "schema_version": 99}))
    with pytest.raises(NewerSchemaError):
        read_card(weights, "backbone")


def test_weights_that_do_not_fit_are_refused(weights: Path) -> None:
    with pytest.raises(DamagedFileError, match="shape"):
        load_weights(SmallConv(16), weights)
    state = SmallConv(8).state_dict()
    name = next(iter(state))
    save_file({**state, name: torch.full_like(state[name], torch.nan)}, weights)
    with pytest.raises(DamagedFileError, match="finite"):
        load_weights(SmallConv(8), weights)
    state.pop(name)
    save_file(state, weights)
    with pytest.raises(DamagedFileError, match="missing"):
        load_weights(SmallConv(8), weights)
    weights.write_bytes(b"not tensors")
    with pytest.raises(DamagedFileError, match="safetensors"):
        load_weights(SmallConv(8), weights)
