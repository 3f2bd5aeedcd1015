from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import numpy as np
import pytest
import pyxdf

from gazecore.errors import MissingPathError, TargetExistsError, UnwritablePathError
from gazecore.recording import chunks, integrity
from gazecore.recording.writer import XdfWriter, create_file
from tests.gazecore.recording.material import Written, write_gaze

if TYPE_CHECKING:
    from pathlib import Path


def test_pyxdf_reads_what_was_written(written: Written) -> None:
    streams = {s["info"]["name"][0]: s for s in pyxdf.load_xdf(written.path)[0]}
    gaze = streams["FocusStation gaze"]
    assert gaze["time_series"].tobytes() == written.values.tobytes()
    assert gaze["footer"]["info"]["sample_count"] == [str(len(written.t_s))]
    assert len(streams["FocusStation markers"]["time_series"]) == len(written.marker_t_s)
    assert streams["FocusStation integrity"]["time_series"].dtype == np.int64


def test_pyxdf_reads_a_file_that_was_never_closed(tmp_path: Path) -> None:
    written = write_gaze(tmp_path / "open.xdf", close=False)
    streams = {s["info"]["name"][0]: s for s in pyxdf.load_xdf(written.path)[0]}
    assert len(streams["FocusStation gaze"]["time_series"]) == len(written.t_s)


def test_each_flush_ends_with_its_proof(written: Written) -> None:
    data = written.path.read_bytes()
    ends = [proof.offset + proof.length for proof in integrity.find_proofs(data)]
    assert ends == [*written.flushed, len(data)]


def test_a_closed_file_is_read_only(written: Written) -> None:
    assert stat.S_IMODE(written.path.stat().st_mode) & 0o222 == 0


def test_the_file_header_names_version_and_maker(written: Written) -> None:
    data = written.path.read_bytes()
    assert data[:4] == chunks.MAGIC
    length = int.from_bytes(data[5:9], "little")
    info = ElementTree.fromstring(data[11 : 9 + length])
    assert (info.findtext("version"), info.findtext("recorder")) == ("1.0", "FocusStation")


def test_a_flush_of_nothing_writes_nothing(tmp_path: Path) -> None:
    writer = XdfWriter(tmp_path / "a.xdf", lambda: 1.0)
    writer.flush()
    before = writer.bytes_written
    writer.flush()
    assert writer.bytes_written == before
    writer.sync()
    writer.abandon()


def test_an_existing_file_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "a.xdf").write_bytes(b"precious")
    with pytest.raises(TargetExistsError):
        XdfWriter(tmp_path / "a.xdf", lambda: 1.0)
    assert (tmp_path / "a.xdf").read_bytes() == b"precious"


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingPathError):
        create_file(tmp_path / "no" / "a.xdf")


@pytest.mark.skipif(os.name != "posix", reason="a file as a folder is another error elsewhere")
def test_an_impossible_place_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(UnwritablePathError):
        create_file(tmp_path / "file" / "a.xdf")


def test_a_stream_without_samples_has_a_footer_too(tmp_path: Path) -> None:
    writer = XdfWriter(tmp_path / "a.xdf", lambda: 1.0)
    xml = "<info><name>n</name><channel_count>1</channel_count><nominal_srate>0</nominal_srate>"
    writer.add_stream(1, xml + "<channel_format>int8</channel_format></info>")
    writer.close()
    (stream,) = (s for s in pyxdf.load_xdf(tmp_path / "a.xdf")[0] if s["info"]["name"] == ["n"])
    assert stream["footer"]["info"]["sample_count"] == ["0"]
