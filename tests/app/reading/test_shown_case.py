"""A case opens through its window and with its planes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from app.reading.frame import FrameRenderer
from app.reading.shown_case import ShownCase
from app.reading.viewport_controller import ViewportController
from gazecore.dicom import Window, XrayImage, open_image
from tests.app.conftest import gray_image, write_png
from tests.app.reading.opened_viewport import PLACE, opened, overlaid_image

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def image(tmp_path: Path) -> XrayImage:
    return open_image(write_png(tmp_path / "a.png", gray_image(1)))


def test_a_viewport_opens_through_the_window_it_is_given(image: XrayImage) -> None:
    controller = ViewportController(2)
    said: list[Any] = []
    controller.viewport_changed.connect(said.append)
    controller.place(PLACE, 1.0)
    window = Window(60.0, 20.0)
    controller.open(ShownCase(FrameRenderer(image), "reading-000001", "case-0001", window))
    assert (said[0].viewport, said[0].window.center) == (2, 60.0)
    controller.use("auto_window")
    controller.use("restart")
    assert said[-1].window.center == 60.0


def test_overlay_planes_from_the_start_and_an_image_without(image: XrayImage) -> None:
    controller, said = opened(image)
    notices: list[str] = []
    controller.notice_made.connect(notices.append)
    controller.use("image_overlays")
    assert notices == ["This image has no overlays."]
    for each, is_shown in ((overlaid_image(image), True), (image, False)):
        renderer = FrameRenderer(each)
        controller.open(ShownCase(renderer, "reading-1", "case-1", image_overlays=True))
        assert said[-1].image_overlays is is_shown
