"""The grey behind calibration targets: as bright as the screen is when the study's cases are read.

Pupils follow the light, and gaze shifts with them: calibrated on black and read on white, the
error of REFLACX's authors rose from 27 to 67 pixels. So the grey has the mean luminance of some
cases fitted to the screen, the black beside them included, each dimmed as its reading would be. It
is kept in ``derivatives/background.json`` and taken anew when the cases or the screen change.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from gazecore.json_text import parse_json
from gazecore.study.durable import write_durably

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from gazecore.display.screen_light import ScreenLight
    from gazecore.study.records import Case

    Size = tuple[float, float]

BACKGROUND_FILE = "background.json"
SCHEMA_VERSION = 1
MOST_CASES = 12


def sampled_cases(cases: Sequence[Case], most: int = MOST_CASES) -> tuple[Case, ...]:
    """At most `most` cases, spread evenly over the study."""
    count = min(most, len(cases))
    return tuple(cases[i * len(cases) // count] for i in range(count))


def covered_share(case: Case, viewport_px: Size) -> float:
    """How much of the viewport a case covers when it is fitted, 0 to 1."""
    width, height = (size / image for size, image in zip(viewport_px, _size(case), strict=True))
    return min(width, height) / max(width, height)


def read_background(
    derivatives: Path, cases: Sequence[Case], viewport_px: Size, screen: ScreenLight
) -> float | None:
    """The level kept for exactly these cases in this viewport of this screen, or None."""
    try:
        document = parse_json((derivatives / BACKGROUND_FILE).read_text(encoding="utf-8"))
        known = (document["schema_version"], document["cases"])
        if known != (SCHEMA_VERSION, _digest(cases, viewport_px, screen)):
            return None
        level = float(document["level"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return level if 0 <= level <= 255 else None


def background_level(
    luminances: Mapping[Case, float], viewport_px: Size, screen: ScreenLight
) -> float:
    """The driving level with the mean luminance of a viewport that shows these cases fitted."""
    shown = [
        min(light * covered_share(case, viewport_px), screen.limit)
        for case, light in luminances.items()
    ]
    return screen.driving_level(sum(shown) / len(shown))


def write_background(
    derivatives: Path,
    cases: Sequence[Case],
    viewport_px: Size,
    screen: ScreenLight,
    level: float,
    sampled: int,
) -> None:
    """Keep the level found from `sampled` of these cases."""
    document = {
        "schema_version": SCHEMA_VERSION,
        "level": level,
        "sampled": sampled,
        "cases": _digest(cases, viewport_px, screen),
    }
    derivatives.mkdir(exist_ok=True)
    content = json.dumps(document, indent=1) + "\n"
    write_durably(derivatives / BACKGROUND_FILE, content.encode())


def _size(case: Case) -> Size:
    return float(case.width_px), float(case.height_px)


def _digest(cases: Sequence[Case], viewport_px: Size, screen: ScreenLight) -> str:
    room = f"{viewport_px[0]:g}x{viewport_px[1]:g}"
    parts = [*sorted(case.sha256 for case in cases), room, screen.digest]
    return hashlib.sha256(" ".join(parts).encode()).hexdigest()
