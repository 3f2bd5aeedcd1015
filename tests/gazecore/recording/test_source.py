from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pylsl

from gazecore.lsl import clock_s
from gazecore.messages import ClockOffsetMeasured, FaultFound, StreamJoined
from gazecore.recording import read
from gazecore.recording.inlet import Inlet
from gazecore.recording.source import Source
from gazecore.recording.writer import XdfWriter
from tests.gazecore.recording.test_inlet import ended, resolved, wait_until

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.gazecore.recording.material import Sender


def test_a_source_is_announced_gathered_and_told_lost_once(
    make_sender: Callable[..., Sender], tmp_path: Path
) -> None:
    sender = make_sender("a source")
    inlet = Inlet(resolved("a source"), 1)
    inlet.start()
    source = Source(inlet)
    writer = XdfWriter(tmp_path / "s.xdf", clock_s)
    (joined,) = source.gather(writer, clock_s())
    assert isinstance(joined, StreamJoined)
    assert (joined.stream, joined.stream_id, joined.header) == ("a source", 1, inlet.header_xml)
    time.sleep(0.2)
    sender.vanish()
    wait_until(lambda: inlet.failure is not None)
    notes = source.gather(writer, clock_s())
    assert [n.source for n in notes if isinstance(n, FaultFound)] == ["a source"]
    assert source.gather(writer, clock_s()) == []
    ended(inlet)
    writer.close()
    status = source.status(clock_s())
    assert status.samples == len(read(tmp_path / "s.xdf").streams["a source"]) > 0
    assert source.gaps == 0


def test_a_wrong_description_and_the_offset_are_noted(lsl_session: str, tmp_path: Path) -> None:
    del lsl_session
    info = pylsl.StreamInfo("37 of 36", "Gaze", 3, 600, "double64", "t")
    channels = info.desc().append_child("channels")
    for label in ("x", "y"):
        channels.append_child("channel").append_child_value("label", label)
    outlet = pylsl.StreamOutlet(info)
    inlet = Inlet(resolved("37 of 36"), 1)
    inlet.start()
    source = Source(inlet)
    writer = XdfWriter(tmp_path / "s.xdf", clock_s)
    notes = source.gather(writer, clock_s())

    def measured() -> bool:
        notes.extend(source.gather(writer, clock_s()))
        return isinstance(notes[-1], ClockOffsetMeasured)

    wait_until(measured)
    ended(inlet)
    writer.close()
    assert [type(note) for note in notes] == [StreamJoined, FaultFound, ClockOffsetMeasured]
    assert isinstance(notes[1], FaultFound)
    assert notes[1].detail == "2 labels for 3 channels; all channels are recorded"
    offset = notes[2]
    assert isinstance(offset, ClockOffsetMeasured)
    assert 0 < offset.uncertainty_s < 0.1
    assert source.status(clock_s()).clock_offset_s == offset.offset_s
    assert source.status(clock_s()).clock_uncertainty_s == offset.uncertainty_s
    del outlet
