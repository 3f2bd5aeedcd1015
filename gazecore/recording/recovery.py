"""Recordings that were cut off: found when a study is opened, and told in plain words.

Nothing is repaired, as nothing has to be: a recording that was cut off is readable up to its
last proof. So its bytes stay as they are. It is read through once, what is there is said, and
the file is made read-only like any closed one, which is how it is known the next time.
"""

from __future__ import annotations

import contextlib
import stat
import struct
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from gazecore.errors import FocusStationError
from gazecore.recording import chunks, integrity, log_stream
from gazecore.recording.assembly import Assembly
from gazecore.recording.hold import is_held
from gazecore.recording.reader import mapped, says_simulated
from gazecore.recording.spans import lay_out

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gazecore.recording.spans import Data, Layout

LOST_AT_MOST_S = 0.3
"""Written every 40 ms and synced every 100 ms: a power cut takes at most this, a kill less."""
_WRITABLE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


@dataclass(frozen=True, slots=True)
class CutOff:
    """A recording that was cut off (or, `closed`, was not), and what of it is safe.

    Attributes
    ----------
    begun : str
        By the wall clock, ISO 8601; empty if the file does not say.
    seconds : float
        From its beginning to the last proof.
    gaze_samples, samples : int
        Proven samples of its gaze streams, and of all streams of others.
    damaged_places : int
        Damaged regions within what was written.
    """

    path: Path
    begun: str
    seconds: float
    gaze_samples: int
    samples: int
    damaged_places: int
    simulated: bool
    closed: bool

    def sentences(self) -> list[str]:
        """What happened, what is safe, and what to do, in plain words."""
        said = [f"The recording of {self.path.stem} was cut off{self._when()}."]
        if not self.samples:
            said.append("Nothing had been recorded yet. Nothing needs to be done.")
        elif self.damaged_places:
            said.append(
                f"{self._safe()}; {_counted(self.damaged_places, 'damaged place')} in it "
                f"{_are(self.damaged_places)} left out. "
                f"'focusstation verify {self.path.name}' says where."
            )
        else:
            said.append(
                f"{self._safe()}; at most the last {LOST_AT_MOST_S:g} s are missing. "
                "Nothing needs to be done."
            )
        return said

    def _safe(self) -> str:
        kind = "simulated gaze sample" if self.simulated else "gaze sample"
        if self.gaze_samples:
            return f"{_counted(self.gaze_samples, kind)} {_are(self.gaze_samples)} safe"
        return f"{_counted(self.samples, 'sample')} {_are(self.samples)} safe, none of gaze"

    def _when(self) -> str:
        after = f" after {_span(self.seconds)}" if self.samples else ""
        try:
            end = datetime.fromisoformat(self.begun) + timedelta(seconds=self.seconds)
        except ValueError:
            return after
        return f" on {end:%Y-%m-%d} at {end:%H:%M}{after}"


def find_cut_off(folder: Path) -> Iterator[CutOff]:
    """Recordings of ours in a folder that were cut off and have not been settled yet.

    Those that a recorder is writing right now are passed over, and so are files of other
    programs. A recording that is closed but not read-only (it was copied) is made read-only.
    """
    for path in find_unsettled(folder):
        with contextlib.suppress(FocusStationError, OSError):
            found = examine(path)
            if found is not None and found.closed:
                settle(path)
            elif found is not None:
                yield found


def find_unsettled(folder: Path) -> Iterator[Path]:
    """Files in a folder that are not read-only and that no recorder is writing; none is read."""
    for path in sorted(folder.glob("*.xdf")):
        with contextlib.suppress(OSError):
            if path.stat().st_mode & _WRITABLE and not is_held(path):
                yield path


def settle(path: Path) -> None:
    """Make a recording that was cut off read-only; its bytes are not touched."""
    with contextlib.suppress(OSError):  # on a read-only disk there is nothing to protect
        path.chmod(stat.S_IMODE(path.stat().st_mode) & ~_WRITABLE)


def examine(path: Path) -> CutOff | None:
    """What of a recording of ours is there, without holding its samples; None for others' files.

    Raises
    ------
    FocusStationError
        The file cannot be read.
    """
    if path.stat().st_size == 0:  # cut off before its first write
        return CutOff(path, "", 0.0, 0, 0, 0, simulated=False, closed=False)
    with mapped(path) as data:
        layout = lay_out(data)
        if not layout.proven:
            return None
        assembly = Assembly()
        counts = _counted_samples(data, layout, assembly)
    own = (integrity.INTEGRITY_STREAM_ID, log_stream.RECORDER_STREAM_ID)
    gaze = [k for k, name in assembly.types().items() if name.casefold() == "gaze"]
    return CutOff(
        path=path,
        begun=assembly.begun,
        seconds=(layout.proven_until_s or 0.0) - (layout.begun_s or 0.0),
        gaze_samples=sum(counts.get(k, 0) for k in gaze),
        samples=sum(count for k, count in counts.items() if k not in own),
        damaged_places=len(layout.regions),
        simulated=says_simulated(path),
        closed=assembly.closed and not layout.unverified_bytes,
    )


def _counted_samples(data: Data, layout: Layout, assembly: Assembly) -> dict[int, int]:
    """Samples per stream; all but samples is handed to the assembly."""
    counts: dict[int, int] = {}
    for span in layout.spans:
        head = data[span.offset : span.offset + chunks.HEAD_BYTES + 4 + 9]
        tag, stream_id = struct.unpack_from("<HI", head.ljust(11, b"\0"), 5)
        if tag != chunks.Tag.SAMPLES:
            assembly.take(memoryview(data[span.offset : span.offset + span.length]), span)
            continue
        with contextlib.suppress(chunks.ContentError):
            count, _ = chunks.read_varlen(memoryview(head), chunks.HEAD_BYTES + 4)
            counts[stream_id] = counts.get(stream_id, 0) + count
    return counts


def _span(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"
