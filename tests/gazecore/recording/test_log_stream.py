from __future__ import annotations

from gazecore.recording import integrity, log_stream
from gazecore.recording.description import read_description
from gazecore.samples import RECORDER_STREAM_NAME


def test_it_is_one_irregular_text_channel() -> None:
    about = read_description(log_stream.header_xml())
    assert (about.name, about.channels, about.channel_format) == (RECORDER_STREAM_NAME, 1, "string")
    assert about.nominal_rate_hz == 0


def test_its_number_is_its_own_and_fits_31_bits() -> None:
    assert log_stream.RECORDER_STREAM_ID != integrity.INTEGRITY_STREAM_ID
    assert max(log_stream.RECORDER_STREAM_ID, integrity.INTEGRITY_STREAM_ID) < 2**31 - 1
