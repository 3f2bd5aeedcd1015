"""Checks of this machine, each on its own; what may crash or hang runs in a process of its own.

To add a check: write a function that returns a `Check` and add it to `CHECKS`. ``bad`` is for
what the station cannot do without, ``warn`` for what some users miss.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from gazecore.processes import child_environment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Level = Literal["ok", "warn", "bad"]

LIMIT_S = 60.0
LSL_SAMPLES = 200
LSL_SLOW_MS = 20.0
LOW_DISK_BYTES, FULL_DISK_BYTES = 5e9, 1e9
MIN_PYTHON, MAX_PYTHON = (3, 10), (3, 12)


@dataclass(frozen=True, slots=True)
class Check:
    """The outcome of one check; `values` holds its figures."""

    name: str
    level: Level
    detail: str
    values: Mapping[str, object] = field(default_factory=dict)


def python() -> Check:
    """The interpreter is one the project is tested with."""
    version = ".".join(map(str, sys.version_info[:3]))
    supported = MIN_PYTHON <= sys.version_info[:2] <= MAX_PYTHON
    detail = f"{version} at {sys.executable}"
    return Check("Python", "ok" if supported else "bad", detail, {"version": version})


_QT_PROBE = """
import json
from PySide6 import QtCore, QtGui, QtWidgets
app = QtWidgets.QApplication([])
screens = [
    {
        "name": s.name(),
        "width_px": round(s.geometry().width() * s.devicePixelRatio()),
        "height_px": round(s.geometry().height() * s.devicePixelRatio()),
        "width_mm": s.physicalSize().width(),
        "height_mm": s.physicalSize().height(),
        "pixel_ratio": s.devicePixelRatio(),
        "refresh_hz": s.refreshRate(),
    }
    for s in app.screens()
]
about = {"version": QtCore.qVersion(), "platform": app.platformName(), "screens": screens}
print(json.dumps(about))
"""


def qt(environment: Mapping[str, str] | None = None) -> Check:
    """Qt starts on this machine's platform, or at least in memory where there is no display."""
    found = run_python(_QT_PROBE, dict(environment or child_environment()))
    if isinstance(found, str):
        return Check("Qt", "bad", f"does not start: {found}; 'make' installs what it needs")
    screens = [
        f"{s['width_px']} x {s['height_px']} px, {s['width_mm']:.0f} x {s['height_mm']:.0f} mm, "
        f"{s['refresh_hz']:.0f} Hz"
        for s in found["screens"]
    ]
    detail = f"{found['version']} on {found['platform']}: {'; '.join(screens)}"
    if found["platform"] == "offscreen":
        return Check("Qt", "warn", f"{detail} (no display: use --offscreen)", found)
    return Check("Qt", "ok", detail, found)


