from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import numpy as np
import pytest
import pyxdf

from gazecore.errors import DamagedFileError, InputError, MissingPathError
from gazecore.messages import (
    CaseOpened,
    FrameShown,
    StateRepeated,
    ViewportChanged,
    WindowState,
)
from gazecore.recording import chunks, read, says_simulated, survey
from gazecore.recording.chunks import Tag
from gazecore.recording.writer import XdfWriter
from tests.gazecore.recording.material import Written, write_gaze

if TYPE_CHECKING:
    from pathlib import Path


def test_times_and_values_are_bit_equal_to_what_was_sent(written: Written) -> None:
    recording = read(written.path)
    gaze = recording.streams["FocusStation gaze"]
    assert gaze.t_sender_s.tobytes() == written.t_s.tobytes()
    assert np.asarray(gaze.values).tobytes() == written.values.tobytes()
    assert recording.damage.sound
    assert recording.damage.closed


@pytest.mark.parametrize("drift", [0.0, 5e-5, -5e-5, 1e-3])
def test_times_equal_the_default_of_pyxdf(tmp_path: Path, drift: float) -> None:
    written = write_gaze(tmp_path / "drift.xdf", flushes=80, per_flush=30, drift=drift)
    recording = read(written.path)
    for stream in pyxdf.load_xdf(written.path)[0]:
        ours = recording.streams[stream["info"]["name"][0]].t_s
        assert len(ours) == len(stream["time_stamps"])
        if len(ours):
            assert np.abs(ours - stream["time_stamps"]).max() < 5e-5
    t_s = recording.streams["FocusStation gaze"].t_s
    truth = written.t_s + 100 + drift * (written.t_s - 5000)
    assert np.abs(t_s - truth).max() < 5e-5


def test_gaze_and_markers_are_on_one_corrected_clock(written: Written) -> None:
    recording = read(written.path)
    gaze, markers = recording.gaze(), recording.markers()
    assert gaze.sequence.tolist() == list(range(len(written.t_s)))
    assert isinstance(markers[0], CaseOpened)
    assert [m.serial for m in markers if isinstance(m, FrameShown)] == list(range(1, 8))
    np.testing.assert_allclose([m.t_s for m in markers], gaze.t_s[::6], atol=5e-5)


def test_markers_are_sorted_and_what_they_repeat_is_moved_with_them(tmp_path: Path) -> None:
    case = CaseOpened(t_s=3.0, reading_id="r", case_id="c", image_width_px=1, image_height_px=1)
    shown = ViewportChanged(
        t_s=4.0,
        serial=1,
        reading_id="r",
        case_id="c",
        cause="open",
        transform=(1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0),
        shown_screen_px=(0.0, 0.0, 1.0, 1.0),
        window=WindowState(center=1, width=2),
    )
    path = tmp_path / "m.xdf"
    writer = XdfWriter(path, lambda: 0.0)
    header = (
        "<info><name>FocusStation markers</name><channel_count>1</channel_count>"
        "<channel_format>string</channel_format></info>"
    )
    writer.add_stream(1, header)
    texts = [
        StateRepeated(t_s=9.0, case=case, other_viewports=(shown,)).to_json().encode(),
        FrameShown(t_s=8.0, serial=1).to_json().encode(),
        b'{"kind":"nonsense"}',
        b"\xff",
    ]
    writer.add_texts(1, np.array([9.0, 8.0, 9.5, 9.6]), [(text,) for text in texts])
    writer.add_clock_offset(1, 9.0, 40.0)
    writer.close()
    recording = read(path)
    first, second = recording.markers()
    assert first == FrameShown(t_s=48.0, serial=1)
    assert isinstance(second, StateRepeated)
    assert second.case is not None
    assert (second.t_s, second.case.t_s) == (49.0, 43.0)
    assert [state.t_s for state in second.other_viewports] == [44.0]
    assert recording.damage.malformed_markers == 2


def test_a_file_that_was_never_closed_opens_and_says_so(tmp_path: Path) -> None:
    written = write_gaze(tmp_path / "open.xdf", close=False)
    recording = read(written.path)
    assert len(recording.gaze()) == len(written.t_s)
    assert not recording.damage.closed
    assert recording.damage.sentences()[0].startswith("recovered")


def test_a_damaged_stream_header_costs_no_samples_when_the_log_has_it(
    tmp_path: Path,
) -> None:
    from gazecore.messages import StreamJoined
    from gazecore.recording.log_stream import RECORDER_STREAM_ID, header_xml

    path = tmp_path / "h.xdf"
    writer = XdfWriter(path, lambda: 0.0)
    writer.add_stream(RECORDER_STREAM_ID, header_xml())
    header = (
        "<info><name>unmistakable</name><channel_count>1</channel_count>"
        "<channel_format>double64</channel_format></info>"
    )
    writer.add_stream(1, header)
    note = StreamJoined(t_s=0.0, stream="unmistakable", stream_id=1, header=header)
    writer.add_texts(RECORDER_STREAM_ID, np.zeros(1), [(note.to_json().encode(),)])
    writer.flush()
    writer.add_numeric(1, np.array([1.0]), np.array([[2.0]]))
    writer.close()
    data = bytearray(path.read_bytes())
    data[data.find(b"unmistakable")] ^= 1
    (tmp_path / "damaged.xdf").write_bytes(data)
    recording = read(tmp_path / "damaged.xdf")
    assert recording.streams["unmistakable"].t_sender_s.tolist() == [1.0]
    assert len(recording.damage.regions) == 1


