"""Display shutters: the part of an image that is not to be seen (PS3.3 C.7.6.11).

Rows and columns of the standard count pixels from 1, and the edges themselves belong to what
is shown. Of several shapes only what lies within all of them is shown. Stored values are never
changed: the mask hides pixels as they are drawn, black whatever value the file asks for, so
that the room stays dark and the pupil undisturbed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from gazecore.dicom.values import number, numbers, texts

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

Mask = npt.NDArray[np.bool_]
MAX_VERTICES = 1024
_FARTHEST_PX = 2.0**31
"""Whole numbers of DICOM go as far (PS3.5 6.2, IS); their squares are numbers still."""
_EDGES = (
    "ShutterLeftVerticalEdge",
    "ShutterUpperHorizontalEdge",
    "ShutterRightVerticalEdge",
    "ShutterLowerHorizontalEdge",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shutter:
    """The shapes of a shutter, in rows and columns that count from 1.

    Attributes
    ----------
    rectangle : (left, upper, right, lower), optional
        First and last column and row that are shown.
    circle : (row, column, radius), optional
        Centre, and radius in pixels along a row.
    polygon : tuple of (row, column)
        Corners, closed by itself; empty without a polygonal shutter.
    """

    rectangle: tuple[float, float, float, float] | None = None
    circle: tuple[float, float, float] | None = None
    polygon: tuple[tuple[float, float], ...] = ()

    def hidden(self, shape: tuple[int, int], pixel_aspect: float = 1.0) -> Mask:
        """Which pixels of an image are hidden, (rows, columns).

        Parameters
        ----------
        shape : (int, int)
            Rows and columns of the image.
        pixel_aspect : float
            Height of a pixel over its width: a circle is round on the screen.
        """
        row, column = np.ogrid[1 : shape[0] + 1, 1 : shape[1] + 1]
        shown = np.ones(shape, dtype=np.bool_)
        if self.rectangle is not None:
            left, upper, right, lower = self.rectangle
            shown &= (row >= upper) & (row <= lower) & (column >= left) & (column <= right)
        if self.circle is not None:
            middle_row, middle_column, radius = self.circle
            down = (row - middle_row) * pixel_aspect
            shown &= down**2 + (column - middle_column) ** 2 <= radius**2
        if self.polygon:
            shown &= _inside_polygon(np.asarray(self.polygon, dtype=np.float64), shape)
        return ~shown


def read_shutter(dataset: Dataset) -> tuple[Shutter | None, list[str]]:
    """The shutter of a data set, and what to say of it; a shape that makes no sense is left out."""
    shapes = {shape.upper() for shape in texts(dataset, "ShutterShape")} - {""}
    if not shapes:
        return None, []
    found = Shutter(
        rectangle=_rectangle(dataset) if "RECTANGULAR" in shapes else None,
        circle=_circle(dataset) if "CIRCULAR" in shapes else None,
        polygon=_polygon(dataset) if "POLYGONAL" in shapes else (),
    )
    usable = {
        "RECTANGULAR": found.rectangle is not None,
        "CIRCULAR": found.circle is not None,
        "POLYGONAL": bool(found.polygon),
    }
    notes = [
        f"{shape.lower()} display shutter unusable, ignored"
        for shape, is_usable in usable.items()
        if shape in shapes and not is_usable
    ]
    if shapes - usable.keys():
        notes.append("display shutter of unknown shape ignored")
    return (found if any(usable.values()) else None), notes


def _rectangle(dataset: Dataset) -> tuple[float, float, float, float] | None:
    left, upper, right, lower = (number(dataset, keyword) for keyword in _EDGES)
    if left is None or upper is None or right is None or lower is None:
        return None
    return (left, upper, right, lower) if left <= right and upper <= lower else None


def _circle(dataset: Dataset) -> tuple[float, float, float] | None:
    center = numbers(dataset, "CenterOfCircularShutter")
    radius = number(dataset, "RadiusOfCircularShutter")
    if len(center) != 2 or radius is None or radius <= 0 or not _are_near([*center, radius]):
        return None
    return center[0], center[1], radius


def _polygon(dataset: Dataset) -> tuple[tuple[float, float], ...]:
    found = numbers(dataset, "VerticesOfThePolygonalShutter")
    if len(found) % 2 or not 6 <= len(found) <= 2 * MAX_VERTICES or not _are_near(found):
        return ()
    return tuple(zip(found[0::2], found[1::2], strict=True))


def _are_near(places_px: list[float]) -> bool:
    return all(abs(place) <= _FARTHEST_PX for place in places_px)


def _inside_polygon(corners: npt.NDArray[np.float64], shape: tuple[int, int]) -> Mask:
    """Which pixels lie in a closed polygon by the even-odd rule, (rows, columns).

    Parameters
    ----------
    corners : (n, 2) float64
        Row and column of each corner, from 1.
    shape : (int, int)
        Rows and columns of the image.
    """
    inside = np.zeros(shape, dtype=np.bool_)
    following = np.roll(corners, -1, axis=0)
    first, last = np.minimum(corners, following), np.maximum(corners, following)
    step = following[:, 0] - corners[:, 0]
    slope = np.divide(
        following[:, 1] - corners[:, 1], step, out=np.zeros_like(step), where=step != 0
    )
    for index in range(shape[0]):
        row = index + 1
        crossed = (first[:, 0] <= row) & (row < last[:, 0])
        columns = corners[crossed, 1] + (row - corners[crossed, 0]) * slope[crossed]
        # sides reach down to their last row without it: its corners and level edges are added
        level = (first[:, 0] == row) & (last[:, 0] == row)
        corner = corners[:, 0] == row
        spans = np.concatenate(
            [
                np.sort(columns).reshape(-1, 2),
                np.stack([first[level, 1], last[level, 1]], axis=1),
                np.stack([corners[corner, 1]] * 2, axis=1),
            ]
        )
        for left, right in spans:
            inside[index, _column(np.ceil(left) - 1, shape) : _column(np.floor(right), shape)] = (
                True
            )
    return inside


def _column(at: float, shape: tuple[int, int]) -> int:
    return int(min(max(at, 0), shape[1]))
