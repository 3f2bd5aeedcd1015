"""A survey of real outlets in another process, each in the form of one in the wild."""

from __future__ import annotations

import contextlib
import subprocess
from typing import TYPE_CHECKING

import pytest

from gazecore.processes import child_environment, focusstation_command
from gazecore.stream_survey import SurveyedStream, survey

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

pytestmark = pytest.mark.usefixtures("lsl_session")


@contextlib.contextmanager
def simulated(profiles: Sequence[str]) -> Iterator[None]:
    """Trackers of other labs, simulated, each a process of its own."""
    processes = [
        subprocess.Popen(
            focusstation_command("tracker", "simulated", "--profile", name, "--rate", "100"),
            env=child_environment(),
            stdout=subprocess.DEVNULL,
        )
        for name in profiles
    ]
    try:
        yield
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(20)


def by_name(count: int) -> dict[str, SurveyedStream]:
    for _ in range(20):
        found = survey(0.5, measure_s=0.0)
        if len(found) == count:
            break
    return {stream.about.name: stream for stream in survey(1.0, measure_s=1.0)}


def test_outlets_of_the_wild_are_told_apart_and_their_rate_measured() -> None:
    with simulated(["app-tobiipro", "neon"]):
        found = by_name(2)
    tobii, neon = found["Tobii"], found["Simulated_Neon Gaze"]
    assert tobii.reading.standing == "known"
    assert tobii.about.true_rate_hz == 600
    assert tobii.rate_hz == pytest.approx(100, rel=0.15)
    assert neon.reading.standing == "refused"
    assert tobii.is_simulated
    assert tobii.has_answered


def test_without_streams_there_is_nothing() -> None:
    assert survey(0.2) == []
