"""What is needed of a study to analyse one session."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gazecore.errors import InputError, StudyError
from gazecore.recording.gaze_source import ReadingAid

if TYPE_CHECKING:
    from pathlib import Path

    from gazecore.analysis.settings import AnalysisSettings
    from gazecore.geometry import Screen
    from gazecore.messages import EyeName
    from gazecore.study import Session, Study
    from gazecore.study.protocol import Calibration, Exclusion


@dataclass(frozen=True, slots=True)
class SessionInputs:
    """All that the derivatives of a session depend on, its recording by path.

    `reading_ids` are the readings that the study knows of the session, `screen` is the
    protocol's: for recordings that name none.
    """

    derivatives: Path
    session_id: str
    reader_id: str
    recording: Path
    reading_ids: tuple[str, ...]
    settings: AnalysisSettings
    exclusion: Exclusion
    calibration: Calibration
    screen: Screen
    eye: EyeName
    aid: ReadingAid


def session_inputs(study: Study, session: Session, settings: AnalysisSettings) -> SessionInputs:
    """What the study says of one of its sessions."""
    protocol = study.protocol
    reader = study.reader(session.reader_id)
    return SessionInputs(
        derivatives=study.derivatives,
        session_id=session.session_id,
        reader_id=session.reader_id,
        recording=session.recording_path,
        reading_ids=tuple(study.reading_ids(session.session_id)),
        settings=settings,
        exclusion=protocol.exclusion,
        calibration=protocol.calibration,
        screen=protocol.screen.geometry(),
        eye=protocol.calibration.eye_of(reader.dominant_eye),
        aid=reading_aid(study)[0],
    )


def reading_aid(study: Study) -> tuple[ReadingAid, str]:
    """How to read recordings that other programs made, and what is wrong with the mappings."""
    screen = study.protocol.screen
    resolution_px = (screen.width_px, screen.height_px)
    try:
        return ReadingAid(study.stream_profiles(), resolution_px), ""
    except (InputError, StudyError) as error:
        return ReadingAid((), resolution_px), str(error)
