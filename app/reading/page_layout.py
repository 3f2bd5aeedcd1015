"""How viewports share the reading page: rows and columns, and the rectangle of each. No Qt."""

from __future__ import annotations

from dataclasses import dataclass

Cell = tuple[int, int, int, int]
"""Left, top, width, height in logical pixels of the page."""

BORDER_PX = 3
"""Around each viewport where there are several; the active one's is drawn in it."""


@dataclass(frozen=True, slots=True)
class PageLayout:
    """So many rows and columns of viewports.

    Examples
    --------
    >>> PageLayout(1, 2).cells(100, 50)
    ((3, 3, 44, 44), (53, 3, 44, 44))
    """

    rows: int
    columns: int

    @property
    def count(self) -> int:
        """How many viewports it shows."""
        return self.rows * self.columns

    def shown(self, active: int) -> tuple[int, ...]:
        """The viewports that it shows: the active one alone, or the first ones."""
        return (active,) if self.count == 1 else tuple(range(self.count))

    def cells(self, width: int, height: int) -> tuple[Cell, ...]:
        """The rectangle of each viewport, row by row; one alone fills the page."""
        if self.count == 1:
            return ((0, 0, width, height),)
        across = [width * k // self.columns for k in range(self.columns + 1)]
        down = [height * k // self.rows for k in range(self.rows + 1)]
        return tuple(
            _within(across[c], down[r], across[c + 1], down[r + 1])
            for r in range(self.rows)
            for c in range(self.columns)
        )


SINGLE = PageLayout(1, 1)

LAYOUT_BY_TOOL: dict[str, PageLayout] = {
    "one_viewport": SINGLE,
    "side_by_side": PageLayout(1, 2),
    "stacked": PageLayout(2, 1),
    "four_viewports": PageLayout(2, 2),
}
"""The layout that each tool asks for."""

MOST_VIEWPORTS = max(layout.count for layout in LAYOUT_BY_TOOL.values())


def _within(left: int, top: int, right: int, bottom: int) -> Cell:
    inner_left, inner_top = left + BORDER_PX, top + BORDER_PX
    return inner_left, inner_top, right - inner_left - BORDER_PX, bottom - inner_top - BORDER_PX
