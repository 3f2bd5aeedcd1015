"""What an analysis would have found with other detectors, thresholds, sigmas and eyes.

Columns of ``derivatives/robustness.parquet``, a row per reading and way of analysing it:

- reading_id, session_id, reader_id, case_id, usable
- detector: focusstation, I-VT (Tobii's filter), I-DT, Engbert-Kliegl; threshold, unit: what its
  threshold is, in deg/s (of focusstation the peak; the onset keeps its proportion), deg of
  dispersion, or sd of the noise
- eye: both, left or right; sigma_deg: of the map, in degrees of visual angle
- is_default: whether this is how the study was analysed (its detector and eye, 1 degree)
- fixations; mean_fixation_s, null without one; dwell_on_image_s: time of fixations on the image
- map_cc: Pearson's correlation of its map with the default's, null where one of them is empty

Fixations are those of `gazecore.analysis.fixation_table`: cut where the viewport changed, without
pans. Maps are as the preset focusstation makes them, their longer side at most `LONGEST_PX`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from gazecore.analysis.fixation_pieces import EyeGaze
from gazecore.analysis.gaze_table import gaze_on_image
from gazecore.analysis.history import session_history
from gazecore.analysis.shown_states import ShownStates
from gazecore.attention.case import map_shape
from gazecore.attention.gaussians import sum_of_gaussians, usable_points
from gazecore.attention.metrics import cc
from gazecore.events import PRESETS
from gazecore.events.adaptive import AdaptiveDetector
from gazecore.events.engbert_kliegl import EngbertKlieglDetector
from gazecore.events.idt import DispersionDetector
from gazecore.events.ivt import TobiiDetector

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gazecore.analysis.corrections import CorrectionVersion
    from gazecore.analysis.fixation_pieces import Pieces
    from gazecore.analysis.readings import ReadingInterval
    from gazecore.analysis.session import SessionAnalysis
    from gazecore.attention.gaussians import Map
    from gazecore.events.labels import Detector
    from gazecore.geometry import Screen
    from gazecore.messages import AnyMarker, EyeName
    from gazecore.samples import GazeSamples

ROBUSTNESS_SCHEMA = {
    **dict.fromkeys(("reading_id", "session_id", "reader_id", "case_id"), pl.String),
    "usable": pl.Boolean,
    "detector": pl.String,
    "threshold": pl.Float64,
    **dict.fromkeys(("unit", "eye"), pl.String),
    "sigma_deg": pl.Float64,
    "is_default": pl.Boolean,
    "fixations": pl.Int64,
    **dict.fromkeys(("mean_fixation_s", "dwell_on_image_s", "map_cc"), pl.Float64),
}
"""Names and types of the columns, in order."""

OF_THE_STUDY = ("session_id", "reader_id", "usable")
EYES: tuple[EyeName, ...] = ("both", "left", "right")
SIGMAS_DEG = (0.5, 1.0, 2.0)
LONGEST_PX = 128


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to find fixations."""

    detector: str
    threshold: float
    unit: str
    algorithm: Detector


def _adaptive(share: float) -> Variant:
    """The station's own detector with both thresholds scaled."""
    usual = AdaptiveDetector()
    peak_deg_s, onset_deg_s = usual.peak_deg_s * share, usual.onset_deg_s * share
    scaled = replace(usual, peak_deg_s=peak_deg_s, onset_deg_s=onset_deg_s)
    return Variant("focusstation", peak_deg_s, "deg/s", scaled)


VARIANTS: tuple[Variant, ...] = (
    *(_adaptive(share) for share in (2 / 3, 1.0, 4 / 3)),
    *(Variant("I-VT", v, "deg/s", TobiiDetector(v)) for v in (20.0, 30.0, 50.0, 100.0)),
    *(Variant("I-DT", v, "deg", DispersionDetector(v)) for v in (0.5, 1.0, 1.5)),
    *(Variant("Engbert-Kliegl", v, "sd", EngbertKlieglDetector(v)) for v in (4.0, 6.0, 8.0)),
)


