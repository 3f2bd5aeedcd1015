"""Open the station's window."""

from __future__ import annotations

import os
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gazecore.errors import InvalidSettingError, MissingPathError, NoDisplayError

if TYPE_CHECKING:
    from PySide6.QtCore import QObject
    from PySide6.QtWidgets import QApplication  # noqa: TID251 - only its type

    from app.acquisition.viewmodel import TrackerChoice
    from app.application import StationApplication, StationSettings
    from app.pilot.script import PilotScript

SCREENS = Path("screens") / "offscreen-1920x1080.json"


@dataclass(frozen=True, slots=True)
class StationOptions:
    """How the station is opened, as given on the command line."""

    study: str = ""
    reader: str = ""
    tracker: str = ""
    tracker_arguments: str = ""
    stream: str = ""
    offscreen: bool = False
    pilot: str = ""


def open_station(options: StationOptions) -> int:
    """Run the station until its window closes; returns the exit status."""
    script = _pilot_script(options)
    choose_platform(offscreen=options.offscreen)
    # What cannot be opened is refused before the window's libraries are loaded.
    hosts = _remote_hosts(Path(options.study)) if options.study else ()
    tracker = _tracker(options)
    from PySide6.QtWidgets import QApplication  # noqa: TID251 - the program's door

    from app.application import StationApplication
    from gazecore import lsl

    settings = _settings(options, script, tracker)
    lsl.name_hosts(hosts)
    lsl.configure()
    qt = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(qt, QApplication)
    application = StationApplication(qt, settings)
    try:
        _close_on_signals(qt, application)
        application.start()
        if script is not None:
            _let_pilot_lead(application, qt, script)
        return qt.exec()
    finally:
        application.close()


def _close_on_signals(qt: QApplication, parent: QObject) -> None:
    """End as a closed window does on Ctrl-C, and when the session or the machine ends."""
    import signal

    from PySide6.QtCore import QTimer

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: qt.quit())
    # Python handles signals between instructions of its own; Qt alone runs none.
    tick = QTimer(parent)
    tick.timeout.connect(lambda: None)
    tick.start(200)


def _settings(
    options: StationOptions, script: PilotScript | None, tracker: TrackerChoice | None
) -> StationSettings:
    from app.application import StationSettings

    return StationSettings(
        study=Path(options.study) if options.study else None,
        reader_id=options.reader,
        tracker=tracker,
        calibrates=script is None or script.calibrate,
    )


def _remote_hosts(study: Path) -> tuple[str, ...]:
    """The machines a study takes streams from; LSL has to know them before its first use.

    Raises
    ------
    FocusStationError
        There is no study that could be opened.
    """
    from gazecore.study.settings import read_settings

    if not study.is_dir():
        raise MissingPathError(study, "study folder")
    return read_settings(study).protocol.tracking.remote_hosts


def _tracker(options: StationOptions) -> TrackerChoice | None:
    """The tracker that was asked for; None leaves it to the study."""
    from app.acquisition.viewmodel import LSL_DRIVER, TrackerChoice
    from gazecore.devices.catalogue import DRIVERS

    driver, stream = options.tracker, options.stream
    words = _words(options.tracker_arguments)
    if driver == LSL_DRIVER:
        if not stream:
            expected = "the name of a gaze stream; 'focusstation devices' lists them"
            raise InvalidSettingError("--stream", stream, expected)
        return TrackerChoice(driver, words, stream)
    if stream:
        raise InvalidSettingError("--stream", stream, f"used with --tracker {LSL_DRIVER}")
    if not driver:
        return TrackerChoice(arguments=words) if words else None
    if driver not in DRIVERS:
        expected = f"one of {', '.join((*DRIVERS, LSL_DRIVER))}"
        raise InvalidSettingError("--tracker", driver, expected)
    return TrackerChoice(driver, words)


def _words(text: str) -> tuple[str, ...]:
    try:
        return tuple(shlex.split(text))
    except ValueError as error:
        expected = f"words as in a shell ({error})"
        raise InvalidSettingError("--tracker-arguments", text, expected) from error


def _pilot_script(options: StationOptions) -> PilotScript | None:
    if not options.pilot:
        return None
    from app.pilot.script import read_script

    if not (options.study and options.reader):
        raise InvalidSettingError("--pilot", options.pilot, "used with --study and --reader")
    return read_script(Path(options.pilot))


def _let_pilot_lead(application: StationApplication, qt: QApplication, script: PilotScript) -> None:
    """Let a script lead through one sitting; the station then ends with status 0, or 1 if not."""
    from app.pilot.pilot import Pilot

    pilot = Pilot(application.station, application.window, script, application)
    pilot.finished.connect(lambda in_time: qt.exit(0 if in_time else 1))
    pilot.start()


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
