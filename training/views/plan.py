"""What happens to each view, decided before any pixel is touched.

Everything is drawn, placed and measured on points and cells; image and attention are then
resampled by the same numbers, so that they cannot drift apart.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from training.views import crop, cutout
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
    from training.views.crop import Crops
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
    attended = source.attended & asked
    angle = (2 * draws.angle[:, 0] - 1) * math.radians(preset.degrees)
    flip = torch.where(draws.flip[:, 0] < preset.flip, -1.0, 1.0).to(angle)
    angle, box, weaker = _crop(source, angle, draws, preset, limits)
    in_view = to_view(to_canvas(source.points, angle, aspect), box, flip)
    mass_after_crop = source.mass * is_inside(in_view)
    theta = view_to_source(angle, box, flip, aspect)
    cutouts = _cutouts(in_view, mass_after_crop, theta, draws, preset, limits)
    cell = cell_of(in_view, cutout.CELLS)
    covered = cutouts.covers(cell // cutout.CELLS, cell % cutout.CELLS)
    kept = (mass_after_crop * ~covered).sum(dim=1)
    return Plan(
        angle_rad=angle,
        flip=flip,
        box=box,
        cutouts=cutouts,
        theta=theta,
        kept=torch.where(source.attended, kept, torch.nan),
        attended=attended,
        fallback=(asked & ~source.attended) | weaker | (cutouts.shrunk & attended),
    )


def _as_points(attention: Tensor, aspect: float) -> _Source:
    mass = attention.to(torch.float64).nan_to_num(0, 0, 0).clamp(min=0).flatten(1)
    total = mass.sum(dim=1, keepdim=True)
    mass = torch.where(total > 0, mass / total.clamp(min=1e-300), torch.zeros_like(mass))
    return _Source(source_points(attention.shape[1], attention.shape[2], mass), mass, aspect)


def _crop(
    source: _Source, angle: Tensor, draws: Draws, preset: Preset, limits: Limits
) -> tuple[Tensor, Box, Tensor]:
    """Angle and box of each view, and which are weaker than drawn."""
    scale = preset.scale or limits.scale
    sides = crop.prior_half_sides(draws.crop_size, scale, source.aspect)
    anywhere = crop.place_uniformly(*sides, draws.crop_anywhere)
    if not preset.attends:
        return angle, anywhere, torch.zeros_like(source.attended)
    crops = _place(source, angle, sides, draws, preset, limits)
    # Where even the whole rotated image has lost too much, the view is not rotated at all.
    lost = source.attended & ~crops.feasible
    box = full_box(angle).where(lost, crops.box)
    if preset.placement == "area-matched":
        visible = _source_on_canvas(angle, source.aspect)
        moved = crop.place_matching(visible, crops, draws.crop_matching, tolerance=_AREA_TOLERANCE)
        box = full_box(angle).where(lost, moved)
    box = box.where(source.attended, anywhere)
    weaker = source.attended & (crops.grown | lost)
    return torch.where(lost, torch.zeros_like(angle), angle), box, weaker


def _place(
    source: _Source,
    angle: Tensor,
    sides: tuple[Tensor, Tensor],
    draws: Draws,
    preset: Preset,
    limits: Limits,
) -> Crops:
    keep = limits.crop or 0.0
    on_canvas = to_canvas(source.points, angle, source.aspect)
    mass = splat(cell_of(on_canvas, CANVAS_CELLS), source.mass * is_inside(on_canvas), CANVAS_CELLS)
    crops = crop.place_keeping(mass, keep, sides, draws.crop_keeping)
    if preset.placement != "rejection":
        return crops
    numbers = draws.candidates.reshape(-1, 4)
    drawn = crop.prior_half_sides(numbers[:, :2], preset.scale or limits.scale, source.aspect)
    boxes = crop.place_uniformly(*drawn, numbers[:, 2:])
    tries = Box(
        *(
            part.view(-1, TRIES)
            for part in (boxes.center_x, boxes.center_y, boxes.half_x, boxes.half_y)
        )
    )
    return crop.place_by_rejection(mass, keep, tries, crops)


def _source_on_canvas(angle: Tensor, aspect: float) -> Tensor:
    """1 for canvas cells whose centre shows a point of the source, float64 (n, cells, cells)."""
    centers = source_points(CANVAS_CELLS, CANVAS_CELLS, like=angle)
    visible = is_inside(to_canvas(centers, -angle, aspect))
    return visible.view(-1, CANVAS_CELLS, CANVAS_CELLS).to(angle)


def _cutouts(
    in_view: Tensor, mass: Tensor, theta: Tensor, draws: Draws, preset: Preset, limits: Limits
) -> Cutouts:
    """Where the attention is spared; for the area-matched arm anywhere of the same effect."""
    side = preset.cutout_side if limits.cutout is not None else None
    rows, columns = cutout.draw_sides(draws.cutout_size, side)
    if preset.attends:
        attended = mass.sum(dim=1) > 0
        rows, columns = rows * attended, columns * attended
        spare = (1 - (limits.cutout or 0.0)) * mass.sum(dim=1)
    else:
        spare = torch.full_like(draws.angle[:, 0], float("inf"))
    in_cells = splat(cell_of(in_view, cutout.CELLS), mass, cutout.CELLS)
    sparing = cutout.place_sparing(in_cells, spare, (rows, columns), draws.cutout_sparing[:, 0])
    if preset.placement != "area-matched":
        return sparing
    return _matching_cutouts(sparing, theta, draws)


def _matching_cutouts(sparing: Cutouts, theta: Tensor, draws: Draws) -> Cutouts:
    cells = source_points(cutout.CELLS, cutout.CELLS, like=theta)
    in_source = cells @ theta[:, :, :2].transpose(1, 2) + theta[:, None, :, 2]
    shown = is_inside(in_source).view(-1, cutout.CELLS, cutout.CELLS).to(theta)
    wanted = cutout.amount_covered(shown, sparing)
    return cutout.place_covering(shown, sparing, wanted, draws.cutout_matching[:, 0], tolerance=1.0)
