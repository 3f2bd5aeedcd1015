from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np

from app import cli
from gazecore.messages import FaultFound, GapFound
from gazecore.recording.log_stream import RECORDER_STREAM_ID, header_xml
from gazecore.recording.writer import XdfWriter
from tests.gazecore.recording.material import write_gaze

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_a_sound_file_exits_0(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written = write_gaze(tmp_path / "a.xdf")
    assert cli.run(["verify", str(written.path)]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == f"{written.path} (simulated)"
    assert "  FocusStation gaze: 48 samples in 0.2 s" in said
    assert said[-1] == "  sound: every byte is as it was written"


def test_json_tells_streams_gaps_and_damage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written = write_gaze(tmp_path / "a.xdf")
    assert cli.run(["verify", str(written.path), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["damaged"], report["integrity"], report["closed"]) == (False, "proven", True)
    assert report["streams"]["FocusStation gaze"]["samples"] == 48
    assert report["gaps"] == []
    assert report["damage"]["regions"] == []


def test_a_flipped_bit_exits_1_and_is_placed_in_time(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written = write_gaze(tmp_path / "a.xdf")
    data = bytearray(written.path.read_bytes())
    data[written.flushed[4] + 100] ^= 1
    (tmp_path / "b.xdf").write_bytes(data)
    assert cli.run(["verify", str(tmp_path / "b.xdf")]) == 1
    assert "are damaged (CRC-32 does not match) and left out, written between" in (
        capsys.readouterr().out
    )


def test_a_recording_cut_off_exits_1_saying_recovered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written = write_gaze(tmp_path / "a.xdf", close=False)
    assert cli.run(["verify", str(written.path), "--json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert not report["closed"]
    assert report["summary"][0].startswith("recovered")


def test_faults_and_gaps_are_told_with_their_time(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What went wrong is not hidden behind a file that is sound."""
    writer = XdfWriter(tmp_path / "a.xdf", lambda: 200.0)
    writer.add_stream(RECORDER_STREAM_ID, header_xml())
    told = [
        FaultFound(t_s=100.0, source="recorder", detail="first"),
        GapFound(t_s=102.0, stream="Gaze of others", from_s=101.5, to_s=102.0, missing=60),
        *(FaultFound(t_s=103.5, source="Gaze of others", detail=f"gone {k}") for k in range(21)),
    ]
    texts = [(marker.to_json().encode(),) for marker in told]
    writer.add_texts(RECORDER_STREAM_ID, np.array([marker.t_s for marker in told]), texts)
    writer.close()
    assert cli.run(["verify", str(writer.path)]) == 0
    said = capsys.readouterr().out.splitlines()
    assert "  gap in Gaze of others: 0.500 s after 1.5 s, missing 60" in said
    assert "  fault after 0.0 s: recorder: first" in said
    assert "  fault after 3.5 s: Gaze of others: gone 18" in said
    assert "  and 2 more faults (--json tells all)" in said
    assert not any("gone 19" in line for line in said)


def test_what_is_no_recording_is_one_line_and_exit_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.xdf").write_text("no recording")
    assert cli.run(["verify", str(tmp_path / "a.xdf")]) == 2
    assert cli.run(["verify", str(tmp_path / "none.xdf")]) == 2
    assert capsys.readouterr().err.count("\n") == 2


def test_a_folder_is_said_to_be_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["verify", str(tmp_path)]) == 2
    assert capsys.readouterr().err.startswith(f"focusstation: {tmp_path} is a folder; ")


def test_a_recording_that_was_cut_off_is_told_as_the_station_tells_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written = write_gaze(tmp_path / "session-0003.xdf", close=False)
    assert cli.run(["verify", str(written.path)]) == 1
    said = capsys.readouterr().out
    assert "recovered: the recording was cut off; all that was proven is there" in said
    assert "The recording of session-0003 was cut off on 20" in said
    assert "48 simulated gaze samples are safe" in said


def test_a_recording_that_is_being_written_is_not_damaged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    writer = XdfWriter(tmp_path / "a.xdf", lambda: 1.0)
    writer.flush()
    assert cli.run(["verify", str(writer.path), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["being_written"]
    assert "being recorded right now" in report["summary"][0]
    writer.abandon()
    assert cli.run(["verify", str(writer.path), "--json"]) == 1
