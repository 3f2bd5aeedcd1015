"""The attention map of one reading, and the mean over the readers of a case."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from gazecore.attention.gaussians import Border, Map, sum_of_gaussians, usable_points
from gazecore.errors import InvalidSettingError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


_OPEN = Border()


@dataclass(frozen=True, slots=True)
class MapPreset:
    """How fixations become a map.

    `sigma_px` in image pixels, or None for 1 degree of visual angle per image axis in that
    fixation's own view; weights are durations or counts; `clipped` to what was shown.
    """

    sigma_px: float | None = None
    by_duration: bool = True
    clipped: bool = True
    border: Border = _OPEN


MAP_PRESETS: Mapping[str, MapPreset] = MappingProxyType(
    {
        "focusstation": MapPreset(),
        "REFLACX": MapPreset(),
        "EGD-CXR": MapPreset(150.0, by_duration=False, clipped=False, border=Border(4.0, True)),
    }
)
"""REFLACX: Bigolin Lanfredi et al. 2022, the same as ours; EGD-CXR: Karargyris et al. 2021."""


@dataclass(frozen=True, slots=True)
class ReadingFixations:
    """The fixations of one reading; `fixations` has the columns of `fixations_on_image`."""

    reading_id: str
    case_id: str
    image_height_px: int
    image_width_px: int
    fixations: pl.DataFrame
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class CaseAttention:
    """An attention map with what it stands for.

    Attributes
    ----------
    map : (h, w) float32
        Sums to 1, all zero without a fixation; the image, scaled so that its longer side is at
        most the size asked for.
    sigma_px : (float, float)
        Duration-weighted mean of the sigmas along x and y, in pixels of the image.
    mass_inside : float
        Share of the weights that fell on the image and the part of it shown.
    used, dropped : int
        Rows of the table of fixations that count, and those outside the viewport or without a
        place; a fixation under which the view changed has several.
    """

    map: Map
    image_height_px: int
    image_width_px: int
    sigma_px: tuple[float, float]
    mass_inside: float
    used: int
    dropped: int
    preset: str
    readers: int
    simulated: bool


def map_shape(image_height_px: int, image_width_px: int, longest_px: int) -> tuple[int, int]:
    """Shape of an image's map with the longer side at most `longest_px`, never enlarged."""
    scale = min(1.0, longest_px / max(image_height_px, image_width_px))
    return max(1, round(image_height_px * scale)), max(1, round(image_width_px * scale))


def case_attention(
    reading: ReadingFixations, preset: str = "focusstation", *, longest_px: int = 256
) -> CaseAttention:
    """The attention map of one reading.

    Raises
    ------
    InvalidSettingError
        No map preset of that name.
    """
    if preset not in MAP_PRESETS:
        raise InvalidSettingError("attention preset", preset, "one of " + ", ".join(MAP_PRESETS))
    chosen = MAP_PRESETS[preset]
    table = reading.fixations.filter(pl.col("in_viewport"))
    shape = map_shape(reading.image_height_px, reading.image_width_px, longest_px)
    scale = np.array([shape[1] / reading.image_width_px, shape[0] / reading.image_height_px])
    xy_px = table.select("x_image_px", "y_image_px").to_numpy()
    weights = (table["duration_s"] if chosen.by_duration else _counts(table)).to_numpy()
    sigma_px = table.select("sigma_x_image_px", "sigma_y_image_px").to_numpy()
    if chosen.sigma_px is not None:
        sigma_px = np.full_like(sigma_px, chosen.sigma_px)
    clip_px = table.select("shown_left_px", "shown_top_px", "shown_right_px", "shown_bottom_px")
    points = usable_points(
        xy_px * scale,
        weights,
        sigma_px * scale,
        clip_px.to_numpy() * np.tile(scale, 2) if chosen.clipped else None,
    )
    density, mass_inside = sum_of_gaussians(points, shape, chosen.border)
    mean_sigma = (
        np.average(points.sigma_px, axis=0, weights=points.weights) / scale
        if len(points)
        else np.full(2, np.nan)
    )
    return CaseAttention(
        map=density,
        image_height_px=reading.image_height_px,
        image_width_px=reading.image_width_px,
        sigma_px=(float(mean_sigma[0]), float(mean_sigma[1])),
        mass_inside=mass_inside,
        used=len(points),
        dropped=len(reading.fixations) - len(points),
        preset=preset,
        readers=1,
        simulated=reading.simulated,
    )


def _counts(table: pl.DataFrame) -> pl.Series:
    """What each row counts: a fixation cut by changes of the view counts once, by its pieces."""
    if "fixation" not in table.columns:
        return pl.Series(np.ones(len(table)))
    duration_s = pl.col("duration_s")
    return table.select(duration_s / duration_s.sum().over("fixation")).to_series()


def mean_attention(maps: Iterable[CaseAttention]) -> CaseAttention:
    """The mean over readings of one case, each reader's map counting once; empty maps do not.

    They are taken one by one, so that any number fits.

    Raises
    ------
    InvalidSettingError
        No map, or maps of different shapes.
    """
    first: CaseAttention | None = None
    density, figures, counted = np.zeros(0), np.zeros(3), 0
    used = dropped = 0
    simulated = False
    for one in maps:
        if first is None:
            first, density = one, np.zeros(one.map.shape)
        if one.map.shape != first.map.shape:
            shapes = sorted({one.map.shape, first.map.shape})
            raise InvalidSettingError("maps of a case", shapes, "maps of one shape")
        used, dropped = used + one.used, dropped + one.dropped
        simulated |= one.simulated
        if one.used:
            counted += 1
            density += one.map
            figures += (*one.sigma_px, one.mass_inside)
    if first is None:
        raise InvalidSettingError("maps of a case", [], "maps of one shape")
    total = float(density.sum())
    mean = figures / counted if counted else np.array([*first.sigma_px, first.mass_inside])
    return replace(
        first,
        map=np.asarray(density / total if total > 0 else density, dtype=np.float32),
        sigma_px=(float(mean[0]), float(mean[1])),
        mass_inside=float(mean[2]),
        used=used,
        dropped=dropped,
        readers=counted,
        simulated=simulated,
    )
