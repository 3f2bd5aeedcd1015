"""Where a view's pixels come from: rotation about the centre, then crop, then flip.

Frames: *source* is the image, *canvas* the image rotated about its centre (same size), *view* the
crop of the canvas. Coordinates are -1..1 over the outer edges of each frame, x right, y down
(``align_corners=False`` of torch). Aspect is height over width in pixels.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle per view: centre and half sides, each (n,), in the frame's -1..1."""

    center_x: Tensor
    center_y: Tensor
    half_x: Tensor
    half_y: Tensor

    @property
    def area(self) -> Tensor:
        """Share of the frame that the box covers, (n,)."""
        return self.half_x * self.half_y

    def where(self, condition: Tensor, other: Box) -> Box:
        """This box where `condition` (n,) holds, else the other."""
        return Box(
            torch.where(condition, self.center_x, other.center_x),
            torch.where(condition, self.center_y, other.center_y),
            torch.where(condition, self.half_x, other.half_x),
            torch.where(condition, self.half_y, other.half_y),
        )


def full_box(like: Tensor) -> Box:
    """The whole frame for each element of `like` (n,)."""
    zero, one = torch.zeros_like(like), torch.ones_like(like)
    return Box(zero, zero, one, one)


def rotation(angle_rad: Tensor, aspect: float) -> Tensor:
    """Canvas to source, (n, 2, 2), keeping angles in pixels whatever the aspect."""
    cos, sin = torch.cos(angle_rad), torch.sin(angle_rad)
    rows = torch.stack((cos, -sin * aspect, sin / aspect, cos), dim=1)
    return rows.view(-1, 2, 2)


def view_to_source(angle_rad: Tensor, box: Box, flip: Tensor, aspect: float) -> Tensor:
    """The affine map (n, 2, 3) from view to source; `flip` (n,) is +1 or -1."""
    zero = torch.zeros_like(box.center_x)
    crop = torch.stack(
        (box.half_x * flip, zero, box.center_x, zero, box.half_y, box.center_y), dim=1
    ).view(-1, 2, 3)
    return rotation(angle_rad, aspect) @ crop


def source_points(height: int, width: int, like: Tensor) -> Tensor:
    """Centres of all pixels of a source of that size, (height * width, 2) as x, y."""
    y = (torch.arange(height, device=like.device, dtype=like.dtype) * 2 + 1) / height - 1
    x = (torch.arange(width, device=like.device, dtype=like.dtype) * 2 + 1) / width - 1
    grid_y, grid_x = torch.meshgrid(y, x, indexing="ij")
    return torch.stack((grid_x.reshape(-1), grid_y.reshape(-1)), dim=1)


def to_canvas(points: Tensor, angle_rad: Tensor, aspect: float) -> Tensor:
    """Source points (p, 2) on each canvas, (n, p, 2)."""
    (xx, xy), (yx, yy) = rotation(-angle_rad, aspect).permute(1, 2, 0)[..., None]
    x, y = points[:, 0], points[:, 1]
    return torch.stack((xx * x + xy * y, yx * x + yy * y), dim=2)  # as matrices: 5 times slower


def to_view(on_canvas: Tensor, box: Box, flip: Tensor) -> Tensor:
    """Canvas points (n, p, 2) in each view, (n, p, 2); outside -1..1 they are not visible."""
    x = (on_canvas[..., 0] - box.center_x[:, None]) / box.half_x[:, None] * flip[:, None]
    y = (on_canvas[..., 1] - box.center_y[:, None]) / box.half_y[:, None]
    return torch.stack((x, y), dim=2)


def is_inside(points: Tensor) -> Tensor:
    """Which points (..., 2) lie in -1..1, edges included up to rounding."""
    return (points.abs() <= 1 + 1e-9).all(dim=-1)


def cell_of(points: Tensor, cells: int) -> Tensor:
    """The row-major cell of each point (..., 2) in a grid of cells x cells over its frame.

    Points outside get a nearby cell: weigh them with `is_inside`.
    """
    column, row = (((points + 1) * (cells / 2)).floor().long().clamp(0, cells - 1)).unbind(-1)
    return row * cells + column


def sampling_grid(theta: Tensor, size: tuple[int, int]) -> Tensor:
    """Source coordinates of every pixel of the views, (n, *size, 2), for `theta` (n, 2, 3)."""
    return F.affine_grid(theta, [len(theta), 1, *size], align_corners=False)


def warp(images: Tensor, theta: Tensor, grid: Tensor, fill: Tensor) -> Tensor:
    """Resample images (n, c, h, w) at `grid`, the sampling grid of `theta`, bilinear.

    Outside the source the view shows `fill` (n, c, 1, 1). An exact identity at unchanged size
    returns the image bit by bit (bilinear weights alone would be off in the last bit).
    """
    warped = F.grid_sample(images - fill, grid, align_corners=False) + fill
    if images.shape[2:] != grid.shape[1:3]:
        return warped
    identity = torch.eye(2, 3, device=theta.device, dtype=theta.dtype)
    unmoved = (theta == identity).all(dim=2).all(dim=1)
    return torch.where(unmoved[:, None, None, None], images, warped)
