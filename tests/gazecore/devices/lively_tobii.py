"""A Tobii SDK with a tracker that lives: it sends gaze by itself. For processes of their own.

`put_sdk` writes a module ``tobii_research`` that stands for it into a folder for ``PYTHONPATH``;
`put_python` writes an interpreter that has it, as another Python would.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from typing import TYPE_CHECKING

from tests.gazecore.devices import fake_tracker as bench
from tests.gazecore.devices.fake_tobii import FakeSdk
from tests.gazecore.devices.fake_tracker import FakeWorld, gaze_data, guide_data, now_us, time_data

if TYPE_CHECKING:
    from pathlib import Path

MODULE = """\
from tests.gazecore.devices import lively_tobii
{script}
_sdk = lively_tobii.lively_sdk()
__version__ = "2.1.0"
def __getattr__(name):
    return getattr(_sdk, name)
"""


def lively_sdk(rate_hz: float = 120.0) -> FakeSdk:
    """An SDK whose one tracker sends gaze as soon as somebody subscribes."""
    world = FakeWorld()
    threading.Thread(target=_live, args=(world, rate_hz), daemon=True).start()
    return FakeSdk(world)


def _live(world: FakeWorld, rate_hz: float) -> None:
    streams = world.tracker.streams
    count = 0
    while True:
        time.sleep(1.0 / rate_hz)
        count += 1
        times = {"device_time_stamp": now_us() + 5, "system_time_stamp": now_us()}
        if gaze := streams.get(bench.GAZE):
            gaze(gaze_data(**times))
        if guide := streams.get(bench.GUIDE):
            guide(guide_data())
        if (sync := streams.get(bench.TIME_SYNC)) and count % 12 == 0:
            now = now_us()
            sync(time_data(now - 100, now - 50, now))


def put_sdk(folder: Path, script: str = "") -> Path:
    """Write the module, `script` running when it is imported; returns the folder."""
    about = folder / "tobii_research-2.1.0.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: tobii-research\nVersion: 2.1.0\n")
    (folder / "tobii_research.py").write_text(MODULE.format(script=script))
    return folder


def put_python(path: Path, folder: Path) -> Path:
    """Write an interpreter: this one, with the modules of `folder` too."""
    path.write_text(
        "#!/bin/sh\n"
        f'PYTHONPATH="$PYTHONPATH{os.pathsep}{folder}" FOCUSSTATION_TEST_PYTHON="$0" '
        f'exec "{sys.executable}" "$@"\n'
    )
    path.chmod(0o755)
    return path
