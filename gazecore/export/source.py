"""What an export may take from a study: consenting readers only, clocks relative to the session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gazecore.errors import (
    ConsentError,
    InputError,
    MissingDerivativesError,
    MissingRecordingError,
    StudyError,
)
from gazecore.export.recorded_session import RecordedSession, read_session
from gazecore.recording.gaze_source import ReadingAid
from gazecore.recording.parts import part_paths
from gazecore.study.protocol import CONSENT_LEVELS

if TYPE_CHECKING:
    import polars as pl

    from gazecore.study import Case, Reader, Reading, Session, Study
    from gazecore.study.protocol import ConsentLevel

CLOCK_COLUMNS = ("t_s", "onset_s", "offset_s")
"""Columns of derivatives that hold times on the recording's clock."""


class ExportSource:
    """The part of a study that readers let out at one level.

    Parameters
    ----------
    study : Study
        Read only.
    level : ConsentLevel
        Readers whose consent is lower are left out and named in `excluded`.

    Raises
    ------
    ConsentError
        No reader consented to this level.
    """

    def __init__(self, study: Study, level: ConsentLevel) -> None:
        self.study = study
        self.level = level
        rank = CONSENT_LEVELS.index
        allowed = {r.reader_id: study.consent_of(r.reader_id) for r in study.readers()}
        self.readers: tuple[Reader, ...] = tuple(
            reader for reader in study.readers() if rank(allowed[reader.reader_id]) >= rank(level)
        )
        self.excluded = tuple(
            r.reader_id for r in study.readers() if rank(allowed[r.reader_id]) < rank(level)
        )
        if not self.readers:
            most = max(allowed.values(), key=rank, default=study.protocol.consent_level)
            if rank(most) >= rank(level):
                raise InputError(f"study {study.path} has no readers yet; nothing to export")
            raise ConsentError(level, most)

    def cases(self) -> list[Case]:
        """All cases."""
        return self.study.cases()

    def sessions(self) -> list[Session]:
        """The sessions of consenting readers that have a reading and a recording.

        Raises
        ------
        MissingRecordingError
            There are readings, but not one recording.
        """
        recorded = [s for s in self._read_sessions() if _has_recording(s)]
        if self.unrecorded and not recorded:
            raise MissingRecordingError(self.unrecorded[0])
        return recorded

    @property
    def unrecorded(self) -> tuple[str, ...]:
        """Sessions that were read but have no recording; exports leave them out and say so."""
        return tuple(
            session.session_id for session in self._read_sessions() if not _has_recording(session)
        )

    @property
    def simulated(self) -> bool:
        """Whether a recording of these sessions says that its gaze is simulated."""
        from gazecore.recording import says_simulated

        return any(says_simulated(session.recording_path) for session in self._read_sessions())

    def _read_sessions(self) -> list[Session]:
        names = {reader.reader_id for reader in self.readers}
        read = {reading.session_id for reading in self.study.readings()}
        return [
            session
            for session in self.study.sessions()
            if session.reader_id in names and session.session_id in read
        ]

    def readings(self, session_id: str = "") -> list[Reading]:
        """The readings of consenting readers, of one session or of all."""
        names = {reader.reader_id for reader in self.readers}
        return [
            reading
            for reading in self.study.readings()
            if reading.reader_id in names and session_id in ("", reading.session_id)
        ]

    def recorded(self, session: Session) -> RecordedSession:
        """The recording of a session, its clock started anew."""
        return read_session(session.recording_path, self._aid())

    def _aid(self) -> ReadingAid:
        """How the study reads recordings of other programs; damaged mappings are as good as none.

        What cannot be read without them is said where it is read.
        """
        screen = self.study.protocol.screen
        try:
            profiles = self.study.stream_profiles()
        except (InputError, StudyError):
            profiles = ()
        return ReadingAid(profiles, (screen.width_px, screen.height_px))

    def fixations(self, session: Session, *, origin_s: float | None = None) -> pl.DataFrame:
        """The fixations of a session from the analysis, its clock started anew.

        It counts from `origin_s` on the recording's clock, as `recorded` gives it; else from the
        earliest time in the session's derivatives.
        """
        return self._table("fixations", session, origin_s)

    def gaze_on_image(self, session: Session, *, origin_s: float | None = None) -> pl.DataFrame:
        """The samples of a session on the image from the analysis; the clock as in `fixations`."""
        return self._table("gaze", session, origin_s)

    def _table(self, kind: str, session: Session, origin_s: float | None) -> pl.DataFrame:
        import polars as pl

        path = self.study.derivatives / kind / f"{session.session_id}.parquet"
        if not path.is_file():
            raise MissingDerivativesError(f"{kind} of {session.session_id}", str(self.study.path))
        table = pl.read_parquet(path)
        start_s = self._origin_s(session) if origin_s is None else origin_s
        clocks = [name for name in CLOCK_COLUMNS if name in table.columns]
        return table.with_columns(pl.col(name) - start_s for name in clocks)

    def _origin_s(self, session: Session) -> float:
        """The earliest time of a session in any of its derivatives, so that they stay aligned."""
        import polars as pl

        firsts = []
        for kind in ("gaze", "fixations"):
            path = self.study.derivatives / kind / f"{session.session_id}.parquet"
            if path.is_file():
                lazy = pl.scan_parquet(path)
                clocks = [n for n in lazy.collect_schema().names() if n in CLOCK_COLUMNS]
                firsts += list(lazy.select(pl.col(clocks).min()).collect().row(0)) if clocks else []
        return min((first for first in firsts if first is not None), default=0.0)


def _has_recording(session: Session) -> bool:
    """Whether any part of a session's recording is there."""
    return bool(part_paths(session.recording_path))
