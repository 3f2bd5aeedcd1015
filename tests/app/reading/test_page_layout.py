from __future__ import annotations

import itertools

import pytest

from app.reading.page_layout import BORDER_PX, LAYOUT_BY_TOOL, SINGLE, PageLayout
from gazecore.study.tool_keys import TOOLS

SIZE = (1921, 1037)


def test_one_viewport_fills_the_page() -> None:
    assert SINGLE.cells(*SIZE) == ((0, 0, *SIZE),)


@pytest.mark.parametrize("layout", [PageLayout(1, 2), PageLayout(2, 1), PageLayout(2, 2)])
def test_viewports_share_the_page_without_touching(layout: PageLayout) -> None:
    cells = layout.cells(*SIZE)
    assert len(cells) == layout.count
    for left, top, width, height in cells:
        assert left >= BORDER_PX
        assert top >= BORDER_PX
        assert left + width <= SIZE[0] - BORDER_PX
        assert top + height <= SIZE[1] - BORDER_PX
        assert width >= SIZE[0] // layout.columns - 2 * BORDER_PX
        assert height >= SIZE[1] // layout.rows - 2 * BORDER_PX
    for (x, y, width, height), (u, v, *_) in itertools.combinations(cells, 2):
        assert x + width + 2 * BORDER_PX <= u or y + height + 2 * BORDER_PX <= v


def test_a_single_viewport_is_the_active_one_and_several_are_the_first() -> None:
    assert SINGLE.shown(3) == (3,)
    assert PageLayout(2, 1).shown(1) == (0, 1)
    assert PageLayout(2, 2).shown(1) == (0, 1, 2, 3)


def test_every_layout_has_a_tool_that_the_same_lock_takes_away() -> None:
    assert {TOOLS[name].lock for name in LAYOUT_BY_TOOL} == {"layout"}
    assert {(each.rows, each.columns) for each in LAYOUT_BY_TOOL.values()} == {
        (1, 1),
        (1, 2),
        (2, 1),
        (2, 2),
    }
