from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest

from gazecore.recording import read
from gazecore.recording.recovery import CutOff, examine, find_cut_off, find_unsettled, settle
from gazecore.recording.writer import XdfWriter
from tests.gazecore.recording.material import write_gaze

if TYPE_CHECKING:
    from pathlib import Path


def cut_off(path: Path, *, gaze: int = 45_060, samples: int = 50_000, places: int = 0) -> CutOff:
    begun = "2026-03-01T13:50:00+01:00"
    return CutOff(path, begun, 751.2, gaze, samples, places, simulated=False, closed=False)


def test_it_says_in_plain_words_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "session-0003.xdf"
    assert cut_off(path).sentences() == [
        "The recording of session-0003 was cut off on 2026-03-01 at 14:02 after 12 min 31 s.",
        "45,060 gaze samples are safe; at most the last 0.3 s are missing. "
        "Nothing needs to be done.",
    ]
    assert cut_off(path, places=2).sentences()[1] == (
        "45,060 gaze samples are safe; 2 damaged places in it are left out. "
        "'focusstation verify session-0003.xdf' says where."
    )
    assert cut_off(path, gaze=0, samples=1).sentences()[1].startswith("1 sample is safe, none of")
    nothing = CutOff(path, "", 0.0, 0, 0, 0, simulated=True, closed=False)
    assert nothing.sentences() == [
        "The recording of session-0003 was cut off.",
        "Nothing had been recorded yet. Nothing needs to be done.",
    ]


def test_a_recording_that_was_cut_off_is_told_once_and_stays_as_it_is(tmp_path: Path) -> None:
    written = write_gaze(tmp_path / "session-0001.xdf", close=False)
    write_gaze(tmp_path / "session-0002.xdf")
    before = written.path.read_bytes()
    (found,) = find_cut_off(tmp_path)
    assert found.path == written.path
    assert found.gaze_samples == len(written.t_s)
    assert found.samples == len(written.t_s) + len(written.flushed)
    assert found.seconds == pytest.approx(0.28)
    assert found.simulated
    assert "48 simulated gaze samples are safe" in found.sentences()[1]
    assert found.damaged_places == 0
    settle(found.path)
    assert list(find_cut_off(tmp_path)) == []
    assert written.path.read_bytes() == before
    assert stat.S_IMODE(written.path.stat().st_mode) & 0o222 == 0
    assert len(read(written.path).gaze()) == len(written.t_s)


def test_a_torn_and_damaged_one_counts_only_what_is_proven(tmp_path: Path) -> None:
    written = write_gaze(tmp_path / "session-0001.xdf", close=False)
    data = bytearray(written.path.read_bytes()[:-700])
    data[written.flushed[2] + 500] ^= 1
    written.path.write_bytes(data)
    (found,) = find_cut_off(tmp_path)
    assert found.gaze_samples == len(written.t_s) - 12
    assert found.gaze_samples == len(read(written.path).gaze())
    assert found.damaged_places == 1


def test_a_recording_being_written_is_left_alone(tmp_path: Path) -> None:
    pytest.importorskip("fcntl", reason="locks of POSIX")
    writer = XdfWriter(tmp_path / "session-0001.xdf", lambda: 1.0)
    writer.flush()
    assert list(find_unsettled(tmp_path)) == []
    assert list(find_cut_off(tmp_path)) == []
    writer.abandon()
    assert list(find_unsettled(tmp_path)) == [tmp_path / "session-0001.xdf"]
    assert [found.samples for found in find_cut_off(tmp_path)] == [0]


def test_closed_copies_and_files_of_others_need_no_word(tmp_path: Path) -> None:
    written = write_gaze(tmp_path / "session-0001.xdf")
    written.path.chmod(0o644)
    (tmp_path / "other.xdf").write_bytes(b"XDF:" + b"\x01\x10\x01\x00<info></info>x")
    (tmp_path / "notes.xdf").write_text("not a recording")
    (tmp_path / "folder.xdf").mkdir()
    assert list(find_cut_off(tmp_path)) == []
    assert stat.S_IMODE(written.path.stat().st_mode) & 0o222 == 0
    assert stat.S_IMODE((tmp_path / "other.xdf").stat().st_mode) & 0o200


def test_a_file_cut_before_its_first_write_had_nothing(tmp_path: Path) -> None:
    path = tmp_path / "session-0001.xdf"
    path.write_bytes(b"")
    found = examine(path)
    assert found is not None
    assert found.sentences()[1] == "Nothing had been recorded yet. Nothing needs to be done."


def test_settling_what_is_gone_is_no_error(tmp_path: Path) -> None:
    settle(tmp_path / "gone.xdf")
