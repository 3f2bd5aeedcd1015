"""Looks at the streams on the bus, maps the chosen one, and proves it at the four corners."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QObject, Qt, QTimer, Signal

from app.stream_mapping.viewmodel import (
    MappingState,
    Origin,
    Sides,
    StreamRow,
    changed,
    corner_at,
    with_sides,
)
from gazecore.errors import FocusStationError
from gazecore.live_gaze import LiveGaze
from gazecore.lsl import clock_s
from gazecore.messages import AnyMarker, TargetHidden, TargetShown
from gazecore.samples import GAZE_STREAM_NAME, gaze_point
from gazecore.stream_survey import survey
from gazecore.streams.corners import CORNERS, judge_corners
from gazecore.streams.guess import guess_profile

if TYPE_CHECKING:
    from collections.abc import Callable

    from gazecore.recording.description import StreamDescription
    from gazecore.stream_survey import SurveyedStream
    from gazecore.streams import StreamProfile
    from gazecore.study import Study

EVERY_MS = 50
GLANCE_S = 0.5
GUESS_OVER_S = 3.0
GUESS_LEAST = 60
GUESS_WAIT_S = 2.5
DOT_OVER_S = 0.12


@dataclass(frozen=True, slots=True)
class CornerPace:
    """Seconds: until gaze counts at a corner, how long it counts, until its samples are here."""

    settle_s: float = 1.1
    measure_s: float = 0.7
    arrive_s: float = 0.2


class StreamMappingController(QObject):
    """The streams room of one open study.

    Parameters
    ----------
    study : Study
        Keeps the mappings and names the stream that is used.
    publish : callable
        Sends a marker: simulated readers look where a target is.
    resolution_px : callable
        The tracked screen's physical pixels now, (width, height).

    Signals
    -------
    state_changed : MappingState
    gaze_moved : (x, y) or None
        In 0..1 of the screen, as the mapping reads it now; None while lost.
    corners_shown : bool
        Targets need the whole screen now, or not any more.
    stream_chosen : str
        Readings shall use this stream; its mapping is saved.
    left
        The page is left without saving.
    others_seen : tuple of StreamRow
        Streams of other programs that a glance found.
    """

    state_changed = Signal(object)
    gaze_moved = Signal(object)
    corners_shown = Signal(bool)
    stream_chosen = Signal(str)
    left = Signal()
    others_seen = Signal(object)
    _surveyed = Signal(object)
    _glanced = Signal(object)

    def __init__(
        self,
        study: Study,
        publish: Callable[[AnyMarker], None],
        resolution_px: Callable[[], tuple[float, float]],
        *,
        pace: CornerPace | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._study = study
        self._publish = publish
        self._resolution_px = resolution_px
        self._pace = pace or CornerPace()
        self._state = MappingState()
        self._is_closed = False
        self._live: LiveGaze | None = None
        self._chosen_s = 0.0
        self._looked: list[np.ndarray[Any, Any]] = []
        self._shown_s = 0.0
        self._worker: ThreadPoolExecutor | None = None
        self._surveyed.connect(self._on_surveyed, Qt.ConnectionType.QueuedConnection)
        self._glanced.connect(self._on_glanced, Qt.ConnectionType.QueuedConnection)
        self._tick = QTimer(self)
        self._tick.setInterval(EVERY_MS)
        self._tick.timeout.connect(self._on_tick)
        self._corner_timer = QTimer(self)
        self._corner_timer.setSingleShot(True)
        self._corner_timer.timeout.connect(self._on_corner_looked_at)

    @property
    def state(self) -> MappingState:
        """What the page shows now."""
        return self._state

    def look(self) -> None:
        """Look for streams and measure their rates; the list follows in two or three seconds."""
        if self._state.is_looking or self._is_closed:
            return
        self._show(replace(self._state, is_looking=True))
        own, size_px = self._profiles(), self._resolution_px()
        future = self._work().submit(lambda: survey(own=own, resolution_px=size_px))
        future.add_done_callback(self._surveyed.emit)

    def glance(self) -> None:
        """See in passing whether other programs send gaze; `others_seen` tells."""
        if self._is_closed:
            return
        future = self._work().submit(lambda: survey(GLANCE_S, measure_s=0.0))
        future.add_done_callback(self._glanced.emit)

    def choose(self, name: str) -> None:
        """Look at this stream: its mapping as known, else a guess once samples came."""
        self._stop_looking()
        self._show(self._state.looking_at(name))
        self._live = LiveGaze(name, profiles=self._profiles(), resolution_px=self._resolution_px())
        self._live.start()
        self._chosen_s = clock_s()
        self._tick.start()

    def edit(self, **changes: Any) -> None:
        """Change fields of the mapping."""
        if self._state.profile is None:
            return
        made = changed(self._state.profile, **changes)
        if isinstance(made, str):
            self._show(self._state.said(made))
        else:
            self._take(made.with_resolution(*self._resolution_px()), "hand")

    def read_as(self, sides: Sides) -> None:
        """Read one point, both eyes, or one of them."""
        if self._state.profile is not None:
            self._take(with_sides(self._state.profile, sides), "hand")

    def look_at_corners(self) -> None:
        """Show the four corners, one after the other, and judge the mapping by them."""
        if self._state.can_look_at_corners and not self._state.is_at_corners:
            self._looked = []
            self.corners_shown.emit(True)
            self._show_corner(0)

    def take_remedy(self) -> None:
        """Change the mapping as the corners told; it is judged anew by the same gaze."""
        verdict = self._state.verdict
        if verdict is not None and verdict.remedy is not None:
            self._take(verdict.remedy, "hand")
            self._show(self._state.judged(judge_corners(verdict.remedy, self._looked)))

    def use(self) -> None:
        """Use the stream for readings from now on: saves a mapping made here."""
        state = self._state
        if not state.can_use:
            return
        try:
            if state.origin == "hand" and state.profile is not None:
                self._study.save_stream_profile(state.profile)
            self.name_stream(state.chosen)
        except (FocusStationError, OSError) as error:
            self._show(state.said(str(error)))

    @property
    def uses_other(self) -> bool:
        """Whether the study's readings use another program's stream."""
        return self._study.protocol.tracking.stream != GAZE_STREAM_NAME

    def use_own(self) -> None:
        """Go back to a tracker that FocusStation drives itself."""
        try:
            self.name_stream(GAZE_STREAM_NAME)
        except (FocusStationError, OSError) as error:
            self._show(self._state.said(str(error)))

    def name_stream(self, name: str) -> None:
        """Let the study's protocol name the stream for readings."""
        protocol = self._study.protocol
        tracking = protocol.tracking.model_copy(update={"stream": name})
        self._study.set_protocol(protocol.model_copy(update={"tracking": tracking}))
        self.stream_chosen.emit(name)

    def leave(self) -> None:
        """Stop the corners if they are shown, else leave the page; nothing is saved."""
        if self._state.is_at_corners:
            self._end_corners()
            self._show(replace(self._state, corner=None))
            return
        self.rest()
        self.left.emit()

    def rest(self) -> None:
        """Let go of the stream that was looked at; nothing is saved."""
        self._stop_looking()
        self._show(MappingState(rows=self._state.rows, is_looking=self._state.is_looking))

    def close(self) -> None:
        """End all that runs; nothing is looked for any more."""
        self._is_closed = True
        self._end_corners()
        self._stop_looking()
        if self._worker is not None:
            self._worker.shutdown(wait=True)
            self._worker = None

    def _profiles(self) -> tuple[StreamProfile, ...]:
        try:
            return self._study.stream_profiles()
        except FocusStationError as error:
            self._show(self._state.said(str(error)))
            return ()

    def _on_surveyed(self, future: Future[list[SurveyedStream]]) -> None:
        if self._worker is None:
            return
        self._show(self._state.found([StreamRow.of(stream) for stream in future.result()]))

    def _on_glanced(self, future: Future[list[SurveyedStream]]) -> None:
        others = [s for s in future.result() if s.reading.standing != "ours"]
        if self._worker is not None and others:
            self.others_seen.emit(tuple(StreamRow.of(stream) for stream in others))

    def _on_tick(self) -> None:
        if self._live is not None:
            if not self._state.origin:
                self._meet(self._live)
            self.gaze_moved.emit(self._gaze(self._live))

    def _meet(self, live: LiveGaze) -> None:
        """Find out what the stream is: ours, known, or to be guessed from what it sends."""
        about, reading = live.about, live.reading
        if about is None:
            problem = live.status().problem
            if problem:
                self._show(self._state.said(problem))
            return
        self._show(replace(self._state, about=about))
        if reading.standing == "refused":
            self._show(self._state.said(reading.problem))
        elif reading.standing == "ours":
            self._show(self._state.with_profile(None, "ours"))
        elif reading.profile is not None:
            self._take(reading.profile.with_resolution(*self._resolution_px()), "known")
        else:
            self._guess(live, about)

    def _guess(self, live: LiveGaze, about: StreamDescription) -> None:
        _, values = live.raw(GUESS_OVER_S)
        is_late = clock_s() - self._chosen_s > GUESS_WAIT_S
        if len(values) < GUESS_LEAST and not is_late:
            return
        guessed = guess_profile(about, values)
        if guessed is None:
            self._show(self._state.said(f"{about.name!r} has one channel; gaze needs two"))
        else:
            self._take(guessed.with_resolution(*self._resolution_px()), "hand")

    def _take(self, profile: StreamProfile, origin: Origin) -> None:
        self._show(self._state.with_profile(profile, origin))

    def _gaze(self, live: LiveGaze) -> tuple[float, float] | None:
        profile = self._state.profile
        if profile is None:
            samples = live.last(DOT_OVER_S)
        elif profile.needs_resolution:
            return None
        else:
            samples = profile.to_samples(*live.raw(DOT_OVER_S))
        xy, _ = gaze_point(samples)
        xy = xy[np.isfinite(xy).all(axis=1)]
        return (float(xy[-1][0]), float(xy[-1][1])) if len(xy) else None

    def _show_corner(self, corner: int) -> None:
        x_norm, y_norm = corner_at(corner)
        self._shown_s = clock_s()
        self._publish(
            TargetShown(t_s=self._shown_s, purpose="validation", x_norm=x_norm, y_norm=y_norm)
        )
        self._show(self._state.at_corner(corner))
        pace = self._pace
        self._corner_timer.start(round(1000 * (pace.settle_s + pace.measure_s + pace.arrive_s)))

    def _on_corner_looked_at(self) -> None:
        live, corner, profile = self._live, self._state.corner, self._state.profile
        if live is None or corner is None or profile is None:
            return
        start_s = self._shown_s + self._pace.settle_s
        t_s, values = live.raw(self._pace.measure_s + self._pace.arrive_s + 1.0)
        self._looked.append(values[(t_s >= start_s) & (t_s < start_s + self._pace.measure_s)])
        if corner + 1 < len(CORNERS):
            self._show_corner(corner + 1)
            return
        self._end_corners()
        self._show(self._state.judged(judge_corners(profile, self._looked)))

    def _end_corners(self) -> None:
        if self._state.is_at_corners:
            self._corner_timer.stop()
            self._publish(TargetHidden(t_s=clock_s()))
            self.corners_shown.emit(False)

    def _stop_looking(self) -> None:
        self._tick.stop()
        if self._live is not None:
            # Its thread may be waiting for LSL, which the screen must not.
            self._work().submit(self._live.close)
            self._live = None

    def _work(self) -> ThreadPoolExecutor:
        if self._worker is None:
            self._worker = ThreadPoolExecutor(1, thread_name_prefix="streams")
        return self._worker

    def _show(self, state: MappingState) -> None:
        if state != self._state:
            self._state = state
            self.state_changed.emit(state)
