"""How large a case is when it opens: fitted to the part of the screen that shows images."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gazecore.study import Case


def fit_zoom(cases: Sequence[Case], width_px: float, height_px: float) -> float | None:
    """Screen pixels per image pixel of the cases fitted into a viewport (median over them).

    None without cases, or without room.
    """
    if not cases or min(width_px, height_px) <= 0:
        return None
    return float(median(min(width_px / c.width_px, height_px / c.height_px) for c in cases))
