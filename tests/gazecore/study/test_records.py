from __future__ import annotations

from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from gazecore.study.records import Case, Quality, Reading


def test_records_are_frozen() -> None:
    case = Case("case-0001", Path("x.png"), 3, 2, "ab")
    with pytest.raises(FrozenInstanceError):
        case.width_px = 5  # type: ignore[misc]


def test_readings_do_not_share_their_answers() -> None:
    first = Reading("reading-000001", "session-0001", "r1", "case-0001", 0, "now")
    second = Reading("reading-000002", "session-0001", "r1", "case-0002", 1, "now")
    assert first.state == "open"
    assert first.answers is not second.answers


def test_what_was_not_measured_is_none() -> None:
    quality = Quality("session-0001", "validation")
    assert quality.accuracy_deg is None
    assert quality.passed is None
