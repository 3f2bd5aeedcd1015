from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import imagecodecs
import numpy as np
import psutil
from PySide6.QtCore import Qt, QTimer

from app.reading.image_source import ImageSource
from gazecore.dicom.decoder import TIMEOUT_S, Decoder

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

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


def test_another_order_drops_what_was_foreseen(
    qtbot: QtBot, small_study: Study, shared_decoder: Decoder
) -> None:
    source = ImageSource(shared_decoder)
    first, second, third = small_study.cases()
    source.prefetch(first)
    source.prefetch(second)
    dropped = source._requests[second.case_id]
    source.prefetch(third)
    assert dropped.cancelled() or dropped.running() or dropped.done()
    assert list(source._futures) == [third.case_id]
    with qtbot.waitSignal(source.image_ready, timeout=20_000) as ready:
        source.want(second)
    assert ready.args is not None
    assert ready.args[0] == second.case_id
    assert not source._futures
    source.prefetch(first)
    source.forget()
    assert not source._futures
    assert not source._requests


def test_a_wanted_image_does_not_wait_for_a_hostile_one(qtbot: QtBot, small_study: Study) -> None:
    hostile, wanted, _ = small_study.cases()
    with Decoder() as decoder:
        source = ImageSource(decoder)
        with qtbot.waitSignal(source.image_ready, timeout=20_000):
            source.want(wanted)
        assert decoder._child is not None
        psutil.Process(decoder._child._process.pid).suspend()
        source.prefetch(hostile)
        qtbot.waitUntil(source._requests[hostile.case_id].running, timeout=20_000)
        started = time.monotonic()
        with qtbot.waitSignal(source.image_ready, timeout=20_000) as ready:
            source.want(wanted)
        assert ready.args is not None
        assert ready.args[0] == wanted.case_id
        assert time.monotonic() - started < TIMEOUT_S / 2


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


def test_the_event_loop_goes_on_while_a_large_image_is_fetched_ahead(
    qtbot: QtBot, small_study: Study, shared_decoder: Decoder, tmp_path: Path
) -> None:
    path = tmp_path / "large.png"
    noise = np.random.default_rng(0).integers(0, 4096, (3000, 2400)).astype(np.uint16)
    path.write_bytes(imagecodecs.png_encode(noise))
    gaps_s, taken_s = [], []
    for number in range(3):
        source = ImageSource(shared_decoder)
        case = replace(small_study.cases()[0], case_id=f"large-{number}", path=path)
        beats = [time.perf_counter()]
        timer = QTimer()
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.timeout.connect(lambda beats=beats: beats.append(time.perf_counter()))
        timer.start(1)
        source.prefetch(case)
        qtbot.waitUntil(source._futures[case.case_id].done, timeout=20_000)
        timer.stop()
        gaps_s.append(float(np.diff(beats).max()))
        taken_s.append(beats[-1] - beats[0])
    # the bar of 15 ms is the benchmark's; here the machine may be busy
    assert min(gaps_s) < 0.06, (gaps_s, taken_s)
    assert min(taken_s) > 3 * min(gaps_s)
