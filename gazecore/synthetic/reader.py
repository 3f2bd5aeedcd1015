"""A simulated reader: looks at what is on the screen, reacts to changes, all from a seed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np

from gazecore.synthetic.blinks import Blinks
from gazecore.synthetic.eye_model import EXACT
from gazecore.synthetic.kinematics import (
    FixationalDrift,
    Oscillation,
    Saccade,
    oscillation_after,
    peak_over_mean,
    saccade_duration_s,
)
from gazecore.synthetic.microsaccades import Microsaccades
from gazecore.synthetic.scanpath import Goal, Point, ScanpathPlanner
from gazecore.synthetic.stimulus import DEFAULT_SCREEN, Rest, Stimulus

if TYPE_CHECKING:
    from gazecore.geometry import Screen
    from gazecore.synthetic.eye_model import EyeModel

_REACTION_S = (0.12, 0.17)
"""Latency of a saccade to something new on the screen; short, as of an alert reader."""

_SHORTEST_DWELL_S = 0.03
_SMALLEST_SACCADE_DEG = 0.05


class Label(IntEnum):
    """What the eye does; the numbers of `gazecore.events`.

    Microsaccades and drift are part of a fixation; a blink includes its flanks, in which the eye
    is seen but dragged.
    """

    FIXATION = 1
    SACCADE = 2
    POST_SACCADIC_OSCILLATION = 3
    BLINK = 5


@dataclass(frozen=True, slots=True)
class TrueGaze:
    """The true gaze point at a time, known even while the eyes are closed.

    `closure` is how far the lid covers the pupil: 0 open, 1 lost.
    """

    t_s: float
    x_norm: float
    y_norm: float
    label: Label
    closure: float = 0.0

    @property
    def is_lost(self) -> bool:
        """Whether a tracker sees no eyes."""
        return self.closure >= 1.0


@dataclass(frozen=True, slots=True)
class _Fixation:
    at_px: Point
    stop_s: float
    settling: Oscillation | None = None


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
    model : EyeModel
        Whether the eye oscillates after saccades, makes microsaccades, and closes visibly; the
        rest of it is the tracker's.
    """

    def __init__(
        self,
        seed: int,
        screen: Screen = DEFAULT_SCREEN,
        *,
        blinks: bool = True,
        start_s: float = 0.0,
        model: EyeModel = EXACT,
    ) -> None:
        planning, moving, blinking, settling = np.random.default_rng(seed).spawn(4)
        self._planner = ScanpathPlanner(planning)
        self._random = moving
        self._drift = FixationalDrift(moving)
        self._settling = settling if model.oscillations else None
        self._microsaccades = Microsaccades(settling, model.microsaccades_per_s)
        self._blinks = Blinks(blinking, start_s, has_flanks=model.blink_flanks) if blinks else None
        self._screen = screen
        self._px_per_deg = self._centre_px_per_deg()
        self._shown: Stimulus = Rest()
        self._seen: Stimulus = Rest()
        centre = (screen.width_px / 2, screen.height_px / 2)
        self._goal = Goal(centre, 0.3)
        self._phase: _Fixation | Saccade = _Fixation(centre, start_s + 0.3)
        self._react_s = math.inf
        self._drift.restart(start_s)
        self._microsaccades.restart(start_s)

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
            self._phase = _Fixation(self._phase.at_px, self._react_s, self._phase.settling)

    def at(self, t_s: float) -> TrueGaze:
        """The true gaze at a time that never falls between calls."""
        while t_s >= self._phase.stop_s:
            self._advance()
        x_px, y_px = self._position_px(t_s)
        closure = 0.0 if self._blinks is None else self._blinks.closure(t_s)
        label = Label.BLINK if closure > 0 else self._movement(t_s)
        screen = self._screen
        return TrueGaze(t_s, x_px / screen.width_px, y_px / screen.height_px, label, closure)

    def _movement(self, t_s: float) -> Label:
        if isinstance(self._phase, Saccade):
            return Label.SACCADE
        settling = self._phase.settling
        if settling is not None and t_s < settling.stop_s:
            return Label.POST_SACCADIC_OSCILLATION
        return Label.FIXATION

    def _centre_px_per_deg(self) -> Point:
        (per_deg,) = self._screen.px_per_deg()
        return float(per_deg[0]), float(per_deg[1])

    def _position_px(self, t_s: float) -> Point:
        if isinstance(self._phase, Saccade):
            return self._phase.at(t_s)
        x_px, y_px = self._phase.at_px
        if self._phase.settling is not None:
            dx_px, dy_px = self._phase.settling.at(t_s)
            x_px, y_px = x_px + dx_px, y_px + dy_px
        drift_deg = self._drift.at(t_s)
        jump_deg = self._microsaccades.at(t_s, drift_deg)
        return (
            x_px + (drift_deg[0] + jump_deg[0]) * self._px_per_deg[0],
            y_px + (drift_deg[1] + jump_deg[1]) * self._px_per_deg[1],
        )

    def _advance(self) -> None:
        """Go over to the next phase: from fixation to saccade, from saccade to fixation."""
        stop_s = self._phase.stop_s
        if isinstance(self._phase, Saccade):
            self._fixate(self._phase.to_px, stop_s, self._oscillation(self._phase))
            return
        here_px = self._position_px(stop_s)
        self._goal = self._next_goal(stop_s)
        there_px = self._goal.xy_screen_px
        amplitude_deg = float(self._screen.angle_deg(here_px, there_px))
        if amplitude_deg < _SMALLEST_SACCADE_DEG:
            self._fixate(here_px, stop_s)
            return
        self._phase = Saccade(
            here_px,
            there_px,
            stop_s,
            stop_s + saccade_duration_s(amplitude_deg),
            peak_over_mean(amplitude_deg),
        )

    def _oscillation(self, saccade: Saccade) -> Oscillation | None:
        if self._settling is None:
            return None
        amplitude_deg = float(self._screen.angle_deg(saccade.from_px, saccade.to_px))
        return oscillation_after(saccade, amplitude_deg, self._settling)

    def _next_goal(self, now_s: float) -> Goal:
        if now_s < self._react_s:
            return self._planner.next_goal(self._seen, self._screen)
        self._react_s = math.inf
        self._seen = self._shown
        return self._planner.same_goal(self._goal, self._seen, self._screen)

    def _fixate(self, at_px: Point, start_s: float, settling: Oscillation | None = None) -> None:
        stop_s = start_s + self._goal.duration_s
        if self._react_s < stop_s:
            stop_s = max(self._react_s, start_s + _SHORTEST_DWELL_S)
        self._phase = _Fixation(at_px, stop_s, settling)
        self._drift.restart(start_s)
        self._microsaccades.restart(start_s)
