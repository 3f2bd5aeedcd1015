"""Open the station's window."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from gazecore.errors import NoDisplayError

SCREENS = Path("screens") / "offscreen-1920x1080.json"


def open_station(*, study: str, reader: str, tracker: str, offscreen: bool, pilot: str) -> int:
    """Run the station until its window closes; returns the exit status."""
    choose_platform(offscreen=offscreen)
    from PySide6.QtWidgets import QApplication  # noqa: TID251 - the program's door

    from app.acquisition.viewmodel import TrackerChoice
    from app.application import StationApplication, StationSettings
    from gazecore import lsl

    del pilot
    lsl.configure()
    qt = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(qt, QApplication)
    settings = StationSettings(
        study=Path(study) if study else None,
        reader_id=reader,
        tracker=TrackerChoice(tracker),
    )
    application = StationApplication(qt, settings)
    try:
        application.start()
        return qt.exec()
    finally:
        application.close()


def choose_platform(*, offscreen: bool) -> None:
    """Make Qt draw to memory where asked for; refuse where there is nothing to draw on.

    Raises
    ------
    NoDisplayError
        Linux without a display, and neither ``--offscreen`` nor a platform was named.
    """
    if offscreen:
        import resources

        screens = Path(resources.__path__[0]) / SCREENS
        os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={screens}"
    elif sys.platform.startswith("linux") and not any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    ):
        raise NoDisplayError
