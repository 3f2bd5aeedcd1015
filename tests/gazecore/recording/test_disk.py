from __future__ import annotations

import errno
from pathlib import Path

import pylsl
import pytest

from gazecore.errors import UnwritablePathError
from gazecore.recording.disk import (
    demand_room,
    disk_of,
    free_bytes,
    gone,
    needed_bytes,
    shortage_of,
    trouble,
)


def info(channels: int, rate_hz: float, kind: str = "double64") -> pylsl.StreamInfo:
    return pylsl.StreamInfo("s", "t", channels, rate_hz, kind, "id")


def test_what_a_recording_takes_follows_from_what_its_streams_declare() -> None:
    assert needed_bytes([info(27, 600)], 10) == round(10 * 600 * (9 + 27 * 8) * 1.2)
    assert needed_bytes([info(27, 0)], 10) == needed_bytes([info(27, 1200)], 10)
    assert needed_bytes([info(1, 0, "string")], 60) < 4e6
    assert needed_bytes([info(4, 100, "int16")], 10) == round(10 * 100 * 17 * 1.2)
    assert needed_bytes([info(27, 600)], 0) == 0


def test_too_little_room_says_how_much_is_needed_for_how_long(tmp_path: Path) -> None:
    path = tmp_path / "a.xdf"
    demand_room(path, 1000, 1000, 60)
    with pytest.raises(UnwritablePathError) as raised:
        demand_room(path, 10**9, 10**18, 5400)
    said = str(raised.value)
    assert "90 minutes at this rate need 1000000000.00 GB, and 1.00 GB must stay free" in said
    assert f"on the disk at {disk_of(path)}" in said
    assert said.endswith("make room there or choose another disk")


def test_a_disk_is_named_by_where_it_is_mounted(tmp_path: Path) -> None:
    named = Path(disk_of(tmp_path / "a.xdf"))
    assert (tmp_path / "a.xdf").is_relative_to(named)
    assert named.is_mount()


def test_shortage_and_a_disk_that_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "a.xdf"
    path.write_bytes(b"x")
    assert shortage_of(path, 0, "/mnt") is None
    low = shortage_of(path, 10**18, "/mnt")
    assert low is not None
    assert "GB free on the disk at /mnt" in low
    assert gone(path, "/mnt") == f"the disk at /mnt is gone, or {path} was taken away"
    assert free_bytes(tmp_path / "gone" / "a.xdf") == 0


def test_trouble_names_the_disk() -> None:
    path = Path("/data/a.xdf")
    full = trouble(path, OSError(errno.ENOSPC, "No space left on device"), "/data")
    assert full == "cannot write /data/a.xdf: the disk at /data is full"
    lost = trouble(path, OSError(errno.ENOENT, "No such file"), "/data")
    assert lost == "the disk at /data is gone, or /data/a.xdf was taken away"
    broken = trouble(path, OSError(errno.EIO, "Input/output error"), "/data")
    assert broken == "cannot write /data/a.xdf: Input/output error (disk at /data)"
