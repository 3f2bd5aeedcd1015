"""A training run as the menu shows it, built from the progress lines in its folder."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from gazecore.messages import (
    AnyProgress,
    CheckpointSaved,
    MetricMeasured,
    RunFailed,
    RunFinished,
    RunStarted,
    StepDone,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

RunState = Literal["starting", "running", "finished", "stopped", "failed", "gone"]
Curve = tuple[tuple[float, float], ...]

SPEED_OVER = 20
"""Throughput is that of so many last reports."""


@dataclass(frozen=True, slots=True)
class RunView:
    """One run.

    Attributes
    ----------
    folder : Path
        The run's folder; its name is the run's.
    state : RunState
        ``gone``: the process ended without saying so, or was never seen to start.
    step, total_steps : int
        How far it is.
    curves : mapping
        Series of (step, value) by name.
    times : tuple
        (t_unix_s, step) of the last reports.
    result : mapping
        Final figures.
    """

    folder: Path
    task: str = ""
    state: RunState = "starting"
    pid: int | None = None
    device: str = ""
    step: int = 0
    total_steps: int = 0
    curves: Mapping[str, Curve] = field(default_factory=dict)
    times: Curve = ()
    result: Mapping[str, float] = field(default_factory=dict)
    message: str = ""

    @property
    def name(self) -> str:
        """The run's name."""
        return self.folder.name

    @property
    def is_active(self) -> bool:
        """Whether its process should be alive."""
        return self.state in ("starting", "running")

    @property
    def share_done(self) -> float:
        """Progress from 0 to 1."""
        return min(self.step / self.total_steps, 1.0) if self.total_steps else 0.0

    @property
    def steps_per_s(self) -> float | None:
        """Throughput over the last reports; None before there are two."""
        if len(self.times) < 2 or self.times[-1][0] <= self.times[0][0]:
            return None
        return (self.times[-1][1] - self.times[0][1]) / (self.times[-1][0] - self.times[0][0])

    @property
    def seconds_left(self) -> float | None:
        """Time to the end at this throughput; None where unknown."""
        speed = self.steps_per_s
        if not self.is_active or not speed:
            return None
        return (self.total_steps - self.step) / speed

    def after(self, messages: Iterable[AnyProgress]) -> RunView:
        """The run after these progress messages."""
        view = self
        points: dict[str, list[tuple[float, float]]] = {}
        for message in messages:
            if isinstance(message, StepDone):
                for name, value in message.values.items():
                    points.setdefault(name, []).append((message.step, value))
                times = (*view.times, (message.t_unix_s, float(message.step)))[-SPEED_OVER:]
                view = replace(view, step=message.step, times=times)
            else:
                view = _after_event(view, message)
        if not points:
            return view
        added = {name: (*view.curves.get(name, ()), *new) for name, new in points.items()}
        return replace(view, curves={**view.curves, **added})

    def gone(self, message: str) -> RunView:
        """The process is not there any more though it did not say that it ended."""
        return replace(self, state="gone" if self.pid else "failed", message=message)


def _after_event(view: RunView, message: AnyProgress) -> RunView:
    if isinstance(message, RunStarted):
        return replace(
            view,
            task=message.task,
            state="running",
            pid=message.pid,
            device=message.device,
            step=message.resumed_at_step,
            total_steps=message.total_steps,
            times=(),
            message="",
        )
    if isinstance(message, MetricMeasured):
        return replace(view, result={**view.result, message.name: message.value})
    if isinstance(message, RunFinished):
        result = {**view.result, **message.result}
        return replace(view, state=message.outcome, result=result)
    if isinstance(message, RunFailed):
        return replace(view, state="failed", message=message.error)
    if isinstance(message, CheckpointSaved):
        return replace(view, message=f"checkpoint at step {message.step}")
    return view


def summary(view: RunView) -> str:
    """One line about a run: how far, how fast, how long still."""
    if view.state == "starting":
        return "starting"
    parts = [f"step {view.step} of {view.total_steps}"]
    if view.is_active and view.steps_per_s:
        parts.append(f"{view.steps_per_s:.3g} steps/s")
    if view.seconds_left is not None:
        parts.append(f"{duration(view.seconds_left)} left")
    if not view.is_active:
        parts.insert(0, view.state)
    return " · ".join(parts)


def duration(seconds: float) -> str:
    """A time span as people say it.

    Examples
    --------
    >>> [duration(s) for s in (12.4, 95, 7260)]
    ['12 s', '2 min', '2 h 1 min']
    """
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
