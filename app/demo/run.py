"""The demo from start to end: every step a command or a process a user would start."""

from __future__ import annotations

import json
import time
import uuid
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from app.demo import learning, phantom_sitting, sittings
from app.demo.commands import Commands
from app.demo.losses import SampleCount, count_samples, read_truth, session_interval
from app.demo.story import write_story
from app.demo.study_setup import DemoStudy, make_study
from app.demo.summary import Measured, summary
from app.demo.validation import validate
from gazecore.errors import UnwritablePathError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from app.demo.plan import DemoPlan


@dataclass(slots=True)
class Clock:
    """Seconds per step, said aloud as they pass."""

    say: Callable[[str], None]
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str, text: str) -> Iterator[None]:
        """Time a step."""
        self.say(text)
        began_s = time.monotonic()
        yield
        self.seconds[name] = time.monotonic() - began_s


def run_demo(out: Path, plan: DemoPlan, say: Callable[[str], None]) -> dict[str, Any]:
    """Run the whole loop into `out`; returns the summary that was written.

    Raises
    ------
    UnwritablePathError
        `out` cannot be made, or holds something already.
    DemoStepError
        A step failed; what was made before it stays.
    """
    make_out(out)
    clock = Clock(say)
    commands = Commands(out / "logs", f"demo-{uuid.uuid4().hex}")
    with clock.step("setup", f"Making {plan.knees} simulated knees and 2 real radiographs a study"):
        study = make_study(out / "study", out / "sources", plan)
    with clock.step("geometry_check", "Checking the geometry live with a phantom"):
        phantom = phantom_sitting.sit(commands, out / "geometry-check", plan)
    with clock.step("reading", f"{len(plan.readers)} simulated readers read at the real station"):
        sat = sittings.read_all(commands, study, out / "sittings", plan)
    with clock.step("analyse", "Gaze to fixations, quality and attention maps"):
        commands.run("analyse", ["analyse", str(study.path)])
    with clock.step("learning", "Predictor, then SimCLR, MoCo, BYOL under three kinds of views"):
        learned = learning.learn(commands, study, out / "models", plan)
    clock.seconds |= learned["seconds"]
    with clock.step("export", "Exporting to BIDS and asking its validator"):
        export = out / "bids"
        wanted = ["--format", "bids", "--level", "raw", "--out", str(export)]
        commands.run("export", ["export", str(study.path), *wanted])
        verdict = validate(export)
    say("Measuring and writing the report")
    counted = count_all(study, sat)
    measured = Measured(
        **counted,
        geometry=phantom_sitting.measure(phantom),
        predictor=learned["predictor"],
        compare=learned["compare"],
        export_files=sum(path.is_file() for path in export.rglob("*")),
        verdict=verdict,
        seconds=clock.seconds,
    )
    document = summary(measured)
    (out / "summary.json").write_text(json.dumps(document, indent=1) + "\n")
    write_story(out, study, sat, measured)
    return document


def make_out(out: Path) -> None:
    """Make the output folder, which must be new or empty."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        if any(out.iterdir()):
            raise UnwritablePathError(out, "it is not empty")
        (out / ".probe").touch()
        (out / ".probe").unlink()
    except OSError as error:
        raise UnwritablePathError(out, error.strerror or str(error)) from error


def count_all(study: DemoStudy, sat: Sequence[sittings.Sitting]) -> dict[str, Any]:
    """Cases, readings, samples and fixations of the study."""
    import polars as pl

    from gazecore.recording import read_parts
    from gazecore.study import Study

    with Study.open(study.path, read_only=True) as opened:
        sessions = opened.sessions()
        readings = [r for r in opened.readings() if r.state == "answered"]
        cases = len(opened.cases())
        derivatives = opened.derivatives
    counts = []
    for session, sitting in zip(sessions, sat, strict=True):
        recording = read_parts(session.recording_path)
        interval = session_interval(recording.markers())
        truth = read_truth(sitting.truth)
        counts.append(count_samples(truth, recording.gaze().sequence, *interval))
    fixations = pl.scan_parquet(derivatives / "fixations" / "*.parquet")
    return {
        "cases": cases,
        "readings": len(readings),
        "samples": SampleCount(
            sent=sum(c.sent for c in counts),
            recorded=sum(c.recorded for c in counts),
            lost=sum(c.lost for c in counts),
        ),
        "fixations": int(fixations.select(pl.len()).collect().item()),
    }
