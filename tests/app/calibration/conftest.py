"""A simulated tracker in its own process, as the station starts it."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from app.calibration.controller import CalibrationController
from app.calibration.plan import CalibrationPlan
from app.calibration.targets import Pace
from gazecore.control import Answer, ControlClient
from gazecore.errors import ControlError
from gazecore.geometry import Screen
from gazecore.live_gaze import LiveGaze
from gazecore.marker_outlet import MarkerOutlet
from gazecore.processes import focusstation_command, start_detached
from gazecore.study.protocol import Calibration

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

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

    def controller(self, settings: Calibration | None = None) -> CalibrationController:
        return CalibrationController(
            call_tracker=self.call,
            publish=self.publish,
            live=self.live,
            plan=CalibrationPlan(settings or Calibration(), SCREEN, fit_zoom=0.5),
            pace=Pace(settle_s=0.5, measure_s=0.4, between_s=0.02),
        )


@pytest.fixture
def bench(tmp_path: Path, lsl_session: str) -> Iterator[Bench]:
    """A tracker whose gaze is about two degrees off until it is calibrated."""
    endpoint = tmp_path / "tracker.json"
    command = focusstation_command(
        *("tracker", "simulated", "--name", STREAM, "--control", str(endpoint), "--no-blinks"),
        *("--seed", "3", "--uncalibrated-deg", "2"),
    )
    process = start_detached(command, log=tmp_path / "tracker.log")
    try:
        client = ControlClient.connect(endpoint, 20.0)
        outlet = MarkerOutlet("calibration test")
        with LiveGaze(STREAM) as live, ThreadPoolExecutor(1) as worker:
            yield Bench(client, outlet, live, worker)
        outlet.close()
        client.close()
    finally:
        process.terminate()
        process.wait(20)
