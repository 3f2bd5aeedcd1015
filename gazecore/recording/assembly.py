"""Putting the chunks of a file together to streams."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import ValidationError

from gazecore.messages import StreamJoined, parse_marker
from gazecore.recording import chunks, integrity, log_stream
from gazecore.recording.clocks import corrected_times
from gazecore.recording.description import StreamDescription, read_description
from gazecore.recording.footer import Footer, read_begun, read_footer
from gazecore.recording.model import DamagedRegion, RecordedStream

if TYPE_CHECKING:
    from gazecore.recording.spans import Span


@dataclass(slots=True)
class _StreamParts:
    """What is gathered for one stream while its chunks are read."""

    description: StreamDescription
    samples: list[chunks.Samples] = field(default_factory=list)
    offsets: list[tuple[float, float]] = field(default_factory=list)
    last_s: float = 0.0


@dataclass(frozen=True, slots=True)
class _StreamChunk:
    """A chunk that belongs to a stream, read as far as that."""

    tag: int
    stream_id: int
    content: memoryview
    span: Span


class Assembly:
    """Puts chunks, given in the order of the file, together to streams.

    Chunks of a stream whose header was damaged wait for the copy of the header in the
    recorder's log or in the stream's footer.

    Parameters
    ----------
    trusts_footers : bool
        Whether the footers are ours and proven, so that what they repeat may be used.
    times_only : bool
        Leave the values of numeric streams out: their arrays have n rows and no columns.
    """

    def __init__(self, *, trusts_footers: bool = True, times_only: bool = False) -> None:
        self.begun = ""
        self._times_only = times_only
        self._trusts_footers = trusts_footers
        self._parts: dict[int, _StreamParts] = {}
        self._footers: dict[int, Footer] = {}
        self._waiting: list[_StreamChunk] = []
        self.undecodable: list[DamagedRegion] = []

    @property
    def closed(self) -> bool:
        """Whether the recording ended as it should.

        Other programs end one stream after the other, so each needs its footer. Ours writes all
        footers when it closes the file: where one is, a missing one is damage, no cut.
        """
        if self._trusts_footers:
            return bool(self._footers)
        return bool(self._footers) and set(self._footers) >= set(self._parts)

    def take(self, chunk: memoryview, span: Span) -> None:
        """Add one chunk; what does not follow the format is noted as damage."""
        _, at = chunks.read_varlen(chunk, 0)
        tag = int.from_bytes(chunk[at : at + 2], "little")
        if tag == chunks.Tag.FILE_HEADER:
            self.begun = read_begun(bytes(chunk[at + 2 :])) or self.begun
        if tag in (chunks.Tag.FILE_HEADER, chunks.Tag.BOUNDARY):
            return
        if len(chunk) < at + 6:
            self._refuse(span, "too short")
            return
        stream_id = struct.unpack_from("<I", chunk, at + 2)[0]
        self._sort_in(_StreamChunk(tag, stream_id, chunk[at + 6 :], span))

    def finish(self) -> None:
        """Read the chunks whose stream's header was not found, by a copy of it."""
        known = {
            integrity.INTEGRITY_STREAM_ID: integrity.header_xml(),
            log_stream.RECORDER_STREAM_ID: log_stream.header_xml(),
        }
        self._retry(known)
        self._retry(self._logged_headers())
        if self._trusts_footers:
            self._retry({k: f.stream_header for k, f in self._footers.items() if f.stream_header})
        for chunk in self._waiting:
            self._refuse(chunk.span, f"the header of stream {chunk.stream_id} is lost")

    def _retry(self, headers: dict[int, str]) -> None:
        waiting, self._waiting = self._waiting, []
        for chunk in waiting:
            if chunk.stream_id in headers and chunk.stream_id not in self._parts:
                header = headers[chunk.stream_id]
                self._parts[chunk.stream_id] = _StreamParts(read_description(header))
            self._sort_in(chunk)

    def _logged_headers(self) -> dict[int, str]:
        log = self._parts.get(log_stream.RECORDER_STREAM_ID)
        headers = {}
        for text in () if log is None or not self._waiting else _texts(log):
            try:
                marker = parse_marker(text)
            except ValidationError:
                continue
            if isinstance(marker, StreamJoined):
                headers[marker.stream_id] = marker.header
        return headers

    def _sort_in(self, chunk: _StreamChunk) -> None:
        if chunk.tag == chunks.Tag.STREAM_FOOTER:
            self._footers[chunk.stream_id] = read_footer(bytes(chunk.content))
            return
        if chunk.tag != chunks.Tag.STREAM_HEADER and chunk.stream_id not in self._parts:
            self._waiting.append(chunk)
            return
        try:
            self._read(chunk)
        except (ValueError, KeyError, struct.error) as error:
            self._refuse(chunk.span, f"unreadable: {error}")

    def _read(self, chunk: _StreamChunk) -> None:
        if chunk.tag == chunks.Tag.STREAM_HEADER:
            description = read_description(bytes(chunk.content))
            self._parts.setdefault(chunk.stream_id, _StreamParts(description))
            return
        part = self._parts[chunk.stream_id]
        if chunk.tag == chunks.Tag.CLOCK_OFFSET:
            part.offsets.append(struct.unpack_from("<dd", chunk.content))
            return
        samples = _decode(part, chunk.content)
        if self._times_only and isinstance(samples.values, np.ndarray):
            samples = chunks.Samples(samples.t_s.copy(), samples.values[:, :0].copy())
        part.samples.append(samples)
        if len(samples.t_s):
            part.last_s = float(samples.t_s[-1])

    def _refuse(self, span: Span, reason: str) -> None:
        self.undecodable.append(DamagedRegion(span.offset, span.length, reason))

    def streams(self) -> dict[str, RecordedStream]:
        """All streams by name, later ones of the same name numbered.

        The recorder numbers its streams as they come, so in its files their ids give the order,
        whichever header is damaged.
        """
        named: dict[str, RecordedStream] = {}
        parts = sorted(self._parts.items()) if self._trusts_footers else self._parts.items()
        for stream_id, part in parts:
            name, number = part.description.name, 1
            while name in named:
                number += 1
                name = f"{part.description.name} #{number}"
            offsets = part.offsets
            if self._trusts_footers and stream_id in self._footers:
                offsets = max(offsets, self._footers[stream_id].offsets, key=len)
            named[name] = _finished(stream_id, part, offsets)
        return named

    def types(self) -> dict[int, str]:
        """The type of each stream whose header is there, by the stream's id."""
        return {k: part.description.type for k, part in self._parts.items()}

    def missing(self, streams: dict[str, RecordedStream]) -> tuple[tuple[str, int], ...]:
        """How many samples each stream lacks of those that its footer counts."""
        counts = {k: f.samples for k, f in self._footers.items() if self._trusts_footers}
        lacking = {name: counts.get(s.stream_id, 0) - len(s) for name, s in streams.items()}
        return tuple((name, count) for name, count in lacking.items() if count > 0)


