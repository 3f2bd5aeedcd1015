"""Markers survive JSON unchanged; what is malformed is refused."""

from __future__ import annotations

import json
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from gazecore.messages import (
    AnyMarker,
    CalibrationDone,
    CaseOpened,
    FrameShown,
    KeyPressed,
    Marker,
    RunStarted,
    parse_marker,
)
from tests.gazecore.messages.example_markers import kinds_of, viewport

times = st.floats(allow_nan=False, allow_infinity=False)
texts = st.text(max_size=30)
transforms = st.tuples(*[times] * 9)


markers = st.one_of(
    st.builds(KeyPressed, t_s=times, key=texts),
    st.builds(FrameShown, t_s=times, serial=st.integers(0, 2**53)),
    st.builds(
        CaseOpened,
        t_s=times,
        reading_id=texts,
        case_id=texts,
        image_width_px=st.integers(1, 10**5),
        image_height_px=st.integers(1, 10**5),
    ),
    st.builds(
        lambda t, m, s: viewport(t_s=t, transform=m, serial=s), times, transforms, st.integers(0)
    ),
    st.builds(
        CalibrationDone,
        t_s=times,
        succeeded=st.booleans(),
        points_norm=st.lists(st.tuples(times, times), max_size=5).map(tuple),
        detail=texts,
    ),
)


@given(markers)
def test_a_marker_survives_json(marker: Any) -> None:
    assert parse_marker(marker.to_json()) == marker


@given(markers)
def test_a_marker_is_one_line(marker: Any) -> None:
    assert "\n" not in marker.to_json()


GOOD = {"kind": "frame_shown", "t_s": 1.0, "serial": 3}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        "{",
        json.dumps({**GOOD, "kind": "nonsense"}),
        json.dumps({k: v for k, v in GOOD.items() if k != "serial"}),
        json.dumps({**GOOD, "extra": 1}),
        json.dumps({**GOOD, "serial": "x"}),
        json.dumps({**GOOD, "serial": 1.5}),
        json.dumps({**GOOD, "schema_version": 2}),
        json.dumps({**GOOD, "schema_version": 0}),
        b"\xff\xfe",
    ],
)
def test_what_is_malformed_is_refused(text: str | bytes) -> None:
    with pytest.raises(ValidationError):
        parse_marker(text)


def test_every_marker_is_in_the_union_under_its_own_name() -> None:
    members = set(get_args(get_args(AnyMarker)[0]))
    assert members == kinds_of(Marker)
    kinds = [member.model_fields["kind"].default for member in members]
    assert len(set(kinds)) == len(kinds)


def test_a_line_of_progress_is_no_marker() -> None:
    run = RunStarted(t_unix_s=0.0, run="a", task="pretrain", total_steps=10, pid=1)
    with pytest.raises(ValidationError):
        parse_marker(run.to_json())


def test_markers_written_by_version_one_are_read() -> None:
    text = '{"kind":"key","schema_version":1,"t_s":12.5,"key":"Return"}'
    assert parse_marker(text) == KeyPressed(t_s=12.5, key="Return")
