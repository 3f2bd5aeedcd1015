"""Known gaze, sent through each outlet's lie, comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from gazecore.errors import AcquisitionError
from gazecore.samples import EyesUsed, gaze_point
from gazecore.streams import EyeMapping, StreamMatch, StreamProfile, match_profile
from gazecore.streams.profile import MISSING_RULES, UNITS
from tests.gazecore.streams.wild import OUTLETS, SCREEN_PX, Gaze, Outlet

if TYPE_CHECKING:
    import numpy.typing as npt

IDS = [f"{o.profile_id}-{o.about.type}" for o in OUTLETS]
N = 200


def _gaze(seed: int = 0) -> Gaze:
    """Gaze on and a little beside the screen, a tenth of it lost."""
    rng = np.random.default_rng(seed)
    left = rng.uniform(-0.2, 1.2, (N, 2))
    return Gaze(
        left,
        left + rng.normal(0, 0.01, (N, 2)),
        rng.uniform(2, 5, N),
        rng.uniform(2, 5, N),
        rng.random(N) < 0.1,
    )


def _profile(outlet: Outlet) -> StreamProfile:
    profile = match_profile(outlet.about)
    assert isinstance(profile, StreamProfile)
    return profile.with_resolution(*SCREEN_PX)


@pytest.mark.parametrize("outlet", OUTLETS, ids=IDS)
def test_known_gaze_comes_back_through_the_lie(outlet: Outlet) -> None:
    gaze = _gaze()
    values = outlet.encode(gaze).astype(outlet.dtype)
    t_s = np.arange(N) / 100
    samples = _profile(outlet).to_samples(t_s, values)
    seen = ~gaze.lost
    rounding = 2 * np.finfo(outlet.dtype).eps
    left, right = (gaze.middle,) * 2 if outlet.one_point else (gaze.left, gaze.right)
    assert np.abs(samples.left_xy_norm[seen] - left[seen]).max() <= rounding
    assert np.abs(samples.right_xy_norm[seen] - right[seen]).max() <= rounding
    assert np.isnan(samples.left_xy_norm[gaze.lost]).all()
    assert np.isnan(samples.right_xy_norm[gaze.lost]).all()
    assert (samples.left_valid == seen).all()
    assert (samples.right_valid == seen).all()
    assert (samples.sequence == -1).all()
    assert (samples.t_s == t_s).all()


@pytest.mark.parametrize("outlet", OUTLETS, ids=IDS)
def test_only_millimetres_become_a_pupil(outlet: Outlet) -> None:
    gaze = _gaze()
    samples = _profile(outlet).to_samples(np.arange(N), outlet.encode(gaze).astype(outlet.dtype))
    seen = ~gaze.lost
    if outlet.pupil:
        assert samples.left_pupil_mm[seen] == pytest.approx(gaze.left_pupil_mm[seen], rel=1e-6)
        assert samples.right_pupil_mm[seen] == pytest.approx(gaze.right_pupil_mm[seen], rel=1e-6)
        assert np.isnan(samples.left_pupil_mm[gaze.lost]).all()
    else:
        assert np.isnan(samples.left_pupil_mm).all()


@pytest.mark.parametrize("outlet", OUTLETS, ids=IDS)
def test_a_profile_survives_json(outlet: Outlet) -> None:
    profile = _profile(outlet)
    assert StreamProfile.model_validate_json(profile.model_dump_json()) == profile


def test_one_point_counts_for_both_eyes_and_stays_where_it_is() -> None:
    (outlet,) = (o for o in OUTLETS if o.one_point)
    gaze = _gaze()
    samples = _profile(outlet).to_samples(np.arange(N), outlet.encode(gaze))
    xy_norm, eyes_used = gaze_point(samples)
    assert np.abs(xy_norm - gaze.middle)[~gaze.lost].max() < 1e-12
    assert set(eyes_used[~gaze.lost].tolist()) == {EyesUsed.BOTH}


PLAIN = StreamMatch(name="lab", type="Gaze", channels=4)

profiles = st.builds(
    StreamProfile,
    profile_id=st.text(min_size=1, max_size=8),
    title=st.text(max_size=8),
    match=st.builds(
        StreamMatch,
        name=st.text(max_size=8),
        type=st.text(max_size=8),
        labels=st.lists(st.text(max_size=8), max_size=4).map(tuple),
        channels=st.integers(4, 40),
    ),
    left=st.builds(EyeMapping, x=st.integers(0, 3), y=st.integers(0, 3), valid=st.integers(0, 3)),
    unit=st.sampled_from(UNITS),
    resolution_px=st.none() | st.just((1920.0, 1080.0)),
    x_origin=st.sampled_from(["left", "right"]),
    y_origin=st.sampled_from(["top", "bottom"]),
    missing=st.lists(st.sampled_from(MISSING_RULES), unique=True).map(tuple),
)


@given(profiles)
def test_any_profile_survives_json(profile: StreamProfile) -> None:
    assert StreamProfile.model_validate_json(profile.model_dump_json()) == profile


def _encoded(profile: StreamProfile, xy_norm: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The stream's values for gaze at `xy_norm`, by the definition of its unit."""
    x, y = xy_norm.T
    x = 1 - x if profile.x_origin == "right" else x
    y = 1 - y if profile.y_origin == "bottom" else y
    width, height = profile.resolution_px or (1.0, 1.0)
    scaled = {
        "norm": (x, y),
        "percent": (100 * x, 100 * y),
        "centred": (2 * x - 1, 2 * y - 1),
        "px": (x * width, y * height),
        "px_centred": (x * width - width / 2, y * height - height / 2),
    }[profile.unit]
    return np.column_stack([*scaled, np.ones_like(x), np.zeros_like(x)])


