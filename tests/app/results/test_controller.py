"""The controller shows what was chosen, and says what is missing."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from app.results.controller import ResultsController, Shown
    from gazecore.study import Study


def with_image(controller: ResultsController, qtbot: QtBot) -> Shown:
    """What is shown once its image is there."""
    qtbot.waitUntil(lambda: controller.shown.image is not None, timeout=30_000)
    return controller.shown


def test_the_mean_first_then_one_reader(controller: ResultsController, qtbot: QtBot) -> None:
    controller.refresh()
    shown = with_image(controller, qtbot)
    assert shown.attention is not None
    assert (shown.attention.readers, shown.scanpath, shown.window) == (2, None, None)
    assert shown.simulated
    controller.choose_reading("reading-000003")
    shown = controller.shown
    assert shown.attention is not None
    assert shown.attention.readers == 1
    assert shown.scanpath is not None
    assert shown.scanpath.count > 0
    assert shown.window is not None
    assert shown.row
    assert shown.row["reader_id"] == "r2"
    controller.choose_case("case-0002")
    assert with_image(controller, qtbot).row != {}
    assert controller.state.reading_id == "reading-000004"


def test_layers_change_the_state_alone(controller: ResultsController, qtbot: QtBot) -> None:
    controller.refresh()
    shown = with_image(controller, qtbot)
    with qtbot.waitSignal(controller.state_changed):
        controller.choose_layers(scanpath=False, attention=True, opacity=0.3)
    assert controller.shown is shown
    assert (controller.state.shows_scanpath, controller.state.opacity) == (False, 0.3)


def test_the_quality_of_a_session(controller: ResultsController, qtbot: QtBot) -> None:
    controller.refresh()
    with_image(controller, qtbot)
    controller.choose_view("session")
    controller.choose_session("session-0002")
    assert controller.shown.session is not None
    assert controller.shown.session.row["session_id"] == "session-0002"
    assert controller.limits.max_accuracy_deg == 1.0


def test_what_is_missing_is_said(controller: ResultsController, study: Study, qtbot: QtBot) -> None:
    study.case("case-0001").path.write_bytes(b"no image")
    controller.refresh()
    qtbot.waitUntil(lambda: bool(controller.shown.message), timeout=30_000)
    assert controller.shown.image is None
    shutil.rmtree(study.derivatives)
    controller.refresh()
    assert "focusstation analyse" in controller.state.problem
    assert controller.shown.message == controller.state.problem
