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

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from app.demo.commands import Commands
    from gazecore.geometry import Transform
    from gazecore.recording import Recording
    from gazecore.synthetic.phantom import Phantom

READER = "noise-free"
MAX_RESIDUAL_PX = 0.5
"""A fit worse than this paired discs wrongly, or the pixels are not those of the phantom."""


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
    with Study.create(out / "study", name="Geometry check", protocol=Protocol()) as study:
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
    mapped = gaze_on_image(recording.gaze(), recording.markers())
    states = grabbed_states(sitting, recording, make_phantom())
    wrong = first_viewport(recording)
    return gaze_image_error(with_truth(mapped, read_truth(sitting.truth)), states, wrong)


def grabbed_states(
    sitting: PhantomSitting, recording: Recording, phantom: Phantom
) -> list[GrabbedState]:
    """The states whose grab shows enough discs, each with the transform fitted to them."""
    from gazecore.synthetic.phantom import find_discs, match_and_fit

    states = []
    for interval in still_intervals(read_log(sitting.pilot / LOG_NAME)):
        pixels = read_png(sitting.pilot / f"{interval.grab}.png")
        grey = pixels if pixels.ndim == 2 else pixels[..., 1]
        found_px = find_discs(np.ascontiguousarray(grey))
        expected = viewport_at(recording, interval.to_s)
        fitted, residual_px = match_and_fit(found_px, phantom, expected)
        if residual_px <= MAX_RESIDUAL_PX:
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


def first_viewport(recording: Recording) -> Transform:
    """The viewport the case was opened with: what a tool that ignores zoom would use."""
    return viewport_at(recording, -np.inf)


def viewport_at(recording: Recording, t_s: float) -> Transform:
    """The last viewport announced at or before a time, else the first."""
    from gazecore.geometry import Transform
    from gazecore.messages import ViewportChanged

    changes = [m for m in recording.markers() if isinstance(m, ViewportChanged)]
    before = [change for change in changes if change.t_s <= t_s] or changes[:1]
    return Transform(before[-1].transform)
