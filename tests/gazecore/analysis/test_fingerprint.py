"""What a session's files depend on."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from gazecore.analysis.fingerprint import (
    file_digest,
    inputs_digest,
    program_identity,
    recording_parts,
    with_digests,
)
from gazecore.analysis.inputs import session_inputs
from gazecore.analysis.settings import AnalysisSettings
from gazecore.geometry import Screen
from gazecore.recording.gaze_source import ReadingAid
from gazecore.study.protocol import Calibration, Exclusion

if TYPE_CHECKING:
    from pathlib import Path

    from gazecore.study import Study


@pytest.mark.parametrize(
    "change",
    [
        {"settings": AnalysisSettings(preset="I-DT")},
        {"settings": AnalysisSettings(map_preset="REFLACX")},
        {"settings": AnalysisSettings(corrects=True)},
        {"settings": AnalysisSettings(robustness=False)},
        {"exclusion": Exclusion(max_data_loss=0.4)},
        {"calibration": Calibration(max_drift_deg=1.0)},
        {"screen": Screen(1280, 1024, 376, 301, 600)},
        {"eye": "left"},
        {"reading_ids": ("reading-000001",)},
        {"reader_id": "r9"},
        {"aid": ReadingAid((), (1280, 1024))},
    ],
    ids=str,
)
def test_whatever_bears_on_the_outcome_changes_the_digest(
    study: Study, change: dict[str, Any]
) -> None:
    inputs = session_inputs(study, study.session("session-0001"), AnalysisSettings())
    assert inputs_digest(inputs) == inputs_digest(replace(inputs))
    assert inputs_digest(replace(inputs, **change)) != inputs_digest(inputs)


def test_a_recording_is_known_by_its_parts(tmp_path: Path) -> None:
    first = tmp_path / "session-0001.xdf"
    assert recording_parts(first) == ()
    first.write_bytes(b"one")
    (tmp_path / "session-0001-part2.xdf").write_bytes(b"two!")
    parts = with_digests(recording_parts(first), tmp_path)
    assert [(part.name, part.size) for part in parts] == [
        ("session-0001.xdf", 3),
        ("session-0001-part2.xdf", 4),
    ]
    assert parts[0].matches(recording_parts(first)[0], tmp_path)
    os.utime(first, (1, 1))
    assert parts[0].matches(recording_parts(first)[0], tmp_path)  # other times, the same bytes
    first.write_bytes(b"two")
    assert not parts[0].matches(recording_parts(first)[0], tmp_path)


def test_a_file_that_is_not_there_has_no_digest(tmp_path: Path) -> None:
    assert file_digest(tmp_path / "none") == ""


def test_the_program_is_known_by_its_source() -> None:
    assert len(program_identity()) == 64
