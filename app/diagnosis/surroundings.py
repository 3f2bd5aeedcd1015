"""Checks of what surrounds a station: its screens, the clocks, the ports of the bus."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING, Any

from app.diagnosis.checks import Check, run_python
from gazecore.preflight import PORTS, check_clocks
from gazecore.preflight_probe import look_at_clocks
from gazecore.processes import child_environment
from gazecore.screens import ScreenFingerprint

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DISCOVERY_PORT = 16571
STREAM_PORTS = range(16572, 16605)
LEAST_FREE = 4
"""A station needs two for its outlet and as many for its tracker's."""

_SCREENS_PROBE = """
import json
from dataclasses import asdict
from PySide6.QtWidgets import QApplication
from app.shared.tracked_screen import fingerprint_of
app = QApplication([])
print(json.dumps({"screens": [asdict(fingerprint_of(screen)) for screen in app.screens()]}))
"""


def fingerprints(environment: Mapping[str, str] | None = None) -> list[ScreenFingerprint] | str:
    """The fingerprints of all screens, or in one line why there are none."""
    found = run_python(_SCREENS_PROBE, dict(environment or child_environment()))
    return found if isinstance(found, str) else [_fingerprint(s) for s in found["screens"]]


def _fingerprint(values: Mapping[str, Any]) -> ScreenFingerprint:
    return ScreenFingerprint(**values)


def screens(environment: Mapping[str, str] | None = None) -> Check:
    """Each screen with its fingerprint, as it is kept with gaze."""
    found = fingerprints(environment)
    if isinstance(found, str):
        return Check("Screens", "warn", f"cannot be asked: {found}")
    told = {"screens": [{**_plain(f), "fingerprint": f.identity} for f in found]}
    return Check("Screens", "ok", "; ".join(f.describe() for f in found), told)


def _plain(fingerprint: ScreenFingerprint) -> dict[str, object]:
    return {name: getattr(fingerprint, name) for name in ScreenFingerprint.__slots__}


def clocks() -> Check:
    """LSL's clock, the monotonic and the wall clock go alike for half a second."""
    found = look_at_clocks()
    judged = check_clocks(found, None)
    level = "bad" if judged.level == "stop" else judged.level
    apart_ms = 1000 * (found.lsl_s - found.monotonic_s)
    detail = f"{judged.detail} ({apart_ms:+.3f} ms apart in {found.monotonic_s:.2f} s)"
    return Check("Clocks", level, detail, {"lsl_minus_monotonic_ms": apart_ms})


def ports(stream_ports: Sequence[int] = STREAM_PORTS) -> Check:
    """Enough of the bus's ports are free: others would have to be opened in a firewall."""
    free = [port for port in stream_ports if _is_free(port)]
    detail = f"{PORTS}: {len(free)} of {len(stream_ports)} TCP ports are free"
    values = {"discovery_port": DISCOVERY_PORT, "free": len(free), "ports": len(stream_ports)}
    if len(free) < LEAST_FREE:
        text = f"{detail}; close programs that stream, or LSL takes ports no firewall knows"
        return Check("LSL ports", "warn", text, values)
    return Check("LSL ports", "ok", detail, values)


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        if os.name == "posix":  # a port that was closed a moment ago can be had; elsewhere as is
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("", port))
        except OSError:
            return False
    return True
