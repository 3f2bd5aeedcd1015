"""ScanMatch: two scanpaths as words on a grid, aligned as sequences of amino acids are.

Cristino, Mathôt, Theeuwes & Gilchrist 2010, with their defaults: 12 x 8 cells, a letter per
50 ms, similarity of two cells = 3.5 cells minus their distance, no cost for a gap.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from gazecore.errors import InvalidSettingError

if TYPE_CHECKING:
    from gazecore.scanpaths.scanpath import Scanpath

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class ScanMatchGrid:
    """How ScanMatch compares.

    Attributes
    ----------
    columns, rows : int
        Cells across and down the image.
    threshold : float
        Distance, in cells, at which two cells are neither alike nor unlike; the paper takes
        about twice the standard deviation of the saccades' lengths.
    letter_s : float
        A fixation counts once per so many seconds, rounded; 0 counts each once.
    gap : float
        What a letter without a partner adds, at most 0.
    """

    columns: int = 12
    rows: int = 8
    threshold: float = 3.5
    letter_s: float = 0.05
    gap: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what cannot be compared."""
        if self.columns < 1 or self.rows < 1:
            raise InvalidSettingError("cells", (self.columns, self.rows), "at least 1 x 1")
        if not (self.threshold > 0 and self.letter_s >= 0 and self.gap <= 0):
            found = (self.threshold, self.letter_s, self.gap)
            raise InvalidSettingError("threshold, letter_s, gap", found, "over 0, 0 or more, <= 0")


_DEFAULT = ScanMatchGrid()


def scanmatch(
    first: Scanpath,
    second: Scanpath,
    size_px: tuple[float, float],
    grid: ScanMatchGrid = _DEFAULT,
) -> float:
    """How alike two scanpaths are: 1 for the same word, 0 for nothing in common.

    The best score of a global alignment (Needleman & Wunsch 1970) over that of the longer word
    with itself; with a cost for gaps it may fall under 0. Fixations off the image are left out.
    NaN when a word is empty.

    Parameters
    ----------
    first, second : Scanpath
    size_px : (width, height)
        Of the image.
    grid : ScanMatchGrid, optional
    """
    one, two = (_word(path, size_px, grid) for path in (first, second))
    if not len(one) or not len(two):
        return float("nan")
    apart = one[:, None] - two
    alike = grid.threshold - np.hypot(apart[..., 0], apart[..., 1])
    return _best_score(alike, grid.gap) / (grid.threshold * max(len(one), len(two)))


def _word(path: Scanpath, size_px: tuple[float, float], grid: ScanMatchGrid) -> Ints:
    """The cells (column, row) of a scanpath's letters, (n, 2)."""
    cells = np.floor(path.xy_px / size_px * (grid.columns, grid.rows)).astype(np.intp)
    on = ((cells >= 0) & (cells < (grid.columns, grid.rows))).all(axis=1)
    if grid.letter_s == 0:
        return cells[on]
    letters = np.floor(path.duration_s[on] / grid.letter_s + 0.5).astype(np.intp)
    return np.repeat(cells[on], letters, axis=0)


def _best_score(alike: Array, gap: float) -> float:
    """The score of the best global alignment, row by row.

    Within a row gaps add up evenly, so a running maximum takes the place of a loop.
    """
    steps = gap * np.arange(alike.shape[1] + 1)
    best = steps.copy()
    for i, row in enumerate(alike):
        reached = best + gap
        reached[1:] = np.maximum(reached[1:], best[:-1] + row)
        reached[0] = gap * (i + 1)
        best = steps + np.maximum.accumulate(reached - steps)
    return float(best[-1])
