"""The geometry check live: a phantom at the station, a noise-free tracker, grabbed pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from app.demo.geometry_check import GazeImageError, GrabbedState, MappedGaze, gaze_image_error
from app.demo.losses import read_truth
from app.demo.pictures import read_png
from app.demo.plan import DemoPlan, phantom_actions
from app.demo.sittings import SCREEN_PX, station_arguments
from app.pilot.log import LOG_NAME, read_log, still_intervals
from app.pilot.script import PilotScript, write_script
from gazecore.geometry import Transform
from gazecore.messages import ViewportChanged

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import polars as pl

    from app.demo.commands import Commands
    from gazecore.synthetic.phantom import Phantom

READER = "noise-free"


@dataclass(frozen=True, slots=True)
class PhantomSitting:
    """Where the sitting's study, script, truth and grabs are."""

    study: Path
    truth: Path
    pilot: Path
    recording: Path


def sit(commands: Commands, out: Path, plan: DemoPlan) -> PhantomSitting:
    """Show the phantom at the station and let a tracker without noise look at it."""
    from gazecore.study import Protocol, Study
    from gazecore.synthetic.phantom import make_phantom, write_dicom

    out.mkdir(parents=True, exist_ok=True)
    write_dicom(out / "phantom.dcm", make_phantom())
    protocol = Protocol(overlays=())  # discs are found by their brightness; texts would be too
    with Study.create(out / "study", name="Geometry check", protocol=protocol) as study:
        study.import_images([out / "phantom.dcm"], simulated=True)
        study.add_reader(READER)
    script = PilotScript(
        out=str(out / "pilot"),
        calibrate=False,
        default_case=phantom_actions(),
        give_up_after_s=120,
    )
    write_script(out / "script.json", script)
    truth = out / "truth.csv"
    tracker = ["--rate", f"{plan.rate_hz:g}", "--noise-deg", "0", "--truth", str(truth)]
    commands.run(
        "geometry check",
        station_arguments(out / "study", READER, out / "script.json", tracker),
    )
    with Study.open(out / "study", read_only=True) as study:
        recording = study.sessions()[0].recording_path
    return PhantomSitting(out / "study", truth, out / "pilot", recording)


def measure(sitting: PhantomSitting) -> GazeImageError:
    """The error of mapped gaze against the truth in the grabbed pixels."""
    from gazecore.analysis import gaze_on_image
    from gazecore.recording import read
    from gazecore.synthetic.phantom import make_phantom

    recording = read(sitting.recording)
    changes = [m for m in recording.markers() if isinstance(m, ViewportChanged)]
    mapped = gaze_on_image(recording.gaze(), recording.markers())
    states = grabbed_states(sitting, changes, make_phantom())
    wrong = Transform(changes[0].transform)
    return gaze_image_error(with_truth(mapped, read_truth(sitting.truth)), states, wrong)


def grabbed_states(
    sitting: PhantomSitting, changes: Sequence[ViewportChanged], phantom: Phantom
) -> list[GrabbedState]:
    """Each state of the viewport with the transform fitted to the discs in its grab."""
    from gazecore.synthetic.phantom import find_discs, match_and_fit

    states = []
    for interval in still_intervals(read_log(sitting.pilot / LOG_NAME)):
        announced = [c for c in changes if c.t_s <= interval.to_s][-1]
        pixels = read_png(sitting.pilot / f"{interval.grab}.png")
        x, y, width, height = (round(side) for side in announced.shown_screen_px)
        shown = pixels[y : y + height, x : x + width].reshape(height, width, -1)[..., 0]
        found_px = find_discs(np.ascontiguousarray(shown)) + np.array([x, y])
        fitted, residual_px = match_and_fit(found_px, phantom, Transform(announced.transform))
        states.append(GrabbedState(interval.from_s, interval.to_s, fitted, residual_px))
    return states


def with_truth(mapped: pl.DataFrame, truth: pl.DataFrame) -> MappedGaze:
    """Mapped samples beside the tracker's true gaze points, joined by sequence number."""
    joined = mapped.join(truth.select("sequence", "x_norm", "y_norm"), on="sequence", how="inner")
    return MappedGaze(
        t_s=joined["t_s"].to_numpy(),
        true_screen_px=joined.select("x_norm", "y_norm").to_numpy() * np.array(SCREEN_PX),
        mapped_image_px=joined.select("x_image_px", "y_image_px").to_numpy(),
    )
