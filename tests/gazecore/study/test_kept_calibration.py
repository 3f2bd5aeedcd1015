"""Calibrations lie with their session and come back to the same reader, tracker and screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gazecore.errors import UnwritablePathError
from gazecore.messages import CalibratedTarget, ScreenState
from gazecore.study import Study
from gazecore.study.kept_calibration import (
    KeptCalibration,
    TrackerIdentity,
    keep_calibration,
    last_calibration,
    read_calibration,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TRACKER = TrackerIdentity(driver="tobii", model="Fake", serial_number="A1")
SCREEN = ScreenState(width_px=1920, height_px=1080, width_mm=600, height_mm=340, distance_mm=650)


def kept(session_id: str, reader_id: str, data: bytes = b"\x00raw\xff") -> KeptCalibration:
    return KeptCalibration.of(
        data,
        session_id=session_id,
        reader_id=reader_id,
        tracker=TRACKER,
        screen=SCREEN,
        targets=(CalibratedTarget(x_norm=0.5, y_norm=0.5, samples=9),),
    )


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    with Study.create(tmp_path / "study") as made:
        made.add_reader("r1")
        made.add_reader("r2")
        yield made


def test_files_are_numbered_and_never_changed(study: Study) -> None:
    session = study.start_session("r1").session_id
    first = keep_calibration(study.recordings, kept(session, "r1"))
    second = keep_calibration(study.recordings, kept(session, "r1", b"two"))
    assert [first.name, second.name] == [
        "session-0001.calibration.1.json",
        "session-0001.calibration.2.json",
    ]
    assert not first.stat().st_mode & 0o222
    found = read_calibration(first)
    assert found is not None
    assert (found.data, found.session_id) == (b"\x00raw\xff", session)
    assert found.made_utc
    assert study.start_session("r1").session_id == "session-0002"


def test_the_newest_of_this_reader_tracker_and_screen(study: Study) -> None:
    one, two, three = (study.start_session(reader).session_id for reader in ("r1", "r1", "r2"))
    for number in range(11):
        keep_calibration(study.recordings, kept(one, "r1", str(number).encode()))
    keep_calibration(study.recordings, kept(three, "r2", b"other reader"))
    found = last_calibration(study, "r1", TRACKER, SCREEN)
    assert found is not None
    assert found.data == b"10"
    (study.recordings / f"{two}.calibration.1.json").write_text("{}")
    assert last_calibration(study, "r1", TRACKER, SCREEN) == found
    other = TRACKER.model_copy(update={"serial_number": "B2"})
    assert last_calibration(study, "r1", other, SCREEN) is None
    wider = SCREEN.model_copy(update={"width_mm": 601})
    assert last_calibration(study, "r1", TRACKER, wider) is None


def test_a_folder_that_takes_nothing_says_so(tmp_path: Path) -> None:
    with pytest.raises(UnwritablePathError, match="make room"):
        keep_calibration(tmp_path / "nowhere", kept("session-0001", "r1"))
