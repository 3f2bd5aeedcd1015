from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import numpy as np
import pytest

from gazecore.errors import TargetExistsError
from gazecore.recording import read, recording_file, writer
from gazecore.recording.plan import RecorderSettings
from gazecore.recording.recording_file import RecordingFile
from tests.gazecore.recording.test_inlet import wait_until

if TYPE_CHECKING:
    from pathlib import Path

    from gazecore.recording.writer import XdfWriter

HEADER = (
    "<info><name>counts</name><type>x</type><channel_count>1</channel_count>"
    "<nominal_srate>0</nominal_srate><channel_format>double64</channel_format><desc/></info>"
)


class Counter:
    """Gathers one more number each time it is asked."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, writer: XdfWriter, now_s: float) -> None:
        if not self.count:
            writer.add_stream(1, HEADER)
        writer.add_numeric(1, np.array([now_s]), np.array([[float(self.count)]]))
        self.count += 1


def test_everything_gathered_is_in_the_proven_file(tmp_path: Path) -> None:
    counter = Counter()
    file = RecordingFile(tmp_path / "a.xdf", RecorderSettings(boundary_s=0.1), counter)
    time.sleep(0.4)
    assert file.bytes_written > 0
    file.finish()
    assert file.is_proven
    assert file.failure is None
    recording = read(tmp_path / "a.xdf")
    assert recording.damage.sound
    values = np.asarray(recording.streams["counts"].values)[:, 0]
    assert values.tolist() == list(range(counter.count))


def test_an_error_while_gathering_ends_it_visibly_and_keeps_what_was_there(tmp_path: Path) -> None:
    counter = Counter()

    def gather(writer: XdfWriter, now_s: float) -> None:
        if counter.count == 5:
            raise OSError(28, "No space left on device")
        counter(writer, now_s)

    file = RecordingFile(tmp_path / "a.xdf", RecorderSettings(), gather)
    wait_until(lambda: file.failure is not None)
    file.finish()
    assert "is full" in str(file.failure)
    assert not file.is_proven
    assert len(read(tmp_path / "a.xdf").streams["counts"]) == 5


def test_an_existing_file_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a.xdf").write_bytes(b"precious")
    with pytest.raises(TargetExistsError):
        RecordingFile(tmp_path / "a.xdf", RecorderSettings(), Counter())
    assert (tmp_path / "a.xdf").read_bytes() == b"precious"


def test_a_disk_that_does_not_answer_is_named_and_what_was_written_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = threading.Event()
    file = RecordingFile(tmp_path / "a.xdf", RecorderSettings(), Counter())
    monkeypatch.setattr(writer, "_sync_data", lambda _: answers.wait(20))
    monkeypatch.setattr(recording_file, "_JOIN_S", 0.2)
    time.sleep(0.3)
    file.finish()
    assert file.failure is not None
    assert "does not answer" in file.failure
    assert not file.is_proven
    assert len(read(tmp_path / "a.xdf").streams["counts"]) > 1
    answers.set()
