"""What of a mask lies under the physical pixels of a viewport, through any transform."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from gazecore.dicom.resampling import picked

if TYPE_CHECKING:
    from gazecore.geometry import Transform

Mask = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.intp]
Float = npt.NDArray[np.float64]


def mask_under(
    mask: Mask,
    image_to_viewport: Transform,
    part: tuple[slice, slice],
    origin_px: tuple[float, float] = (0.0, 0.0),
    block_px: int = 1,
) -> Mask:
    """A mask's values under the pixel centres of part of a viewport; False beside the mask.

    Parameters
    ----------
    mask : (rows, columns) bool
        Each value stands for a block of `block_px` x `block_px` image pixels.
    image_to_viewport : Transform
        Image px to physical px of the viewport, its top left corner at (0, 0).
    part : (slice, slice)
        The rows and columns of the viewport that are asked for.
    origin_px : (float, float)
        The image point (x, y) at the mask's top left corner.
    """
    inverse = viewport_to_image(image_to_viewport)
    grid = grid_in_image(inverse, part)
    if grid is None:
        return _under_any(mask, inverse, part, origin_px, block_px)
    y, x, turned = grid
    row, inside_y = _index(y, origin_px[1], block_px, mask.shape[0])
    column, inside_x = _index(x, origin_px[0], block_px, mask.shape[1])
    found: Mask = picked(mask, row, column)
    found[~inside_y] = False
    found[:, ~inside_x] = False
    return found.T if turned else found


def viewport_to_image(image_to_viewport: Transform) -> Float:
    """The inverse of a transform, (3, 3), scaled so that its last element is 1."""
    inverse = np.linalg.inv(image_to_viewport.matrix)
    return np.asarray(inverse / inverse[2, 2], dtype=np.float64)


def grid_in_image(inverse: Float, part: tuple[slice, slice]) -> tuple[Float, Float, bool] | None:
    """Image coordinates (y, x) of the pixel centres of part of a viewport, each along one axis.

    Third, whether y runs along the columns of the viewport, after a quarter turn; None where an
    image coordinate changes along both axes.
    """
    v, u = (np.arange(s.start, s.stop) + 0.5 for s in part)
    if inverse[2, 0] != 0.0 or inverse[2, 1] != 0.0:
        return None
    if inverse[0, 1] == inverse[1, 0] == 0.0:
        return inverse[1, 1] * v + inverse[1, 2], inverse[0, 0] * u + inverse[0, 2], False
    if inverse[0, 0] == inverse[1, 1] == 0.0:
        return inverse[1, 0] * u + inverse[1, 2], inverse[0, 1] * v + inverse[0, 2], True
    return None


def points_in_image(inverse: Float, v: Float, u: Float) -> tuple[Float, Float]:
    """Image coordinates (y, x) of points of a viewport, through `viewport_to_image`."""
    x, y, w = (row[0] * u + row[1] * v + row[2] for row in inverse)
    return y / w, x / w


def _under_any(
    mask: Mask,
    inverse: Float,
    part: tuple[slice, slice],
    origin_px: tuple[float, float],
    block_px: int,
) -> Mask:
    v, u = np.meshgrid(*(np.arange(s.start, s.stop) + 0.5 for s in part), indexing="ij")
    y, x = points_in_image(inverse, v, u)
    row, inside_y = _index(y, origin_px[1], block_px, mask.shape[0])
    column, inside_x = _index(x, origin_px[0], block_px, mask.shape[1])
    return mask[row, column] & inside_y & inside_x


def _index(at_px: Float, origin_px: float, block_px: int, size: int) -> tuple[Indices, Mask]:
    index = np.floor((at_px - origin_px) / block_px).astype(np.intp)
    inside = (index >= 0) & (index < size)
    return np.clip(index, 0, size - 1), inside
