from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from app.screen_setup.widgets.correction_panel import CorrectionPanel
from tests.app.screen_setup.conftest import SCREEN
from tests.app.shared.file_dialog_hands import answer_dialog

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.screen_setup.controller import ScreenSetupController
    from gazecore.study import Study


def click(panel: CorrectionPanel, name: str) -> None:
    found = panel.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    assert found.isEnabled()
    QTest.mouseClick(found, Qt.MouseButton.LeftButton)


def test_measurements_are_given_and_removed_on_the_page(
    qtbot: QtBot, setup: ScreenSetupController, study: Study, tmp_path: Path
) -> None:
    panel = CorrectionPanel(setup)
    qtbot.addWidget(panel)
    panel.show()
    remove = panel.findChild(QPushButton, "remove_curve_button")
    assert isinstance(remove, QPushButton)
    assert not remove.isEnabled()
    path = tmp_path / "left.csv"
    path.write_text("".join(f"{x},{0.4 + 300 * (x / 255) ** 2.2}\n" for x in range(0, 256, 15)))
    answer_dialog(path)
    click(panel, "give_curve_button")
    record = study.screen_record(SCREEN)
    assert record is not None
    assert record.correction is not None
    shown = panel.findChild(QLabel, "correction_state")
    assert isinstance(shown, QLabel)
    assert shown.text().startswith("Display correction on: left")
    click(panel, "remove_curve_button")
    assert "No display curve" in shown.text()
    answer_dialog(None)
    click(panel, "give_curve_button")
    assert "No display curve" in shown.text()
    panel.hide()
