"""What happens in a study day by day: sessions, readings, answers, quality."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from gazecore.errors import InvalidSettingError, StudyError, UnknownRecordError
from gazecore.study.catalogue import Catalogue, next_number
from gazecore.study.database import now_utc
from gazecore.study.records import Quality, QualityKind, Reading, ReadingEnd, Session, SessionEnd

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence
    from pathlib import Path

_READINGS = "SELECT readings.*, sessions.reader_id FROM readings JOIN sessions USING (session_id) "
_RECOVERED = "recording recovered"
_QUALITY_COLUMNS = (
    "session_id",
    "reading_id",
    "kind",
    "accuracy_deg",
    "precision_rms_deg",
    "precision_std_deg",
    "data_loss",
    "passed",
    "detail",
    "measured_utc",
)


class Sittings(Catalogue):
    """The running part of a `Study`; each change is on the disk when its call returns."""

    @property
    def recordings(self) -> Path:
        """Where the recordings lie, one XDF file per session."""
        return self.path / "recordings"

    def start_session(self, reader_id: str) -> Session:
        """Begin a sitting with a number and a recording file that were never used before."""
        with self._database.change("session started", reader_id) as connection:
            if not _exists(connection, "readers", "reader_id", reader_id):
                raise UnknownRecordError("reader", reader_id, "add them with 'study readers'")
            known = [row[0] for row in connection.execute("SELECT session_id FROM sessions")]
            on_disk = [path.stem for path in self.recordings.glob("session-*")]
            session_id = f"session-{next_number(known + on_disk):04d}"
            connection.execute(
                "INSERT INTO sessions VALUES (?, ?, ?, ?, NULL, NULL)",
                (session_id, reader_id, f"{session_id}.xdf", now_utc()),
            )
        return self.session(session_id)

    def end_session(self, session_id: str, reason: SessionEnd) -> Session:
        """End a sitting; its open readings become stopped. A sitting ends once."""
        _check_one_of("reason", reason, get_args(SessionEnd))
        session = self.session(session_id)
        if session.ended_utc is not None:
            raise StudyError(f"{session_id} has ended already ({session.end_reason})")
        with self._database.change("session ended", session_id, reason=reason) as connection:
            ended = now_utc()
            connection.execute(
                "UPDATE readings SET state = 'stopped', finished_utc = ? "
                "WHERE session_id = ? AND state = 'open'",
                (ended, session_id),
            )
            connection.execute(
                "UPDATE sessions SET ended_utc = ?, end_reason = ? WHERE session_id = ?",
                (ended, reason, session_id),
            )
        return self.session(session_id)

    def session(self, session_id: str) -> Session:
        """One sitting."""
        rows = self._database.rows("SELECT * FROM sessions WHERE session_id = ?", (session_id,))
        if not rows:
            raise UnknownRecordError("session", session_id, "see 'study info'")
        return self._session(rows[0])

    def sessions(self) -> list[Session]:
        """All sittings in the order they began."""
        return [
            self._session(row)
            for row in self._database.rows("SELECT * FROM sessions ORDER BY rowid")
        ]

    def _session(self, row: sqlite3.Row) -> Session:
        return Session(
            session_id=row["session_id"],
            reader_id=row["reader_id"],
            recording_path=self.recordings / row["recording"],
            started_utc=row["started_utc"],
            ended_utc=row["ended_utc"],
            end_reason=row["end_reason"],
        )

    def recovered(self) -> list[str]:
        """Sessions whose recordings were cut off, as far as the audit knows."""
        query = "SELECT subject FROM audit WHERE action = ? ORDER BY audit_id"
        return [row["subject"] for row in self._database.rows(query, (_RECOVERED,))]

    def note_recovered(self, session_id: str, sentences: Sequence[str]) -> bool:
        """Keep in the audit that a recording was cut off; False if that is known already."""
        if session_id in self.recovered():
            return False
        with self._database.change(_RECOVERED, session_id, said=" ".join(sentences)):
            pass
        return True

    def start_reading(self, session_id: str, case_id: str) -> Reading:
        """Begin to read a case in a sitting that has not ended."""
        if self.session(session_id).ended_utc is not None:
            raise StudyError(f"{session_id} has ended; start a new session")
        with self._database.change("reading started", case_id, session=session_id) as connection:
            if not _exists(connection, "cases", "case_id", case_id):
                raise UnknownRecordError("case", case_id, "see 'study cases'")
            known = [row[0] for row in connection.execute("SELECT reading_id FROM readings")]
            reading_id = f"reading-{next_number(known):06d}"
            position = connection.execute(
                "SELECT count(*) FROM readings WHERE session_id = ?", (session_id,)
            ).fetchone()[0]
            connection.execute(
                "INSERT INTO readings VALUES (?, ?, ?, ?, ?, NULL, 'open')",
                (reading_id, session_id, case_id, position, now_utc()),
            )
        return self.reading(reading_id)

    def finish_reading(self, reading_id: str, state: ReadingEnd) -> Reading:
        """End a reading; a reading ends once."""
        _check_one_of("state", state, get_args(ReadingEnd))
        reading = self.reading(reading_id)
        if reading.state != "open":
            raise StudyError(f"{reading_id} has ended already ({reading.state})")
        with self._database.change("reading finished", reading_id, state=state) as connection:
            connection.execute(
                "UPDATE readings SET state = ?, finished_utc = ? WHERE reading_id = ?",
                (state, now_utc(), reading_id),
            )
        return self.reading(reading_id)

    def reading(self, reading_id: str) -> Reading:
        """One reading with its answers."""
        rows = self._database.rows(_READINGS + "WHERE reading_id = ?", (reading_id,))
        if not rows:
            raise UnknownRecordError("reading", reading_id, "see 'study info'")
        return _reading(rows[0], self._answers("WHERE reading_id = ?", (reading_id,)))

    def readings(self) -> list[Reading]:
        """All readings in the order they began, each with its answers."""
        answers = self._answers()
        rows = self._database.rows(_READINGS + "ORDER BY readings.rowid")
        return [_reading(row, answers) for row in rows]

    def reading_ids(self, session_id: str) -> list[str]:
        """The readings of one sitting in the order they began."""
        query = "SELECT reading_id FROM readings WHERE session_id = ? ORDER BY rowid"
        return [row["reading_id"] for row in self._database.rows(query, (session_id,))]

    def _answers(
        self, where: str = "", values: tuple[object, ...] = ()
    ) -> dict[str, dict[str, str]]:
        """The last value of each field by reading; earlier values stay in the table."""
        answers: dict[str, dict[str, str]] = {}
        for row in self._database.rows(f"SELECT * FROM answers {where} ORDER BY answer_id", values):
            answers.setdefault(row["reading_id"], {})[row["field"]] = row["value"]
        return answers

    def _store_answer(self, reading_id: str, field: str, value: str) -> None:
        self.reading(reading_id)
        with self._database.change("answer", reading_id, field=field, value=value) as connection:
            connection.execute(
                "INSERT INTO answers (reading_id, field, value, answered_utc) VALUES (?, ?, ?, ?)",
                (reading_id, field, value, now_utc()),
            )

    def save_quality(self, quality: Quality) -> None:
        """Keep one measurement of tracking quality."""
        _check_one_of("kind of quality", quality.kind, get_args(QualityKind))
        self.session(quality.session_id)
        values = [getattr(quality, name) for name in _QUALITY_COLUMNS]
        values[-1] = quality.measured_utc or now_utc()
        subject = quality.reading_id or quality.session_id
        with self._database.change("quality measured", subject, kind=quality.kind) as connection:
            connection.execute(
                f"INSERT INTO quality ({', '.join(_QUALITY_COLUMNS)}) "
                f"VALUES ({', '.join('?' * len(values))})",
                values,
            )

    def quality(self) -> list[Quality]:
        """All measurements of tracking quality in the order they were taken."""
        rows = self._database.rows("SELECT * FROM quality ORDER BY quality_id")
        return [_quality(row) for row in rows]


def _exists(connection: sqlite3.Connection, table: str, column: str, value: str) -> bool:
    query = f"SELECT 1 FROM {table} WHERE {column} = ?"
    return connection.execute(query, (value,)).fetchone() is not None


def _check_one_of(name: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise InvalidSettingError(name, value, "one of " + ", ".join(allowed))


def _reading(row: sqlite3.Row, answers: dict[str, dict[str, str]]) -> Reading:
    return Reading(
        reading_id=row["reading_id"],
        session_id=row["session_id"],
        reader_id=row["reader_id"],
        case_id=row["case_id"],
        position=row["position"],
        started_utc=row["started_utc"],
        finished_utc=row["finished_utc"],
        state=row["state"],
        answers=answers.get(row["reading_id"], {}),
    )


def _quality(row: sqlite3.Row) -> Quality:
    values = {name: row[name] for name in _QUALITY_COLUMNS}
    passed = None if values["passed"] is None else bool(values["passed"])
    return Quality(**{**values, "passed": passed})
