"""The view draws what its controller shows: image, layers, page, or why there is nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.pictures.colours import SKY
from app.results.widgets.picture_view import PictureView
from app.shared.theme import COLOURS
from tests.app.pictures.pixels import rgb, share_of

if TYPE_CHECKING:
    from PySide6.QtGui import QImage
    from pytestqt.qtbot import QtBot

    from app.results.controller import ResultsController


def grabbed(view: PictureView) -> QImage:
    """The view as it is."""
    return view.grab().toImage()


def test_layers_come_and_go(controller: ResultsController, qtbot: QtBot) -> None:
    view = PictureView(controller)
    qtbot.addWidget(view)
    view.resize(900, 600)
    assert share_of(grabbed(view), COLOURS["room"], 5) > 0.9
    controller.refresh()
    qtbot.waitUntil(lambda: controller.shown.image is not None, timeout=30_000)
    controller.choose_reading("reading-000001")
    both = grabbed(view)
    assert share_of(both, SKY, 40) > 0.001
    assert share_of(both.copy(700, 0, 200, 60), COLOURS["amber"], 60) > 0.01
    controller.choose_layers(scanpath=False, attention=False, opacity=0.5)
    bare = grabbed(view)
    assert share_of(bare, SKY, 40) == 0
    controller.choose_layers(scanpath=False, attention=True, opacity=0.2)
    faint = grabbed(view)
    controller.choose_layers(scanpath=False, attention=True, opacity=1.0)
    assert len({rgb(image).tobytes() for image in (bare, faint, grabbed(view))}) == 3


def test_the_quality_page_fills_the_view(controller: ResultsController, qtbot: QtBot) -> None:
    view = PictureView(controller)
    qtbot.addWidget(view)
    view.resize(960, 540)
    controller.refresh()
    controller.choose_view("session")
    page = grabbed(view)
    assert share_of(page, COLOURS["surface"], 3) > 0.3
    qtbot.wait(300)
