"""Figures as pictures and pages write them; a dash where nothing was measured."""

from __future__ import annotations


def degrees(value: float | None) -> str:
    """An angle."""
    return "–" if value is None else f"{value:.2f}°"


def square_degrees(value: float | None) -> str:
    """A solid angle."""
    return "–" if value is None else f"{value:.3f} deg²"


def percent(value: float | None) -> str:
    """A share.

    Examples
    --------
    >>> [percent(share) for share in (0.0, 0.0004, 0.123, 1.0, None)]
    ['0 %', '0.0 %', '12.3 %', '100 %', '–']
    """
    if value is None:
        return "–"
    return f"{100 * value:.0f} %" if value in (0.0, 1.0) else f"{100 * value:.1f} %"


def hertz(value: float | None) -> str:
    """A rate."""
    return "–" if value is None else f"{value:.0f} Hz"


def seconds(value: float | None) -> str:
    """A time span."""
    return "–" if value is None else f"{value:.2f} s" if value < 10 else f"{value:.0f} s"
