"""What is on the screen of a simulated reader: nothing, a target, or an image in a viewport."""

from __future__ import annotations

from dataclasses import dataclass

from gazecore.geometry import Screen, Transform
from gazecore.synthetic.scene import Scene, generic_scene

Rectangle = tuple[float, float, float, float]
"""x, y, width, height."""

DEFAULT_SCREEN = Screen(1920, 1080, 527.0, 296.0, 650.0)
"""A 24-inch full-HD screen at 65 cm, assumed until a session names its own."""

MEAN_LEVEL = 0.2
"""Of white, for a radiograph about which nothing is known; 1 less it where it is inverted."""


@dataclass(frozen=True, slots=True)
class Rest:
    """Nothing to look at: gaze rests about the screen's centre."""


@dataclass(frozen=True, slots=True)
class TargetOnScreen:
    """A calibration, validation or drift target at 0..1 of the display area."""

    x_norm: float
    y_norm: float


@dataclass(frozen=True, slots=True)
class ImageOnScreen:
    """An image seen through a viewport: `transform` maps image px to physical screen px.

    `shown_screen_px` is the viewport's rectangle on the screen; `mean_level` how bright the
    image is shown on the whole, of the screen's white.
    """

    case_id: str
    scene: Scene
    width_px: float
    height_px: float
    transform: Transform
    shown_screen_px: Rectangle
    mean_level: float = MEAN_LEVEL

    def is_in_image(self, x_px: float, y_px: float) -> bool:
        """Whether a point in image pixels lies on the image."""
        return 0 <= x_px < self.width_px and 0 <= y_px < self.height_px

    def is_visible(self, x_px: float, y_px: float) -> bool:
        """Whether a point in image pixels lies on the image and inside the viewport."""
        if not self.is_in_image(x_px, y_px):
            return False
        (screen,) = self.transform.to_screen([[x_px, y_px]])
        left, top, width, height = self.shown_screen_px
        return bool(left <= screen[0] < left + width and top <= screen[1] < top + height)


Stimulus = Rest | TargetOnScreen | ImageOnScreen


def generic_image(screen: Screen) -> ImageOnScreen:
    """A square about which nothing is known, in the middle of the screen."""
    side_px = 0.75 * min(screen.width_px, screen.height_px)
    left_px, top_px = (screen.width_px - side_px) / 2, (screen.height_px - side_px) / 2
    return ImageOnScreen(
        case_id="",
        scene=generic_scene(side_px, side_px),
        width_px=side_px,
        height_px=side_px,
        transform=Transform.affine((1.0, 1.0), (left_px, top_px)),
        shown_screen_px=(left_px, top_px, side_px, side_px),
    )
