from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from app.worklist.cut_off import CutOffLook
from gazecore.study import Study
from tests.gazecore.recording.material import write_gaze

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_a_recording_that_was_cut_off_is_told_once(qtbot: QtBot, small_study: Study) -> None:
    session = small_study.start_session("reader-1")
    write_gaze(session.recording_path, close=False)
    look = CutOffLook(small_study)
    with qtbot.waitSignal(look.found, timeout=10_000) as told:
        look.start()
    assert told.args is not None
    (text,) = told.args[0]
    assert text.startswith(f"The recording of {session.session_id} was cut off on ")
    assert text.endswith("Nothing needs to be done.")
    (entry,) = (e for e in small_study.audit() if e.action == "recording recovered")
    assert entry.subject == session.session_id
    assert entry.detail == {"said": text}
    with qtbot.assertNotEmitted(look.found, wait=300):
        look.start()
    session.recording_path.chmod(0o644)  # even if it comes back from a copy
    with qtbot.assertNotEmitted(look.found, wait=300):
        look.start()
    look.close()


def test_a_study_that_may_only_be_read_is_left_alone(qtbot: QtBot, small_study: Study) -> None:
    session = small_study.start_session("reader-1")
    write_gaze(session.recording_path, close=False)
    with Study.open(small_study.path, read_only=True) as study:
        look = CutOffLook(study)
        with qtbot.assertNotEmitted(look.found, wait=200):
            look.start()
        look.close()
    assert session.recording_path.stat().st_mode & 0o200


def test_closing_at_once_waits_and_tells_nothing(qtbot: QtBot, small_study: Study) -> None:
    session = small_study.start_session("reader-1")
    write_gaze(session.recording_path, close=False)
    look = CutOffLook(small_study)
    with qtbot.assertNotEmitted(look.found, wait=200):
        look.start()
        look.close()
        look.start()  # a session may end while the study is being closed
    assert not [t for t in threading.enumerate() if t.name.startswith("cut-off")]
    assert not [e for e in small_study.audit() if e.action == "recording recovered"]
