"""Networks on disk: weights as safetensors, beside them a JSON card that says what they are."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from gazecore.errors import (
    DamagedFileError,
    InvalidSettingError,
    MissingPathError,
    NewerSchemaError,
)
from training.engine.durable import write_json

if TYPE_CHECKING:
    from torch import Tensor, nn

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class Card:
    """What a saved network is.

    Attributes
    ----------
    kind : str
        ``backbone`` or ``predictor``.
    network : str
        Which class: a backbone's name, or ``unet``.
    size_px : int
        Side of the images it was trained on.
    simulated : bool
        Whether any gaze or image it learnt from was simulated.
    trained_with : dict
        Method, arm, seed, data and the like.
    """

    kind: str
    network: str
    size_px: int
    simulated: bool
    trained_with: dict[str, Any] = field(default_factory=dict)
    schema_version: int = SCHEMA_VERSION


def save_network(network: nn.Module, card: Card, path: Path) -> None:
    """Write ``path`` (.safetensors) and its card beside it (.json)."""
    state = {name: t.detach().cpu().contiguous() for name, t in network.state_dict().items()}
    partial = path.with_suffix(".partial")
    save_file(state, partial, metadata={"format": "pt"})
    partial.replace(path)
    write_json(path.with_suffix(".json"), dataclasses.asdict(card))


def find_network(path: Path | str, kind: str) -> Path:
    """The weights meant by a path: the file itself, or a run's folder that holds one.

    Raises
    ------
    MissingPathError
        Nothing of that kind is there.
    """
    place = Path(path)
    candidate = place / f"{kind}.safetensors" if place.is_dir() else place
    if not candidate.is_file():
        raise MissingPathError(candidate, f"trained {kind}")
    return candidate


def read_card(weights: Path, kind: str) -> Card:
    """The card beside a file of weights.

    Raises
    ------
    MissingPathError, DamagedFileError, NewerSchemaError, InvalidSettingError
        No card, no sound card, a newer one, or one of another kind of network.
    """
    path = weights.with_suffix(".json")
    if not path.is_file():
        raise MissingPathError(path, "model card")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["schema_version"] > SCHEMA_VERSION:
            raise NewerSchemaError(path, content["schema_version"], SCHEMA_VERSION)
        card = Card(**content)
    except (ValueError, TypeError, KeyError) as error:
        raise DamagedFileError(path, f"no model card ({error})") from error
    if card.kind != kind:
        raise InvalidSettingError(f"kind of {path}", card.kind, kind)
    return card


def load_weights(network: nn.Module, weights: Path) -> None:
    """Fill `network`, after checking names, shapes, dtypes and finiteness.

    Raises
    ------
    DamagedFileError
        The file does not fit the network, or holds values that are not finite.
    """
    try:
        state = load_file(weights)
    except (SafetensorError, OSError) as error:
        raise DamagedFileError(weights, f"not safetensors ({error})") from error
    wanted = network.state_dict()
    if state.keys() != wanted.keys():
        odd = sorted(state.keys() ^ wanted.keys())[0]
        raise DamagedFileError(weights, f"tensor {odd} is missing or unknown")
    for name, tensor in state.items():
        _check_tensor(name, tensor, wanted[name], weights)
    network.load_state_dict(state)


def _check_tensor(name: str, found: Tensor, wanted: Tensor, weights: Path) -> None:
    if found.shape != wanted.shape or found.dtype != wanted.dtype:
        raise DamagedFileError(weights, f"tensor {name} has another shape or type")
    if found.is_floating_point() and not bool(torch.isfinite(found).all()):
        raise DamagedFileError(weights, f"tensor {name} holds values that are not finite")
