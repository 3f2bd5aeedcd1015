"""The trainer: attention predictor, contrastive views and methods, evaluation (torch, no Qt)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from training.networks.loading import load_backbone
    from training.predictor.predicting import predict_attention

__all__ = ["load_backbone", "predict_attention"]


def __getattr__(name: str) -> Any:
    """Import torch only when something that needs it is asked for."""
    if name == "load_backbone":
        from training.networks.loading import load_backbone

        return load_backbone
    if name == "predict_attention":
        from training.predictor.predicting import predict_attention

        return predict_attention
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
