"""A session's recording in parts: a recorder that died is followed by one with its own file.

The first part bears the session's name, the next ones ``-part2``, ``-part3``...; none is ever
overwritten. All are on the clock of the machine that recorded them, so they are read as one.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from gazecore.errors import InputError, MissingPathError
from gazecore.recording.model import DamageReport, RecordedStream, Recording
from gazecore.recording.reader import read, stream_markers
from gazecore.samples import MARKER_STREAM_NAME, RECORDER_STREAM_NAME

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_PART = re.compile(r"-part(\d+)$")


def part_paths(first: Path) -> tuple[Path, ...]:
    """The files of a session that exist, in the order they were recorded.

    Parameters
    ----------
    first : Path
        The session's recording, as the study names it.
    """
    later = {
        int(match[1]): path
        for path in first.parent.glob(f"{first.stem}-part*{first.suffix}")
        if (match := _PART.search(path.stem)) and path.stem[: match.start()] == first.stem
    }
    begun = (first,) if first.is_file() else ()
    return (*begun, *(later[number] for number in sorted(later)))


def next_part(first: Path) -> Path:
    """A name for the next part that no file has: `first` itself if nothing was recorded yet."""
    taken = [_number(path, first) for path in part_paths(first)]
    number = 1 + max(taken, default=0)
    return first if number == 1 else first.with_name(f"{first.stem}-part{number}{first.suffix}")


def is_part_of(path: Path, first: Path) -> bool:
    """Whether a file is a session's recording or one of its later parts."""
    stem = _PART.sub("", path.stem)
    return path.absolute() == first.absolute() or (
        path.absolute().parent == first.absolute().parent and stem == first.stem
    )


def read_parts(first: Path) -> Recording:
    """Read a session's recording with all its parts, as if one recorder had written them.

    A stream of a later part is a further segment of the stream of its name. Markers that the
    station sent again to the new recorder are there once. A part that is missing or cannot be
    read is told in the damage report and takes nothing from the others.

    Raises
    ------
    MissingPathError, InputError, DamagedFileError
        There is no part at all, or none can be read.
    """
    paths = part_paths(first)
    if not paths:
        raise MissingPathError(first)
    parts: list[Recording] = []
    lost = [f"{path.name} is missing, later parts are there" for path in _missing(first, paths)]
    failure: InputError | None = None
    for path in paths:
        try:
            parts.append(read(path))
        except InputError as error:
            failure = failure or error
            lost.append(f"{path.name} is left out: {error}")
    if failure is not None and not parts:
        raise failure
    whole = joined(parts)
    return replace(whole, damage=replace(whole.damage, lost_parts=tuple(lost)))


def joined(parts: Sequence[Recording]) -> Recording:
    """One recording of several, given in order; a single one comes back as it is."""
    if len(parts) == 1:
        return parts[0]
    streams: dict[str, RecordedStream] = {}
    for number, part in enumerate(parts, 1):
        _take_in(streams, part.streams, number)
    station, _malformed = stream_markers(streams, MARKER_STREAM_NAME)
    recorder, _malformed = stream_markers(streams, RECORDER_STREAM_NAME)
    return Recording(
        path=parts[0].path,
        streams=streams,
        damage=_damage([part.damage for part in parts]),
        station_markers=station,
        recorder_markers=recorder,
    )


def _missing(first: Path, paths: Sequence[Path]) -> list[Path]:
    """Parts that are not there though later ones are; each is made only after the one before."""
    there = {_number(path, first) for path in paths}
    return [
        first.with_name(first.stem + ("" if number == 1 else f"-part{number}") + first.suffix)
        for number in range(1, max(there))
        if number not in there
    ]


def _number(path: Path, first: Path) -> int:
    match = _PART.search(path.stem)
    return 1 if path.stem == first.stem or match is None else int(match[1])


def _take_in(
    streams: dict[str, RecordedStream], found: dict[str, RecordedStream], part: int
) -> None:
    before = dict(streams)
    for stream in found.values():
        earlier = [s for s in before.values() if s.name == stream.name]
        segments = max((s.segment for s in earlier), default=0)
        kept = _without_repeated(stream, earlier) if stream.values is None else stream
        recorded = stream.description.get("recorded")
        about = {**(recorded if isinstance(recorded, dict) else {}), "part": str(part)}
        about["segment"] = str(segments + stream.segment)
        streams[_free_name(stream.name, streams)] = replace(
            kept, description={**stream.description, "recorded": about}
        )


def _free_name(name: str, streams: dict[str, RecordedStream]) -> str:
    number, free = 1, name
    while free in streams:
        number += 1
        free = f"{name} #{number}"
    return free


def _without_repeated(stream: RecordedStream, earlier: Sequence[RecordedStream]) -> RecordedStream:
    """A text stream without the samples, same in time and text, that an earlier part holds."""
    known = {pair for s in earlier for pair in zip(s.t_sender_s.tolist(), s.texts, strict=True)}
    pairs = zip(stream.t_sender_s.tolist(), stream.texts, strict=True)
    fresh = np.array([pair not in known for pair in pairs], dtype=bool)
    texts = tuple(text for text, is_new in zip(stream.texts, fresh, strict=True) if is_new)
    return replace(stream, t_s=stream.t_s[fresh], t_sender_s=stream.t_sender_s[fresh], texts=texts)


def _damage(reports: Sequence[DamageReport]) -> DamageReport:
    return DamageReport(
        proven=all(report.proven for report in reports),
        closed=all(report.closed for report in reports),
        regions=tuple(region for report in reports for region in report.regions),
        unverified_bytes=sum(report.unverified_bytes for report in reports),
        malformed_markers=sum(report.malformed_markers for report in reports),
        begun_s=reports[0].begun_s,
        proven_until_s=reports[-1].proven_until_s,
        missing=tuple(entry for report in reports for entry in report.missing),
    )
