"""What an exporter is, and the formats there are."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Protocol

from gazecore.errors import InvalidSettingError
from gazecore.study.protocol import CONSENT_LEVELS

if TYPE_CHECKING:
    from pathlib import Path

    from gazecore.export.source import ExportSource
    from gazecore.study.protocol import ConsentLevel

EXPORTERS: dict[str, str] = {
    "bids": "gazecore.export.bids",
    "reflacx": "gazecore.export.reflacx",
    "egd": "gazecore.export.egd",
    "coco-search": "gazecore.export.coco_search",
    "parquet": "gazecore.export.parquet",
}
"""Format name to the module whose ``exporter`` writes it; imported only when used."""


class Exporter(Protocol):
    """Writes a study's gaze in one format."""

    levels: tuple[ConsentLevel, ...]
    """The levels this format can hold."""

    def write(self, source: ExportSource, folder: Path) -> int:
        """Write everything into an empty folder, at the level ``source.level``.

        Returns how many readings were written: a reading that the recorder never saw is none.
        Takes all data from `source`, which holds only readers who consented and only times
        relative to their session. What is missing is an `InputError` that says how to make it.
        """


def find_exporter(name: str, level: str) -> Exporter:
    """The exporter of a format, if the format has that level.

    Raises
    ------
    InvalidSettingError
        An unknown format or level, or a format without that level.
    """
    if name not in EXPORTERS:
        raise InvalidSettingError("--format", name, "one of " + ", ".join(EXPORTERS))
    if level not in CONSENT_LEVELS:
        raise InvalidSettingError("--level", level, "one of " + ", ".join(CONSENT_LEVELS))
    exporter: Exporter = importlib.import_module(EXPORTERS[name]).exporter
    if level not in exporter.levels:
        levels = " or ".join(exporter.levels)
        raise InvalidSettingError("--level", level, f"{levels}, the levels of the format {name}")
    return exporter
