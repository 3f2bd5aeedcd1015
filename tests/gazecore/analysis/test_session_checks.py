"""Checks of a session are the markers themselves, and the view each reading ended with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from gazecore.analysis.session_checks import (
    checks_path,
    read_checks,
    session_checks,
    write_checks,
)
from gazecore.errors import DamagedFileError
from gazecore.messages import DriftChecked, StateRepeated, ViewportChanged

if TYPE_CHECKING:
    from pathlib import Path


def test_the_last_view_is_the_one_that_was_shown(sitting: Any) -> None:
    checks = session_checks("session-0001", sitting.markers)
    assert [view.reading_id for view in checks.last_views] == ["reading-000001", "reading-000002"]
    view = checks.last_view("reading-000002")
    assert view is not None
    assert (view.serial, view.case_id) == (3, "case-0002")
    assert checks.last_view("reading-000003") is None
    assert checks.screen is not None
    assert checks.screen.width_px == 1920


def test_a_view_that_was_not_painted_or_shows_another_case_does_not_count(sitting: Any) -> None:
    views = [m for m in sitting.markers if isinstance(m, ViewportChanged)]
    frames = [m for m in sitting.markers if m.kind == "frame_shown"]
    late = views[0].model_copy(update={"t_s": 1002.5, "serial": 90})
    other = late.model_copy(update={"serial": 91, "case_id": "case-0009"})
    gone = late.model_copy(update={"serial": 92, "shown_screen_px": (0.0, 0.0, 0.0, 0.0)})
    shown = [frames[0].model_copy(update={"t_s": 1002.6, "serial": serial}) for serial in (91, 92)]
    checks = session_checks("s", (*sitting.markers, late, other, gone, *shown))
    view = checks.last_view("reading-000001")
    assert view is not None
    assert view.serial == 1


def test_a_state_known_from_its_repetition_counts(sitting: Any) -> None:
    late = [m for m in sitting.markers if m.t_s >= 1002.015]
    first = next(m for m in sitting.markers if isinstance(m, ViewportChanged) and m.serial == 1)
    repeated = StateRepeated(t_s=1002.018, viewport=first)
    checks = session_checks("s", [repeated, *late])
    assert checks.last_view("reading-000001") == first


def test_checks_are_read_back(sitting: Any, tmp_path: Path) -> None:
    drift = DriftChecked(t_s=1000.5, offset_x_deg=0.3, offset_y_deg=-0.4, passed=True)
    checks = session_checks("session-0001", (*sitting.markers, drift))
    write_checks(tmp_path, checks)
    assert read_checks(tmp_path, "session-0001") == checks
    assert read_checks(tmp_path, "session-0002").last_views == ()
    checks_path(tmp_path, "session-0001").write_text("{}")
    with pytest.raises(DamagedFileError, match="no checks of a session"):
        read_checks(tmp_path, "session-0001")