def test_a_survey_has_all_but_the_values(written: Written) -> None:
    whole, light = read(written.path), survey(written.path)
    assert list(light.streams) == list(whole.streams)
    assert light.damage == whole.damage
    assert light.markers() == whole.markers()
    gaze = light.streams["FocusStation gaze"]
    assert gaze.t_s.tobytes() == whole.streams["FocusStation gaze"].t_s.tobytes()
    assert np.asarray(gaze.values).shape == (len(gaze), 0)


def test_streams_of_one_name_keep_their_names_whichever_header_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "two.xdf"
    writer = XdfWriter(path, lambda: 0.0)
    for stream_id in (1, 2):
        header = (
            f"<info><name>same</name><uid>uid-{stream_id}</uid><channel_count>1</channel_count>"
            "<channel_format>double64</channel_format></info>"
        )
        writer.add_stream(stream_id, header)
        writer.flush()
    for stream_id in (2, 1):
        writer.add_numeric(stream_id, np.array([1.0]), np.array([[float(stream_id)]]))
    writer.close()
    data = path.read_bytes()
    for stream_id in (1, 2):
        damaged = bytearray(data)
        damaged[data.find(b"uid-%d" % stream_id)] ^= 1
        (tmp_path / "damaged.xdf").write_bytes(damaged)
        streams = read(tmp_path / "damaged.xdf").streams
        assert (streams["same"].uid, streams["same #2"].uid) == ("uid-1", "uid-2")
        assert np.asarray(streams["same #2"].values).tolist() == [[2.0]]


def foreign_file(path: Path) -> None:
    """As LabRecorder writes: a regular stream, one-byte lengths, times left out."""
    header = (
        b"<?xml version='1.0'?><info><name>EyeLink</name><type>Gaze</type><channel_count>2"
        b"</channel_count><nominal_srate>100</nominal_srate><channel_format>float32"
        b"</channel_format><desc/></info>"
    )
    rows = struct.pack("<Bdff", 8, 20.0, 1, 2) + struct.pack("<Bff", 0, 3, 4)
    content = struct.pack("<HI", 3, 1) + b"\x01\x02" + rows
    path.write_bytes(
        chunks.MAGIC
        + chunks.chunk(Tag.FILE_HEADER, b"<info><version>1.0</version></info>")
        + chunks.stream_chunk(Tag.STREAM_HEADER, 1, header)
        + bytes([1, len(content)])
        + content
        + chunks.clock_offset_chunk(1, 20.0, 0.5)
        + chunks.boundary_chunk()
        + chunks.stream_chunk(Tag.STREAM_FOOTER, 1, b"<info/>")
    )


def test_a_foreign_file_is_read_with_its_integrity_unknown(tmp_path: Path) -> None:
    foreign_file(tmp_path / "f.xdf")
    recording = read(tmp_path / "f.xdf")
    stream = recording.streams["EyeLink"]
    assert stream.t_s.tolist() == [20.5, 20.51]
    assert np.asarray(stream.values).tolist() == [[1, 2], [3, 4]]
    assert not recording.damage.proven
    assert recording.damage.sound


@pytest.mark.parametrize("content", [b"", b"XDF", b"a text, no recording"])
def test_what_is_no_xdf_file_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "t.xdf").write_bytes(content)
    with pytest.raises(InputError, match="not an XDF file"):
        read(tmp_path / "t.xdf")


def test_a_file_with_nothing_readable_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "t.xdf").write_bytes(b"XDF:" + b"\xff" * 50)
    with pytest.raises(DamagedFileError):
        read(tmp_path / "t.xdf")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingPathError, match=r"no\.xdf"):
        read(tmp_path / "no.xdf")
    with pytest.raises(InputError, match="is a folder"):
        read(tmp_path)


def test_the_beginning_says_whether_it_is_simulated(written: Written, tmp_path: Path) -> None:
    assert says_simulated(written.path)
    content = written.path.read_bytes()
    real = tmp_path / "real.xdf"
    real.write_bytes(content.replace(b"<simulated>true<", b"<simulated>false<"))
    assert not says_simulated(real)
    real.write_bytes(b'{"kind":"session_started","simulated":true}')
    assert says_simulated(real)
    assert not says_simulated(tmp_path / "none.xdf")
