"""Channels become samples, and two eyes one gaze point, against a slow reading of the rules."""

from __future__ import annotations

import math
import warnings

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazecore.samples import (
    GAZE_CHANNELS,
    GAZE_LABELS,
    EyesUsed,
    GazeSamples,
    gaze_point,
)

N = len(GAZE_CHANNELS)


def table(n: int) -> npt.NDArray[np.float64]:
    """All valid: the value of each channel is 100 times its index plus the row."""
    values = np.asarray(np.arange(N)[None, :] * 100.0 + np.arange(n)[:, None], np.float64)
    for label in GAZE_LABELS:
        if label.endswith("_valid"):
            values[:, GAZE_LABELS.index(label)] = 1.0
    values[:, 0] = np.arange(n)
    return values


def eyes(
    left: npt.ArrayLike, right: npt.ArrayLike, left_ok: list[bool], right_ok: list[bool]
) -> GazeSamples:
    n = len(left_ok)
    values = table(n)
    for eye, xy, ok in (("left", left, left_ok), ("right", right, right_ok)):
        x = GAZE_LABELS.index(f"{eye}_gaze_x")
        values[:, x : x + 2] = xy
        values[:, x + 2] = ok
    return GazeSamples.from_channels(np.arange(n) / 100, values)


def test_labels_are_unique_and_the_count_is_the_contract() -> None:
    assert len(set(GAZE_LABELS)) == N == 27
    assert GAZE_LABELS[:3] == ("sequence", "device_time", "system_time")


def test_each_channel_lands_where_it_belongs() -> None:
    values = table(3)
    samples = GazeSamples.from_channels([0.0, 0.1, 0.2], values)

    def column(label: str) -> list[float]:
        return list(values[:, GAZE_LABELS.index(label)])

    assert samples.sequence.tolist() == [0, 1, 2]
    for eye in ("left", "right"):
        xy = getattr(samples, f"{eye}_xy_norm")
        assert xy[:, 0].tolist() == column(f"{eye}_gaze_x")
        assert xy[:, 1].tolist() == column(f"{eye}_gaze_y")
        assert getattr(samples, f"{eye}_pupil_mm").tolist() == column(f"{eye}_pupil_diameter")
        origin = getattr(samples, f"{eye}_origin_mm")
        assert origin[:, 2].tolist() == column(f"{eye}_origin_user_z")
        assert getattr(samples, f"{eye}_valid").all()


@pytest.mark.parametrize("flag", [0.0, math.nan, 0.5])
def test_what_its_flag_calls_invalid_is_lost(flag: float) -> None:
    values = table(1)
    for label in GAZE_LABELS:
        if label.endswith("_valid"):
            values[:, GAZE_LABELS.index(label)] = flag
    samples = GazeSamples.from_channels([0.0], values)
    for name in ("xy_norm", "pupil_mm", "origin_mm"):
        assert np.isnan(getattr(samples, f"left_{name}")).all()
    assert not samples.left_valid.any()


def test_a_valid_flag_on_nan_is_not_believed() -> None:
    samples = eyes([[math.nan, 0.5]], [[0.5, 0.5]], [True], [True])
    assert samples.left_valid.tolist() == [False]
    assert np.isnan(samples.left_xy_norm).all()


def test_an_unknown_sequence_is_minus_one() -> None:
    values = table(1)
    values[0, 0] = math.nan
    assert GazeSamples.from_channels([0.0], values).sequence.tolist() == [-1]


def test_no_samples() -> None:
    samples = GazeSamples.from_channels([], np.zeros((0, N)))
    xy, used = gaze_point(samples)
    assert (len(samples), xy.shape, used.shape) == (0, (0, 2), (0,))


def test_between_is_half_open() -> None:
    samples = GazeSamples.from_channels([0.0, 1.0, 2.0, 3.0], table(4))
    assert samples.between(1.0, 3.0).sequence.tolist() == [1, 2]
    assert len(samples.between(5.0, 6.0)) == 0


