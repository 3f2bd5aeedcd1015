"""What a session says of itself."""

from __future__ import annotations

from typing import Any

import pytest

from gazecore.analysis.started import session_screen, session_started
from gazecore.errors import InputError
from gazecore.messages import StateRepeated


def test_the_screen_is_that_of_the_session(sitting: Any) -> None:
    assert session_screen(sitting.markers) == sitting.screen


def test_a_late_recorder_has_it_from_the_repeated_state(sitting: Any) -> None:
    late = [StateRepeated(t_s=1.0), StateRepeated(t_s=2.0, session=sitting.markers[0])]
    assert session_started(late) == sitting.markers[0]


def test_no_session_no_screen(sitting: Any) -> None:
    assert session_started(sitting.markers[1:]) is None
    with pytest.raises(InputError, match="no session"):
        session_screen(sitting.markers[1:])
