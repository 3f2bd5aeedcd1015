"""Read a recording: only what its proofs cover, resynchronised after any damage."""

from __future__ import annotations

import math
import mmap
import struct
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import ValidationError

from gazecore.errors import DamagedFileError, InputError, MissingPathError
from gazecore.messages import AnyMarker, StateRepeated, parse_marker
from gazecore.recording import chunks, spans
from gazecore.recording.clocks import corrected_times
from gazecore.recording.description import StreamDescription, read_description
from gazecore.recording.model import DamagedRegion, DamageReport, RecordedStream, Recording
from gazecore.samples import MARKER_STREAM_NAME, RECORDER_STREAM_NAME

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def read(path: Path | str) -> Recording:
    """Read a recording of ours, or any other XDF file.

    Of a file with an integrity stream, only chunks that match their CRC-32 are returned, from a
    closed, cut off or damaged file alike; `Recording.damage` tells what is missing. A file of
    another program is read as far as it can be, and its integrity is called unknown. Streams
    that declare a rate keep their times as sent and corrected; they are not made regular.

    Raises
    ------
    MissingPathError, InputError, DamagedFileError
        There is no such file, it is no XDF file, or nothing in it can be read.
    """
    path = Path(path)
    with mapped(path) as data:
        layout = spans.lay_out(data)
        assembly = _Assembly(layout.proven)
        for span in layout.spans:
            assembly.take(memoryview(data[span.offset : span.offset + span.length]), span)
    if not layout.proven and not layout.spans:
        raise DamagedFileError(path, "no chunk in it can be read")
    streams = assembly.streams()
    station, malformed = _markers(streams, MARKER_STREAM_NAME)
    recorder, malformed_too = _markers(streams, RECORDER_STREAM_NAME)
    return Recording(
        path=path,
        streams=streams,
        damage=DamageReport(
            proven=layout.proven,
            closed=assembly.closed,
            regions=tuple(sorted((*layout.regions, *assembly.undecodable), key=lambda r: r.offset)),
            unverified_bytes=layout.unverified_bytes,
            malformed_markers=malformed + malformed_too,
        ),
        station_markers=station,
        recorder_markers=recorder,
    )


@contextmanager
def mapped(path: Path) -> Iterator[bytes | mmap.mmap]:
    """The bytes of an XDF file without reading them at once.

    Raises
    ------
    MissingPathError, InputError
        There is no such file, it cannot be read, or it is no XDF file.
    """
    if not path.is_file():
        raise MissingPathError(path)
    try:
        with path.open("rb") as file:
            head = file.read(4096)
            if not head.startswith(chunks.MAGIC) and not _begins_like_ours(head):
                raise InputError(f"not an XDF file: {path}; give a file made by 'record'")
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
                yield data
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}") from error


def _begins_like_ours(head: bytes) -> bool:
    """Whether a file whose mark is damaged still begins like one of ours."""
    return b"FocusStation integrity" in head


@dataclass(slots=True)
class _StreamParts:
    """What is gathered for one stream while its chunks are read."""

    description: StreamDescription
    samples: list[chunks.Samples] = field(default_factory=list)
    offsets: list[tuple[float, float]] = field(default_factory=list)
    last_s: float = 0.0


