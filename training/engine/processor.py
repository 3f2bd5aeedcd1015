"""How a run uses the processor."""

from __future__ import annotations

import torch

from gazecore.errors import InvalidSettingError


def use_threads(threads: int) -> None:
    """Compute on so many threads, and take numbers too small for a normal float as 0.

    One thread is right for small networks: where cores are shared, a second one made the
    predictor eight times slower. Tails of attention maps are full of such tiny numbers, with
    which processors are slow.

    Raises
    ------
    InvalidSettingError
        Fewer than one.
    """
    if threads < 1:
        raise InvalidSettingError("threads", threads, "at least 1")
    torch.set_num_threads(threads)
    torch.set_flush_denormal(True)
