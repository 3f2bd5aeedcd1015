"""What the demo's report tells, chapter by chapter, from what the demo left on disk."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from app.demo import pictures
from app.demo.case_pictures import CasePictures, case_pictures
from app.demo.charts import dot_chart, line_chart
from app.demo.learning import ARMS, METHODS
from app.demo.quality_table import quality_table
from app.demo.report import Figure, Section, Table, Tile, picture, write_report
from gazecore.messages import MetricMeasured, StepDone, parse_progress

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from app.demo.sittings import Sitting
    from app.demo.study_setup import DemoStudy
    from app.demo.summary import Measured

NOTICE = (
    "All gaze in this report is simulated: it was sent by a simulated tracker with simulated "
    "readers. The knees are synthetic. Nothing here says anything about people."
)
PICTURE_PX = 1100


def write_story(out: Path, study: DemoStudy, sat: Sequence[Sitting], measured: Measured) -> None:
    """Write ``report.html``."""
    write_report(
        out / "report.html",
        title="FocusStation: the whole loop",
        notice=NOTICE,
        tiles=tiles(measured),
        sections=[
            station_section(sat),
            geometry_section(out, measured),
            gaze_section(case_pictures(out, study), quality_table(study.path / "derivatives")),
            predictor_section(out, measured),
            comparison_section(out, measured),
            export_section(measured),
        ],
    )


def tiles(measured: Measured) -> list[Tile]:
    """The key figures with their pass marks."""
    geometry, samples = measured.geometry, measured.samples
    return [
        Tile(f"{measured.readings}", f"readings of {measured.cases} cases"),
        Tile(f"{samples.recorded:,}", "gaze samples recorded"),
        Tile(f"{samples.lost}", "samples lost to us", good=samples.lost == 0),
        Tile(
            f"{geometry.median_px:.3f} px",
            f"gaze on image, median error (p95 {geometry.p95_px:.3f})",
            good=geometry.median_px <= 0.5 and geometry.p95_px <= 1.0 and not geometry.unfitted,
        ),
        Tile(
            f"{geometry.wrong_viewport_median_px:.0f} px",
            "with the wrong viewport (control)",
            good=geometry.wrong_viewport_median_px >= 20,
        ),
        Tile(f"{measured.fixations:,}", "fixations"),
        Tile(figure(measured.predictor.get("cc")), "predictor CC, held-out cases"),
        Tile(measured.verdict.text, "BIDS validator", good=measured.verdict.is_valid),
        Tile(f"{sum_seconds(measured) / 60:.1f} min", "run time"),
    ]


def sum_seconds(measured: Measured) -> float:
    """Seconds of the demo's own steps (those within learning are parts of it)."""
    parts = ("predictor", "predict", "compare")
    return sum(value for name, value in measured.seconds.items() if name not in parts)


def figure(value: object) -> str:
    """A figure to three digits, or a dash where nothing was measured."""
    if isinstance(value, int | float) and math.isfinite(value):
        return f"{value:.3f}"
    return "–"


def station_section(sat: Sequence[Sitting]) -> Section:
    """Pictures of the real station, grabbed from its screen while it was led."""
    captions = {
        "before-start-reading-button": "The worklist, before the sitting.",
        "before-accept-calibration": "Calibration and validation, in degrees.",
        "fitted": "Reading: the image in the dark, no gaze, no clock.",
        "zoomed": "Zoomed, panned and windowed while gaze is recorded.",
        "end": "The end of the sitting.",
    }
    figures = [
        Figure(_png_file(path), caption)
        for name, caption in captions.items()
        if (path := sat[0].pilot / f"{name}.png").is_file()
    ]
    return Section(
        "The station",
        "A script pressed the station's buttons and keys and moved its mouse; the tracker, the "
        "recorder and the station were processes of their own, speaking Lab Streaming Layer.",
        tuple(figures),
        columns=2,
    )


def _png_file(path: Path) -> str:
    pixels = pictures.shrink(pictures.read_png(path)[..., :3], PICTURE_PX)
    return picture(pictures.data_uri(pictures.png(pixels)), path.stem)


def geometry_section(out: Path, measured: Measured) -> Section:
    """The check of mapped gaze against grabbed pixels."""
    geometry = measured.geometry
    grabs = sorted((out / "geometry-check" / "pilot").glob("state-*.png"))
    figures = [
        Figure(_png_file(grabs[i]), f"Grabbed: {grabs[i].stem}")
        for i in (0, 3, 6)
        if i < len(grabs)
    ]
    table = Table(
        ("what", "screen px", "asked"),
        (
            ("median error", f"{geometry.median_px:.3f}", "at most 0.5"),
            ("95th percentile", f"{geometry.p95_px:.3f}", "at most 1"),
            (
                "median, mapped with the viewport at opening",
                f"{geometry.wrong_viewport_median_px:.1f}",
                "at least 20 (the control must fail)",
            ),
        ),
        f"{geometry.samples:,} samples of a tracker without noise, "
        f"{geometry.states} states of the viewport, {geometry.unfitted} more not found in pixels.",
    )
    return Section(
        "Gaze lands where it looked",
        "The truth comes from the pixels of the screen: discs of a phantom found in them fix where "
        "the image was, whatever the station says. Samples within 50 ms of a change are left out.",
        tuple(figures),
        (table,),
    )


