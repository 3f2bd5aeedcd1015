from __future__ import annotations

import pytest

from app.stream_mapping.viewmodel import (
    MappingState,
    Sides,
    StreamRow,
    changed,
    channel_names,
    corner_at,
    sides_of,
    with_sides,
)
from gazecore.recording.description import StreamDescription
from gazecore.stream_survey import SurveyedStream
from gazecore.streams import EyeMapping, StreamMatch, StreamProfile, read_by
from gazecore.streams.corners import CornerVerdict
from tests.gazecore.streams.wild import OUTLETS, REFUSED, About, about

MATCH = StreamMatch(name="lab", type="Gaze", channels=5)
PROFILE = StreamProfile(profile_id="p", match=MATCH, both=EyeMapping(x=0, y=1, valid=4))
PASSED = CornerVerdict((True,) * 4, ((0.1, 0.1),) * 4, "right")
FAILED = CornerVerdict((False,) * 4, (None,) * 4, "wrong")


def described(said: About, rate_hz: float = 100.0, *, simulated: bool = False) -> StreamDescription:
    extra = {"simulated": "true"} if simulated else {}
    return StreamDescription(
        said.name,
        said.type,
        len(said.labels),
        "float32",
        rate_hz,
        rate_hz,
        "uid",
        said.source_id,
        "host",
        said.labels,
        ("",) * len(said.labels),
        {**said.description, **extra},
    )


def surveyed(said: About, *, answers: bool = True, simulated: bool = False) -> SurveyedStream:
    known = described(said, simulated=simulated)
    return SurveyedStream(known, read_by(known, (), (1920, 1080)), 59.8, answers)


def test_each_stream_is_a_row_with_its_measured_rate_beside_the_declared_one() -> None:
    known = StreamRow.of(surveyed(OUTLETS[0].about, simulated=True))
    assert (known.rate, known.standing, known.level) == (
        "60 of 100 Hz",
        "Tobii through App-TobiiPro",
        "good",
    )
    assert "simulated" in known.detail
    refused = StreamRow.of(surveyed(REFUSED[2]))
    assert (refused.standing, refused.level) == ("cannot be used", "bad")
    assert "camera" in refused.detail
    unknown = StreamRow.of(surveyed(about("lab", "Gaze", ("a", "b"))))
    assert (unknown.standing, unknown.level) == ("needs a mapping", "warn")
    silent = StreamRow.of(surveyed(OUTLETS[0].about, answers=False))
    assert (silent.standing, silent.level) == ("does not answer", "bad")


def test_a_mapping_made_by_hand_is_used_only_after_its_proof() -> None:
    state = MappingState().looking_at("lab").with_profile(PROFILE, "hand")
    assert not state.can_use
    assert state.can_look_at_corners
    assert not state.judged(FAILED).can_use
    assert state.judged(PASSED).can_use
    assert not state.judged(PASSED).with_profile(PROFILE, "hand").can_use
    assert not state.judged(PASSED).said("broken").can_use
    assert not state.judged(PASSED).at_corner(0).can_use


def test_a_known_stream_is_used_as_it_is_unless_the_corners_deny_it() -> None:
    state = MappingState().looking_at("Tobii").with_profile(PROFILE, "known")
    assert state.can_use
    assert not state.judged(FAILED).can_use
    assert MappingState().looking_at("elsewhere").with_profile(None, "ours").can_use
    ours = MappingState().looking_at("FocusStation gaze").with_profile(None, "ours")
    assert not ours.can_use
    assert not MappingState().looking_at("lab").can_use


def test_pixels_without_a_screen_cannot_be_proven() -> None:
    pixels = PROFILE.model_copy(update={"unit": "px"})
    state = MappingState().with_profile(pixels, "hand")
    assert not state.can_look_at_corners


def test_channels_are_offered_by_number_and_label() -> None:
    assert channel_names(described(about("lab", "Gaze", ("gx", "gy"), 3))) == (
        "1  gx",
        "2  gy",
        "3  (no label)",
    )


@pytest.mark.parametrize("sides", ["both", "eyes", "left", "right"])
def test_a_mapping_can_be_read_as_other_sides(sides: Sides) -> None:
    turned = with_sides(PROFILE, sides)
    assert sides_of(turned) == sides
    assert StreamProfile.model_validate(turned.model_dump()) == turned
    back = with_sides(turned, "both")
    assert back.both == PROFILE.both


def test_a_change_that_cannot_be_says_what_is_needed() -> None:
    made = changed(PROFILE, unit="percent", missing=("nan", "flag"))
    assert isinstance(made, StreamProfile)
    assert (made.unit, made.missing) == ("percent", ("nan", "flag"))
    refused = changed(PROFILE, both={"x": 0, "y": 7})
    assert isinstance(refused, str)
    assert "channels below 5" in refused


def test_the_corners_are_gone_through_in_order() -> None:
    assert [corner_at(k)[0] < 0.5 for k in range(4)] == [True, False, False, True]
