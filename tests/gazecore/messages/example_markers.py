"""Markers with what a test needs and no more."""

from __future__ import annotations

from typing import Any

from gazecore import messages
from gazecore.messages import ScreenState, ViewportChanged, WindowState

IDENTITY = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)
SCREEN = ScreenState(width_px=1920, height_px=1080, width_mm=527, height_mm=296, distance_mm=650)


def viewport(**changes: Any) -> ViewportChanged:
    fields: dict[str, Any] = {
        "t_s": 1.0,
        "serial": 1,
        "reading_id": "reading-000001",
        "case_id": "case-0001",
        "cause": "open",
        "transform": IDENTITY,
        "shown_screen_px": (0.0, 0.0, 100.0, 100.0),
        "window": WindowState(center=2048, width=4096),
    }
    return ViewportChanged(**{**fields, **changes})


def kinds_of(base: type[Any]) -> set[type[Any]]:
    """Every message that the package names and that is of this sort."""
    return {
        kind
        for kind in vars(messages).values()
        if isinstance(kind, type) and issubclass(kind, base) and kind is not base
    }
