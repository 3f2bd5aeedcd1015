"""A phantom of bright discs at places that repeat nowhere, to measure where pixels really are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from scipy import ndimage
from scipy.spatial import cKDTree

from gazecore.errors import InvalidSettingError
from gazecore.geometry import Transform
from gazecore.synthetic.xray_dicom import write_xray

if TYPE_CHECKING:
    from pathlib import Path

Points = npt.NDArray[np.float64]

_DARK, _BRIGHT = 400, 3600
LEAST_DISCS = 4
"""Four discs over-determine an affine transform; fewer leave no residual."""
_LEAST_AREA_SHARE = 0.7
"""Discs cut by an edge are left out: their centroid is not their centre."""


@dataclass(frozen=True, slots=True, eq=False)
class Phantom:
    """The drawn phantom: 12-bit pixels (h, w), disc centres (n, 2) in image px, their radius."""

    pixels: npt.NDArray[np.uint16]
    disc_xy_px: Points
    radius_px: float


def make_phantom(
    size_px: tuple[int, int] = (1024, 832),
    *,
    n_discs: int = 40,
    radius_px: float = 9.0,
    seed: int = 0,
) -> Phantom:
    """Draw discs at random sub-pixel places, at least five radii apart and clear of the border.

    Raises
    ------
    InvalidSettingError
        So many discs find no room.
    """
    rng = np.random.default_rng(seed)
    height, width = size_px
    margin, apart = 2 * radius_px, 5 * radius_px
    centres: list[npt.NDArray[np.float64]] = []
    for _ in range(200 * n_discs):
        if len(centres) == n_discs:
            break
        place = rng.uniform([margin, margin], [width - margin, height - margin])
        if all(np.hypot(*(place - other)) >= apart for other in centres):
            centres.append(place)
    if len(centres) < n_discs:
        raise InvalidSettingError("n_discs", n_discs, f"at most {len(centres)} for this size")
    disc_xy_px = np.array(centres)
    coverage = _coverage(size_px, disc_xy_px, radius_px)
    pixels = np.rint(_DARK + (_BRIGHT - _DARK) * coverage).astype(np.uint16)
    return Phantom(pixels, disc_xy_px, radius_px)


def write_dicom(path: Path, phantom: Phantom) -> None:
    """Write the phantom as a DICOM file that says SIMULATED."""
    write_xray(path, phantom.pixels, what="disc phantom", patient_id="PHANTOM-0001")


def _coverage(size_px: tuple[int, int], disc_xy_px: Points, radius_px: float) -> Points:
    """Share of each pixel that a disc covers, by 8 x 8 points a pixel around each disc."""
    fine = 8
    coverage = np.zeros(size_px)
    reach = int(np.ceil(radius_px)) + 1
    offsets = (np.arange(fine * (2 * reach + 1)) + 0.5) / fine
    for x, y in disc_xy_px:
        left, top = int(x) - reach, int(y) - reach
        inside = np.hypot(left + offsets[None, :] - x, top + offsets[:, None] - y) <= radius_px
        side = 2 * reach + 1
        block = inside.reshape(side, fine, side, fine).mean(axis=(1, 3))
        rows = slice(max(top, 0), min(top + side, size_px[0]))
        columns = slice(max(left, 0), min(left + side, size_px[1]))
        coverage[rows, columns] += block[
            rows.start - top : rows.stop - top, columns.start - left : columns.stop - left
        ]
    return np.clip(coverage, 0.0, 1.0)


def find_discs(gray: npt.NDArray[np.uint8]) -> Points:
    """Centres of the bright discs in a picture, (n, 2) as (x, y), pixel centres at +.5.

    Centroids weighted by brightness above the background; what touches the border or is much
    smaller than the others (cut by the edge of a viewport) is left out.
    """
    level = gray.astype(np.float64)
    background = float(np.median(level[level < level.max()])) if np.ptp(level) else 0.0
    above = np.clip(level - background, 0.0, None)
    if above.max() < 8:
        return np.empty((0, 2))
    core, n = ndimage.label(above > above.max() / 2)
    if n == 0:
        return np.empty((0, 2))
    areas = np.bincount(core.ravel(), minlength=n + 1)[1:]
    boxes = ndimage.find_objects(core)
    typical = float(np.median(areas))
    found = [
        _centroid(above, core, label, box)
        for label, (box, area) in enumerate(zip(boxes, areas, strict=True), start=1)
        if area >= _LEAST_AREA_SHARE * typical and _clear_of_border(box, gray.shape)
    ]
    return np.array(found, dtype=np.float64).reshape(-1, 2)


def _clear_of_border(box: tuple[slice, slice], shape: tuple[int, ...]) -> bool:
    return all(
        part.start > 1 and part.stop < size - 1 for part, size in zip(box, shape, strict=True)
    )


def _centroid(
    above: Points, core: npt.NDArray[np.int32], label: int, box: tuple[slice, slice]
) -> tuple[float, float]:
    """Brightness-weighted centre over a disc's box widened by its soft rim."""
    rows = slice(max(box[0].start - 2, 0), box[0].stop + 2)
    columns = slice(max(box[1].start - 2, 0), box[1].stop + 2)
    own = core[rows, columns]
    weight = np.where((own == 0) | (own == label), above[rows, columns], 0.0)
    weight[weight < above.max() / 16] = 0.0
    total = weight.sum()
    x = (weight.sum(axis=0) @ (np.arange(columns.start, columns.stop) + 0.5)) / total
    y = (weight.sum(axis=1) @ (np.arange(rows.start, rows.stop) + 0.5)) / total
    return float(x), float(y)


def match_and_fit(
    found_px: npt.ArrayLike, phantom: Phantom, expected: Transform, *, reach_px: float | None = None
) -> tuple[Transform, float]:
    """The affine transform, image px to the found picture's px, that the discs themselves show.

    Parameters
    ----------
    found_px : (n, 2)
        Centres as `find_discs` gives them.
    phantom : Phantom
        The phantom that was shown.
    expected : Transform
        Only to tell which disc is which: each found disc is taken for the nearest expected one.
    reach_px : float, optional
        Discs farther than this from any expected place are left out; by default twice the
        radius as shown.

    Returns
    -------
    (Transform, float)
        The least-squares fit, and the root mean square distance between found and fitted
        centres in pixels of the picture; with fewer than `LEAST_DISCS` matched discs nothing
        can be said: `expected` and infinity.
    """
    found = np.asarray(found_px, dtype=np.float64).reshape(-1, 2)
    places = expected.to_screen(phantom.disc_xy_px)
    reach = 2 * phantom.radius_px * max(expected.scale()) if reach_px is None else reach_px
    distance, index = cKDTree(places).query(found) if len(found) else (np.empty(0), np.empty(0))
    near = distance <= reach
    if near.sum() < LEAST_DISCS:
        return expected, float("inf")
    image, seen = phantom.disc_xy_px[index[near]], found[near]
    homogeneous = np.column_stack([image, np.ones(len(image))])
    solution, *_ = np.linalg.lstsq(homogeneous, seen, rcond=None)
    off_px = np.hypot(*(seen - homogeneous @ solution).T)
    fitted = Transform.from_matrix(np.vstack([solution.T, [0.0, 0.0, 1.0]]))
    return fitted, float(np.sqrt(np.mean(off_px**2)))
