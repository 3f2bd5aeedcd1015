"""A simulated tracker in its own process, as the station starts it."""

from __future__ import annotations

import json
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from app.calibration.controller import CalibrationController
from app.calibration.plan import CalibrationPlan
from app.calibration.targets import Pace
from gazecore.control import Answer, ControlClient
from gazecore.errors import ControlError
from gazecore.geometry import Screen
from gazecore.live_gaze import LiveGaze
from gazecore.lsl import clock_s
from gazecore.marker_outlet import MarkerOutlet
from gazecore.messages import TargetShown
from gazecore.processes import focusstation_command, start_detached
from gazecore.samples import gaze_point
from gazecore.study.protocol import Calibration

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from gazecore.messages import AnyMarker

SCREEN = Screen(1920, 1080, 597.7, 336.2, 650)
STREAM = "calibrated gaze"


QUICK = Pace(0.001, 0.001, 0.001, 0.001, 0.03)


class Refusing:
    """Answers of a tracker that refuses some commands, in the order they were asked."""

    def __init__(self, **refusals: int) -> None:
        self.refusals = refusals
        self.asked: list[str] = []
        self.answer: Answer = {"succeeded": True, "points": []}
        self.answers: dict[str, Answer] = {}

    def __call__(self, command: str, /, **arguments: Any) -> Future[Answer]:
        self.asked.append(command)
        future: Future[Answer] = Future()
        if self.refusals.get(command, 0) > 0:
            self.refusals[command] -= 1
            future.set_exception(ControlError(f"refused: {command}"))
        elif command == "calibration_compute":
            future.set_result(self.answer)
        else:
            future.set_result(self.answers.get(command, {}))
        return future


@dataclass
class Bench:
    """The tracker's client, its gaze, the markers sent so far, and the controller between."""

    client: ControlClient
    outlet: MarkerOutlet
    live: LiveGaze
    worker: ThreadPoolExecutor
    sent: list[AnyMarker] = field(default_factory=list)

    def call(self, command: str, /, **arguments: Any) -> Future[Answer]:
        return self.worker.submit(lambda: self.client.call(command, **arguments))

    def publish(self, marker: AnyMarker) -> None:
        self.sent.append(marker)
        self.outlet.publish(marker)

    def wait_until_followed(self, qtbot: QtBot, x_norm: float = 0.25, y_norm: float = 0.25) -> None:
        """Show a target until the simulated reader, who may still look for us, looks at it."""

        def is_followed() -> bool:
            self.outlet.publish(
                TargetShown(t_s=clock_s(), purpose="drift", x_norm=x_norm, y_norm=y_norm)
            )
            xy_norm = gaze_point(self.live.last(0.3))[0]
            far = np.abs(xy_norm - [x_norm, y_norm])
            return len(far) > 10 and bool((far < 0.1).all())

        qtbot.waitUntil(is_followed, timeout=20000)

    def controller(
        self, settings: Calibration | None = None, *, pace: Pace | None = None
    ) -> CalibrationController:
        return CalibrationController(
            call_tracker=self.call,
            publish=self.publish,
            live=self.live,
            plan=CalibrationPlan(settings or Calibration(), SCREEN, fit_zoom=0.5),
            pace=pace or Pace(settle_s=0.5, measure_s=0.4, between_s=0.02),
        )


@pytest.fixture
def make_bench(tmp_path: Path, lsl_session: str) -> Iterator[Callable[..., Bench]]:
    """Make a tracker whose gaze is about two degrees off until it is calibrated."""
    del lsl_session
    with ExitStack() as stack:

        def make(faults: list[dict[str, object]] | None = None) -> Bench:
            endpoint, script = tmp_path / "tracker.json", tmp_path / "faults.json"
            script.write_text(json.dumps({"schema_version": 1, "faults": faults or []}))
            command = focusstation_command(
                *("tracker", "simulated", "--name", STREAM, "--control", str(endpoint)),
                *("--no-blinks", "--seed", "3", "--uncalibrated-deg", "2"),
                *("--faults", str(script)),
            )
            process = start_detached(command, log=tmp_path / "tracker.log")
            stack.callback(process.wait, 20)
            stack.callback(process.terminate)
            client = ControlClient.connect(endpoint, 20.0)
            stack.callback(client.close)
            outlet = MarkerOutlet("calibration test")
            stack.callback(outlet.close)
            live = stack.enter_context(LiveGaze(STREAM))
            return Bench(client, outlet, live, stack.enter_context(ThreadPoolExecutor(1)))

        yield make


@pytest.fixture
def bench(make_bench: Callable[..., Bench]) -> Bench:
    """A tracker without faults."""
    return make_bench()
