from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.reading.image_source import ImageSource

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from gazecore.dicom.decoder import Decoder
    from gazecore.study import Study


def test_a_wanted_image_arrives_and_a_prefetched_one_at_once(
    qtbot: QtBot, small_study: Study, shared_decoder: Decoder
) -> None:
    source = ImageSource(shared_decoder)
    first, second, _ = small_study.cases()
    with qtbot.waitSignal(source.image_ready, timeout=20_000) as ready:
        source.want(first)
    assert ready.args is not None
    assert ready.args[0] == first.case_id
    assert ready.args[1].image.stored.shape == (240, 180)

    source.prefetch(second)
    future = source._futures[second.case_id]
    qtbot.waitUntil(future.done, timeout=20_000)
    arrived: list[str] = []
    source.image_ready.connect(lambda case_id, _image: arrived.append(case_id))
    source.want(second)
    assert arrived == [second.case_id]


def test_what_is_not_wanted_any_more_does_not_arrive(
    qtbot: QtBot, small_study: Study, shared_decoder: Decoder
) -> None:
    source = ImageSource(shared_decoder)
    first, second, _ = small_study.cases()
    arrived: list[str] = []
    source.image_ready.connect(lambda case_id, _image: arrived.append(case_id))
    source.want(first)
    with qtbot.waitSignal(source.image_ready, timeout=20_000):
        source.want(second)
    qtbot.wait(50)
    assert arrived == [second.case_id]


def test_a_damaged_image_fails_with_its_reason(
    qtbot: QtBot, small_study: Study, shared_decoder: Decoder, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.dcm"
    broken.write_text("this is no image")
    source = ImageSource(shared_decoder)
    case = replace(small_study.cases()[0], path=broken)
    with qtbot.waitSignal(source.image_failed, timeout=20_000) as failed:
        source.want(case)
    assert failed.args is not None
    assert failed.args[0] == case.case_id
    assert "broken.dcm" in failed.args[1]
