"""Every outlet of the wild is recognised as itself, the unusable ones are refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gazecore.samples import GAZE_LABELS
from gazecore.streams import Refusal, StreamProfile, is_ours, known_outlets, match_profile
from tests.gazecore.streams.wild import OUTLETS, REFUSED, About, Outlet, about

IDS = [f"{o.profile_id}-{o.about.type}" for o in OUTLETS]


@pytest.mark.parametrize("outlet", OUTLETS, ids=IDS)
def test_each_outlet_is_recognised_as_itself(outlet: Outlet) -> None:
    profile = match_profile(outlet.about)
    assert isinstance(profile, StreamProfile)
    assert profile.profile_id == outlet.profile_id


@pytest.mark.parametrize("outlet", OUTLETS, ids=IDS)
@pytest.mark.parametrize("case", [str.upper, str.lower])
def test_letter_case_never_matters(outlet: Outlet, case: type) -> None:
    said = outlet.about
    shouted = replace(said, name=case(said.name), type=case(said.type))
    profile = match_profile(shouted)
    assert isinstance(profile, StreamProfile)
    assert profile.profile_id == outlet.profile_id


@pytest.mark.parametrize("said", REFUSED, ids=lambda said: said.name)
def test_what_cannot_be_used_is_refused_with_what_to_do(said: About) -> None:
    refusal = match_profile(said)
    assert isinstance(refusal, Refusal)
    assert refusal.reason
    assert refusal.advice in refusal.sentence()


@pytest.mark.parametrize("outlet", OUTLETS, ids=IDS)
def test_a_missing_label_makes_a_stream_unknown(outlet: Outlet) -> None:
    """The same name with other channels is not taken for the outlet it resembles."""
    stripped = about(outlet.about.name, outlet.about.type, ("a", "b", "c"), 3)
    assert match_profile(replace(stripped, source_id=outlet.about.source_id)) is None


def test_two_channels_of_one_label_are_not_guessed_between() -> None:
    twice = about(
        "Tobii", "Gaze", ("left_x", "left_y", "left_x", "right_x", "right_y", "right_pupil")
    )
    assert match_profile(twice) is None


def test_channels_beyond_the_declared_count_are_not_read() -> None:
    labels = ("left_x", "left_y", "left_pupil", "right_x", "right_y", "right_pupil")
    assert match_profile(about("Tobii", "Gaze", labels, 4)) is None


def test_the_stream_of_an_unknown_lab_has_no_profile() -> None:
    assert match_profile(about("our tracker", "Gaze", ("gx", "gy"))) is None
    assert match_profile(About("bare", "Gaze", ("", ""))) is None


def test_our_own_layout_needs_no_profile() -> None:
    assert is_ours(about("anything", "Gaze", GAZE_LABELS))
    assert not is_ours(about("anything", "Gaze", GAZE_LABELS[:-1]))


def test_a_mapping_made_by_hand_comes_before_the_table_and_the_last_one_counts() -> None:
    said = OUTLETS[0].about
    known = match_profile(said)
    assert isinstance(known, StreamProfile)
    first = known.model_copy(update={"profile_id": "first", "y_origin": "bottom"})
    second = known.model_copy(update={"profile_id": "second"})
    found = match_profile(said, (first, second))
    assert isinstance(found, StreamProfile)
    assert found.profile_id == "second"


@pytest.mark.parametrize("change", [{"name": "Tobii 2"}, {"type": "ET"}, {"labels": ("a",) * 6}])
def test_a_mapping_made_by_hand_is_for_its_own_stream_alone(change: dict[str, object]) -> None:
    said = about("our tracker", "Gaze", ("gx", "gy", "p", "a", "b", "c"))
    known = match_profile(OUTLETS[0].about)
    assert isinstance(known, StreamProfile)
    match = known.match.model_copy(update={"name": said.name, "labels": said.labels})
    own = known.model_copy(update={"match": match})
    assert match_profile(said, (own,)) is own
    labels = change.get("labels", said.labels)
    assert isinstance(labels, tuple)
    other = about(str(change.get("name", said.name)), str(change.get("type", said.type)), labels)
    assert match_profile(other, (own,)) is None


def test_no_mapping_made_by_hand_brings_a_head_camera_onto_the_screen() -> None:
    camera = REFUSED[2]
    known = match_profile(OUTLETS[0].about)
    assert isinstance(known, StreamProfile)
    match = known.match.model_copy(
        update={"name": camera.name, "labels": camera.labels, "channels": 2}
    )
    assert isinstance(match_profile(camera, (known.model_copy(update={"match": match}),)), Refusal)


def test_every_row_of_the_table_is_tried_by_a_case() -> None:
    tried = {outlet.profile_id for outlet in OUTLETS}
    refusals = {"pupil-capture", "pupil-capture-renamed", "neon", "companion-relay"}
    assert set(known_outlets()) == tried | refusals | {"tobii-et-one-channel"}