def test_both_eyes_give_their_mean() -> None:
    xy, used = gaze_point(eyes([[0.2, 0.4]], [[0.4, 0.5]], [True], [True]))
    assert xy.tolist() == [[pytest.approx(0.3), pytest.approx(0.45)]]
    assert used.tolist() == [EyesUsed.BOTH]


def test_one_eye_alone_is_shifted_by_half_the_last_disparity() -> None:
    left = [[0.2, 0.4], [0.2, 0.4], [9.0, 9.0], [9.0, 9.0]]
    right = [[0.3, 0.42], [9.0, 9.0], [0.3, 0.42], [9.0, 9.0]]
    samples = eyes(left, right, [True, True, False, False], [True, False, True, False])
    xy, used = gaze_point(samples)
    np.testing.assert_allclose(xy[:3], [[0.25, 0.41]] * 3, atol=1e-12)
    assert np.isnan(xy[3]).all()
    assert used.tolist() == [EyesUsed.BOTH, EyesUsed.LEFT, EyesUsed.RIGHT, EyesUsed.NONE]


def test_one_eye_before_any_pair_is_taken_as_it_is() -> None:
    samples = eyes([[0.2, 0.4], [0.1, 0.1]], [[9.0, 9.0], [0.3, 0.3]], [True, True], [False, True])
    assert gaze_point(samples)[0][0].tolist() == [0.2, 0.4]


def test_identical_eyes_give_that_point_exactly() -> None:
    points = np.random.default_rng(0).random((200, 2))
    xy, _ = gaze_point(eyes(points, points, [True] * 200, [True] * 200))
    assert (xy == points).all()


def test_one_eye_and_nothing_else() -> None:
    samples = eyes([[0.2, 0.4], [0.1, 0.1]], [[0.3, 0.5], [0.3, 0.3]], [True, False], [True, True])
    xy, used = gaze_point(samples, "left")
    assert xy[0].tolist() == [0.2, 0.4]
    assert np.isnan(xy[1]).all()
    assert used.tolist() == [EyesUsed.LEFT, EyesUsed.NONE]
    xy, used = gaze_point(samples, "right")
    assert xy.tolist() == [[0.3, 0.5], [0.3, 0.3]]
    assert used.tolist() == [EyesUsed.RIGHT] * 2


def slow_gaze_point(samples: GazeSamples) -> npt.NDArray[np.float64]:
    known: list[npt.NDArray[np.float64]] = []
    points = []
    for i in range(len(samples)):
        left, right = samples.left_xy_norm[i], samples.right_xy_norm[i]
        if samples.left_valid[i] and samples.right_valid[i]:
            known.append(right - left)
            points.append((left + right) / 2)
            continue
        half = np.median(known[-25:], axis=0) / 2 if known else np.zeros(2)
        if samples.left_valid[i]:
            points.append(left + half)
        elif samples.right_valid[i]:
            points.append(right - half)
        else:
            points.append(np.full(2, np.nan))
    return np.array(points).reshape(-1, 2)


@settings(max_examples=60)
@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=120), st.integers(0, 2**32 - 1))
def test_the_gaze_point_equals_the_slow_one(valid: list[tuple[bool, bool]], seed: int) -> None:
    random = np.random.default_rng(seed)
    n = len(valid)
    samples = eyes(
        random.random((n, 2)), random.random((n, 2)), [v[0] for v in valid], [v[1] for v in valid]
    )
    np.testing.assert_allclose(gaze_point(samples)[0], slow_gaze_point(samples), atol=1e-12)


def test_hours_of_one_eyed_gaze_need_little_memory() -> None:
    n = 200_000
    values = np.tile(table(1), (n, 1))
    values[::2, GAZE_LABELS.index("right_gaze_valid")] = 0
    samples = GazeSamples.from_channels(np.arange(n) / 1200, values)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        xy, used = gaze_point(samples)
    assert np.isfinite(xy).all()
    assert set(used.tolist()) == {EyesUsed.LEFT, EyesUsed.BOTH}
