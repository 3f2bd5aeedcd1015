"""The station as a whole: its window, its start page, and at most one open study."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize, Qt, Signal

from app.shared.main_window import MainWindow
from app.shared.theme import apply_theme
from app.study_station import StationSettings, StudyStation
from app.worklist.demo_study import DemoMaker
from app.worklist.widgets.start_page import StartPage
from gazecore.errors import FocusStationError
from gazecore.samples import GAZE_STREAM_NAME
from gazecore.study import Study

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

__all__ = ["StationApplication", "StationSettings", "StudyStation"]

START_SIZE = QSize(1440, 900)


class StationApplication(QObject):
    """The window and the study that is open in it.

    Signals
    -------
    study_opened : `StudyStation`
    study_closed
    """

    study_opened = Signal(object)
    study_closed = Signal()

    def __init__(self, qt: QApplication, settings: StationSettings) -> None:
        super().__init__()
        self._settings = settings
        given = settings.tracker
        self._own_tracker = None if given is None or given.is_foreign else given
        self.station: StudyStation | None = None
        apply_theme(qt)
        self.window = MainWindow()
        self.start_page = StartPage()
        self.window.add_page("start", self.start_page, stays=True)
        self.window.closed.connect(self.close)
        self._demo = DemoMaker(self)
        self._demo.made.connect(self._on_open_requested)
        self._demo.failed.connect(self.start_page.show_problem)
        self.start_page.open_requested.connect(self._on_open_requested)
        self.start_page.create_requested.connect(self._on_create_requested)
        self.start_page.demo_requested.connect(self._on_demo_requested)

    def start(self) -> None:
        """Show the window, with the study that was asked for.

        Raises
        ------
        FocusStationError
            That study cannot be opened.
        """
        self.window.show_page("start")
        if self._settings.study is not None:
            self.open_study(self._settings.study)
        self.window.resize(START_SIZE)
        self.window.showMaximized()

    def open_study(self, folder: Path) -> StudyStation:
        """Open a study and show its worklist.

        Raises
        ------
        FocusStationError
            It cannot be opened; the window stays as it was.
        """
        study = Study.open(folder)
        self.close_study()
        self.station = StudyStation(study, self.window, self._settings, self)
        self.station.stream_chosen.connect(
            self._on_stream_chosen, Qt.ConnectionType.QueuedConnection
        )
        self.window.show_page("worklist")
        if self._settings.reader_id:
            self.station.worklist.sign_in(self._settings.reader_id)
        self.study_opened.emit(self.station)
        return self.station

    def close_study(self) -> None:
        """Close the open study, if any, and show the start page."""
        if self.station is not None:
            station, self.station = self.station, None
            self.window.show_page("start")
            station.close()
            station.deleteLater()
            self.study_closed.emit()

    def close(self) -> None:
        """Close the study; called when the window closes."""
        self._demo.close()
        self.close_study()

    def _on_open_requested(self, folder: Path) -> None:
        try:
            self.open_study(folder)
        except FocusStationError as error:
            self.start_page.show_problem(str(error))

    def _on_stream_chosen(self, name: str) -> None:
        """Open the study anew with the stream it now names; under our name, with our tracker."""
        if self.station is not None:
            tracker = self._own_tracker if name == GAZE_STREAM_NAME else None
            self._settings = replace(self._settings, tracker=tracker)
            self._on_open_again(self.station.study.path)

    def _on_open_again(self, folder: Path) -> None:
        # This station holds the study, so it closes before the next one opens.
        self.close_study()
        self._on_open_requested(folder)

    def _on_create_requested(self, folder: Path, name: str) -> None:
        try:
            Study.create(folder, name=name).close()
            self.open_study(folder)
        except FocusStationError as error:
            self.start_page.show_problem(str(error))

    def _on_demo_requested(self, folder: Path) -> None:
        self.start_page.show_note("Making synthetic knees …")
        self._demo.make(folder)
