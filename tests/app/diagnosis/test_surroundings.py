from __future__ import annotations

import socket
from pathlib import Path

from app.diagnosis import surroundings
from gazecore.processes import child_environment

SCREENS = Path(__file__).resolve().parents[3] / "resources/screens/offscreen-two-screens.json"


def test_every_screen_is_told_with_its_fingerprint() -> None:
    environment = {**child_environment(), "QT_QPA_PLATFORM": f"offscreen:configfile={SCREENS}"}
    found = surroundings.screens(environment)
    assert found.level == "ok"
    told = found.values["screens"]
    assert isinstance(told, list)
    assert [(screen["x"], screen["y"]) for screen in told] == [(0, 0), (-1280, -200)]
    assert len({screen["fingerprint"] for screen in told}) == 2
    assert all(screen["fingerprint"] in found.detail for screen in told)


def test_screens_that_cannot_be_asked_are_a_remark() -> None:
    found = surroundings.screens({**child_environment(), "QT_QPA_PLATFORM": "nosuchplatform"})
    assert found.level == "warn"


def test_the_clocks_go_alike() -> None:
    found = surroundings.clocks()
    assert found.level == "ok", found.detail
    assert abs(float(str(found.values["lsl_minus_monotonic_ms"]))) < 50


def test_too_few_free_ports_are_a_remark() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as taken:
        taken.bind(("", 0))
        taken.listen()
        found = surroundings.ports([taken.getsockname()[1]])
    assert found.level == "warn"
    assert found.values["free"] == 0
    assert "UDP port 16571, and UDP and TCP ports 16572 to 16604" in found.detail
    assert surroundings.ports([0] * surroundings.LEAST_FREE).level == "ok"
