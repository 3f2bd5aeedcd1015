from __future__ import annotations

import numpy as np
import pytest

from gazecore.samples import GAZE_LABELS
from gazecore.streams import StreamProfile, read_by
from tests.gazecore.streams.wild import OUTLETS, REFUSED, About, Outlet, about

EYELINK = next(o for o in OUTLETS if o.profile_id == "app-eyelink")


def test_our_own_layout_is_read_as_it_is() -> None:
    reading = read_by(about("anything", "Gaze", GAZE_LABELS))
    values = np.ones((3, len(GAZE_LABELS)))
    assert reading.is_usable
    assert reading.samples(np.arange(3), values).left_xy_norm.tolist() == [[1.0, 1.0]] * 3


@pytest.mark.parametrize("outlet", OUTLETS, ids=lambda o: o.profile_id)
def test_a_known_outlet_is_usable_once_its_pixels_have_a_screen(outlet: Outlet) -> None:
    bare, with_screen = read_by(outlet.about), read_by(outlet.about, (), (1920, 1080))
    assert with_screen.standing == "known"
    assert with_screen.problem == ""
    assert bare.is_usable == (with_screen.profile == bare.profile)
    if not bare.is_usable:
        assert "pixels" in bare.problem
        assert len(bare.samples([0.0], np.zeros((1, 13)))) == 0


def test_pixels_keep_the_screen_they_were_mapped_with() -> None:
    known = read_by(EYELINK.about, (), (1280, 1024)).profile
    assert isinstance(known, StreamProfile)
    again = read_by(EYELINK.about, (known,), (1920, 1080)).profile
    assert again is not None
    assert again.resolution_px == (1280, 1024)


@pytest.mark.parametrize("said", REFUSED, ids=lambda said: said.name)
def test_a_refused_stream_gives_nothing_and_says_why(said: About) -> None:
    reading = read_by(said, (), (1920, 1080))
    assert reading.standing == "refused"
    assert not reading.is_usable
    assert repr(said.name) in reading.problem
    assert len(reading.samples([0.0], np.zeros((1, 2)))) == 0


def test_texts_and_unknown_streams_are_told_apart() -> None:
    said = about("lab", "Gaze", ("a", "b"))
    assert read_by(said, is_text=True).standing == "refused"
    unknown = read_by(said)
    assert unknown.standing == "unmapped"
    assert "2 channels: a, b" in unknown.problem
    assert "without labels" in read_by(About("lab", "Gaze", ("", ""))).problem
