"""What a study says of one session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gazecore.analysis.inputs import reading_aid, session_inputs
from gazecore.analysis.settings import AnalysisSettings

if TYPE_CHECKING:
    from gazecore.study import Study


def test_a_session_with_its_readings_rules_and_eye(study: Study) -> None:
    study.set_dominant_eye("r2", "right")
    calibration = study.protocol.calibration.model_copy(update={"eyes": "dominant"})
    study.set_protocol(study.protocol.model_copy(update={"calibration": calibration}))
    session = study.session("session-0002")
    inputs = session_inputs(study, session, AnalysisSettings())
    assert inputs.reading_ids == ("reading-000003", "reading-000004")
    assert (inputs.eye, inputs.reader_id) == ("right", "r2")
    assert inputs.exclusion == study.protocol.exclusion
    assert inputs.recording == session.recording_path


def test_damaged_mappings_leave_the_screen(study: Study) -> None:
    (study.path / "stream_profiles.json").write_text("{")
    aid, problem = reading_aid(study)
    screen = study.protocol.screen
    assert aid.profiles == ()
    assert aid.resolution_px == (screen.width_px, screen.height_px)
    assert "stream_profiles.json" in problem