@dataclass(frozen=True, slots=True)
class Sitting:
    """A session's samples and markers with how they were analysed."""

    samples: GazeSamples
    markers: Sequence[AnyMarker]
    screen: Screen
    preset: str
    eye: EyeName
    correction: CorrectionVersion | None


def session_robustness(sitting: Sitting, analysis: SessionAnalysis) -> pl.DataFrame:
    """The endpoints of each reading of a session, analysed in every way.

    Columns as in `ROBUSTNESS_SCHEMA` without session_id, reader_id and usable.
    """
    history = session_history(sitting.markers)
    states = ShownStates.of(history)
    usual: list[Map] = []
    rows: list[dict[str, object]] = []
    for eye in sorted(EYES, key=lambda eye: eye != sitting.eye):  # the default's eye first
        gaze = EyeGaze(_gaze(sitting, analysis, eye), history, states, sitting.screen)
        if not usual:
            pieces = gaze.pieces(PRESETS[sitting.preset])
            usual = [_map(pieces, i, reading) for i, reading in enumerate(analysis.readings)]
        for variant in VARIANTS:
            pieces = gaze.pieces(variant.algorithm)
            is_usual = eye == sitting.eye and variant.algorithm == PRESETS[sitting.preset]
            way = {
                "detector": variant.detector,
                "threshold": variant.threshold,
                "unit": variant.unit,
                "eye": eye,
            }
            for number, reading in enumerate(analysis.readings):
                for row in _endpoints(pieces, number, reading, usual[number]):
                    default = is_usual and row["sigma_deg"] == 1.0
                    rows.append({**way, **row, "is_default": default})
    names = [name for name in ROBUSTNESS_SCHEMA if name not in OF_THE_STUDY]
    return pl.DataFrame(rows, {name: ROBUSTNESS_SCHEMA[name] for name in names})


def _gaze(sitting: Sitting, analysis: SessionAnalysis, eye: EyeName) -> pl.DataFrame:
    """The session's gaze by one eye or both; that of the analysis is there already."""
    if eye == sitting.eye:
        return analysis.gaze
    return gaze_on_image(
        sitting.samples, sitting.markers, sitting.screen, eye=eye, correction=sitting.correction
    )


def _endpoints(
    pieces: Pieces, number: int, reading: ReadingInterval, usual: Map
) -> Iterator[dict[str, object]]:
    """The endpoints of one reading, a row per sigma."""
    mine = pieces.reading == number
    fixations = len(np.unique(pieces.fixation[mine]))
    looked_at = mine & pieces.on_image & pieces.of_case
    for sigma_deg in SIGMAS_DEG:
        yield {
            "reading_id": reading.reading_id,
            "case_id": reading.case_id,
            "sigma_deg": sigma_deg,
            "fixations": fixations,
            "mean_fixation_s": pieces.duration_s[mine].sum() / fixations if fixations else None,
            "dwell_on_image_s": pieces.duration_s[looked_at].sum(),
            "map_cc": _correlation(_map(pieces, number, reading, sigma_deg), usual),
        }


def _map(pieces: Pieces, number: int, reading: ReadingInterval, sigma_deg: float = 1.0) -> Map:
    """The attention map of one reading, small."""
    counted = (pieces.reading == number) & pieces.in_viewport & pieces.of_case
    shape = map_shape(reading.image_height_px, reading.image_width_px, LONGEST_PX)
    scale = np.array([shape[1] / reading.image_width_px, shape[0] / reading.image_height_px])
    points = usable_points(
        pieces.xy_image_px[counted] * scale,
        pieces.duration_s[counted],
        pieces.sigma_px[counted] * (sigma_deg * scale),
        pieces.shown_px[counted] * np.tile(scale, 2),
    )
    return sum_of_gaussians(points, shape)[0]


def _correlation(found: Map, usual: Map) -> float | None:
    value = cc(found, usual)
    return None if np.isnan(value) else value
