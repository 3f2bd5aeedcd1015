"""What a viewport is given to show: an image ready to be drawn, and the reading it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.reading.frame import FrameRenderer
    from gazecore.dicom import Window


@dataclass(frozen=True, slots=True)
class ShownCase:
    """The image on the screen, ready to be drawn, and the reading that it belongs to.

    It opens through `window`, by default the one that the image comes with, and with its overlay
    planes drawn if `image_overlays` says so.
    """

    renderer: FrameRenderer
    reading_id: str
    case_id: str
    window: Window | None = None
    image_overlays: bool = False
