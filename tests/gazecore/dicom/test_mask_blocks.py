"""Blocks of a mask say the same as its pixels, and leave no pixel near an edge unlooked at."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gazecore.dicom.mask_blocks import CELL_PX, MaskBlocks
from gazecore.geometry import Transform

SIZE = (601, 802)
ROW, COLUMN = np.ogrid[: SIZE[0], : SIZE[1]]
DISC = np.hypot(ROW - 320, COLUMN - 60) > 380
PART = (slice(3, 300), slice(2, 390))

TRANSFORMS = {
    "1:1": Transform.affine((1.0, 1.0), (-60.0, -40.0)),
    "half": Transform.affine((0.55, 0.55), (0.0, 0.0)),
    "flip": Transform((-0.9, 0, 400, 0, 0.7, -10, 0, 0, 1)),
    "turn": Transform((0, -0.8, 400, 0.6, 0, -4, 0, 0, 1)),
}


NEAR: Any = np.lib.stride_tricks.sliding_window_view(
    np.pad(DISC, CELL_PX), (2 * CELL_PX + 1, 2 * CELL_PX + 1)
).any(axis=(2, 3))
"""Hidden, or so near to something hidden that it may be mixed with it."""


def cells(mask: Any) -> list[Any]:
    """Cells hidden whole and in part; those at the edge may be smaller."""
    starts = [range(0, size, CELL_PX) for size in mask.shape]
    found = [
        [[join(mask[i : i + CELL_PX, j : j + CELL_PX]) for j in starts[1]] for i in starts[0]]
        for join in (np.all, np.any)
    ]
    return [np.array(table) for table in found]


@pytest.mark.parametrize("name", TRANSFORMS)
def test_what_is_hidden_what_is_clear_and_what_needs_a_look(name: str) -> None:
    outlook = MaskBlocks(*cells(DISC)).outlook(TRANSFORMS[name], PART)
    assert outlook is not None
    v, u = (np.arange(along.start, along.stop) + 0.5 for along in PART)
    at = np.stack(np.meshgrid(u, v), axis=-1).reshape(-1, 2)
    x, y = TRANSFORMS[name].to_image(at).astype(int).T.reshape(2, *outlook.hidden.shape)
    looks = np.zeros(outlook.hidden.shape, dtype=bool)
    looks[outlook.rows, outlook.columns] = True
    assert 0 < looks.sum() == len(outlook.rows)
    np.testing.assert_array_equal(outlook.y_px, y[outlook.rows, outlook.columns])
    np.testing.assert_array_equal(outlook.x_px, x[outlook.rows, outlook.columns])
    assert DISC[y, x][outlook.hidden].all()
    assert outlook.hidden.any()
    assert not NEAR[y, x][~outlook.hidden & ~looks].any()


def test_a_slanted_picture_and_a_mask_of_specks_are_left_to_a_look_at_everything() -> None:
    slanted = Transform((1, 0.0001, 0, 0, 1, 0, 0, 0, 1))
    assert MaskBlocks(*cells(DISC)).outlook(slanted, PART) is None
    specks = np.random.default_rng(0).random(SIZE) < 0.01
    assert MaskBlocks(*cells(specks)).outlook(TRANSFORMS["half"], PART) is None