@given(
    unit=st.sampled_from(UNITS),
    x_origin=st.sampled_from(["left", "right"]),
    y_origin=st.sampled_from(["top", "bottom"]),
    missing=st.sampled_from([(), ("nan",), ("flag",), ("outside",)]),
    xy=st.lists(st.tuples(st.floats(-0.9, 1.9), st.floats(-0.9, 1.9)), min_size=1, max_size=20),
)
def test_any_unit_and_origin_comes_back(
    unit: str, x_origin: str, y_origin: str, missing: tuple[str, ...], xy: list[tuple[float, float]]
) -> None:
    profile = StreamProfile.model_validate(
        {
            "profile_id": "any",
            "match": PLAIN,
            "left": {"x": 0, "y": 1, "valid": 2},
            "unit": unit,
            "resolution_px": SCREEN_PX,
            "x_origin": x_origin,
            "y_origin": y_origin,
            "missing": missing,
        }
    )
    xy_norm = np.array(xy)
    samples = profile.to_samples(np.arange(len(xy)), _encoded(profile, xy_norm))
    assert np.abs(samples.left_xy_norm - xy_norm).max() < 1e-12
    assert samples.left_valid.all()
    assert not samples.right_valid.any()
    assert np.isnan(samples.right_xy_norm).all()


@pytest.mark.parametrize(
    ("missing", "values", "valid"),
    [
        (("nan",), [0.0, 0.0, 0.0], True),
        (("zero",), [0.0, 0.0, 1.0], False),
        (("zero",), [0.0, 0.3, 0.0], True),
        (("flag",), [0.2, 0.3, 0.0], False),
        (("flag",), [0.2, 0.3, np.nan], False),
        (("outside",), [-32768.0, -32768.0, 1.0], False),
        (("outside",), [1.4, -0.4, 0.0], True),
        ((), [np.nan, 0.3, 1.0], False),
        ((), [0.3, np.inf, 1.0], False),
        ((), [-7.0, 9.0, 0.0], True),
    ],
)
def test_what_counts_as_lost(missing: tuple[str, ...], values: list[float], valid: bool) -> None:
    profile = StreamProfile.model_validate(
        {
            "profile_id": "any",
            "match": PLAIN,
            "left": {"x": 0, "y": 1, "valid": 2},
            "missing": missing,
        }
    )
    samples = profile.to_samples([0.0], [[*values, 0.0]])
    assert samples.left_valid.tolist() == [valid]
    assert np.isnan(samples.left_xy_norm).all() == (not valid)
    if valid:
        assert samples.left_xy_norm.tolist() == [values[:2]]


def test_pixels_of_an_unknown_screen_are_an_error_and_a_known_one_stays() -> None:
    profile = StreamProfile(profile_id="px", match=PLAIN, both=EyeMapping(x=0, y=1), unit="px")
    assert profile.needs_resolution
    with pytest.raises(AcquisitionError, match="resolution is not known"):
        profile.to_samples([0.0], np.zeros((1, 4)))
    known = profile.with_resolution(1000, 500)
    assert known.to_samples([0.0], [[250.0, 250.0, 0, 0]]).left_xy_norm.tolist() == [[0.25, 0.5]]
    assert known.with_resolution(1, 1) is known


def test_a_stream_with_too_few_channels_is_an_error() -> None:
    profile = StreamProfile(profile_id="px", match=PLAIN, both=EyeMapping(x=0, y=3))
    with pytest.raises(AcquisitionError, match="map the stream anew"):
        profile.to_samples([0.0], np.zeros((1, 3)))


@pytest.mark.parametrize(
    "change",
    [
        {"left": None},
        {"both": {"x": 0, "y": 1}},
        {"left": {"x": 0, "y": 4}},
        {"device_time": 9},
        {"missing": ("flag",)},
        {"unit": "mm"},
        {"surprise": 1},
    ],
)
def test_a_profile_that_cannot_be_is_refused(change: dict[str, object]) -> None:
    fields = {"profile_id": "a", "match": PLAIN, "left": {"x": 0, "y": 1}, **change}
    with pytest.raises(ValidationError):
        StreamProfile.model_validate(fields)


def test_without_samples_there_are_none() -> None:
    profile = StreamProfile(profile_id="a", match=PLAIN, left=EyeMapping(x=0, y=1))
    assert len(profile.to_samples([], np.empty((0, 4)))) == 0
