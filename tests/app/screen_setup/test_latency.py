"""The whole measurement with a simulated photodiode in a process of its own, over real LSL."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from app.screen_setup.latency import LatencyController, PatchPace
from app.screen_setup.widgets.patch_page import PatchPage
from gazecore.marker_outlet import MarkerOutlet
from gazecore.messages import AnyMarker, PatchToggled
from gazecore.processes import start_detached
from gazecore.sensor_stream import numeric_streams

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

WAIT_MS = 30_000
PACE = PatchPace(toggles=16, least_s=0.22, most_s=0.26, settle_s=0.5)
DELAY_S = 0.0375


@contextmanager
def photodiode(log: Path, name: str) -> Iterator[None]:
    command = [sys.executable, "-m", "gazecore.devices.simulated_photodiode", "--name", name]
    started = start_detached([*command, "--delay-s", str(DELAY_S)], log=log)
    try:
        yield
    finally:
        started.kill()
        started.wait(10)


def test_a_known_latency_is_found_within_two_milliseconds(
    qtbot: QtBot, lsl_session: str, tmp_path: Path
) -> None:
    del lsl_session
    sent: list[AnyMarker] = []
    with MarkerOutlet("latency-test") as outlet, photodiode(tmp_path / "log", "Diode"):

        def publish(marker: AnyMarker) -> None:
            sent.append(marker)
            outlet.publish(marker)

        controller = LatencyController(publish, PACE)
        page = PatchPage(controller)
        qtbot.addWidget(page)
        page.resize(400, 300)
        page.show()
        qtbot.waitUntil(lambda: "Diode" in numeric_streams(0.3), timeout=WAIT_MS)
        qtbot.waitUntil(outlet.has_readers, timeout=WAIT_MS)
        controller.ask("Diode", 60.0)
        assert sent == []
        with qtbot.waitSignal(controller.measured, timeout=WAIT_MS) as measured:
            controller.start()
        page.hide()
        controller.close()
    assert measured.args is not None
    latency = measured.args[0]
    assert latency.latency_s == pytest.approx(DELAY_S, abs=0.002)
    assert latency.spread_s < 0.002
    assert latency.edges >= 0.8 * PACE.toggles
    assert latency.simulated
    toggles = [marker for marker in sent if isinstance(marker, PatchToggled)]
    assert [t.serial for t in toggles] == list(range(1, PACE.toggles + 1))
    assert [t.is_light for t in toggles] == [k % 2 == 0 for k in range(PACE.toggles)]
    assert controller.phase == "idle"
    assert not controller.is_light


def test_without_a_sensor_it_says_what_is_needed(qtbot: QtBot, lsl_session: str) -> None:
    del lsl_session
    controller = LatencyController(lambda _marker: None, PACE)
    with qtbot.waitSignal(controller.failed) as failed:
        controller.ask("")
    assert failed.args is not None
    assert "photodiode is needed" in failed.args[0]
    controller.ask("Nobody's sensor")
    with qtbot.waitSignal(controller.failed, timeout=WAIT_MS) as failed:
        controller.start()
    assert failed.args is not None
    assert "Nobody's sensor" in failed.args[0]
    assert controller.phase == "idle"
    with qtbot.waitSignal(controller.sensors_found, timeout=WAIT_MS):
        controller.find_sensors()
    controller.close()


def test_nothing_flashes_before_the_operator_said_yes(qtbot: QtBot) -> None:
    del qtbot
    controller = LatencyController(lambda _marker: None, PACE)
    controller.start()
    assert controller.phase == "idle"
    controller.ask("Diode")
    assert (controller.phase, controller.is_light) == ("asking", False)
    controller.note_painted()
    controller.stop()
    assert controller.phase == "idle"
    controller.close()
