"""The grey of a study's cases, found by the real decoder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.calibration.background import CaseGrey
from app.calibration.plan import DEFAULT_LEVEL
from gazecore.dicom import open_image
from gazecore.dicom.luminance import mean_luminance
from gazecore.display.screen_light import ScreenLight
from gazecore.study.background import background_level, read_background

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gazecore.dicom.decoder import Decoder
    from gazecore.study import Study


ROOM_PX = (1920.0, 1036.0)


def test_the_mean_over_the_cases_is_found_and_kept(
    qtbot: QtBot, small_study: Study, shared_decoder: Decoder
) -> None:
    grey = CaseGrey(small_study, shared_decoder, ROOM_PX)
    assert grey.level == DEFAULT_LEVEL
    with qtbot.waitSignal(grey.level_found, timeout=30000):
        grey.start()
    cases = small_study.cases()
    light = {case: mean_luminance(open_image(case.path)) for case in cases}
    assert grey.level == pytest.approx(background_level(light, ROOM_PX, ScreenLight()))
    assert 0 < grey.level < 120
    assert read_background(small_study.derivatives, cases, ROOM_PX, ScreenLight()) == grey.level
    again = CaseGrey(small_study, shared_decoder, ROOM_PX)
    with qtbot.waitSignal(again.level_found, timeout=500):
        again.start()
    assert again.level == grey.level


def test_a_file_that_cannot_be_shown_is_passed_over(
    qtbot: QtBot, small_study: Study, shared_decoder: Decoder
) -> None:
    first, *others = small_study.cases()
    first.path.chmod(0o644)
    first.path.write_bytes(b"no image any more")
    grey = CaseGrey(small_study, shared_decoder, ROOM_PX)
    with qtbot.waitSignal(grey.level_found, timeout=30000):
        grey.start()
    light = {case: mean_luminance(open_image(case.path)) for case in others}
    assert grey.level == pytest.approx(background_level(light, ROOM_PX, ScreenLight()))


def test_the_protocol_can_fix_it(qtbot: QtBot, small_study: Study, shared_decoder: Decoder) -> None:
    protocol = small_study.protocol
    fixed = protocol.calibration.model_copy(update={"background_level": 77})
    small_study.set_protocol(protocol.model_copy(update={"calibration": fixed}))
    grey = CaseGrey(small_study, shared_decoder, ROOM_PX)
    assert grey.level == 77
    with qtbot.assertNotEmitted(grey.level_found, wait=50):
        grey.start()


def test_it_is_never_brighter_than_the_limit(
    qtbot: QtBot, small_study: Study, shared_decoder: Decoder
) -> None:
    protocol = small_study.protocol
    fixed = protocol.calibration.model_copy(update={"background_level": 250})
    dark = ScreenLight(0.002)
    grey = CaseGrey(small_study, shared_decoder, ROOM_PX, lambda: dark)
    with qtbot.waitSignal(grey.level_found, timeout=30000):
        grey.start()
    assert (grey.level / 255) ** 2.2 <= 0.00201
    assert CaseGrey(small_study, shared_decoder, ROOM_PX, lambda: dark).level < DEFAULT_LEVEL
    small_study.set_protocol(protocol.model_copy(update={"calibration": fixed}))
    limited = CaseGrey(small_study, shared_decoder, ROOM_PX, lambda: ScreenLight(0.4))
    assert limited.level == pytest.approx(168.1, abs=0.1)


def test_nothing_is_told_once_it_is_closed(
    qtbot: QtBot, small_study: Study, shared_decoder: Decoder
) -> None:
    grey = CaseGrey(small_study, shared_decoder, ROOM_PX)
    grey.start()
    grey.close()
    with qtbot.assertNotEmitted(grey.level_found, wait=300):
        pass
