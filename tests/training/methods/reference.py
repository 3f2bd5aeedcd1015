"""Embeddings written by a formula, so that another library can be asked about the same ones.

The golden numbers in the tests beside are what lightly 1.6.0 computes of them in float64:
``NTXentLoss(temperature)(first, second)``; the same with ``memory_bank_size=(20, 6)`` and
``memory_bank.bank`` set to ``normalize(numbers(20, 2.9))``;
``NegativeCosineSimilarity()(first, second)``; and ``update_momentum(source, target, m=0.99)``
of two ``Linear(6, 5)`` whose weights are first and second.
"""

from __future__ import annotations

import torch
from torch import Tensor


def numbers(rows: int, start: float) -> Tensor:
    """float64 (rows, 6): sin of 1.7 times the place, from `start`."""
    return torch.sin(torch.arange(rows * 6, dtype=torch.float64) * 1.7 + start).reshape(rows, 6)


FIRST, SECOND, QUEUE = numbers(5, 0.3), numbers(5, 1.1), numbers(20, 2.9)
