"""What the recorder looks after beside the samples: clock offsets and the disk's free space."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from gazecore.recording.disk import disk_of, free_bytes, gone, shortage_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from gazecore.recording.inlet import Inlet
    from gazecore.recording.plan import RecorderSettings

_OFFSET_WAIT_S = 1.0
"""LSL needs about 0.64 s for an inlet's first offset; meanwhile its samples are pulled."""
_LOOK_EVERY_S = 1.0


class ClockWatch:
    """Measures each inlet's clock offset when it is due."""

    def __init__(self, every_s: float) -> None:
        self._every_s = every_s
        self._due_s: dict[int, float] = {}

    def due_offsets(self, inlets: Sequence[Inlet]) -> list[tuple[int, float, float]]:
        """Offsets (stream id, when on the sender's clock, seconds to add) that were due."""
        measured = []
        for inlet in inlets:
            if inlet.failure is None and time.monotonic() >= self._due_s.get(inlet.stream_id, 0):
                self._due_s[inlet.stream_id] = time.monotonic() + self._every_s
                offset = inlet.clock_offset(_OFFSET_WAIT_S)
                if offset is not None:
                    measured.append((inlet.stream_id, *offset))
        return measured


class DiskWatch:
    """Watches the free space of the recording's disk."""

    def __init__(self, path: Path, settings: RecorderSettings) -> None:
        self._path = path
        self._settings = settings
        self._due_s = 0.0
        self._warned = False
        self._was_there = False
        self._disk = disk_of(path)

    def shortage(self, note: Callable[[str], None]) -> str | None:
        """Why it cannot go on (no space, disk gone), else None; `note` hears of low space once."""
        if time.monotonic() < self._due_s:
            return None
        self._due_s = time.monotonic() + _LOOK_EVERY_S
        is_there = self._path.exists()
        if self._was_there and not is_there:
            return gone(self._path, self._disk)
        self._was_there = is_there
        shortage = shortage_of(self._path, self._settings.least_free_bytes, self._disk)
        if shortage is not None:
            return shortage
        free = free_bytes(self._path)
        if free < self._settings.warn_free_bytes and not self._warned:
            self._warned = True
            note(f"only {free / 1e9:.1f} GB free on the disk at {self._disk}")
        return None
