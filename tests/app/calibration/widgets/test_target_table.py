"""The table holds one row a target."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from app.calibration.widgets.target_table import TargetTable, rows_of
from gazecore.messages import TargetError, ValidationDone

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def _error(eye: Literal["left", "right", "both"], accuracy_deg: float | None) -> TargetError:
    return TargetError(
        x_norm=0.25,
        y_norm=0.75,
        eye=eye,
        accuracy_deg=accuracy_deg,
        precision_rms_deg=0.1,
        precision_std_deg=0.2,
        data_loss=0.05,
        accuracy_median_deg=0.4,
        invalid_share=0.03,
        missing_share=0.02,
        accuracy_screen_px=12.0,
    )


VALIDATION = ValidationDone(
    t_s=0.0,
    accuracy_deg=0.45,
    precision_rms_deg=0.1,
    precision_std_deg=0.2,
    data_loss=0.05,
    passed=True,
    fit_zoom=0.5,
    targets=(_error("left", None), _error("right", 0.5), _error("both", 0.45)),
)


def test_rows_are_those_of_the_eye_that_counts() -> None:
    assert rows_of(VALIDATION) == [
        ("25 / 75 %", "0.45°", "0.40°", "0.10°", "0.20°", "3 %", "2 %", "24 px")
    ]
    left = rows_of(VALIDATION.model_copy(update={"eye": "left", "fit_zoom": None}))
    assert left == [("25 / 75 %", "–", "0.40°", "0.10°", "0.20°", "3 %", "2 %", "–")]


def test_the_table_fills_and_empties(qtbot: QtBot) -> None:
    table = TargetTable()
    qtbot.addWidget(table)
    table.show_validation(VALIDATION)
    item = table.item(0, 1)
    assert item is not None
    assert item.text() == "0.45°"
    table.show_validation(None)
    assert table.rowCount() == 0
