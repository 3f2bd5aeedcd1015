"""The tables of ``study.db``; each column is described in ``docs/schemas.md``."""

from __future__ import annotations

APPLICATION_ID = 0x464F4353
"""``FOCS``: tells a study's database from any other SQLite file."""

TABLES: tuple[str, ...] = (
    """
    CREATE TABLE cases (
        case_id TEXT PRIMARY KEY,
        file TEXT NOT NULL UNIQUE,
        width_px INTEGER NOT NULL CHECK (width_px > 0),
        height_px INTEGER NOT NULL CHECK (height_px > 0),
        sha256 TEXT NOT NULL UNIQUE,
        reference_answer TEXT,
        simulated INTEGER NOT NULL CHECK (simulated IN (0, 1)),
        imported_utc TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE readers (
        reader_id TEXT PRIMARY KEY,
        dominant_eye TEXT NOT NULL CHECK (dominant_eye IN ('left', 'right', 'unknown')),
        glasses INTEGER NOT NULL CHECK (glasses IN (0, 1)),
        consent_level TEXT CHECK (consent_level IN ('maps', 'fixations', 'raw')),
        added_utc TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE sessions (
        session_id TEXT PRIMARY KEY,
        reader_id TEXT NOT NULL REFERENCES readers,
        recording TEXT NOT NULL UNIQUE,
        started_utc TEXT NOT NULL,
        ended_utc TEXT,
        end_reason TEXT CHECK (end_reason IN ('finished', 'stopped', 'fault'))
    ) STRICT
    """,
    """
    CREATE TABLE readings (
        reading_id TEXT PRIMARY KEY,
        session_id TEXT NOT NULL REFERENCES sessions,
        case_id TEXT NOT NULL REFERENCES cases,
        position INTEGER NOT NULL,
        started_utc TEXT NOT NULL,
        finished_utc TEXT,
        state TEXT NOT NULL CHECK (state IN ('open', 'answered', 'stopped', 'skipped')),
        UNIQUE (session_id, position)
    ) STRICT
    """,
    """
    CREATE TABLE answers (
        answer_id INTEGER PRIMARY KEY,
        reading_id TEXT NOT NULL REFERENCES readings,
        field TEXT NOT NULL,
        value TEXT NOT NULL,
        answered_utc TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE quality (
        quality_id INTEGER PRIMARY KEY,
        session_id TEXT NOT NULL REFERENCES sessions,
        reading_id TEXT REFERENCES readings,
        kind TEXT NOT NULL,
        accuracy_deg REAL,
        precision_rms_deg REAL,
        precision_std_deg REAL,
        data_loss REAL,
        passed INTEGER CHECK (passed IN (0, 1)),
        detail TEXT NOT NULL,
        measured_utc TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE audit (
        audit_id INTEGER PRIMARY KEY AUTOINCREMENT,
        at_utc TEXT NOT NULL,
        program TEXT NOT NULL,
        action TEXT NOT NULL,
        subject TEXT NOT NULL,
        detail TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX answers_of_reading ON answers (reading_id, answer_id)",
    "CREATE INDEX readings_of_case ON readings (case_id)",
    """
    CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit is never changed'); END
    """,
    """
    CREATE TRIGGER audit_is_never_deleted BEFORE DELETE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit is never deleted'); END
    """,
)
"""STRICT needs SQLite 3.37; Python 3.10 to 3.12 bring 3.37 or later on all our platforms."""