def gaze_section(cases: Sequence[CasePictures], quality: Table) -> Section:
    """Scanpath, recorded and predicted attention of some cases."""
    figures = []
    for case in cases:
        name = f"{case.case_id}, {case.about}"
        figures.append(
            Figure(
                pictures.scanpath_svg(case.grey, case.fixations_px, case.durations_s),
                f"{name}: simulated scanpath of one reader",
            )
        )
        figures.append(
            Figure(
                _rgb(pictures.overlay(case.grey, case.recorded)), f"{name}: attention, all readers"
            )
        )
        figures.append(
            Figure(
                _rgb(pictures.overlay(case.grey, case.predicted)),
                f"{name}: predicted attention ({'held out' if case.held_out else 'trained on'})",
            )
        )
    return Section(
        "From gaze to attention",
        "Fixations weighted by duration, a Gaussian of one degree each, through the zoom of their "
        "own time.",
        tuple(figures),
        (quality,),
    )


def _rgb(image: pictures.Image) -> str:
    return picture(pictures.data_uri(pictures.png(image)), "attention over the image")


def predictor_section(out: Path, measured: Measured) -> Section:
    """The predictor against the mean map, and its curve."""
    scores, mean_map = measured.predictor, measured.predictor.get("mean_map", {})
    beats = all(scores.get(k, math.nan) > mean_map.get(k, math.nan) for k in ("cc", "nss"))
    table = Table(
        ("held-out cases", "CC", "NSS"),
        (
            ("predictor", figure(scores.get("cc")), figure(scores.get("nss"))),
            (
                "mean map of the training cases",
                figure(mean_map.get("cc")),
                figure(mean_map.get("nss")),
            ),
        ),
        "A U-Net trained on the recorded maps."
        + (
            " It beats the mean map on both."
            if beats
            else " It does not beat the mean map on both."
        ),
    )
    curves = run_curves(out / "models" / "predictor" / "progress.jsonl")
    chart = line_chart(curves, x_label="epoch", y_label="loss, CC on validation cases")
    return Section(
        "The attention predictor",
        "Trained on a handful of cases in a minute: enough to show that the path works.",
        (Figure(chart, "Training"),),
        (table,),
        columns=2,
    )


def run_curves(progress: Path) -> dict[str, list[tuple[float, float]]]:
    """The values of a run's progress lines by name, as (step, value)."""
    curves: dict[str, list[tuple[float, float]]] = {}
    for line in progress.read_text().splitlines():
        message = parse_progress(line)
        if isinstance(message, StepDone):
            for name, value in message.values.items():
                curves.setdefault(name, []).append((message.step, value))
        elif isinstance(message, MetricMeasured) and message.step:
            curves.setdefault(message.name, []).append((message.step, message.value))
    return {name: line for name, line in curves.items() if len(line) > 1}


def comparison_section(out: Path, measured: Measured) -> Section:
    """Methods x arms x seeds, as dots and as a table."""
    rows = measured.compare
    groups = {
        method: {
            arm: [100 * r["top1"] for r in rows if r["method"] == method and r["arm"] == arm]
            for arm in ARMS
        }
        for method in METHODS
    }
    table = Table(
        (
            "method",
            "views",
            "top-1 %, mean (each seed)",
            "healthy seeds",
            "attention kept",
            "effective area",
        ),
        tuple(_comparison_row(rows, method, arm) for method in METHODS for arm in ARMS),
        "Linear probe on held-out simulated knees, five grades; chance is 20 %.",
    )
    curves = run_curves(out / "models" / "compare" / "simclr-focuscontrast-0" / "progress.jsonl")
    losses = {name: line for name, line in curves.items() if "loss" in name}
    return Section(
        "FocusContrast against conventional and area-matched views",
        "Toy scale: few epochs, few seeds, small images. A run counts only if its features did not "
        "collapse (healthy). This shows that the comparison runs, not which method is better.",
        (
            Figure(dot_chart(groups, y_label="top-1 %"), "Each dot a seed, each bar a mean"),
            Figure(
                line_chart(losses, x_label="step", y_label="loss"),
                "SimCLR with FocusContrast, seed 0",
            ),
            *view_figures(out),
        ),
        (table,),
        columns=2,
    )


def view_figures(out: Path) -> tuple[Figure, ...]:
    """Pairs of views of the same images under each kind of views."""
    file = out / "models" / "views.npz"
    if not file.is_file():
        return ()
    arrays = np.load(file)
    figures = []
    for arm in ARMS:
        first, second = arrays[f"{arm}_first"], arrays[f"{arm}_second"]
        columns = [np.concatenate(pair, axis=0) for pair in zip(first, second, strict=True)]
        sheet = np.concatenate(columns, axis=1)
        figures.append(
            Figure(_rgb(sheet), f"Two views each of {len(first)} knees: {arm}", wide=True)
        )
    return tuple(figures)


def _comparison_row(rows: Sequence[dict[str, object]], method: str, arm: str) -> tuple[str, ...]:
    mine = [r for r in rows if r["method"] == method and r["arm"] == arm]
    top1 = [100 * float(str(r["top1"])) for r in mine]
    return (
        method,
        arm,
        f"{np.mean(top1):.1f} ({', '.join(f'{v:.1f}' for v in top1)})" if top1 else "–",
        f"{sum(bool(r['healthy']) for r in mine)} of {len(mine)}",
        figure(_mean(mine, "attention_kept")),
        figure(_mean(mine, "effective_area")),
    )


def _mean(rows: Sequence[dict[str, object]], name: str) -> float:
    values = [float(value) for r in rows if isinstance(value := r.get(name), int | float)]
    return float(np.mean(values)) if values else math.nan


def export_section(measured: Measured) -> Section:
    """The export's verdict and how long each step took."""
    seconds = tuple(
        (name.replace("_", " "), f"{value:.1f}") for name, value in measured.seconds.items()
    )
    return Section(
        "Export and time",
        f"{measured.export_files} files of BIDS eye tracking; the validator of BIDS says "
        f"{measured.verdict.text} ({measured.verdict.warnings} warnings).",
        tables=(Table(("step", "seconds"), seconds, "Run time of each step"),),
    )
