"""Stamps of a session's files."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from gazecore.analysis.inputs import session_inputs
from gazecore.analysis.settings import AnalysisSettings
from gazecore.analysis.stamp import current_stamp, read_stamp, stamp_path
from gazecore.analysis.unit import make_derivatives

if TYPE_CHECKING:
    from gazecore.analysis.inputs import SessionInputs
    from gazecore.study import Study


@pytest.fixture
def inputs(study: Study) -> SessionInputs:
    """The first session of the study, its files made."""
    found = session_inputs(study, study.session("session-0001"), AnalysisSettings(robustness=False))
    make_derivatives(found)
    return found


def test_a_stamp_holds_while_nothing_changes(inputs: SessionInputs) -> None:
    stamp = current_stamp(inputs)
    assert stamp is not None
    assert stamp.analysed
    assert {"gaze/session-0001.parquet", "attention/reading-000001.npz"} <= stamp.files.keys()


def test_a_touched_recording_is_the_same_and_its_times_are_kept(inputs: SessionInputs) -> None:
    os.utime(inputs.recording, (5, 5))
    stamp = current_stamp(inputs)
    assert stamp is not None
    assert stamp.parts[0].modified_ns == 5_000_000_000
    assert read_stamp(inputs.derivatives, "session-0001") == stamp


@pytest.mark.parametrize("file", ["gaze/session-0001.parquet", "attention/reading-000001.npz"])
def test_a_file_that_is_cut_short_voids_it(inputs: SessionInputs, file: str) -> None:
    (inputs.derivatives / file).write_bytes(b"")
    assert current_stamp(inputs) is None


def test_a_further_part_voids_it(inputs: SessionInputs) -> None:
    inputs.recording.with_name("session-0001-part2.xdf").write_bytes(b"XDF:")
    assert current_stamp(inputs) is None


@pytest.mark.parametrize("content", [b"", b"{}", b"[", b'{"schema_version": 2}'])
def test_a_damaged_stamp_is_none(inputs: SessionInputs, content: bytes) -> None:
    stamp_path(inputs.derivatives, "session-0001").write_bytes(content)
    assert read_stamp(inputs.derivatives, "session-0001") is None


def test_the_stamp_of_another_session_is_none(inputs: SessionInputs) -> None:
    other = stamp_path(inputs.derivatives, "session-0002")
    other.write_bytes(stamp_path(inputs.derivatives, "session-0001").read_bytes())
    assert read_stamp(inputs.derivatives, "session-0002") is None
