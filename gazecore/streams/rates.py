"""The rate of a stream: measured by its samples' own times, beside the one it declares."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt


def effective_rate_hz(t_s: npt.ArrayLike) -> float | None:
    """Samples per second by their own times (n,); None where these span nothing.

    Examples
    --------
    >>> effective_rate_hz([0.0, 0.01, 0.02])
    100.0
    """
    times = np.asarray(t_s, dtype=np.float64)
    times = times[np.isfinite(times)]
    if len(times) < 2:
        return None
    lasted_s = float(times.max() - times.min())
    return (len(times) - 1) / lasted_s if lasted_s > 0 else None


def rate_text(measured_hz: float | None, nominal_hz: float | None) -> str:
    """A rate as shown; the nominal one beside it where the stream names any.

    Examples
    --------
    >>> rate_text(118.2, 120), rate_text(59.7, None), rate_text(None, 600), rate_text(None, 0)
    ('118 of 120 Hz', '60 Hz', 'none of 600 Hz', '–')
    """
    if not nominal_hz:
        return "–" if measured_hz is None else f"{measured_hz:.0f} Hz"
    measured = "none" if measured_hz is None else f"{measured_hz:.0f}"
    return f"{measured} of {nominal_hz:g} Hz"
