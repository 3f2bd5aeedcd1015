from __future__ import annotations

import numpy as np
import pytest

from gazecore.messages import StreamJoined
from gazecore.recording import chunks, log_stream
from gazecore.recording.assembly import Assembly
from gazecore.recording.chunks import Tag
from gazecore.recording.spans import Span

HEADER = (
    "<info><name>{name}</name><channel_count>1</channel_count><nominal_srate>{rate}"
    "</nominal_srate><channel_format>{kind}</channel_format></info>"
)


def assembled(*parts: bytes, ours: bool = True) -> Assembly:
    assembly = Assembly(trusts_footers=ours)
    for number, part in enumerate(parts):
        assembly.take(memoryview(part), Span(100 * number, len(part)))
    assembly.finish()
    return assembly


def header(stream_id: int, name: str = "s", kind: str = "int32", rate: str = "0") -> bytes:
    xml = HEADER.format(name=name, kind=kind, rate=rate)
    return chunks.stream_chunk(Tag.STREAM_HEADER, stream_id, xml.encode())


def samples(stream_id: int, *values: int) -> bytes:
    table = np.array(values, dtype=np.int32)[:, None]
    return chunks.numeric_samples_chunk(stream_id, np.array(values, dtype=float), table)


def test_samples_follow_in_the_order_of_the_file() -> None:
    assembly = assembled(header(1), samples(1, 3, 4), samples(1, 2))
    stream = assembly.streams()["s"]
    assert stream.t_sender_s.tolist() == [3, 4, 2]
    assert np.asarray(stream.values).ravel().tolist() == [3, 4, 2]
    assert not assembly.undecodable


def test_streams_of_one_name_are_numbered() -> None:
    streams = assembled(header(1), header(2), header(5), samples(5, 9)).streams()
    assert list(streams) == ["s", "s #2", "s #3"]
    assert len(streams["s #3"]) == 1


def test_a_lost_header_is_taken_from_the_log() -> None:
    note = StreamJoined(
        t_s=1.0, stream="s", stream_id=1, header=HEADER.format(name="s", kind="int32", rate="0")
    )
    log = chunks.text_samples_chunk(
        log_stream.RECORDER_STREAM_ID, np.array([1.0]), [(note.to_json().encode(),)]
    )
    assembly = assembled(samples(1, 5), log, samples(1, 6))
    assert assembly.streams()["s"].t_sender_s.tolist() == [5, 6]
    assert not assembly.undecodable


def test_samples_without_any_header_are_damage() -> None:
    assembly = assembled(header(1), samples(2, 5))
    (region,) = assembly.undecodable
    assert (region.offset, region.reason) == (100, "the header of stream 2 is lost")


@pytest.mark.parametrize(
    "part",
    [
        chunks.stream_chunk(Tag.SAMPLES, 1, b"\x01\x05"),
        chunks.stream_chunk(Tag.CLOCK_OFFSET, 1, b"short"),
        chunks.stream_chunk(Tag.STREAM_HEADER, 3, b"no xml"),
        chunks.chunk(Tag.SAMPLES, b"\x01"),
    ],
    ids=["samples", "offset", "header", "no id"],
)
def test_what_does_not_follow_the_format_is_damage(part: bytes) -> None:
    assembly = assembled(header(1), samples(1, 1), part, samples(1, 2))
    assert len(assembly.streams()["s"]) == 2
    assert [region.offset for region in assembly.undecodable] == [200]


def test_an_unknown_format_is_damage() -> None:
    assembly = assembled(header(1, kind="int128"), samples(1, 1))
    assert len(assembly.undecodable) == 1


def test_times_left_out_go_on_over_chunks() -> None:
    deduced = chunks.stream_chunk(Tag.SAMPLES, 1, b"\x01\x01\0" + bytes(4))
    stream = assembled(header(1, rate="10"), samples(1, 7), deduced, deduced).streams()["s"]
    assert stream.t_sender_s.tolist() == [7.0, 7.1, pytest.approx(7.2)]


def test_a_file_of_others_is_closed_when_each_stream_has_its_footer() -> None:
    footers = [chunks.stream_chunk(Tag.STREAM_FOOTER, k, b"<info/>") for k in (1, 2)]
    headers = (header(1), header(2))
    assert not assembled(*headers, ours=False).closed
    assert not assembled(*headers, footers[0], ours=False).closed
    assert assembled(*headers, *footers, ours=False).closed


def test_ours_is_closed_when_it_has_a_footer_as_all_are_written_at_once() -> None:
    footer = chunks.stream_chunk(Tag.STREAM_FOOTER, 1, b"<info/>")
    assert not assembled(header(1), header(2)).closed
    assert assembled(header(1), header(2), footer).closed
