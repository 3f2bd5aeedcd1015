"""What happens to each view, decided before any pixel is touched.

Everything is drawn, placed and measured on points and cells; image and attention are then
resampled by the same numbers, so that they cannot drift apart.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from training.views import crop, cutout
from training.views.crop import Crops
from training.views.draws import TRIES, Draws
from training.views.geometry import (
    Box,
    cell_of,
    full_box,
    is_inside,
    source_points,
    to_canvas,
    to_view,
    view_to_source,
)
from training.views.placement import splat

if TYPE_CHECKING:
    from training.views.cutout import Cutouts
    from training.views.presets import Preset

CANVAS_CELLS = 48
"""Cells per side of the rotated map in which crops are placed."""

_AREA_TOLERANCE = 0.005 * CANVAS_CELLS**2


@dataclass(frozen=True, slots=True)
class Limits:
    """What views must keep; None switches an operator (or its limit) off.

    Attributes
    ----------
    scale : tuple of float
        Area of a crop as a share of the image.
    crop : float, optional
        Share of the attention that rotation and crop keep.
    cutout : float, optional
        Share of that which the cutout leaves; None cuts nothing out.
    mask : float, optional
        Share of the view's pixels that the mask hides.
    """

    scale: tuple[float, float]
    crop: float | None
    cutout: float | None
    mask: float | None


@dataclass(frozen=True, slots=True)
class Plan:
    """The geometry of n views.

    Attributes
    ----------
    angle_rad, flip : Tensor
        (n,); flip is +1 or -1.
    box : Box
        The crop on the canvas.
    cutouts : Cutouts
        Covered cells of the view.
    theta : Tensor
        View to source, (n, 2, 3).
    kept : Tensor
        Attention kept, (n,); NaN where there is none.
    attended : Tensor
        bool (n,): the image has attention and the preset asks for it.
    fallback : Tensor
        bool (n,): the view is weaker than drawn, or conventional for want of attention.
    """

    angle_rad: Tensor
    flip: Tensor
    box: Box
    cutouts: Cutouts
    theta: Tensor
    kept: Tensor
    attended: Tensor
    fallback: Tensor


@dataclass(frozen=True, slots=True)
class _Source:
    """Attention as point masses: (p, 2) places and (n, p) masses summing to 1 or to 0."""

    points: Tensor
    mass: Tensor
    aspect: float

    @property
    def attended(self) -> Tensor:
        return self.mass.sum(dim=1) > 0.5


def plan_views(
    attention: Tensor, aspect: float, draws: Draws, preset: Preset, limits: Limits
) -> Plan:
    """Decide geometry and cutouts of n views.

    Parameters
    ----------
    attention : Tensor
        (n, h, w), any scale; negative and non-finite values count as 0.
    aspect : float
        Height over width of the images in pixels.
    draws : Draws
        Random numbers of the n views.
    preset, limits
        What to do and what to keep.
    """
    source = _as_points(attention, aspect)
    asked = torch.full_like(source.attended, preset.attends)
    angle = (2 * draws.angle[:, 0] - 1) * math.radians(preset.degrees)
    flip = torch.where(draws.flip[:, 0] < preset.flip, -1.0, 1.0).to(angle)
    placed = _place(source, angle, draws, preset, limits)
    geometry = _Geometry(placed.angle, placed.crops.box, flip, aspect)
    cutouts = _cutouts(source, geometry, draws, preset, limits)
    if preset.placement == "area-matched":
        geometry, cutouts = _match(geometry, placed, cutouts, source.attended, draws)
    return Plan(
        angle_rad=geometry.angle,
        flip=flip,
        box=geometry.box,
        cutouts=cutouts,
        theta=geometry.theta,
        kept=torch.where(source.attended, _kept(source, geometry, cutouts), torch.nan),
        attended=source.attended & asked,
        fallback=asked & (~source.attended | placed.weaker | cutouts.shrunk),
    )


@dataclass(frozen=True, slots=True)
class _Geometry:
    """Where the views lie: angle, box on the canvas, flip; aspect of the images."""

    angle: Tensor
    box: Box
    flip: Tensor
    aspect: float

    @property
    def theta(self) -> Tensor:
        return view_to_source(self.angle, self.box, self.flip, self.aspect)

    def in_view(self, points: Tensor) -> Tensor:
        return to_view(to_canvas(points, self.angle, self.aspect), self.box, self.flip)


@dataclass(frozen=True, slots=True)
class _Placed:
    """Angles and crops of the views, and which are weaker than drawn."""

    angle: Tensor
    crops: Crops
    weaker: Tensor


def _place(source: _Source, angle: Tensor, draws: Draws, preset: Preset, limits: Limits) -> _Placed:
    scale = preset.scale or limits.scale
    sides = crop.prior_half_sides(draws.crop_size, scale, source.aspect)
    anywhere = crop.place_uniformly(*sides, draws.crop_anywhere)
    nowhere = torch.zeros_like(source.attended)
    if not preset.attends:
        start = torch.zeros_like(angle, dtype=torch.long)
        return _Placed(angle, Crops(anywhere, start, start, nowhere, ~nowhere), nowhere)
    keep = limits.crop or 0.0
    on_canvas = to_canvas(source.points, angle, source.aspect)
    mass = splat(cell_of(on_canvas, CANVAS_CELLS), source.mass * is_inside(on_canvas), CANVAS_CELLS)
    crops = crop.place_keeping(mass, keep, sides, draws.crop_keeping)
    if preset.placement == "rejection":
        tries = _tries(draws, scale, source.aspect)
        crops = crop.place_by_rejection(mass, keep, tries, crops)
    # Where even the whole rotated image has lost too much, the view is not rotated at all.
    lost = source.attended & ~crops.feasible
    box = full_box(angle).where(lost, crops.box.where(source.attended, anywhere))
    return _Placed(
        torch.where(lost, torch.zeros_like(angle), angle),
        replace(crops, box=box),
        source.attended & (crops.grown | lost),
    )


def _tries(draws: Draws, scale: tuple[float, float], aspect: float) -> Box:
    """Random crops to try one after the other, (n, tries)."""
    numbers = draws.candidates.reshape(-1, 4)
    sides = crop.prior_half_sides(numbers[:, :2], scale, aspect)
    boxes = crop.place_uniformly(*sides, numbers[:, 2:])
    parts = (boxes.center_x, boxes.center_y, boxes.half_x, boxes.half_y)
    return Box(*(part.view(-1, TRIES) for part in parts))


def _cutouts(
    source: _Source, geometry: _Geometry, draws: Draws, preset: Preset, limits: Limits
) -> Cutouts:
    """Rectangles that spare the attention, or lie anywhere where the preset has none."""
    side = preset.cutout_side if limits.cutout is not None else None
    rows, columns = cutout.draw_sides(draws.cutout_size, side)
    in_view = geometry.in_view(source.points)
    mass = source.mass * is_inside(in_view)
    if preset.attends:
        rows, columns = rows * source.attended, columns * source.attended
        spare = (1 - (limits.cutout or 0.0)) * mass.sum(dim=1)
    else:
        spare = torch.full_like(geometry.angle, float("inf"))
    in_cells = splat(cell_of(in_view, cutout.CELLS), mass, cutout.CELLS)
    return cutout.place_sparing(in_cells, spare, (rows, columns), draws.cutout_sparing[:, 0])


def _match(
    geometry: _Geometry, placed: _Placed, cutouts: Cutouts, attended: Tensor, draws: Draws
) -> tuple[_Geometry, Cutouts]:
    """The same sizes elsewhere: positions at random among those that show as much of the source."""
    centers = source_points(CANVAS_CELLS, CANVAS_CELLS, like=geometry.angle)
    visible = is_inside(to_canvas(centers, -geometry.angle, geometry.aspect))
    visible = visible.view(-1, CANVAS_CELLS, CANVAS_CELLS).to(geometry.angle)
    moved = crop.place_matching(
        visible, placed.crops, draws.crop_matching, tolerance=_AREA_TOLERANCE
    )
    whole = placed.crops.box.area == 1
    box = geometry.box.where(whole | ~attended, moved)
    elsewhere = replace(geometry, box=box)
    wanted = cutout.amount_covered(_shown_cells(geometry), cutouts)
    return elsewhere, cutout.place_covering(
        _shown_cells(elsewhere), cutouts, wanted, draws.cutout_matching[:, 0], tolerance=1.0
    )


def _shown_cells(geometry: _Geometry) -> Tensor:
    """1 for cells of the view whose centre shows a point of the source, else 0."""
    theta = geometry.theta
    cells = source_points(cutout.CELLS, cutout.CELLS, like=theta)
    in_source = cells @ theta[:, :, :2].transpose(1, 2) + theta[:, None, :, 2]
    return is_inside(in_source).view(-1, cutout.CELLS, cutout.CELLS).to(theta)


def _kept(source: _Source, geometry: _Geometry, cutouts: Cutouts) -> Tensor:
    """Mass inside the view and not under its cutout, (n,)."""
    in_view = geometry.in_view(source.points)
    cell = cell_of(in_view, cutout.CELLS)
    covered = cutouts.covers(cell // cutout.CELLS, cell % cutout.CELLS)
    return (source.mass * (is_inside(in_view) & ~covered)).sum(dim=1)


def _as_points(attention: Tensor, aspect: float) -> _Source:
    mass = attention.to(torch.float64).nan_to_num(0, 0, 0).clamp(min=0).flatten(1)
    total = mass.sum(dim=1, keepdim=True)
    mass = torch.where(total > 0, mass / total.clamp(min=1e-300), torch.zeros_like(mass))
    return _Source(source_points(attention.shape[1], attention.shape[2], mass), mass, aspect)
