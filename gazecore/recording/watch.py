"""What the recorder looks after beside the samples: the disk's free space."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from gazecore.recording.disk import disk_of, free_bytes, gone, shortage_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gazecore.recording.plan import RecorderSettings

_LOOK_EVERY_S = 1.0


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
