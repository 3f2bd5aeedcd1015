from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gazecore.errors import DamagedFileError, NewerSchemaError, ReadOnlyStudyError
from gazecore.screens import ScreenFingerprint
from gazecore.study import Study
from gazecore.study.screens import (
    SCREENS_FILE,
    MeasuredLatency,
    ScreenRecord,
    read_screens,
    record_for,
)

if TYPE_CHECKING:
    from pathlib import Path

LEFT = ScreenFingerprint(name="DP-1", width_px=1920, height_px=1200, x=-1920)
RIGHT = ScreenFingerprint(name="DP-2", width_px=2560, height_px=1440)
LATENCY = MeasuredLatency(
    latency_s=0.021,
    spread_s=0.001,
    edges=58,
    toggles=60,
    sensor="Photodiode",
    measured_utc="2026-01-01T00:00:00Z",
)


def test_records_come_back_and_the_latest_of_a_screen_counts(tmp_path: Path) -> None:
    first = ScreenRecord(fingerprint=LEFT, width_mm=518, height_mm=324, size_method="card")
    again = first.model_copy(update={"width_mm": 519.0, "latency": LATENCY})
    with Study.create(tmp_path / "study") as study:
        assert study.screen_record(LEFT) is None
        study.save_screen(first)
        study.save_screen(ScreenRecord(fingerprint=RIGHT, distance_mm=700))
        study.save_screen(again)
        assert study.screen_record(LEFT) == again
        assert [entry.action for entry in study.audit()].count("screen measured") == 3
    records = read_screens(tmp_path / "study")
    assert [record.fingerprint.name for record in records] == ["DP-2", "DP-1"]
    with Study.open(tmp_path / "study", read_only=True) as study:
        assert study.screen_record(LEFT) == again
        with pytest.raises(ReadOnlyStudyError):
            study.save_screen(first)


def test_a_screen_is_known_wherever_it_stands() -> None:
    record = ScreenRecord(fingerprint=LEFT)
    moved = ScreenFingerprint(name="DP-1", width_px=1920, height_px=1200, x=0, refresh_hz=75)
    assert record_for([record], moved) is record
    assert record_for([record], RIGHT) is None


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ("{", DamagedFileError),
        ("[]", DamagedFileError),
        (
            '{"schema_version": 1, "screens": [{"fingerprint": {}, "width_mm": -1}]}',
            DamagedFileError,
        ),
        ('{"schema_version": 2, "screens": [], "more": 1}', NewerSchemaError),
    ],
)
def test_a_file_that_cannot_be_used_says_why(
    tmp_path: Path, content: str, error: type[Exception]
) -> None:
    (tmp_path / SCREENS_FILE).write_text(content)
    with pytest.raises(error, match=SCREENS_FILE):
        read_screens(tmp_path)


def test_no_file_is_no_record(tmp_path: Path) -> None:
    assert read_screens(tmp_path) == ()
