"""The demo's sizes in one place, and what each simulated reader does with each case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.pilot.script import AnyAction, Drag, Grab, Key, Wait, Wheel

if TYPE_CHECKING:
    from random import Random


@dataclass(frozen=True, slots=True)
class DemoPlan:
    """Everything the demo varies; the seed fixes all of it."""

    seed: int = 0
    readers: tuple[str, ...] = ("R1", "R2")
    knees: int = 12
    knee_size_px: tuple[int, int] = (900, 720)
    zoomed_cases: int = 6
    looking_s: float = 2.2
    rate_hz: float = 120.0
    right_answers: float = 0.8
    predictor_epochs: int = 120
    set_examples: int = 900
    set_size_px: int = 64
    training_seeds: int = 3
    jobs: int = 2


def answer_key(grade: int, reader: Random, right_answers: float) -> str:
    """The key a simulated reader types: the grade, or at times a neighbour (Enter is grade 0)."""
    if reader.random() > right_answers:
        grade = max(0, min(4, grade + reader.choice((-1, 1))))
    return str(grade) if grade else "Return"


def case_actions(
    *, focus: tuple[float, float], zoomed: bool, key: str, looking_s: float, grab: str | None
) -> tuple[AnyAction, ...]:
    """Look, perhaps zoom to the place that matters, pan and window; then answer by one key.

    Parameters
    ----------
    focus : (x, y)
        Fractions of the viewport where the finding lies while the image is fitted.
    grab : str, optional
        Name of a picture of the screen taken while looking.
    """
    actions: list[AnyAction] = [Wait(seconds=looking_s)]
    if zoomed:
        x, y = focus
        actions += [
            Wheel(notches=4, x=x, y=y),
            Wait(seconds=looking_s / 2),
            Drag(button="middle", from_x=0.5, from_y=0.5, to_x=0.56, to_y=0.46),
            Wait(seconds=looking_s / 2),
            Drag(button="left", from_x=0.5, from_y=0.5, to_x=0.55, to_y=0.52),
            Wait(seconds=looking_s / 2),
        ]
    if grab:
        actions.append(Grab(name=grab))
    return (*actions, Key(key=key))


def phantom_actions() -> tuple[AnyAction, ...]:
    """Every kind of viewport change, each followed by a rest in which the screen is grabbed."""
    changes: tuple[tuple[AnyAction, ...], ...] = (
        (),
        (Wheel(notches=3, x=0.35, y=0.4),),
        (Drag(button="middle", from_x=0.5, from_y=0.5, to_x=0.62, to_y=0.58),),
        (Wheel(notches=3, x=0.6, y=0.55),),
        (Drag(button="left", from_x=0.5, from_y=0.5, to_x=0.53, to_y=0.51),),
        (Key(key="R"),),
        (Key(key="H"),),
        (Drag(button="middle", from_x=0.5, from_y=0.5, to_x=0.43, to_y=0.56),),
        (Key(key="F"),),
        (Key(key="V"),),
    )
    actions: list[AnyAction] = []
    for number, change in enumerate(changes):
        actions += [
            *change,
            Wait(seconds=0.35),
            Grab(name=f"state-{number:02d}"),
            Wait(seconds=0.9),
        ]
    return (*actions, Key(key="Return"))
