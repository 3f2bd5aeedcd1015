from __future__ import annotations

import functools
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QPointF, QRect

from app.shared.tracked_screen import (
    desktop_point,
    fingerprint_of,
    must_fill_screen,
    norm_point,
)
from gazecore.processes import child_environment
from tests.app.shared.two_screens import CORNERS, MARGIN

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

ROOT = Path(__file__).resolve().parents[3]
SCREENS = ROOT / "resources" / "screens" / "offscreen-two-screens.json"
LEFT_PX = (1280.0, 800.0)


@functools.cache
def on_two_screens(ratio: str) -> dict[str, Any]:
    """What `two_screens` finds with this device-pixel ratio on the second screen."""
    finished = subprocess.run(
        [sys.executable, "-m", "tests.app.shared.two_screens"],
        env={
            **child_environment(),
            "QT_SCREEN_SCALE_FACTORS": f"1;{ratio}",
            "QT_QPA_PLATFORM": f"offscreen:configfile={SCREENS}",
        },
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    return dict(json.loads(finished.stdout))


@pytest.mark.parametrize("ratio", ["1.5", "2"])
def test_a_second_screen_with_a_negative_origin_and_a_ratio_of_its_own(ratio: str) -> None:
    found = on_two_screens(ratio)
    factor = float(ratio)
    assert found["origin"] == [-1280, -200]
    assert found["ratio"] == factor
    assert found["physical"] == pytest.approx(LEFT_PX, abs=factor)
    # The viewport begins at its margin, in physical pixels of the screen it is on.
    assert found["first"][:2] == list(MARGIN)
    assert found["second"][:2] == [MARGIN[0] * factor, MARGIN[1] * factor]
    for x, y in CORNERS:
        target = found["targets"][f"{x},{y}"]
        wanted = (x * found["physical"][0], y * found["physical"][1])
        assert target["window_px"] == pytest.approx(wanted, abs=0.01)
        assert target["back"] == pytest.approx([x, y], abs=1e-9)


def test_a_window_on_another_screen_is_a_change_until_it_is_back() -> None:
    found = on_two_screens("2")
    assert len(set(found["identities"])) == 2
    assert found["moved"]
    text = "; ".join(found["moved"][-1])
    assert "resolution 1280 x 800, was 1920 x 1080" in text
    assert "ratio 2, was 1" in text
    assert "place (-1280, -200), was (0, 0)" in text
    assert found["changes"][-1] == []


def test_the_first_screens_fingerprint(qapp: QApplication) -> None:
    screen = qapp.primaryScreen()
    found = fingerprint_of(screen)
    size = screen.geometry().size() * screen.devicePixelRatio()
    assert (found.width_px, found.height_px) == (size.width(), size.height())
    assert found == fingerprint_of(screen)


def test_desktop_and_tracker_go_into_each_other() -> None:
    geometry = QRect(-1920, -100, 1920, 1200)
    assert desktop_point(geometry, 0.5, 0.5) == QPointF(-960, 500)
    assert norm_point(geometry, QPointF(-1920, -100)) == (0.0, 0.0)
    assert norm_point(geometry, QPointF(1920, 0))[0] == 2.0


def test_a_window_must_fill_the_screen_where_it_has_no_place() -> None:
    assert must_fill_screen("wayland")
    assert must_fill_screen("wayland-egl")
    assert not must_fill_screen("xcb")