def _decode(part: _StreamParts, content: memoryview) -> chunks.Samples:
    about = part.description
    interval_s = 1 / about.nominal_rate_hz if about.nominal_rate_hz > 0 else 0.0
    if about.channel_format == "string":
        return chunks.read_text_samples(content, about.channels, interval_s, part.last_s)
    return chunks.read_numeric_samples(
        content, chunks.DTYPES[about.channel_format], about.channels, interval_s, part.last_s
    )


def _finished(
    stream_id: int, part: _StreamParts, offsets: list[tuple[float, float]]
) -> RecordedStream:
    about = part.description
    t_sender_s = np.concatenate([np.empty(0), *(s.t_s for s in part.samples)])
    collected_s, offset_s = np.array(offsets, dtype=np.float64).reshape(-1, 2).T
    return RecordedStream(
        stream_id=stream_id,
        name=about.name,
        type=about.type,
        labels=about.labels,
        units=about.units,
        uid=about.uid,
        true_rate_hz=about.true_rate_hz,
        t_s=corrected_times(t_sender_s, collected_s, offset_s),
        t_sender_s=t_sender_s,
        values=_values(part),
        texts=_texts(part),
        further_texts=_further_texts(part),
        description=about.description,
        source_id=about.source_id,
    )


def _values(part: _StreamParts) -> Any:
    about = part.description
    if about.channel_format == "string":
        return None
    if not part.samples:
        return np.empty((0, about.channels), dtype=chunks.DTYPES[about.channel_format])
    return np.concatenate([s.values for s in part.samples])


def _texts(part: _StreamParts) -> tuple[str, ...]:
    if part.description.channel_format != "string":
        return ()
    return tuple(
        row[0].decode(errors="replace") for samples in part.samples for row in samples.values
    )


def _further_texts(part: _StreamParts) -> tuple[tuple[str, ...], ...]:
    about = part.description
    if about.channel_format != "string" or about.channels == 1:
        return ()
    return tuple(
        tuple(text.decode(errors="replace") for text in row[1:])
        for samples in part.samples
        for row in samples.values
    )
