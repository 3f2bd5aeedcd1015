"""Sheets show the image, what lies over it, and what it is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QRectF

from app.pictures.canvas import SHEET_PX
from app.pictures.case_image import CaseImage
from app.pictures.colours import SKY
from app.pictures.reading_sheets import About, attention_sheet, scanpath_sheet
from app.pictures.scanpath import Scanpath
from app.shared.theme import COLOURS
from gazecore.dicom import open_image
from tests.app.analysed import HEIGHT_PX, WIDTH_PX
from tests.app.pictures.pixels import rgb, share_of

if TYPE_CHECKING:
    from pathlib import Path

    from app.pictures.results import StudyResults

ABOUT = About("Scanpath", ("case-0001 · r1",), simulated=True)


@pytest.fixture
def image(analysed_once: Path) -> CaseImage:
    return CaseImage(open_image(next((analysed_once / "cases").glob("case-0001.*"))))


def test_a_scanpath_lies_over_the_image_that_was_seen(
    results: StudyResults, image: CaseImage
) -> None:
    reading = results.of_case("case-0001")[0]
    path = Scanpath.of_reading(results.fixations(reading), WIDTH_PX, HEIGHT_PX)
    sheet = scanpath_sheet(image, path, ABOUT)
    assert sheet.size().toTuple() == SHEET_PX
    assert share_of(sheet, SKY, 40) > 0.001
    assert share_of(sheet.copy(1480, 30, 430, 60), COLOURS["amber"]) > 0.02
    area = image.fitted(QRectF(40, 40, 1420, 1000))
    bare = rgb(image.drawn(int(area.width()), int(area.height())))
    shown = rgb(sheet)[int(area.top()) :, int(area.left()) :][: len(bare), : bare.shape[1]]
    assert (shown == bare).all(axis=2).mean() > 0.8


def test_only_simulated_gaze_is_called_so(results: StudyResults, image: CaseImage) -> None:
    path = Scanpath.of_reading(
        results.fixations(results.of_case("case-0001")[0]), WIDTH_PX, HEIGHT_PX
    )
    sheet = scanpath_sheet(image, path, replace(ABOUT, simulated=False))
    assert share_of(sheet.copy(1480, 30, 430, 60), COLOURS["amber"]) == 0


def test_attention_with_its_scale_and_without_any(results: StudyResults, image: CaseImage) -> None:
    attention = results.attention(results.of_case("case-0001")[0])
    sheet = rgb(attention_sheet(image, attention, ABOUT)).astype(int)
    coloured = np.ptp(sheet[:, 40:1460], axis=2) > 40
    assert coloured.mean() > 0.002
    scale = np.ptp(sheet[:, 1480:], axis=2) > 60
    nothing = replace(attention, map=np.zeros_like(attention.map), used=0)
    bare = rgb(attention_sheet(image, nothing, replace(ABOUT, simulated=False))).astype(int)
    assert not (np.ptp(bare[:, 40:1460], axis=2) > 40).any()
    assert scale.sum() > 1000
    assert (np.ptp(bare[:, 1480:], axis=2) > 60).sum() < 100


def test_the_window_is_named(image: CaseImage) -> None:
    assert ABOUT.window_text == "image through its default window"
    window = image.default_window.model_copy(update={"center": 10.0, "width": 5.0, "invert": True})
    said = replace(ABOUT, window=window).window_text
    assert said == "image as last seen: center 10, width 5, inverted"
