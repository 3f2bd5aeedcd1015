from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from app.reading.overlays import (
    EdgeLetters,
    badge_lines,
    edge_letters,
    scale_bar,
    view_lines,
    window_lines,
)
from app.reading.viewport_state import ViewportState
from gazecore.dicom import Window, XrayImage
from gazecore.dicom.badges import Badge
from gazecore.dicom.image import NamedWindow
from gazecore.display.correction import DisplayCorrection

SOFT = Window(500.0, 300.0)
LUT = Window(512.0, 1024.0, voi_index=0)


def an_image(**changes: object) -> XrayImage:
    values: dict[str, object] = {
        "bits_stored": 12,
        "default_window": SOFT,
        "windows": (NamedWindow("SOFT", SOFT), NamedWindow("HARDER", LUT)),
        "patient_orientation": ("L", "F"),
        "modality": "DX",
        "view_position": "PA",
        "laterality": "R",
    }
    stored = np.zeros((50, 40), dtype=np.uint16)
    return XrayImage(stored=stored, **{**values, **changes})  # type: ignore[arg-type]


STATE = ViewportState(40, 50, (0.0, 0.0, 1000.0, 500.0), SOFT, SOFT, zoom=2.0)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (STATE, EdgeLetters("R", "L", "H", "F")),
        (STATE.rotated(1), EdgeLetters("F", "H", "R", "L")),
        (STATE.rotated(-1), EdgeLetters("H", "F", "L", "R")),
        (STATE.rotated(2), EdgeLetters("L", "R", "F", "H")),
        (STATE.flipped(across_x=True), EdgeLetters("L", "R", "H", "F")),
        (STATE.flipped(across_y=True), EdgeLetters("R", "L", "F", "H")),
        (STATE.rotated(1).flipped(across_x=True), EdgeLetters("H", "F", "R", "L")),
    ],
)
def test_letters_follow_what_is_done_to_the_image(
    state: ViewportState, expected: EdgeLetters
) -> None:
    assert edge_letters(an_image(), state) == expected


def test_oblique_letters_turn_whole_and_unknown_ones_are_left_out() -> None:
    oblique = an_image(patient_orientation=("AL", "FP"))
    assert edge_letters(oblique, STATE.rotated(1)) == EdgeLetters("FP", "HA", "PR", "AL")
    assert edge_letters(an_image(patient_orientation=("", "")), STATE) == EdgeLetters()


@pytest.mark.parametrize(
    ("spacing", "source", "zoom", "length_px", "label"),
    [
        # at most 160 px: 50 mm of 0.5 mm at zoom 1 are 100 px, 100 mm would be 200
        ((0.5, 0.5), "fiducial", 1.0, 100.0, "5 cm  fiducial"),
        ((0.5, 0.5), "calibrated", 8.0, 160.0, "1 cm  calibrated"),
        ((0.5, 0.5), "at detector", 12.0, 120.0, "5 mm  at detector"),
        ((0.5, 0.5), "unspecified", 2.0, 80.0, "2 cm  uncalibrated"),
        ((1.0, 0.5), "ERMF", 1.0, 100.0, "5 cm  ERMF"),
        (None, "none", 2.0, 100.0, "50 px"),
        (None, "none", 400.0, 400.0, "1 px"),
    ],
)
def test_the_scale_bar_in_closed_form(
    spacing: tuple[float, float] | None, source: str, zoom: float, length_px: float, label: str
) -> None:
    image = an_image(spacing_mm=spacing, spacing_source=source)
    bar = scale_bar(image, replace(STATE, zoom=zoom))
    assert bar.length_px == pytest.approx(length_px)
    assert bar.label == label


def test_the_window_is_named_while_it_is_the_files() -> None:
    image = an_image()
    assert window_lines(image, STATE) == ("SOFT", "C 500  W 300", "200 %")
    assert window_lines(image, STATE.inverted())[0] == "SOFT  inverted"
    assert window_lines(image, replace(STATE, white_level=90))[0] == "SOFT  dimmed"
    assert window_lines(image, STATE.windowed(LUT)) == ("HARDER", "200 %")
    assert window_lines(image, STATE.windowed(Window(1.0, 2.0))) == ("C 1  W 2", "200 %")
    assert window_lines(image, STATE.windowed(Window(1.04, 2.5)))[0] == "C 1.0  W 2.5"


def test_free_text_of_the_file_is_never_written_over_the_image() -> None:
    image = an_image(
        windows=(NamedWindow("DOE^JOHN fracture", SOFT),), modality="DOE", view_position="JOHN"
    )
    shown = (*window_lines(image, STATE), *view_lines(image), *badge_lines(image))
    assert shown == ("window 1", "C 500  W 300", "200 %", "right")


def test_corners_say_view_and_side() -> None:
    assert view_lines(an_image()) == ("DX PA", "right")
    assert view_lines(an_image(modality="", view_position="", laterality="")) == ()


def test_many_badges_are_counted() -> None:
    assert badge_lines(an_image()) == ()
    badges = tuple(Badge("window", f"remark {number}") for number in range(6))
    assert badge_lines(an_image(simulated=True, badges=badges[:2])) == (
        "simulated",
        "remark 0",
        "remark 1",
    )
    corrected = replace(STATE, correction=DisplayCorrection("left screen", bytes(range(256))))
    assert badge_lines(an_image(), corrected) == ("display correction on: left screen",)
    assert badge_lines(an_image(badges=badges)) == (
        *(f"remark {number}" for number in range(4)),
        "and 2 more",
    )


def test_a_color_image_names_no_window() -> None:
    image = an_image(is_color=True, windows=())
    assert window_lines(image, STATE) == ("color", "200 %")
    assert window_lines(image, STATE.inverted()) == ("color  inverted", "200 %")


def test_which_frame_is_shown_stands_in_the_corner_once() -> None:
    badge = Badge("frames", "frame 3 of 20")
    image = an_image(frame=2, frames=20, badges=(badge,), laterality="")
    assert view_lines(image) == ("DX PA", "frame 3 of 20")
    assert badge_lines(image) == ()
    assert badge_lines(an_image(badges=(Badge("frames", "first page of several"),))) == (
        "first page of several",
    )
