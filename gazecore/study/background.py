"""The grey behind calibration targets: as bright as the study's cases are on the average.

Pupils follow the light, and gaze shifts with them: calibrated on black and read on white, the
error of REFLACX's authors rose from 27 to 67 pixels. The mean over some cases is kept in
``derivatives/background.json`` and taken anew when the study's cases change.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from gazecore.study.durable import write_durably

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gazecore.study.records import Case

BACKGROUND_FILE = "background.json"
SCHEMA_VERSION = 1
MOST_CASES = 12


def sampled_cases(cases: Sequence[Case], most: int = MOST_CASES) -> tuple[Case, ...]:
    """At most `most` cases, spread evenly over the study."""
    count = min(most, len(cases))
    return tuple(cases[i * len(cases) // count] for i in range(count))


def read_background(derivatives: Path, cases: Sequence[Case]) -> float | None:
    """The level kept for exactly these cases, or None."""
    try:
        document = json.loads((derivatives / BACKGROUND_FILE).read_text(encoding="utf-8"))
        if document["schema_version"] != SCHEMA_VERSION or document["cases"] != _digest(cases):
            return None
        level = float(document["level"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return level if 0 <= level <= 255 else None


def write_background(derivatives: Path, cases: Sequence[Case], levels: Sequence[float]) -> float:
    """Keep the mean of the levels of some of these cases, and return it."""
    level = sum(levels) / len(levels)
    document = {
        "schema_version": SCHEMA_VERSION,
        "level": level,
        "sampled": len(levels),
        "cases": _digest(cases),
    }
    derivatives.mkdir(exist_ok=True)
    content = json.dumps(document, indent=1) + "\n"
    write_durably(derivatives / BACKGROUND_FILE, content.encode())
    return level


def _digest(cases: Sequence[Case]) -> str:
    return hashlib.sha256("".join(sorted(case.sha256 for case in cases)).encode()).hexdigest()
