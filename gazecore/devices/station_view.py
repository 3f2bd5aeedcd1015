"""What the station shows, as a simulated reader learns it from the marker stream."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pylsl

from gazecore.geometry import Screen, Transform
from gazecore.marker_outlet import state_after
from gazecore.messages import AnyMarker, StateRepeated, TargetHidden, TargetShown, parse_marker
from gazecore.samples import MARKER_STREAM_NAME
from gazecore.synthetic.scene import Scene, generic_scene
from gazecore.synthetic.stimulus import (
    DEFAULT_SCREEN,
    MEAN_LEVEL,
    ImageOnScreen,
    Rest,
    Stimulus,
    TargetOnScreen,
)

if TYPE_CHECKING:
    from collections.abc import Mapping


class StationView:
    """Follows markers and says what is on the screen: a target, a case, or nothing."""

    def __init__(self, scenes: Mapping[str, Scene]) -> None:
        self._scenes = scenes
        self._state = StateRepeated(t_s=0.0)
        self._target: TargetOnScreen | None = None
        self.screen = DEFAULT_SCREEN

    def show(self, marker: AnyMarker) -> None:
        """Take in a marker."""
        self._state = state_after(self._state, marker)
        if isinstance(marker, TargetShown):
            self._target = TargetOnScreen(marker.x_norm, marker.y_norm)
        elif isinstance(marker, TargetHidden):
            self._target = None
        session = self._state.session
        if session is not None:
            seen = session.screen
            self.screen = Screen(
                seen.width_px, seen.height_px, seen.width_mm, seen.height_mm, seen.distance_mm
            )

    def stimulus(self) -> Stimulus:
        """What is on the screen now; a target covers a case."""
        if self._target is not None:
            return self._target
        case, viewport = self._state.case, self._state.viewport
        if case is None or viewport is None or viewport.case_id != case.case_id:
            return Rest()
        size = (float(case.image_width_px), float(case.image_height_px))
        return ImageOnScreen(
            case_id=case.case_id,
            scene=self._scenes.get(case.case_id) or generic_scene(*size),
            width_px=size[0],
            height_px=size[1],
            transform=Transform(viewport.transform),
            shown_screen_px=viewport.shown_screen_px,
            mean_level=1.0 - MEAN_LEVEL if viewport.window.invert else MEAN_LEVEL,
        )


class MarkerFeed:
    """Markers from the station's LSL stream, polled without blocking and without a thread."""

    def __init__(self, name: str = MARKER_STREAM_NAME) -> None:
        self._name = name
        self._resolver: pylsl.ContinuousResolver | None = None
        self._inlet: pylsl.StreamInlet | None = None
        self.malformed = 0

    @property
    def is_connected(self) -> bool:
        """Whether a marker stream was found and has not gone away."""
        return self._inlet is not None

    def poll(self) -> list[AnyMarker]:
        """All markers that arrived since the last call; looks for the stream while it is away."""
        if self._inlet is None:
            self._look_for_stream()
            return []
        markers: list[AnyMarker] = []
        try:
            # recover=False and timeout 0: a dead outlet raises at once and nothing can hang.
            while (text := self._inlet.pull_sample(timeout=0.0)[0]) is not None:
                markers += self._parsed(text[0])
        except pylsl.util.LostError:
            self._inlet = None
        return markers

    def close(self) -> None:
        """Let go of the stream."""
        self._resolver = None
        self._inlet = None

    def _parsed(self, text: str) -> list[AnyMarker]:
        try:
            return [parse_marker(text)]
        except ValueError:
            self.malformed += 1
            return []

    def _look_for_stream(self) -> None:
        if self._resolver is None:
            self._resolver = pylsl.ContinuousResolver(prop="name", value=self._name)
        found = self._resolver.results()
        if found:
            newest = max(found, key=lambda info: float(info.created_at()))
            self._inlet = pylsl.StreamInlet(newest, recover=False)
            self._resolver = None