class _Assembly:
    """Puts chunks together to streams."""

    def __init__(self, proven: bool) -> None:
        self._parts: dict[int, _StreamParts] = {}
        self._footers: set[int] = set()
        self._proven = proven
        self.undecodable: list[DamagedRegion] = []

    @property
    def closed(self) -> bool:
        """Whether every stream has its footer; ours alone (the integrity stream has none)."""
        return bool(self._footers) and self._footers >= {
            k for k, part in self._parts.items() if part.description.type != "Integrity"
        }

    def take(self, chunk: memoryview, span: spans.Span) -> None:
        """Add one chunk; what does not follow the format is noted as damage."""
        _, at = chunks.read_varlen(chunk, 0)
        tag = int.from_bytes(chunk[at : at + 2], "little")
        if tag in (chunks.Tag.FILE_HEADER, chunks.Tag.BOUNDARY):
            return
        try:
            stream_id = struct.unpack_from("<I", chunk, at + 2)[0]
            self._take_stream_chunk(tag, stream_id, chunk[at + 6 :])
        except (ValueError, KeyError, struct.error) as error:
            reason = f"unreadable: {error}"
            self.undecodable.append(DamagedRegion(span.offset, span.length, reason))

    def _take_stream_chunk(self, tag: int, stream_id: int, content: memoryview) -> None:
        if tag == chunks.Tag.STREAM_HEADER:
            self._parts.setdefault(stream_id, _StreamParts(read_description(bytes(content))))
        elif tag == chunks.Tag.STREAM_FOOTER:
            self._footers.add(stream_id)
        elif stream_id not in self._parts:
            raise ValueError(f"stream {stream_id} has no readable header")
        elif tag == chunks.Tag.CLOCK_OFFSET:
            self._parts[stream_id].offsets.append(struct.unpack_from("<dd", content))
        else:
            part = self._parts[stream_id]
            part.samples.append(_decode(part, content))
            if len(part.samples[-1].t_s):
                part.last_s = float(part.samples[-1].t_s[-1])

    def streams(self) -> dict[str, RecordedStream]:
        """All streams by name, later ones of the same name numbered."""
        named: dict[str, RecordedStream] = {}
        for stream_id, part in self._parts.items():
            name, number = part.description.name, 1
            while name in named:
                number += 1
                name = f"{part.description.name} #{number}"
            named[name] = _finished(stream_id, name, part)
        return named


def _decode(part: _StreamParts, content: memoryview) -> chunks.Samples:
    about = part.description
    interval_s = 1 / about.nominal_rate_hz if about.nominal_rate_hz > 0 else 0.0
    if about.channel_format == "string":
        return chunks.read_text_samples(content, about.channels, interval_s, part.last_s)
    return chunks.read_numeric_samples(
        content, chunks.DTYPES[about.channel_format], about.channels, interval_s, part.last_s
    )


def _finished(stream_id: int, name: str, part: _StreamParts) -> RecordedStream:
    about = part.description
    t_sender_s = np.concatenate([np.empty(0), *(s.t_s for s in part.samples)])
    collected_s, offset_s = np.array(part.offsets, dtype=np.float64).reshape(-1, 2).T
    return RecordedStream(
        stream_id=stream_id,
        name=name,
        type=about.type,
        labels=about.labels,
        units=about.units,
        uid=about.uid,
        true_rate_hz=about.true_rate_hz,
        t_s=corrected_times(t_sender_s, collected_s, offset_s),
        t_sender_s=t_sender_s,
        values=_values(part),
        texts=_texts(part),
        description=about.description,
    )


def _values(part: _StreamParts) -> Any:
    about = part.description
    if about.channel_format == "string":
        return None
    empty = np.empty((0, about.channels), dtype=chunks.DTYPES[about.channel_format])
    return np.concatenate([empty, *(s.values for s in part.samples)])


def _texts(part: _StreamParts) -> tuple[str, ...]:
    if part.description.channel_format != "string":
        return ()
    return tuple(
        row[0].decode(errors="replace") for samples in part.samples for row in samples.values
    )


def _markers(streams: dict[str, RecordedStream], name: str) -> tuple[tuple[AnyMarker, ...], int]:
    """Markers of the streams of this name in time order, and how many were malformed."""
    found: list[AnyMarker] = []
    malformed = 0
    for stream in _of_name(streams.values(), name):
        for text, t_s, t_sender_s in zip(
            stream.texts, stream.t_s.tolist(), stream.t_sender_s.tolist(), strict=True
        ):
            try:
                found.append(_moved(parse_marker(text), t_s, t_s - t_sender_s))
            except ValidationError:
                malformed += 1
    found.sort(key=lambda marker: marker.t_s)
    return tuple(found), malformed


def _of_name(streams: Iterable[RecordedStream], name: str) -> list[RecordedStream]:
    return [s for s in streams if s.name.partition(" #")[0] == name and s.values is None]


def _moved(marker: AnyMarker, t_s: float, shift_s: float) -> AnyMarker:
    """The marker at its time on the recording's clock, with what it repeats shifted alike."""
    update: dict[str, Any] = {"t_s": t_s if math.isfinite(t_s) else marker.t_s}
    if isinstance(marker, StateRepeated):
        for part in ("session", "case", "viewport"):
            inner = getattr(marker, part)
            if inner is not None:
                update[part] = inner.model_copy(update={"t_s": inner.t_s + shift_s})
    return marker.model_copy(update=update)
