"""A viewport with a case open, without a window, and what it said."""

from __future__ import annotations

import zlib
from dataclasses import replace
from typing import Any

from app.reading.frame import FrameRenderer
from app.reading.shown_case import ShownCase
from app.reading.viewport_controller import ViewportController
from gazecore.dicom import XrayImage
from gazecore.dicom.overlays import OverlayPlane

PLACE = (0.0, 0.0, 900.0, 600.0)


def with_spacing(image: XrayImage) -> XrayImage:
    header = replace(image.header(), spacing_mm=(0.5, 0.5), spacing_source="at detector")
    return XrayImage.from_header(header, image.stored)


def opened(
    image: XrayImage, locked: frozenset[str] = frozenset()
) -> tuple[ViewportController, list[Any]]:
    controller = ViewportController()
    said: list[Any] = []
    controller.viewport_changed.connect(said.append)
    controller.frame_shown.connect(said.append)
    controller.place(PLACE, 1.0)
    controller.begin_session(locked)
    controller.open(ShownCase(FrameRenderer(image), "reading-000001", "case-0001"))
    return controller, said


def overlaid_image(image: XrayImage) -> XrayImage:
    plane = OverlayPlane(
        group=0x6000, kind="G", rows=1, columns=8, origin_px=(0, 0), deflated=zlib.compress(b"\xff")
    )
    return XrayImage.from_header(replace(image.header(), overlays=(plane,)), image.stored)
