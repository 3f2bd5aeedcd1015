"""The disk of a recording: its room, its name, and what to say when it fails."""

from __future__ import annotations

import errno
import shutil
from typing import TYPE_CHECKING

import psutil

from gazecore.errors import UnwritablePathError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import pylsl

_UNKNOWN_RATE_HZ = 1200.0
"""Assumed of a stream that declares no rate: the fastest tracker in common use."""
_TEXT_BYTES_PER_S = 60 * 700
"""Markers of the station: 60 a second, 700 bytes each."""
_OVERHEAD = 1.2
"""Chunks, proofs, clock offsets."""
_BYTES = (0, 4, 8, 0, 4, 2, 1, 8)
"""Per value, by LSL's number of the channel format (0 undefined, 3 string)."""


def free_bytes(path: Path) -> int:
    """Bytes free on the disk of a file; 0 when that disk is gone."""
    try:
        return shutil.disk_usage(path.parent).free
    except OSError:
        return 0


def disk_of(path: Path) -> str:
    """Where the disk of a file is mounted, as people know it."""
    place = path.absolute()
    mounts = [
        disk.mountpoint
        for disk in psutil.disk_partitions(all=True)
        if place.is_relative_to(disk.mountpoint)
    ]
    return max(mounts, key=len, default=place.anchor)


def needed_bytes(infos: Iterable[pylsl.StreamInfo], seconds: float) -> int:
    """How much a recording of these streams takes at most, from what they declare."""
    per_s = 0.0
    for info in infos:
        size = _BYTES[info.channel_format()] if info.channel_format() < len(_BYTES) else 8
        if size:
            rate_hz = info.nominal_srate() or _UNKNOWN_RATE_HZ
            per_s += rate_hz * (9 + size * info.channel_count())
        else:
            per_s += _TEXT_BYTES_PER_S
    return round(per_s * seconds * _OVERHEAD)


def demand_room(path: Path, kept_free: int, needed: int = 0, seconds: float = 0.0) -> None:
    """Check that a recording fits on its disk.

    Parameters
    ----------
    path : Path
        The file to be made.
    kept_free : int
        Bytes that stay free.
    needed : int
        Bytes that the planned recording takes, of `seconds` length.

    Raises
    ------
    UnwritablePathError
        Too little is free; it says how much is needed for how long.
    """
    free = free_bytes(path)
    if free >= kept_free + needed:
        return
    wanted = f"{kept_free / 1e9:.2f} GB must stay free"
    if needed:
        wanted = f"{seconds / 60:.0f} minutes at this rate need {needed / 1e9:.2f} GB, and {wanted}"
    raise UnwritablePathError(
        path,
        f"only {free / 1e9:.2f} GB free on the disk at {disk_of(path)}; {wanted}",
        "make room there or choose another disk",
    )


def shortage_of(path: Path, kept_free: int, disk: str) -> str | None:
    """Why too little room is left for a recording to go on, in one line; None if there is enough.

    `disk` is its name from before: one that is gone has none.
    """
    free = free_bytes(path)
    if free < kept_free:
        return f"only {free / 1e9:.2f} GB free on the disk at {disk} ({path})"
    return None


def trouble(path: Path, error: OSError, disk: str) -> str:
    """What went wrong in writing a recording, naming its disk, in one line."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"cannot write {path}: the disk at {disk} is full"
    if error.errno in (errno.ENOENT, errno.ENODEV, errno.ENXIO, getattr(errno, "ESTALE", None)):
        return gone(path, disk)
    return f"cannot write {path}: {error.strerror or error} (disk at {disk})"


def gone(path: Path, disk: str) -> str:
    """That a recording's disk, or its file, is no longer there."""
    return f"the disk at {disk} is gone, or {path} was taken away"
