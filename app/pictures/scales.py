"""Round figures along an axis."""

from __future__ import annotations

import numpy as np


def ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Round values in an interval: steps of 1, 2 or 5 times a power of ten, `most` at most."""
    rough = (high - low) / most
    power = 10.0 ** np.floor(np.log10(rough))
    step = next(s * power for s in (1, 2, 5, 10) if s * power >= rough)
    first, last = int(np.ceil(low / step)), int(np.floor(high / step))
    return [float(i * step) for i in range(first, last + 1)]
