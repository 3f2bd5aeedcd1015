"""The live half of the demo: simulated readers at the real station, one sitting after the other."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from app.demo.plan import DemoPlan, answer_key, case_actions
from app.pilot.script import AnyAction, PilotScript, write_script

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from app.demo.commands import Commands
    from app.demo.study_setup import DemoCase, DemoStudy

SCREEN_PX = (1920, 1080)
VIEWPORT_PX = (1920, 1040)


@dataclass(frozen=True, slots=True)
class Sitting:
    """One reader's sitting: where the tracker's truth and the pilot's log and pictures are."""

    reader_id: str
    truth: Path
    pilot: Path
    seconds: float


def read_all(commands: Commands, study: DemoStudy, out: Path, plan: DemoPlan) -> list[Sitting]:
    """Let every reader read every case."""
    return [
        _sit(commands, study, out / reader_id, plan, number)
        for number, reader_id in enumerate(plan.readers)
    ]


def _sit(commands: Commands, study: DemoStudy, out: Path, plan: DemoPlan, number: int) -> Sitting:
    out.mkdir(parents=True, exist_ok=True)
    reader_id = plan.readers[number]
    script = PilotScript(
        out=str(out / "pilot"),
        cases=reader_script(study.cases, plan, number),
        give_up_after_s=420,
    )
    write_script(out / "script.json", script)
    truth = out / "truth.csv"
    tracker = [
        *("--rate", f"{plan.rate_hz:g}", "--seed", str(plan.seed + 17 * number + 1)),
        *("--scenes", str(study.scenes_file), "--truth", str(truth)),
    ]
    seconds = commands.run(
        f"reading {reader_id}",
        station_arguments(study.path, reader_id, out / "script.json", tracker),
    )
    return Sitting(reader_id, truth, out / "pilot", seconds)


def station_arguments(
    study: Path, reader_id: str, script: Path, tracker: Sequence[str]
) -> list[str]:
    """The station's command line, drawn to memory and led by a pilot."""
    return [
        *("--offscreen", "--study", str(study), "--reader", reader_id),
        *("--tracker", "simulated", "--tracker-arguments", shlex.join(tracker)),
        *("--pilot", str(script)),
    ]


def reader_script(
    cases: Sequence[DemoCase], plan: DemoPlan, number: int
) -> dict[str, tuple[AnyAction, ...]]:
    """What reader `number` does with each case; some are zoomed, two are pictured."""
    random = Random(plan.seed * 100 + number)
    zoomed = {case.case_id for case in cases[:: max(1, len(cases) // plan.zoomed_cases)]}
    pictured = {cases[3].case_id: "fitted", cases[4].case_id: "fitted-2"}
    pictured |= dict.fromkeys(sorted(zoomed)[1:2], "zoomed")
    return {
        case.case_id: case_actions(
            focus=focus_in_viewport(case),
            zoomed=case.case_id in zoomed,
            key=answer_key(case.grade or 0, random, plan.right_answers),
            looking_s=plan.looking_s * random.uniform(0.8, 1.3),
            grab=pictured.get(case.case_id),
        )
        for case in cases
    }


def focus_in_viewport(case: DemoCase) -> tuple[float, float]:
    """Where the case's focus lies in the fitted viewport, as fractions of it."""
    scale = min(view / side for view, side in zip(VIEWPORT_PX, case.size_px, strict=True))
    x, y = (
        0.5 + (at - side / 2) * scale / view
        for at, side, view in zip(case.focus_px, case.size_px, VIEWPORT_PX, strict=True)
    )
    return min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0)
