"""The repeated state holds the sitting, the case and every viewport."""

from __future__ import annotations

from gazecore.messages import CaseOpened, SessionStarted, StateRepeated, parse_marker
from tests.gazecore.messages.example_markers import SCREEN, viewport


def test_the_state_survives_json_with_all_it_holds() -> None:
    state = StateRepeated(
        t_s=2.0,
        session=SessionStarted(
            t_s=0.0, session_id="session-0001", study_id="s", reader_id="r1", screen=SCREEN
        ),
        case=CaseOpened(
            t_s=0.5, reading_id="r", case_id="c", image_width_px=10, image_height_px=20
        ),
        viewport=viewport(),
    )
    assert parse_marker(state.to_json()) == state


def test_every_viewport_is_told_the_one_changed_last_at_the_end() -> None:
    first, second = viewport(viewport=0), viewport(viewport=1, serial=2)
    assert StateRepeated(t_s=0.0).viewports == ()
    assert StateRepeated(t_s=0.0, viewport=first).viewports == (first,)
    both = StateRepeated(t_s=0.0, viewport=second, other_viewports=(first,))
    assert both.viewports == (first, second)
