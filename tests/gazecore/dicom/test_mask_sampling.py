"""A mask under a viewport: turned, slanted, in blocks, beside the mask."""

from __future__ import annotations

import numpy as np

from gazecore.dicom.mask_sampling import mask_under, points_in_image, viewport_to_image
from gazecore.geometry import Transform

MASK = np.random.default_rng(0).random((5, 7)) < 0.5
WHOLE = (slice(0, 5), slice(0, 7))
IDENTITY = Transform.affine((1.0, 1.0), (0.0, 0.0))
QUARTER = Transform((0, -1, 5, 1, 0, 0, 0, 0, 1))
SLANTED = Transform((1, 0.0001, 0, 0, 1, 0, 0, 0, 1))


def test_straight_turned_and_slanted() -> None:
    np.testing.assert_array_equal(mask_under(MASK, IDENTITY, WHOLE), MASK)
    np.testing.assert_array_equal(mask_under(MASK, SLANTED, WHOLE), MASK)
    turned = mask_under(MASK, QUARTER, (slice(0, 7), slice(0, 5)))
    np.testing.assert_array_equal(turned, np.rot90(MASK, -1))


def test_part_of_a_viewport_and_nothing_beside_the_mask() -> None:
    moved = Transform.affine((1.0, 1.0), (2.0, 1.0))
    part = mask_under(MASK, moved, (slice(0, 3), slice(1, 9)))
    assert not part[0].any()
    assert not part[:, 0].any()
    np.testing.assert_array_equal(part[1:, 1:], MASK[:2])


def test_blocks_from_an_origin() -> None:
    blocks = mask_under(MASK, IDENTITY, (slice(0, 12), slice(0, 16)), (1.0, 2.0), 2)
    expected = np.zeros((12, 16), dtype=bool)
    expected[2:12, 1:15] = np.kron(MASK, np.ones((2, 2), dtype=bool))
    np.testing.assert_array_equal(blocks, expected)


def test_points_go_back_through_the_transform() -> None:
    v, u = np.array([0.5, 3.25]), np.array([1.5, 2.0])
    y, x = points_in_image(viewport_to_image(SLANTED), v, u)
    np.testing.assert_allclose(
        SLANTED.to_screen(np.stack([x, y], axis=1)), np.stack([u, v], axis=1)
    )
