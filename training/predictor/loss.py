"""How far a predicted map is from where readers looked."""

from __future__ import annotations

import torch
from torch import Tensor


def attention_loss(logits: Tensor, maps: Tensor) -> Tensor:
    """Kullback-Leibler divergence plus one minus correlation, mean over the batch.

    Parameters
    ----------
    logits : Tensor
        Output of the network, (n, 1, h, w).
    maps : Tensor
        Attention, (n, 1, h, w), each summing to one.
    """
    log_predicted = logits.flatten(1).log_softmax(dim=1)
    wanted = maps.flatten(1)
    divergence: Tensor = (torch.special.xlogy(wanted, wanted) - wanted * log_predicted).sum(dim=1)
    loss: Tensor = (divergence + 1 - correlation(log_predicted.exp(), wanted)).mean()
    return loss


def correlation(predicted: Tensor, wanted: Tensor) -> Tensor:
    """Pearson's correlation of each pair of rows (n, p); 0 where a row is constant."""
    a = predicted - predicted.mean(dim=1, keepdim=True)
    b = wanted - wanted.mean(dim=1, keepdim=True)
    # Maps sum to one, so their deviations are tiny numbers: scale before squaring.
    a, b = a * a.shape[1], b * b.shape[1]
    scale = torch.linalg.vector_norm(a, dim=1) * torch.linalg.vector_norm(b, dim=1)
    result: Tensor = (a * b).sum(dim=1) / scale.clamp(min=1e-8)
    return result
