from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.diagnosis.study import study_checks
from app.diagnosis.surroundings import fingerprints
from gazecore.errors import MissingPathError
from gazecore.processes import child_environment
from gazecore.study import Protocol, Study
from gazecore.study.protocol import Tracking
from gazecore.study.screens import SCREENS_FILE, ScreenRecord
from tests.gazecore.test_preflight_probe import sending

SCREENS = Path(__file__).resolve().parents[3] / "resources/screens/offscreen-1920x1080.json"
ENVIRONMENT = {**child_environment(), "QT_QPA_PLATFORM": f"offscreen:configfile={SCREENS}"}


def test_what_a_sitting_needs_is_told(tmp_path: Path, lsl_session: str) -> None:
    del lsl_session
    protocol = Protocol(tracking=Tracking(stream="Doctor gaze"))
    known = fingerprints(ENVIRONMENT)
    assert not isinstance(known, str)
    with Study.create(tmp_path / "study", protocol=protocol) as study:
        found = {c.name: c for c in study_checks(study.path, environment=ENVIRONMENT)}
        assert found["Study: Tracker"].level == "warn"
        assert "starts its tracker" in found["Study: Tracker"].detail
        assert found["Study: Screen"].level == "warn"
        assert found["Study: Disk"].level in ("ok", "warn")
        study.save_screen(ScreenRecord(fingerprint=known[0], width_mm=597, height_mm=336))
        with sending("Doctor gaze"):
            found = {c.name: c for c in study_checks(study.path, environment=ENVIRONMENT)}
        assert "200 of 200 Hz" in found["Study: Tracker"].detail
        assert found["Study: Screen"].level == "ok"
        moved = replace(known[0], x=-1920)
        study.save_screen(ScreenRecord(fingerprint=moved, width_mm=597, height_mm=336))
        found = {c.name: c for c in study_checks(study.path, environment=ENVIRONMENT)}
        assert found["Study: Screen"].level == "warn"
        assert "place (0, 0), was (-1920, 0)" in found["Study: Screen"].detail


def test_a_damaged_file_of_screens_is_a_remark_and_hides_no_other_check(
    tmp_path: Path, lsl_session: str
) -> None:
    del lsl_session
    with Study.create(tmp_path / "study") as study:
        (study.path / SCREENS_FILE).write_text("damaged")
        found = {c.name: c for c in study_checks(study.path, environment=ENVIRONMENT)}
    assert found["Study: Screens"].level == "warn"
    assert SCREENS_FILE in found["Study: Screens"].detail
    assert {"Study: Disk", "Study: Screen"} < set(found)


def test_no_study_is_said(tmp_path: Path) -> None:
    with pytest.raises(MissingPathError):
        study_checks(tmp_path / "nowhere")
