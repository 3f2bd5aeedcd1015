"""What of an image is visible through a viewport."""

from __future__ import annotations

import pytest

from gazecore.geometry import Transform
from gazecore.synthetic.scene import Scene
from gazecore.synthetic.stimulus import DEFAULT_SCREEN, ImageOnScreen, generic_image


def image(scale: float, offset_px: tuple[float, float]) -> ImageOnScreen:
    return ImageOnScreen(
        "c", Scene(), 100.0, 200.0, Transform.affine((scale, scale), offset_px), (0, 0, 100, 100)
    )


@pytest.mark.parametrize(
    ("point", "visible"),
    [
        ((0, 0), True),
        ((49.9, 49.9), True),
        ((50, 10), False),
        ((-0.1, 5), False),
        ((10, 60), False),
    ],
)
def test_at_double_zoom_only_the_first_quarter_shows(
    point: tuple[float, float], visible: bool
) -> None:
    assert image(2.0, (0.0, 0.0)).is_visible(*point) is visible


def test_a_point_inside_the_viewport_but_beside_the_image_is_not_visible() -> None:
    assert not image(0.1, (50.0, 50.0)).is_visible(150.0, 10.0)


def test_a_pixels_edge_belongs_to_the_image_on_one_side_only() -> None:
    assert image(1.0, (0.0, 0.0)).is_in_image(0.0, 0.0)
    assert not image(1.0, (0.0, 0.0)).is_in_image(100.0, 0.0)


def test_the_generic_image_is_in_the_middle_of_the_screen() -> None:
    generic = generic_image(DEFAULT_SCREEN)
    middle = generic.transform.to_screen([[generic.width_px / 2, generic.height_px / 2]])
    assert middle.tolist() == [[960.0, 540.0]]
    assert generic.is_visible(generic.width_px / 2, generic.height_px / 2)