def lsl() -> Check:
    """A stream sent by this process comes back to it, and how late."""
    from gazecore import lsl as bus

    try:
        delays_ms = _loopback_delays_ms()
    except (RuntimeError, OSError) as error:
        return Check("LSL", "bad", f"no stream comes back ({error}); is a firewall in the way?")
    if len(delays_ms) < LSL_SAMPLES:
        came = f"{len(delays_ms)} of {LSL_SAMPLES} samples came back"
        return Check("LSL", "bad", f"{came}; is a firewall in the way?")
    median_ms = sorted(delays_ms)[LSL_SAMPLES // 2]
    level: Level = "ok" if median_ms < LSL_SLOW_MS else "warn"
    others = len(bus.resolve_gaze(0.5))
    return Check(
        "LSL",
        level,
        f"{LSL_SAMPLES} samples came back in {median_ms:.2f} ms (median); "
        f"{others} gaze streams on this machine",
        {"median_ms": median_ms, "gaze_streams": others},
    )


def _loopback_delays_ms() -> list[float]:
    import pylsl

    name = f"FocusStation loopback {time.time_ns()}"
    outlet = pylsl.StreamOutlet(pylsl.StreamInfo(name, "Loopback", 1, 0, "double64", name))
    found = pylsl.resolve_byprop("name", name, 1, 5.0)
    if not found:
        return []
    inlet = pylsl.StreamInlet(found[0], recover=False)
    inlet.open_stream(timeout=5.0)
    delays_ms = []
    for _ in range(LSL_SAMPLES):
        outlet.push_sample([0.0], pylsl.local_clock())
        _sample, sent_s = inlet.pull_sample(timeout=1.0)
        if sent_s is not None:
            delays_ms.append(1000 * (pylsl.local_clock() - sent_s))
    inlet.close_stream()
    return delays_ms


def tobii() -> Check:
    """An SDK for Tobii's trackers is there, in this Python or the one configured for it."""
    from gazecore.devices.interpreter import tobii_python
    from gazecore.devices.sdks import sdk_states
    from gazecore.errors import InvalidSettingError

    try:
        python = tobii_python()
    except InvalidSettingError as error:
        return Check("Tobii SDK", "warn", str(error))
    if python is not None:
        return Check("Tobii SDK", "ok", f"in {python}")
    states = sdk_states()
    installed = [f"{sdk.module} {sdk.version}" for sdk in states if sdk.installed]
    if installed:
        return Check("Tobii SDK", "ok", ", ".join(installed))
    notes = "; ".join(f"{sdk.module}: {sdk.note}" for sdk in states)
    return Check("Tobii SDK", "warn", f"not installed ({notes})")


_TORCH_PROBE = """
import json, torch
names = [torch.cuda.get_device_name(i) for i in range(torch.cuda.device_count())]
print(json.dumps({"version": torch.__version__, "gpus": names, "threads": torch.get_num_threads()}))
"""


def trainer() -> Check:
    """Torch can be imported by the trainer's interpreter, and the GPUs it sees."""
    from app.commands.train import trainer_python
    from gazecore.errors import FocusStationError

    try:
        interpreter = trainer_python()
    except FocusStationError as error:
        return Check("Trainer", "warn", str(error))
    found = run_python(_TORCH_PROBE, child_environment(), interpreter)
    if isinstance(found, str):
        return Check("Trainer", "warn", f"torch does not start: {found}")
    gpus = ", ".join(found["gpus"]) or "no GPU, the CPU will do for small runs"
    return Check("Trainer", "ok", f"torch {found['version']}: {gpus}", found)


def gpus() -> Check:
    """What NVIDIA's driver says, whether or not torch is installed."""
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return Check("GPU driver", "warn", "no nvidia-smi here; training runs on the CPU")
    query = [tool, "--query-gpu=name,memory.total,driver_version", "--format=csv,noheader"]
    try:
        done = subprocess.run(query, capture_output=True, text=True, timeout=LIMIT_S, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return Check("GPU driver", "warn", f"nvidia-smi does not answer: {error}")
    lines = [line.strip() for line in done.stdout.splitlines() if line.strip()]
    if done.returncode != 0 or not lines:
        return Check("GPU driver", "warn", f"nvidia-smi: {(done.stderr or done.stdout).strip()}")
    return Check("GPU driver", "ok", "; ".join(lines), {"gpus": lines})


def disk(folder: Path | None = None) -> Check:
    """Room for recordings where the command was started."""
    place = folder or Path.cwd()
    free = shutil.disk_usage(place).free
    level: Level = "ok" if free >= LOW_DISK_BYTES else "warn" if free >= FULL_DISK_BYTES else "bad"
    return Check("Disk", level, f"{free / 1e9:.1f} GB free at {place}", {"free_bytes": free})


CHECKS: tuple[Callable[[], Check], ...] = (python, qt, lsl, tobii, trainer, gpus, disk)


def run_python(
    script: str, environment: dict[str, str], interpreter: str = sys.executable
) -> dict[str, Any] | str:
    """What a script printed as JSON, or in one line why it did not."""
    try:
        done = subprocess.run(
            [interpreter, "-c", script],
            capture_output=True,
            text=True,
            timeout=LIMIT_S,
            env=environment,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode == 0 and lines:
        return dict(json.loads(lines[-1]))
    said = [line.strip() for line in done.stderr.splitlines() if line.strip()]
    return said[-1] if said else f"exit status {done.returncode}"
