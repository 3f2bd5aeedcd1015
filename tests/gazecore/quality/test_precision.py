"""Precision in closed form, by a slow loop, and as the field's library measures it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from gazecore.errors import InvalidSettingError
from gazecore.quality import accuracy, loss, precision_rms_deg, precision_std_deg
from gazecore.quality.precision import precision_bcea_deg2, precision_in_intervals

if TYPE_CHECKING:
    import numpy.typing as npt

    from gazecore.geometry import Screen

    Array = npt.NDArray[np.float64]

FROZEN = json.loads((Path(__file__).parent / "frozen" / "etdqualitizer.json").read_text())["rows"]


def on_screen(azi_deg: npt.ArrayLike, ele_deg: npt.ArrayLike, screen: Screen) -> Array:
    """Fick angles from the screen's centre as physical pixels, (n, 2)."""
    azi, ele = np.radians(azi_deg), np.radians(ele_deg)
    xy_mm = screen.distance_mm * np.stack([np.tan(azi), np.tan(ele) / np.cos(azi)], axis=-1)
    return screen.from_norm(xy_mm / (screen.width_mm, screen.height_mm) + 0.5)


def normal(screen: Screen, s_x: float, s_y: float, rho: float, n: int = 200_000) -> Array:
    """Gaze spread normally around the screen's centre."""
    covariance = [[s_x**2, rho * s_x * s_y], [rho * s_x * s_y, s_y**2]]
    points = np.random.default_rng(3).multivariate_normal([0, 0], covariance, n)
    return on_screen(points[:, 0], points[:, 1], screen)


@pytest.mark.parametrize("rho", [0.0, 0.8])
@pytest.mark.parametrize("probability", [0.5, 0.68, 0.95])
def test_bcea_of_a_bivariate_normal(screen: Screen, rho: float, probability: float) -> None:
    found = precision_bcea_deg2(normal(screen, 0.3, 0.1, rho), screen, probability=probability)
    k = -np.log(1 - probability)
    assert found == pytest.approx(2 * k * np.pi * 0.3 * 0.1 * np.sqrt(1 - rho**2), rel=0.01)


def test_the_ellipse_holds_its_share(screen: Screen) -> None:
    xy_px = normal(screen, 0.2, 0.2, 0.0)
    area = precision_bcea_deg2(xy_px, screen)
    assert area is not None
    angle_deg = screen.angle_deg(xy_px, xy_px.mean(axis=0, keepdims=True))
    assert (angle_deg < np.sqrt(area / np.pi)).mean() == pytest.approx(0.68, abs=0.005)


def test_it_is_the_same_wherever_on_the_screen(screen: Screen) -> None:
    middle = normal(screen, 0.2, 0.1, 0.4, 5000)
    there_mm = screen.to_mm(np.array([1700.0, 1000.0]))
    eye_mm = (float(there_mm[0]), float(there_mm[1]), screen.distance_mm)
    moved = middle + np.array([1700.0, 1000.0]) - (960, 540)
    assert precision_bcea_deg2(moved, screen, eye_mm) == pytest.approx(
        precision_bcea_deg2(middle, screen), rel=1e-9
    )


def test_gaze_on_a_line_has_no_area(screen: Screen) -> None:
    line = np.stack([np.arange(900.0, 1000.0), np.full(100, 540.0)], axis=1)
    assert precision_bcea_deg2(line, screen) == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize("frozen", FROZEN, ids=["round", "oblique", "tall"])
def test_as_etdqualitizer_measures(screen: Screen, frozen: dict[str, Any]) -> None:
    xy_px = on_screen(frozen["azi_deg"], frozen["ele_deg"], screen)
    for probability, area in frozen["bcea_deg2"].items():
        found = precision_bcea_deg2(xy_px, screen, probability=float(probability))
        assert found == pytest.approx(area, rel=1e-4)
    assert precision_rms_deg(xy_px, screen) == pytest.approx(frozen["rms_deg"], rel=1e-4)
    assert precision_std_deg(xy_px, screen) == pytest.approx(frozen["std_deg"], rel=1e-4)
    azi_deg, ele_deg = frozen["target_deg"]
    target_px = on_screen(azi_deg, ele_deg, screen)
    mean = accuracy(xy_px, target_px, screen)
    assert mean.offset_x_deg is not None
    assert mean.offset_y_deg is not None
    offset_deg = np.hypot(mean.offset_x_deg, mean.offset_y_deg)
    assert offset_deg == pytest.approx(frozen["accuracy_deg"], rel=1e-4)
    xy_px[5:9] = np.nan
    assert loss(xy_px).total == pytest.approx(frozen["loss"]["invalid"])
    assert loss(xy_px, 250).total == pytest.approx(frozen["loss"]["of_250_expected"])


@pytest.mark.parametrize("frozen", FROZEN[1:], ids=["oblique", "tall"])
def test_samples_are_paired_where_one_coordinate_is_lost(
    screen: Screen, frozen: dict[str, Any]
) -> None:
    # ETDQualitizer drops x and y each by itself, so what follows a loss of one is paired wrongly.
    xy_px = on_screen(frozen["azi_deg"], frozen["ele_deg"], screen)
    xy_px[5:9] = np.nan
    xy_px[100:104, 0] = np.nan
    xy_px[20:24, 1] = np.nan
    whole = xy_px[np.isfinite(xy_px).all(axis=1)]
    found = precision_bcea_deg2(xy_px, screen)
    assert found == precision_bcea_deg2(whole, screen)
    assert found is not None
    assert abs(found / frozen["mispaired_bcea_deg2"] - 1) > 0.01


def test_intervals_in_one_pass_are_as_each_by_itself(screen: Screen) -> None:
    rng = np.random.default_rng(5)
    xy_px = rng.normal([700, 300], [6, 3], (400, 2))
    xy_px[rng.random(400) < 0.1] = np.nan
    xy_px[200:230] = np.nan
    bounds = [(0, 90), (90, 91), (91, 91), (95, 97), (100, 260), (205, 225), (300, 400)]
    found = precision_in_intervals(xy_px, bounds, screen)
    for i, (first, last) in enumerate(bounds):
        piece = xy_px[first:last]
        for ours, alone in (
            (found.rms_deg[i], precision_rms_deg(piece, screen)),
            (found.std_deg[i], precision_std_deg(piece, screen)),
            (found.bcea_deg2[i], precision_bcea_deg2(piece, screen)),
        ):
            assert ours == pytest.approx(np.nan if alone is None else alone, rel=1e-6, nan_ok=True)


def test_without_intervals_or_with_lost_gaze_there_is_no_figure(screen: Screen) -> None:
    assert len(precision_in_intervals(np.empty((0, 2)), np.empty((0, 2)), screen).rms_deg) == 0
    assert precision_bcea_deg2(np.full((9, 2), np.nan), screen) is None
    assert precision_bcea_deg2(np.array([[1.0, 2.0], [3.0, 9.0]]), screen) is None
    with pytest.raises(InvalidSettingError, match="a share between 0 and 1"):
        precision_bcea_deg2(np.ones((9, 2)), screen, probability=1.0)
