"""A worker answers each line with a line."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from gazecore.analysis.settings import AnalysisSettings
from gazecore.analysis.worker import answer

if TYPE_CHECKING:
    from gazecore.study import Study


def ask(study: Study, session_id: str, **settings: object) -> object:
    """What the worker says of a session."""
    asked = {**asdict(AnalysisSettings(robustness=False)), **settings}
    line = json.dumps({"study": str(study.path), "session_id": session_id, "settings": asked})
    return json.loads(answer(line))["failure"]


def test_nothing_is_wrong_when_the_files_are_in_place(study: Study) -> None:
    assert ask(study, "session-0001") is None
    assert (study.derivatives / "sessions" / "session-0001.json").is_file()


def test_what_goes_wrong_is_one_sentence(study: Study) -> None:
    assert "session-0099" in str(ask(study, "session-0099"))
    assert "preset is 'none'" in str(ask(study, "session-0001", preset="none"))
    nowhere = {"study": 5, "session_id": "session-0001", "settings": {}}
    assert "its analysis failed (TypeError: " in answer(json.dumps(nowhere))
    (study.derivatives / "gaze").write_text("in the way")
    assert "cannot be written" in str(ask(study, "session-0001"))
