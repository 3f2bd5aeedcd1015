"""What the tracker made of each calibration target: samples used, and how far they lie off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.calibration.viewmodel import CalibratedPoint, degrees
from app.calibration.widgets.target_table import FigureTable, place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

COLUMNS = ("Target", "Samples", "Offset")


class PointTable(FigureTable):
    """One row a calibration target; poor ones in amber."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("point_table", COLUMNS, parent)

    def show_points(self, points: Sequence[CalibratedPoint]) -> None:
        """Fill the table."""
        self.show_rows(
            [
                (place(p.point.x_norm, p.point.y_norm), str(p.samples), degrees(p.offset_deg))
                for p in points
            ],
            amber={row for row, point in enumerate(points) if point.is_poor},
        )
