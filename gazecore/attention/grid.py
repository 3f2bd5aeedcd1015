"""Many samples through a coarse grid: spread, blurred and brought up again by B-splines.

Along each axis a sample is spread over the 3 nearest nodes by the quadratic B-spline, the nodes
are blurred, and pixels are interpolated by the same spline. Each of the two splines widens a
point by a quarter of a cell squared, wherever it lies in its cell; the blur is narrower by both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from gazecore.attention.gaussians import Map

Array = npt.NDArray[np.float64]
CELLS_PER_SIGMA = 5
_REACH_SIGMA = 6


@dataclass(frozen=True, slots=True)
class AxisGrid:
    """Nodes along one axis of an image; node k is at ``(k - margin + .5) * step_px``.

    Attributes
    ----------
    step_px : int
        Pixels per cell; each cell of pixels has its node in its middle.
    margin, nodes : int
        Nodes before the image, and in all.
    blur : (nodes, nodes) float64
        Gaussian density (per pixel) between nodes.
    spline : (step_px, 3) float64
        Weights of three neighbouring nodes for the pixels of a cell.
    reach : (nodes,) float64
        Sum of each node's weights over the image's pixels.
    """

    length_px: int
    step_px: int
    margin: int
    nodes: int
    blur: Array
    spline: Array
    reach: Array

    @classmethod
    def of(
        cls, length_px: int, sigma_px: float, cells_per_sigma: int = CELLS_PER_SIGMA
    ) -> AxisGrid:
        """The grid of an image side for one sigma of at least `cells_per_sigma` pixels."""
        step_px = int(sigma_px // cells_per_sigma)
        margin = int(np.ceil(_REACH_SIGMA * sigma_px / step_px)) + 2
        cells = -(-length_px // step_px)
        nodes = cells + 2 * margin
        narrowed_px = np.sqrt(sigma_px**2 - 2 * step_px**2 / 4)
        between_px = np.arange(nodes) * float(step_px)
        blur = np.exp(-0.5 * ((between_px - between_px[:, None]) / narrowed_px) ** 2)
        blur /= np.sqrt(2 * np.pi) * narrowed_px
        spline = spline_weights((np.arange(step_px) + 0.5) / step_px - 0.5)
        reach = np.zeros(nodes)
        whole = length_px // step_px
        for j in range(3):
            reach[margin - 1 + j : margin - 1 + j + whole] += spline[:, j].sum()
            if whole < cells:
                reach[margin - 1 + j + whole] += spline[: length_px % step_px, j].sum()
        return cls(length_px, step_px, margin, nodes, blur, spline, reach)

    def spread(self, at_px: Array) -> tuple[npt.NDArray[np.intp], Array]:
        """First of its three nodes for each point, and their weights (n, 3).

        The weights are zero for a point too far out to reach the image.
        """
        position = at_px / self.step_px + self.margin - 0.5
        nearest = np.rint(np.clip(position, -1.0, float(self.nodes))).astype(np.intp)
        inside = (nearest >= 1) & (nearest < self.nodes - 1)
        weights = spline_weights(np.where(inside, position - nearest, 0.0))
        return np.where(inside, nearest - 1, 0), weights * inside[:, None]

    def blurred(self, at_px: Array) -> Array:
        """What each point gives to the nodes once blurred, (n, nodes)."""
        first, weights = self.spread(at_px)
        return np.asarray(sum(weights[:, j, None] * self.blur[first + j] for j in range(3)))

    def bring_up(self, by_node: npt.NDArray[np.float32]) -> Map:
        """Values at nodes (nodes, k) to the image's pixels (length_px, k)."""
        cells = self.nodes - 2 * self.margin
        first = self.margin - 1
        triples = np.lib.stride_tricks.sliding_window_view(
            by_node[first : first + cells + 2], 3, axis=0
        ).transpose(0, 2, 1)
        out = np.empty((cells, self.step_px, by_node.shape[1]), dtype=np.float32)
        np.matmul(self.spline.astype(np.float32), triples, out=out)
        return out.reshape(-1, by_node.shape[1])[: self.length_px]


def spline_weights(offset: Array) -> Array:
    """Quadratic B-spline at -1, 0 and +1 for offsets of at most half a cell, (n, 3)."""
    return np.stack(
        [0.5 * (0.5 - offset) ** 2, 0.75 - offset**2, 0.5 * (0.5 + offset) ** 2], axis=1
    )


@dataclass(frozen=True, slots=True)
class CoarseMap:
    """A sum of Gaussians on the nodes of a grid, and its mass on the image's pixels."""

    rows: AxisGrid
    columns: AxisGrid
    values: Array
    mass: float

    def peak(self) -> float:
        """The highest value of the image's nodes."""
        rows, columns = self.rows.margin, self.columns.margin
        return float(self.values[rows:-rows, columns:-columns].max())

    def without(self, xy_px: Array, weights: Array) -> CoarseMap:
        """The same without some of its points."""
        along_y = self.rows.blurred(xy_px[:, 1])
        along_x = self.columns.blurred(xy_px[:, 0])
        values = self.values - along_y.T @ (weights[:, None] * along_x)
        mass = float(self.rows.reach @ values @ self.columns.reach)
        return CoarseMap(self.rows, self.columns, values, mass)

    def to_pixels(self, scale: float) -> Map:
        """The map (height, width) times `scale`."""
        scaled = np.ascontiguousarray((self.values * scale).T, dtype=np.float32)
        along_x = np.ascontiguousarray(self.columns.bring_up(scaled).T)
        return self.rows.bring_up(along_x)


def coarse_map(
    xy_px: Array,
    weights: Array,
    shape: tuple[int, int],
    sigma_px: tuple[float, float],
    cells_per_sigma: int = CELLS_PER_SIGMA,
) -> CoarseMap:
    """Points that share one sigma on a grid."""
    rows = AxisGrid.of(shape[0], sigma_px[1], cells_per_sigma)
    columns = AxisGrid.of(shape[1], sigma_px[0], cells_per_sigma)
    row, y_weights = rows.spread(xy_px[:, 1])
    column, x_weights = columns.spread(xy_px[:, 0])
    along_y = np.ascontiguousarray((y_weights * weights[:, None]).T)
    along_x = np.ascontiguousarray(x_weights.T)
    first, spread = row * columns.nodes + column, np.zeros(rows.nodes * columns.nodes)
    for j in range(3):
        for i in range(3):
            further = j * columns.nodes + i
            counted = np.bincount(first, along_y[j] * along_x[i], minlength=len(spread))
            spread[further:] += counted[: len(spread) - further]
    values = rows.blur @ spread.reshape(rows.nodes, columns.nodes) @ columns.blur
    return CoarseMap(rows, columns, values, float(rows.reach @ values @ columns.reach))
