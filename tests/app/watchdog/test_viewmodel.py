from __future__ import annotations

import pytest

from app.watchdog.viewmodel import SILENT_AFTER_S, Seen, alerts_of, begun


@pytest.mark.parametrize(
    ("seen", "kinds"),
    [
        (Seen(gaze_age_s=0.1), []),
        (Seen(gaze_age_s=None), []),
        (Seen(gaze_age_s=SILENT_AFTER_S + 0.01), ["gaze_silent"]),
        (Seen(gaze_age_s=9.0, tracker_problem="the tracker stopped"), ["tracker"]),
        (Seen(gaze_age_s=9.0, recorder_problem="gone"), ["recorder", "gaze_silent"]),
        (Seen(gaze_age_s=0.0, undecided="which?"), ["two_sources"]),
        (Seen(gaze_age_s=9.0, undecided="which?"), ["two_sources", "gaze_silent"]),
        (Seen(gaze_age_s=0.0, screen_problem="ratio 1, was 2"), ["screen"]),
        (Seen(gaze_age_s=0.0, free_bytes=10**9), ["disk"]),
        (Seen(gaze_age_s=0.0, free_bytes=10**11), []),
        (Seen(gaze_age_s=0.0, eyes_lost_s=5.1), ["eyes_lost"]),
        (Seen(gaze_age_s=0.0, eyes_lost_s=4.9), []),
    ],
)
def test_what_is_wrong_the_worst_first(seen: Seen, kinds: list[str]) -> None:
    alerts = alerts_of(seen, eyes_lost_notice_s=5.0)
    assert [alert.kind for alert in alerts] == kinds


def test_a_reader_is_asked_about_their_eyes_only_where_the_protocol_allows() -> None:
    assert alerts_of(Seen(gaze_age_s=0.0, eyes_lost_s=1e6), eyes_lost_notice_s=0.0) == ()
    (asked,) = alerts_of(Seen(gaze_age_s=0.0, eyes_lost_s=6.0), eyes_lost_notice_s=5.0)
    assert not asked.is_urgent
    assert asked.text.endswith("?")


@pytest.mark.parametrize("is_recorded", [True, False])
def test_a_question_is_urgent_while_neither_outlet_is_recorded(is_recorded: bool) -> None:
    seen = Seen(gaze_age_s=0.0, undecided="which?", is_undecided_recorded=is_recorded)
    (asked,) = alerts_of(seen)
    assert asked.is_urgent is not is_recorded
    assert asked.text == "which?"


def test_an_alert_begins_once() -> None:
    silent = alerts_of(Seen(gaze_age_s=2.0))
    both = alerts_of(Seen(gaze_age_s=3.0, recorder_problem="gone"))
    assert begun((), silent) == list(silent)
    assert [alert.kind for alert in begun(silent, both)] == ["recorder"]
    assert begun(both, silent) == []
