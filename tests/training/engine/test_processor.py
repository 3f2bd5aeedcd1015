"""Threads and tiny numbers."""

from __future__ import annotations

import pytest
import torch

from gazecore.errors import InvalidSettingError
from training.engine.processor import use_threads


def test_threads_are_set_and_tiny_numbers_are_zero() -> None:
    use_threads(1)
    assert torch.get_num_threads() == 1
    assert (torch.tensor([1e-30]) * 1e-12).item() == 0


def test_no_threads_are_refused() -> None:
    with pytest.raises(InvalidSettingError, match="threads"):
        use_threads(0)
