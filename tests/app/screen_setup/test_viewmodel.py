from __future__ import annotations

import pytest

from app.screen_setup.viewmodel import CARD_MM, SizeCheck, compared, state_of
from gazecore.screens import ScreenFingerprint
from gazecore.study.protocol import ScreenSettings
from gazecore.study.screens import ScreenRecord

SCREEN = ScreenFingerprint(
    name="DP-1", width_px=1920, height_px=1200, width_mm=480.0, height_mm=300.0, x=-1920
)


def test_the_outline_begins_as_large_as_the_display_claims() -> None:
    check = SizeCheck.begin(SCREEN, None)
    assert check.outline_px == (round(85.60 * 4), round(53.98 * 4))
    assert check.size_mm == pytest.approx((480.0, 300.0), rel=0.005)
    assert not check.is_done


def test_an_outline_that_fits_the_card_gives_the_true_size() -> None:
    true_mm = (518.4, 324.0)
    check = SizeCheck.begin(SCREEN, None)
    wanted = [px * held / mm for px, held, mm in zip((1920, 1200), CARD_MM, true_mm, strict=True)]
    for axis, k in (("x", 0), ("y", 1)):
        check = check.resized(axis, round(wanted[k]) - check.outline_px[k])  # type: ignore[arg-type]
    assert check.is_done
    assert check.size_mm == pytest.approx(true_mm, rel=0.004)


def test_both_axes_are_looked_at() -> None:
    check = SizeCheck.begin(SCREEN, None).resized("x", 1)
    assert check.is_fitted == (True, False)
    assert check.confirmed().is_done


def test_the_outline_stays_on_the_screen() -> None:
    check = SizeCheck.begin(SCREEN, None)
    assert check.resized("x", -1e6).outline_px[0] == 40
    assert check.resized("y", 1e6).outline_px[1] == pytest.approx(1080)


def test_a_ruler_is_longer_than_a_card() -> None:
    card = SizeCheck.begin(SCREEN, (480.0, 300.0))
    ruler = SizeCheck.begin(SCREEN, (480.0, 300.0), "ruler")
    assert ruler.outline_px[0] > card.outline_px[0]
    assert ruler.size_mm == pytest.approx((480.0, 300.0), rel=0.005)


def test_a_display_that_claims_no_size_begins_at_a_usual_one() -> None:
    check = SizeCheck.begin(ScreenFingerprint(width_px=1920, height_px=1080), None)
    assert check.size_mm == pytest.approx((508.0, 285.75), rel=0.01)


def test_others_are_told_when_they_are_more_than_a_twentieth_off() -> None:
    near, far, silent = compared(
        (500.0, 300.0), {"display": (510.0, 300.0), "protocol": (600.0, 300.0), "tracker": None}
    )
    assert (near.differs, far.differs, silent.differs) == (False, True, False)
    assert far.sentence() == "protocol: 600 x 300 mm, +20.0 %"
    assert silent.sentence() == "tracker: says nothing"


def test_measured_millimetres_go_before_the_protocols() -> None:
    protocol = ScreenSettings(width_mm=600, height_mm=340, distance_mm=650)
    plain = state_of(SCREEN, None, protocol)
    assert (plain.width_mm, plain.height_mm, plain.distance_mm) == (600, 340, 650)
    assert (plain.size_method, plain.claimed_width_mm, plain.x) == ("", 480.0, -1920)
    record = ScreenRecord(fingerprint=SCREEN, width_mm=518, height_mm=324, size_method="card")
    measured = state_of(SCREEN, record, protocol)
    assert (measured.width_mm, measured.height_mm, measured.distance_mm) == (518, 324, 650)
    assert measured.size_method == "card"
    assert (measured.width_px, measured.height_px) == (1920, 1200)
    only_distance = ScreenRecord(fingerprint=SCREEN, distance_mm=720)
    assert state_of(SCREEN, only_distance, protocol).width_mm == 600
    assert state_of(SCREEN, only_distance, protocol).distance_mm == 720
