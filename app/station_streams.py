"""The part of an open study that has to do with other labs' gaze streams, built and connected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.acquisition.foreign_stream import StreamTerms
from app.stream_mapping.controller import StreamMappingController
from app.stream_mapping.widgets.mapping_page import StreamMappingPage
from gazecore import lsl
from gazecore.errors import FocusStationError
from gazecore.lsl import clock_s

if TYPE_CHECKING:
    from app.acquisition.viewmodel import TrackerStatus
    from app.stream_mapping.viewmodel import StreamRow
    from app.study_station import StudyStation
    from gazecore.messages import GazeMapped, SessionStarted

PAGE = "streams"


class StationStreams(QObject):
    """The streams page of a station, and how a foreign stream is read in its sittings.

    Signals
    -------
    stream_chosen : str
        Readings shall use this stream from now on; the study has to be opened anew.
    """

    stream_chosen = Signal(str)

    def __init__(self, station: StudyStation) -> None:
        super().__init__(station)
        self._station = station
        self._mapping: GazeMapped | None = None
        self.mapping = StreamMappingController(
            station.study, station.acquisition.publish, self.resolution_px, parent=self
        )
        width_px, height_px = self.resolution_px()
        page = StreamMappingPage(self.mapping, width_px / height_px)
        station.window.add_page(PAGE, page, tab="Streams", icon_name="streams")
        self.mapping.corners_shown.connect(self._on_corners_shown)
        self.mapping.left.connect(lambda: station.window.show_page("worklist"))
        self.mapping.stream_chosen.connect(self.stream_chosen)
        self.mapping.others_seen.connect(self._on_others_seen)
        station.worklist_page.streams_requested.connect(lambda: station.window.show_page(PAGE))
        station.acquisition.tracker_started.connect(self._on_tracker_started)
        station.flow.session_started.connect(self._on_session_started)
        self.use_profiles()
        self._tell_unasked_hosts()
        self.mapping.glance()

    def close(self) -> None:
        """End what runs."""
        self.mapping.close()

    def resolution_px(self) -> tuple[float, float]:
        """The tracked screen's physical pixels, (width, height)."""
        screen = self._station.screen_state()
        return screen.width_px, screen.height_px

    def use_profiles(self) -> None:
        """Read a foreign stream by the study's mappings and on the screen the window is on."""
        station, size_px = self._station, self.resolution_px()
        try:
            profiles = station.study.stream_profiles()
        except FocusStationError as error:
            station.worklist_page.show_problem(str(error))
            profiles = ()
        station.live.use(profiles, size_px)
        station.acquisition.use(StreamTerms(profiles, size_px))

    def _tell_unasked_hosts(self) -> None:
        """LSL learns its hosts before its first use: a study opened later cannot add any."""
        station = self._station
        unasked = set(station.study.protocol.tracking.remote_hosts) - set(lsl.hosts())
        if unasked:
            station.worklist_page.show_problem(
                f"Streams of {', '.join(sorted(unasked))} are not looked for; start the station "
                f"with --study {station.study.path}"
            )

    def _on_tracker_started(self, status: TrackerStatus) -> None:
        self._mapping = status.mapping

    def _on_session_started(self, _started: SessionStarted) -> None:
        if self._mapping is not None:
            mapping = self._mapping.model_copy(update={"t_s": clock_s()})
            self._station.acquisition.publish(mapping)

    def _on_corners_shown(self, are_shown: bool) -> None:
        window = self._station.window
        if are_shown:
            window.showFullScreen()
            window.show_page(PAGE, bare=True)
        else:
            window.leave_full_screen()
            window.show_page(PAGE)

    def _on_others_seen(self, rows: tuple[StreamRow, ...]) -> None:
        ours = self._station.tracker.stream_name
        names = [row.name for row in rows if row.name != ours]
        self._station.worklist_page.show_other_streams(names)
