"""The page offers what there is, forwards choices by key, and says what is missing."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QSlider, QWidget

from app.results.widgets.results_page import ResultsPage

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from app.results.controller import ResultsController
    from gazecore.study import Study

Kind = TypeVar("Kind", bound=QWidget)


def part(page: ResultsPage, kind: type[Kind], name: str) -> Kind:
    """A widget of the page by its name."""
    found = page.findChild(kind, name)
    assert isinstance(found, kind)
    return found


def test_everything_is_chosen_by_key(controller: ResultsController, qtbot: QtBot) -> None:
    page = ResultsPage(controller)
    qtbot.addWidget(page)
    page.resize(1200, 800)
    page.show()
    qtbot.waitUntil(lambda: controller.shown.image is not None, timeout=30_000)
    readers = part(page, QComboBox, "result_reading")
    assert readers.count() == 3
    assert not part(page, QCheckBox, "result_scanpath").isEnabled()
    QTest.keyClick(readers, Qt.Key.Key_Down)
    assert controller.state.reading_id == "reading-000001"
    assert part(page, QLabel, "figure_0").text() == "2.00 s"
    assert part(page, QCheckBox, "result_scanpath").isEnabled()
    QTest.keyClick(part(page, QCheckBox, "result_scanpath"), Qt.Key.Key_Space)
    assert not controller.state.shows_scanpath
    QTest.keyClick(part(page, QSlider, "result_opacity"), Qt.Key.Key_Home)
    assert controller.state.opacity == 0.1
    QTest.keyClick(part(page, QComboBox, "result_view"), Qt.Key.Key_Down)
    assert controller.state.view == "session"
    assert part(page, QComboBox, "result_session").isVisible()
    assert not readers.isVisible()
    QTest.keyClick(part(page, QComboBox, "result_session"), Qt.Key.Key_Down)
    assert controller.state.session_id == "session-0002"


def test_a_study_without_results_says_what_to_do(
    controller: ResultsController, study: Study, qtbot: QtBot
) -> None:
    shutil.rmtree(study.derivatives)
    page = ResultsPage(controller)
    qtbot.addWidget(page)
    page.show()
    assert "focusstation analyse" in part(page, QLabel, "result_problem").text()
    assert not part(page, QComboBox, "result_view").isVisible()
