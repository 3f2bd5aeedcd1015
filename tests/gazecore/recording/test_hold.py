from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from gazecore.recording.hold import hold, is_held

if TYPE_CHECKING:
    from pathlib import Path

pytest.importorskip("fcntl", reason="locks of POSIX")

HOLDER = """
import os, sys
from gazecore.recording.hold import hold
hold(os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT))
print("held", flush=True)
sys.stdin.read()
"""


def test_a_file_is_held_until_its_descriptor_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "a.xdf"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT)
    assert not is_held(path)
    hold(descriptor)
    assert is_held(path)
    assert is_held(path)
    os.close(descriptor)
    assert not is_held(path)


def test_a_killed_process_holds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.xdf"
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    assert is_held(path)
    process.kill()
    process.communicate()
    assert not is_held(path)


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        is_held(tmp_path / "a.xdf")
