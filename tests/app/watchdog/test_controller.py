from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING

import psutil
import pytest

from app.watchdog.controller import WatchdogController
from app.watchdog.viewmodel import Seen
from gazecore.live_gaze import LiveGaze
from gazecore.lsl import clock_s
from gazecore.messages import AnyMarker, FaultFound
from gazecore.processes import focusstation_command, start_detached

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

WAIT_MS = 20_000


@contextmanager
def tracker(log: Path, name: str, *arguments: str) -> Iterator[psutil.Process]:
    command = focusstation_command("tracker", "simulated", "--name", name, "--rate", "120")
    started = start_detached([*command, *arguments], log=log)
    try:
        yield psutil.Process(started.pid)
    finally:
        started.kill()
        started.wait(10)


@contextmanager
def watching(
    live: LiveGaze, qtbot: QtBot, published: list[AnyMarker]
) -> Iterator[WatchdogController]:
    with live:
        qtbot.waitUntil(lambda: live.status().samples > 10, timeout=WAIT_MS)
        watchdog = WatchdogController(live, published.append, Seen, eyes_lost_notice_s=0.6)
        watchdog.set_active(True)
        yield watchdog
        watchdog.set_active(False)


def test_silence_is_told_within_a_second_and_its_end_too(
    qtbot: QtBot, lsl_session: str, tmp_path: Path
) -> None:
    del lsl_session
    published: list[AnyMarker] = []
    with (
        tracker(tmp_path / "log", "Watched gaze") as process,
        watching(LiveGaze("Watched gaze"), qtbot, published) as watchdog,
    ):
        qtbot.waitUntil(lambda: watchdog.alerts == (), timeout=WAIT_MS)
        process.suspend()
        stopped_s = clock_s()
        qtbot.waitUntil(lambda: len(watchdog.alerts) == 1, timeout=WAIT_MS)
        assert clock_s() - stopped_s < 1.5  # .8 s on an idle machine
        assert watchdog.alerts[0].kind == "gaze_silent"
        process.resume()
        qtbot.waitUntil(lambda: watchdog.alerts == (), timeout=WAIT_MS)
    details = [m.detail for m in published if isinstance(m, FaultFound)]
    assert details[-2:] == [
        "no gaze arrives from the tracker",
        "over: no gaze arrives from the tracker",
    ]


def test_samples_without_an_eye_are_asked_about_gently(
    qtbot: QtBot, lsl_session: str, tmp_path: Path
) -> None:
    del lsl_session
    faults = tmp_path / "faults.json"
    lost = {"kind": "lost", "at_s": 3.0, "seconds": 600}
    faults.write_text(json.dumps({"schema_version": 1, "faults": [lost]}))
    published: list[AnyMarker] = []
    with (
        tracker(tmp_path / "log", "Lost gaze", "--faults", str(faults)),
        watching(LiveGaze("Lost gaze"), qtbot, published) as watchdog,
    ):
        qtbot.waitUntil(
            lambda: [alert.kind for alert in watchdog.alerts] == ["eyes_lost"], timeout=WAIT_MS
        )
        assert not watchdog.alerts[0].is_urgent


def test_a_watchdog_at_rest_says_nothing(qtbot: QtBot) -> None:
    del qtbot
    watchdog = WatchdogController(LiveGaze("Nobody's gaze"), lambda _marker: None, Seen)
    watchdog.look_soon()
    assert watchdog.alerts == ()


def test_what_others_know_is_told(qtbot: QtBot) -> None:
    known = [Seen(recorder_problem="the recorder stopped")]
    watchdog = WatchdogController(LiveGaze("Nobody's gaze"), lambda _marker: None, lambda: known[0])
    with qtbot.waitSignal(watchdog.alerts_changed, timeout=WAIT_MS) as changed:
        watchdog.set_active(True)
    assert changed.args is not None
    assert changed.args[0][0].text == "the recorder stopped"
    known[0] = Seen(gaze_age_s=0.0)
    with qtbot.waitSignal(watchdog.alerts_changed, timeout=WAIT_MS) as changed:
        watchdog.look_soon()
    assert changed.args == [()]
    watchdog.set_active(False)


@pytest.mark.parametrize("age_s", [0.0, 5.0])
def test_the_recorders_word_counts_where_gaze_cannot_be_read_here(
    qtbot: QtBot, age_s: float
) -> None:
    del qtbot
    watchdog = WatchdogController(
        LiveGaze("Nobody's gaze"), lambda _marker: None, lambda: Seen(gaze_age_s=age_s)
    )
    watchdog.set_active(True)
    assert bool(watchdog.alerts) is (age_s > 1.0)
    watchdog.set_active(False)
