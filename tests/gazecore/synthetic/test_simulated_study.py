"""A study of many simulated sittings, and its analysis."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from gazecore.analysis import AnalysisSettings, Execution, analyse_study
from gazecore.recording import read
from gazecore.synthetic.simulated_study import (
    SimulatedSittings,
    add_sittings,
    make_simulated_study,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gazecore.study import Study

BRIEF = AnalysisSettings(robustness=False)
WANTED = SimulatedSittings(sittings=12, seconds=6.0, cases=4, readers=3)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Study]:
    """Twelve sittings of two readings each."""
    with make_simulated_study(tmp_path_factory.mktemp("many") / "study", WANTED) as made:
        yield made


def test_recordings_are_sound_and_of_their_rate(study: Study) -> None:
    first, last = (
        read(study.session(f"session-{number:04d}").recording_path) for number in (1, 12)
    )
    for recording in (first, last):
        assert recording.damage.sound
        assert recording.simulated
        assert len(recording.gaze()) == 720
    assert (first.gaze().left_xy_norm != last.gaze().left_xy_norm).any()


def test_all_are_analysed_side_by_side(study: Study) -> None:
    report = analyse_study(study, BRIEF, how=Execution(jobs=2))
    assert report.problems == ()
    assert (report.sessions, report.readings, report.cases) == (12, 24, 4)
    assert report.usable_readings == 24
    assert report.samples == 12 * 720
    quality = pl.read_parquet(study.derivatives / "quality.parquet")
    assert quality["on_image_share"].min() > 0.5  # type: ignore[operator]


def test_further_sittings_are_all_that_is_made(study: Study) -> None:
    analyse_study(study, BRIEF)
    add_sittings(study, SimulatedSittings(sittings=1, seconds=6.0, cases=4, readers=3))
    report = analyse_study(study, BRIEF)
    assert (report.made, report.sessions) == (1, 13)


def test_the_same_seed_gives_the_same_gaze(tmp_path: Path) -> None:
    wanted = SimulatedSittings(sittings=1, seconds=4.0, cases=2, readers=1)
    samples = []
    for name in ("a", "b"):
        with make_simulated_study(tmp_path / name, wanted) as made:
            samples.append(read(made.session("session-0001").recording_path).gaze())
    assert (samples[0].left_xy_norm[:240] == samples[1].left_xy_norm[:240]).mean() > 0.8
    assert samples[0].t_s.tolist() == samples[1].t_s.tolist()
