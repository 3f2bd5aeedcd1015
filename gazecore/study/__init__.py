"""A research study on disk: protocol, cases, readers, sessions, readings, answers, audit.

>>> from pathlib import Path
>>> from tempfile import TemporaryDirectory
>>> with TemporaryDirectory() as folder, Study.create(Path(folder) / "knees") as study:
...     _ = study.add_reader("r1", dominant_eye="right")
...     session = study.start_session("r1")
...     session.recording_path.name
'session-0001.xdf'
"""

from gazecore.study.protocol import AnswerField, Choice, ConsentLevel, Protocol
from gazecore.study.records import AuditEntry, Case, Quality, Reader, Reading, Session
from gazecore.study.study import Study

__all__ = [
    "AnswerField",
    "AuditEntry",
    "Case",
    "Choice",
    "ConsentLevel",
    "Protocol",
    "Quality",
    "Reader",
    "Reading",
    "Session",
    "Study",
]
