"""A simulated reader: looks at what is on the screen, reacts to changes, all from a seed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np

from gazecore.synthetic.kinematics import Blinks, FixationalDrift, Saccade, saccade_duration_s
from gazecore.synthetic.scanpath import Goal, Point, ScanpathPlanner
from gazecore.synthetic.stimulus import DEFAULT_SCREEN, Rest, Stimulus

if TYPE_CHECKING:
    from gazecore.geometry import Screen

_REACTION_S = (0.12, 0.17)
"""Latency of a saccade to something new on the screen; short, as of an alert reader."""

_SHORTEST_DWELL_S = 0.03
_SMALLEST_SACCADE_DEG = 0.05


class Label(IntEnum):
    """What the eye does; the numbers of `gazecore.events`."""

    FIXATION = 1
    SACCADE = 2
    BLINK = 5


@dataclass(frozen=True, slots=True)
class TrueGaze:
    """The true gaze point at a time, known even while the eyes are closed."""

    t_s: float
    x_norm: float
    y_norm: float
    label: Label

    @property
    def is_lost(self) -> bool:
        """Whether a tracker sees no eyes."""
        return self.label is Label.BLINK


@dataclass(frozen=True, slots=True)
class _Fixation:
    at_px: Point
    stop_s: float


class SimulatedReader:
    """Moves its eyes over whatever stimulus it is shown.

    Parameters
    ----------
    seed : int
        The same seed, stimuli and times give the same gaze.
    screen : Screen
        For degrees; a session may bring another (`set_screen`).
    blinks : bool
        Whether the reader blinks.
    start_s : float
        The time of the first fixation, at the screen's centre.
    """

    def __init__(
        self,
        seed: int,
        screen: Screen = DEFAULT_SCREEN,
        *,
        blinks: bool = True,
        start_s: float = 0.0,
    ) -> None:
        planning, moving, blinking = np.random.default_rng(seed).spawn(3)
        self._planner = ScanpathPlanner(planning)
        self._random = moving
        self._drift = FixationalDrift(moving)
        self._blinks = Blinks(blinking, start_s) if blinks else None
        self._screen = screen
        self._px_per_deg = self._centre_px_per_deg()
        self._shown: Stimulus = Rest()
        self._seen: Stimulus = Rest()
        centre = (screen.width_px / 2, screen.height_px / 2)
        self._goal = Goal(centre, 0.3)
        self._phase: _Fixation | Saccade = _Fixation(centre, start_s + 0.3)
        self._react_s = math.inf
        self._drift.restart(start_s)

    @property
    def screen(self) -> Screen:
        """The screen in use for degrees."""
        return self._screen

    @property
    def stimulus(self) -> Stimulus:
        """What the reader was last shown."""
        return self._shown

    def set_screen(self, screen: Screen) -> None:
        """Sit before another screen; gaze keeps its share of the display area."""
        if screen == self._screen:
            return
        share = (screen.width_px / self._screen.width_px, screen.height_px / self._screen.height_px)
        self._screen = screen
        self._px_per_deg = self._centre_px_per_deg()
        x_px, y_px = self._phase.to_px if isinstance(self._phase, Saccade) else self._phase.at_px
        self._phase = _Fixation((x_px * share[0], y_px * share[1]), self._phase.stop_s)

    def look(self, stimulus: Stimulus, now_s: float) -> None:
        """Be shown something; a change draws a saccade after the reaction time.

        Until then gaze goes on over what was seen before.
        """
        if stimulus == self._shown:
            return
        self._shown = stimulus
        if self._react_s == math.inf:
            self._react_s = now_s + float(self._random.uniform(*_REACTION_S))
        if isinstance(self._phase, _Fixation) and self._phase.stop_s > self._react_s:
            self._phase = _Fixation(self._phase.at_px, self._react_s)

    def at(self, t_s: float) -> TrueGaze:
        """The true gaze at a time that never falls between calls."""
        while t_s >= self._phase.stop_s:
            self._advance()
        x_px, y_px = self._position_px(t_s)
        if self._blinks is not None and self._blinks.is_closed(t_s):
            label = Label.BLINK
        else:
            label = Label.SACCADE if isinstance(self._phase, Saccade) else Label.FIXATION
        return TrueGaze(t_s, x_px / self._screen.width_px, y_px / self._screen.height_px, label)

    def _centre_px_per_deg(self) -> Point:
        (per_deg,) = self._screen.px_per_deg()
        return float(per_deg[0]), float(per_deg[1])

    def _position_px(self, t_s: float) -> Point:
        if isinstance(self._phase, Saccade):
            return self._phase.at(t_s)
        dx_deg, dy_deg = self._drift.at(t_s)
        x_px, y_px = self._phase.at_px
        return x_px + dx_deg * self._px_per_deg[0], y_px + dy_deg * self._px_per_deg[1]

    def _advance(self) -> None:
        """Go over to the next phase: from fixation to saccade, from saccade to fixation."""
        stop_s = self._phase.stop_s
        if isinstance(self._phase, Saccade):
            self._fixate(self._phase.to_px, stop_s)
            return
        here_px = self._position_px(stop_s)
        self._goal = self._next_goal(stop_s)
        there_px = self._goal.xy_screen_px
        amplitude_deg = float(self._screen.angle_deg(here_px, there_px))
        if amplitude_deg < _SMALLEST_SACCADE_DEG:
            self._fixate(here_px, stop_s)
            return
        self._phase = Saccade(here_px, there_px, stop_s, stop_s + saccade_duration_s(amplitude_deg))

    def _next_goal(self, now_s: float) -> Goal:
        if now_s < self._react_s:
            return self._planner.next_goal(self._seen, self._screen)
        self._react_s = math.inf
        self._seen = self._shown
        return self._planner.same_goal(self._goal, self._seen, self._screen)

    def _fixate(self, at_px: Point, start_s: float) -> None:
        stop_s = start_s + self._goal.duration_s
        if self._react_s < stop_s:
            stop_s = max(self._react_s, start_s + _SHORTEST_DWELL_S)
        self._phase = _Fixation(at_px, stop_s)
        self._drift.restart(start_s)
