"""Readers who predict each other: in closed form, and by what must be so."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from gazecore.attention import attention_map, metrics
from gazecore.attention.consistency import (
    ReaderGaze,
    centre_bias,
    reader_agreement,
    stretched,
    with_uniform,
)
from gazecore.errors import InvalidSettingError
from tests.gazecore.attention.test_groups import attention

Array = npt.NDArray[np.float64]
SHAPE = (40, 60)  # of an image of 400 x 600


def gaze(xy_px: npt.ArrayLike) -> ReaderGaze:
    """A reader by fixations in image pixels."""
    points = np.asarray(xy_px, dtype=float).reshape(-1, 2)
    return ReaderGaze(attention(attention_map(points / 10, 1.0, SHAPE, 3.0)), points)


def around(place_px: tuple[float, float], seed: int) -> ReaderGaze:
    return gaze(np.random.default_rng(seed).normal(place_px, 25, (15, 2)))


def test_each_is_measured_against_the_mean_of_the_others() -> None:
    readers = {name: around((150, 200), seed) for seed, name in enumerate("abc")}
    found = {one.reader: one for one in reader_agreement(readers)}
    predicted = (readers["b"].attention.map.astype(float) + readers["c"].attention.map) / 2
    points, own = readers["a"].xy_image_px / 10, readers["a"].attention.map
    assert found["a"].others == 2
    assert found["a"].fixations == 15
    assert found["a"].nss == pytest.approx(metrics.nss(predicted, points), rel=1e-5)
    assert found["a"].auc_judd == pytest.approx(metrics.auc_judd(predicted, points), abs=1e-3)
    assert found["a"].cc == pytest.approx(metrics.cc(predicted, own), rel=1e-5)
    assert found["a"].sim == pytest.approx(metrics.sim(predicted, own), rel=1e-5)
    assert found["a"].kld == pytest.approx(metrics.kld(predicted, own), rel=1e-4)
    expected = metrics.information_gain(
        with_uniform(predicted), points, with_uniform(centre_bias(SHAPE))
    )
    assert found["a"].information_gain == pytest.approx(expected, rel=1e-5)


def test_readers_of_one_mind_agree_more_than_others() -> None:
    agreed = {name: around((150, 200), seed) for seed, name in enumerate("abcd")}
    apart = {
        name: around((150 * (seed + 0.5), 100 * (seed + 0.5)), seed)
        for seed, name in enumerate("abcd")
    }
    for one, other in zip(reader_agreement(agreed), reader_agreement(apart), strict=True):
        assert one.nss > other.nss
        assert one.information_gain > 0 > other.information_gain
        assert one.kld < other.kld
        assert min(one.cc, one.sim) > max(other.cc, other.sim)
        assert np.isfinite(other.information_gain)


def test_what_the_baseline_knows_is_no_gain() -> None:
    readers = {name: around((150, 200), seed) for seed, name in enumerate("ab")}
    (first, _) = reader_agreement(readers, readers["b"].attention.map)
    assert first.information_gain == pytest.approx(0)
    assert first.nss > 2


def test_who_saw_nothing_is_left_out_and_one_alone_agrees_with_nobody() -> None:
    readers = {"a": around((150, 200), 0), "b": around((150, 200), 1), "none": gaze([])}
    assert [one.reader for one in reader_agreement(readers)] == ["a", "b"]
    assert reader_agreement({"a": readers["a"], "none": readers["none"]}) == ()
    assert reader_agreement({}) == ()


def test_fixations_off_the_image_do_not_count() -> None:
    readers = {"a": around((150, 200), 0), "b": around((150, 200), 1)}
    off = np.concatenate([readers["a"].xy_image_px, [[-50, 10], [700, 10]]])
    changed = {**readers, "a": ReaderGaze(readers["a"].attention, off)}
    assert reader_agreement(changed) == reader_agreement(readers)


def test_a_baseline_of_another_shape_is_refused() -> None:
    readers = {"a": around((150, 200), 0), "b": around((150, 200), 1)}
    with pytest.raises(InvalidSettingError, match="shape of baseline"):
        reader_agreement(readers, np.ones((3, 4)))


def test_the_centre_bias_is_even_around_the_middle() -> None:
    bias = centre_bias((4, 6))
    assert bias.sum() == pytest.approx(1)
    assert bias == pytest.approx(bias[::-1, ::-1])
    assert bias[0, 0] / bias[1, 0] == pytest.approx(np.exp(-0.5 * (0.375**2 - 0.125**2) / 0.0625))


def test_an_even_share_keeps_logarithms_finite() -> None:
    mixed = with_uniform(np.array([[0.0, 3.0]]))
    assert mixed[0] == pytest.approx([0.005, 0.995])
    assert with_uniform(np.zeros((1, 4)))[0] == pytest.approx([0.25] * 4)


def test_stretching_keeps_places_and_mass() -> None:
    density = attention_map([[18.0, 24.0]], 1.0, (40, 60), 3.0).astype(float)
    larger = stretched(density, (80, 180))
    assert larger.sum() == pytest.approx(1)
    y, x = np.mgrid[:80, :180] + 0.5
    assert (larger * x).sum() / 180 == pytest.approx(18 / 60, abs=1e-3)
    assert (larger * y).sum() / 80 == pytest.approx(24 / 40, abs=1e-3)
    assert np.allclose(stretched(density, (40, 60)), density / density.sum())
    assert not stretched(np.zeros((3, 3)), (5, 5)).any()
    assert stretched([[1.0]], (2, 3)) == pytest.approx(np.full((2, 3), 1 / 6))
