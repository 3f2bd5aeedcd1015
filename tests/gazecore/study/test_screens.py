from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from gazecore.display.correction import DisplayCorrection
from gazecore.display.curve import DisplayCurve
from gazecore.errors import DamagedFileError, NewerSchemaError, ReadOnlyStudyError
from gazecore.screens import ScreenFingerprint
from gazecore.study import Study
from gazecore.study.protocol import ScreenSettings
from gazecore.study.screens import (
    SCREENS_FILE,
    KeptCorrection,
    MeasuredLatency,
    ScreenRecord,
    light_of,
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


LEVELS = tuple(range(0, 256, 15))
CURVE = DisplayCurve("left", LEVELS, tuple(0.4 + 300 * (x / 255) ** 2.2 for x in LEVELS), 0.2)
KEPT = KeptCorrection.of(CURVE, "2026-01-01T00:00:00Z")


def test_a_correction_is_kept_with_the_curve_that_it_came_from(tmp_path: Path) -> None:
    with Study.create(tmp_path / "study") as study:
        study.save_screen(ScreenRecord(fingerprint=LEFT, correction=KEPT))
        record = study.screen_record(LEFT)
    assert record is not None
    assert record.correction is not None
    assert record.correction.curve() == CURVE
    assert record.correction.correction() == DisplayCorrection.of_curve(CURVE)


def test_a_table_that_was_changed_is_a_damaged_file(tmp_path: Path) -> None:
    with Study.create(tmp_path / "study") as study:
        study.save_screen(ScreenRecord(fingerprint=LEFT, correction=KEPT))
        file = study.path / SCREENS_FILE
        file.write_text(file.read_text().replace(KEPT.table, "00" * 256))
        with pytest.raises(DamagedFileError, match="not its hash's"):
            study.screen_record(LEFT)


def test_the_protocol_says_whether_a_correction_is_used_and_how_bright_it_may_be() -> None:
    record = ScreenRecord(fingerprint=LEFT, correction=KEPT)
    on, off = ScreenSettings(max_mean_luminance=0.3), ScreenSettings(correction="off")
    assert light_of(record, on).correction == KEPT.correction()
    assert light_of(record, on).limit == 0.3
    assert light_of(record, off).correction is None
    assert light_of(None, on).correction is None
    assert record.correction_for(ScreenSettings(correction="required")) is not None
    grey = np.zeros(256)
    grey[128] = 1
    assert light_of(None, off).mean(grey) == pytest.approx((128 / 255) ** 2.2)
    measured = light_of(record, off).mean(grey)  # as measured, though not corrected
    assert measured == pytest.approx((0.4 + 300 * (128 / 255) ** 2.2) / 300.4, rel=0.01)
