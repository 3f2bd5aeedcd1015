"""Read a recording: only what its proofs cover, resynchronised after any damage."""

from __future__ import annotations

import math
import mmap
import re
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from gazecore.errors import DamagedFileError, InputError, MissingPathError
from gazecore.messages import AnyMarker, StateRepeated, parse_marker
from gazecore.recording import chunks, integrity, spans
from gazecore.recording.assembly import Assembly
from gazecore.recording.model import DamageReport, RecordedStream, Recording
from gazecore.samples import MARKER_STREAM_NAME, RECORDER_STREAM_NAME

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SAYS_SIMULATED = re.compile(rb'<simulated>\s*true\s*</simulated>|"simulated":\s*true')
_BEGINNING_BYTES = 2**20


def says_simulated(path: Path) -> bool:
    """Whether the beginning of a recording says that its gaze is simulated.

    Cheap: looks for what the tracker (stream header) and the station (``session_started``) say,
    in the first MiB, without decoding or proving anything. A file that cannot be read says
    nothing.
    """
    try:
        with path.open("rb") as file:
            return _SAYS_SIMULATED.search(file.read(_BEGINNING_BYTES)) is not None
    except OSError:
        return False


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
    return _read(Path(path), times_only=False)


def survey(path: Path | str) -> Recording:
    """Read a recording without the values of its numeric streams, in a fraction of the memory.

    As `read`, but `values` have no columns; times, texts, markers and damage are all there.
    """
    return _read(Path(path), times_only=True)


def _read(path: Path, *, times_only: bool) -> Recording:
    with mapped(path) as data:
        layout = spans.lay_out(data)
        assembly = Assembly(trusts_footers=layout.proven, times_only=times_only)
        for span in layout.spans:
            assembly.take(memoryview(data[span.offset : span.offset + span.length]), span)
        assembly.finish()
    if not layout.proven and not layout.spans:
        raise DamagedFileError(path, "no chunk in it can be read")
    streams = assembly.streams()
    missing = assembly.missing(streams)
    station, malformed = stream_markers(streams, MARKER_STREAM_NAME)
    recorder, malformed_too = stream_markers(streams, RECORDER_STREAM_NAME)
    return Recording(
        path=path,
        streams=streams,
        damage=DamageReport(
            proven=layout.proven,
            closed=assembly.closed,
            regions=tuple(sorted((*layout.regions, *assembly.undecodable), key=lambda r: r.offset)),
            unverified_bytes=layout.unverified_bytes,
            malformed_markers=malformed + malformed_too,
            begun_s=layout.begun_s,
            proven_until_s=layout.proven_until_s,
            missing=missing,
        ),
        begun=assembly.begun,
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
    if path.is_dir():
        raise InputError(f"{path} is a folder; give the XDF file of a recording")
    if not path.is_file():
        raise MissingPathError(path)
    try:
        with path.open("rb") as file:
            head = file.read(4096)
            if not head:
                raise InputError(_no_xdf(path))
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
                if not head.startswith(chunks.MAGIC) and not _looks_like_ours(head, data):
                    raise InputError(_no_xdf(path))
                yield data
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}") from error


def _no_xdf(path: Path) -> str:
    return f"not an XDF file: {path}; give a file made by 'record'"


def _looks_like_ours(head: bytes, data: mmap.mmap) -> bool:
    """Whether a file whose mark is damaged still begins like one of ours, or holds a proof."""
    return b"FocusStation integrity" in head or any(True for _ in integrity.find_proofs(data))


def stream_markers(
    streams: dict[str, RecordedStream], name: str
) -> tuple[tuple[AnyMarker, ...], int]:
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
    return [s for s in streams if s.name == name and s.values is None]


def _moved(marker: AnyMarker, t_s: float, shift_s: float) -> AnyMarker:
    """The marker at its time on the recording's clock, with what it repeats shifted alike."""
    update: dict[str, Any] = {"t_s": t_s if math.isfinite(t_s) else marker.t_s}
    if isinstance(marker, StateRepeated):
        for part in ("session", "case", "viewport", "mapping"):
            inner = getattr(marker, part)
            if inner is not None:
                update[part] = inner.model_copy(update={"t_s": inner.t_s + shift_s})
        update["other_viewports"] = tuple(
            state.model_copy(update={"t_s": state.t_s + shift_s})
            for state in marker.other_viewports
        )
    return marker.model_copy(update=update)
