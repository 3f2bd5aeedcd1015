"""Synthetic knees: repeatable, graded, and true to what they say of themselves."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazecore.dicom import open_image
from gazecore.errors import InvalidSettingError
from gazecore.synthetic.knees import knee_set, make_knee, write_dicom
from gazecore.synthetic.xray_dicom import BITS

if TYPE_CHECKING:
    from pathlib import Path

SIZE = (256, 208)


def test_same_seed_same_knee() -> None:
    first, again, other = make_knee(5, 2, SIZE), make_knee(5, 2, SIZE), make_knee(6, 2, SIZE)
    np.testing.assert_array_equal(first.pixels, again.pixels)
    assert first.finding_xy_px == again.finding_xy_px
    assert (first.pixels != other.pixels).any()


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), grade=st.integers(0, 4))
def test_values_and_finding_lie_inside(seed: int, grade: int) -> None:
    knee = make_knee(seed, grade, SIZE)
    assert knee.pixels.shape == SIZE
    assert knee.pixels.dtype == np.uint16
    assert knee.pixels.max() < 1 << BITS
    assert (knee.finding_xy_px is None) == (grade == 0)
    if knee.finding_xy_px is not None:
        x, y = knee.finding_xy_px
        assert 0 < x < SIZE[1]
        assert 0 < y < SIZE[0]
        joint_y = np.mean([mark.y_px for mark in knee.landmarks])
        assert abs(y - joint_y) < 0.25 * SIZE[0]
    for mark in knee.landmarks:
        assert 0 < mark.x_px < SIZE[1]
        assert 0 < mark.y_px < SIZE[0]
    assert sum(mark.weight for mark in knee.landmarks) == pytest.approx(1.0)


def test_joint_narrows_with_the_grade() -> None:
    """Rows darker than bone along lines through the inner half of either condyle."""
    gaps = []
    for grade in range(5):
        widths = []
        for seed in range(12):
            knee = make_knee(seed, grade, SIZE)
            left, right = knee.landmarks[:2]
            for mark in (left, right):
                column = knee.pixels[:, int(mark.x_px)].astype(float)
                near = column[int(mark.y_px) - 25 : int(mark.y_px) + 25]
                widths.append((near < 0.55 * np.percentile(column, 80)).sum())
        gaps.append(np.mean(widths))
    assert all(wide > narrow for wide, narrow in pairwise(gaps))


def test_finding_is_brighter_than_around_and_grows() -> None:
    sizes, contrasts = [], []
    for grade in range(1, 5):
        lit = []
        for seed in range(20):
            knee = make_knee(seed, grade, SIZE)
            assert knee.finding_xy_px is not None
            x, y = (int(v) for v in knee.finding_xy_px)
            reach = int(3 * knee.finding_radius_px)
            ring = knee.pixels[max(0, y - reach) : y + reach, max(0, x - reach) : x + reach]
            lit.append(float(knee.pixels[y, x]) - float(np.median(ring)))
        sizes.append(make_knee(0, grade, SIZE).finding_radius_px)
        contrasts.append(np.median(lit))
    assert sizes == sorted(sizes)
    assert contrasts[0] > 0
    assert contrasts[-1] > contrasts[0]


def test_findings_are_at_many_places() -> None:
    places = np.array([make_knee(seed, 3, SIZE).finding_xy_px for seed in range(30)])
    assert places.std(axis=0).min() > 0.03 * SIZE[0]


def test_knee_set() -> None:
    knees = knee_set(20, (64, 48), seed=1)
    assert knees.images.shape == (20, 64, 48)
    assert knees.images.dtype == np.uint8
    assert sorted(knees.grades.tolist()) == sorted([0, 1, 2, 3, 4] * 4)
    healthy = knees.grades == 0
    assert np.isnan(knees.finding_xy_px[healthy]).all()
    assert not knees.finding_masks[healthy].any()
    for mask, (x, y) in zip(
        knees.finding_masks[~healthy], knees.finding_xy_px[~healthy], strict=True
    ):
        rows, columns = np.nonzero(mask)
        assert rows.mean() + 0.5 == pytest.approx(y, abs=0.6)
        assert columns.mean() + 0.5 == pytest.approx(x, abs=0.6)
    again = knee_set(20, (64, 48), seed=1)
    np.testing.assert_array_equal(knees.images, again.images)


def test_empty_set() -> None:
    knees = knee_set(0, (64, 48), seed=1)
    assert knees.images.shape == knees.finding_masks.shape == (0, 64, 48)
    assert knees.finding_xy_px.shape == (0, 2)


@pytest.mark.parametrize(("grade", "size"), [(-1, SIZE), (5, SIZE), (0, (16, 200))])
def test_impossible_arguments(grade: int, size: tuple[int, int]) -> None:
    with pytest.raises(InvalidSettingError):
        make_knee(0, grade, size)


def test_written_knee_opens_as_it_was(tmp_path: Path) -> None:
    knee = make_knee(1, 3, SIZE)
    write_dicom(tmp_path / "knee.dcm", knee)
    image = open_image(tmp_path / "knee.dcm")
    np.testing.assert_array_equal(image.stored, knee.pixels)
    assert image.simulated
