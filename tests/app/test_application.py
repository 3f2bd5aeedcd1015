from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from app.application import StationApplication, StationSettings
from gazecore.errors import NotAStudyError
from gazecore.study import Study

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot


@pytest.fixture
def application(qtbot: QtBot, qapp: QApplication, lsl_session: str) -> Iterator[StationApplication]:
    del lsl_session
    made = StationApplication(qapp, StationSettings())
    qtbot.addWidget(made.window)
    yield made
    made.close()


def press(qtbot: QtBot, application: StationApplication, name: str) -> None:
    found = application.window.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    QTest.mouseClick(found, Qt.MouseButton.LeftButton)


def problem_of(application: StationApplication) -> str:
    found = application.window.findChild(QLabel, "start_problem")
    assert isinstance(found, QLabel)
    return found.text()


@pytest.fixture
def black_screen(qtbot: QtBot) -> QWidget:
    """The whole screen black, whatever was left on it."""
    cover = QWidget()
    qtbot.addWidget(cover)
    cover.setStyleSheet("background: black")
    with qtbot.waitExposed(cover):
        cover.showFullScreen()
    return cover


def test_nothing_bright_is_ever_shown_at_the_start(
    qtbot: QtBot, black_screen: QWidget, application: StationApplication
) -> None:
    window = application.window
    shares: list[float] = []

    def look() -> None:
        shown = window.screen().grabWindow(0).toImage()
        shown = shown.convertToFormat(shown.Format.Format_Grayscale8)
        pixels = np.frombuffer(shown.constBits(), dtype=np.uint8)
        shares.append(float((pixels > 100).mean()))

    look()
    assert shares == [0.0], "the screen is black before"
    eye = QTimer()
    eye.timeout.connect(look)
    eye.start(0)
    application.start()
    with qtbot.waitExposed(window):
        pass
    qtbot.wait(300)
    eye.stop()
    assert len(shares) > 3
    assert shares[-1] > 0, "the page's text is seen"
    assert max(shares) < 0.03
    black_screen.close()


def test_a_study_is_made_opened_and_closed(
    qtbot: QtBot, application: StationApplication, tmp_path: Path
) -> None:
    application.start()
    application.start_page.name_edit.setText("膝关节 study")
    application.start_page.new_folder_edit.setText(str(tmp_path / "膝"))
    with qtbot.waitSignal(application.study_opened):
        press(qtbot, application, "create_study_button")
    assert application.window.page_name == "worklist"
    assert application.station is not None
    assert application.station.study.name == "膝关节 study"
    with qtbot.waitSignal(application.study_closed):
        application.close_study()
    assert application.window.page_name == "start"
    Study.open(tmp_path / "膝").close()


def test_a_folder_without_a_study_is_one_line(
    qtbot: QtBot, application: StationApplication, tmp_path: Path
) -> None:
    application.start()
    application.start_page.folder_edit.setText(str(tmp_path))
    press(qtbot, application, "open_study_button")
    assert str(tmp_path) in problem_of(application)
    assert "\n" not in problem_of(application)
    assert application.window.page_name == "start"
    with pytest.raises(NotAStudyError):
        application.open_study(tmp_path)


def test_an_occupied_study_stays_closed_and_says_who_has_it(
    qtbot: QtBot, application: StationApplication, tmp_path: Path
) -> None:
    application.start()
    with Study.create(tmp_path / "s", name="busy"):
        application.start_page.folder_edit.setText(str(tmp_path / "s"))
        press(qtbot, application, "open_study_button")
        assert "in use" in problem_of(application)
    assert application.station is None


def test_closing_the_window_closes_the_study(
    qtbot: QtBot, application: StationApplication, tmp_path: Path
) -> None:
    Study.create(tmp_path / "s", name="x").close()
    application.start()
    application.open_study(tmp_path / "s")
    with qtbot.waitSignal(application.study_closed):
        application.window.close()
    Study.open(tmp_path / "s").close()
