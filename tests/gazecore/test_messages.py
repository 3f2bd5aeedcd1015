"""Markers and progress survive JSON unchanged; what is malformed is refused."""

from __future__ import annotations

import json
import math
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from gazecore import messages
from gazecore.messages import (
    AnyMarker,
    AnyProgress,
    CalibrationDone,
    CaseClosed,
    CaseOpened,
    FrameShown,
    KeyPressed,
    Marker,
    Progress,
    RunStarted,
    ScreenState,
    SessionStarted,
    StateRepeated,
    StepDone,
    TargetError,
    ValidationDone,
    ViewportChanged,
    WindowState,
    parse_marker,
    parse_progress,
)

IDENTITY = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)
SCREEN = ScreenState(width_px=1920, height_px=1080, width_mm=527, height_mm=296, distance_mm=650)

times = st.floats(allow_nan=False, allow_infinity=False)
texts = st.text(max_size=30)
transforms = st.tuples(*[times] * 9)


def viewport(**changes: Any) -> ViewportChanged:
    fields: dict[str, Any] = {
        "t_s": 1.0,
        "serial": 1,
        "reading_id": "reading-000001",
        "case_id": "case-0001",
        "cause": "open",
        "transform": IDENTITY,
        "shown_screen_px": (0.0, 0.0, 100.0, 100.0),
        "window": WindowState(center=2048, width=4096),
    }
    return ViewportChanged(**{**fields, **changes})


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


def test_a_validation_without_values_survives_json() -> None:
    marker = ValidationDone(
        t_s=0.0,
        accuracy_deg=None,
        precision_rms_deg=None,
        precision_std_deg=None,
        data_loss=1.0,
        passed=False,
        targets=(
            TargetError(
                x_norm=0.5,
                y_norm=0.5,
                eye="both",
                accuracy_deg=None,
                precision_rms_deg=None,
                precision_std_deg=None,
                data_loss=1.0,
            ),
        ),
    )
    assert parse_marker(marker.to_json()) == marker


def test_a_loss_that_is_no_number_survives_json() -> None:
    values = {"loss": math.nan, "grad": math.inf, "rate": 0.5}
    step = StepDone(t_unix_s=0.0, step=1, epoch=0, values=values)
    again = parse_progress(step.to_json())
    assert isinstance(again, StepDone)
    assert math.isnan(again.values["loss"])
    assert (again.values["grad"], again.values["rate"]) == (math.inf, 0.5)


def test_json_is_strict_json_even_with_nan() -> None:
    def refuse(constant: str) -> None:
        pytest.fail(f"not JSON: {constant}")

    step = StepDone(t_unix_s=0.0, step=1, epoch=0, values={"loss": math.nan})
    json.loads(step.to_json(), parse_constant=refuse)


@pytest.mark.parametrize(("union", "base"), [(AnyMarker, Marker), (AnyProgress, Progress)])
def test_every_kind_is_in_its_union_under_its_own_name(union: Any, base: type[Any]) -> None:
    members = set(get_args(get_args(union)[0]))
    defined = {
        kind
        for kind in vars(messages).values()
        if isinstance(kind, type) and issubclass(kind, base) and kind is not base
    }
    assert members == defined
    kinds = [member.model_fields["kind"].default for member in members]
    assert len(set(kinds)) == len(kinds)


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


def test_a_transform_has_nine_elements() -> None:
    with pytest.raises(ValidationError):
        viewport(transform=(1.0, 0.0))


def test_a_message_cannot_be_changed() -> None:
    marker = CaseClosed(t_s=0.0, reading_id="r", case_id="c")
    with pytest.raises(ValidationError):
        marker.t_s = 1.0  # type: ignore[misc]


def test_progress_is_told_apart_by_kind() -> None:
    run = RunStarted(t_unix_s=0.0, run="a", task="pretrain", total_steps=10, pid=1)
    assert parse_progress(run.to_json()) == run
    with pytest.raises(ValidationError):
        parse_marker(run.to_json())


def test_markers_written_by_version_one_are_read() -> None:
    text = '{"kind":"key","schema_version":1,"t_s":12.5,"key":"Return"}'
    assert parse_marker(text) == KeyPressed(t_s=12.5, key="Return")
