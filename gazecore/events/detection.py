"""Events from gaze samples: one function, detectors by name."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from gazecore.errors import InvalidSettingError
from gazecore.events.adaptive import AdaptiveDetector
from gazecore.events.engbert_kliegl import EngbertKlieglDetector
from gazecore.events.idt import DispersionDetector
from gazecore.events.ivt import TobiiDetector
from gazecore.events.labels import Label
from gazecore.events.tables import blink_table, fixation_table, saccade_table
from gazecore.events.track import check_gaze, make_track, time_order

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from gazecore.events.labels import Detector
    from gazecore.geometry import Screen

PRESETS: Mapping[str, Detector] = MappingProxyType(
    {
        "focusstation": AdaptiveDetector(),
        "Tobii Pro Lab fixation": TobiiDetector(),
        "Tobii Pro Lab attention": TobiiDetector(threshold_deg_s=100.0),
        "I-DT": DispersionDetector(),
        "Engbert-Kliegl": EngbertKlieglDetector(),
    }
)
"""Detectors by name; case, spaces, hyphens and underscores in a name do not matter."""


@dataclass(frozen=True, slots=True)
class Events:
    """What the eyes did.

    Attributes
    ----------
    labels : (n,) uint8
        A `Label` per sample, in the order the samples were given. A lost sample inside a gap
        short enough to fill has the label of the event around it; one without a finite time is
        undefined.
    fixations, saccades, blinks : polars.DataFrame
        Columns as in `gazecore.events.tables`, in rising time.
    preset : str
        Name of the detector used.
    """

    labels: npt.NDArray[np.uint8]
    fixations: pl.DataFrame
    saccades: pl.DataFrame
    blinks: pl.DataFrame
    preset: str


def preset_name(name: str) -> str:
    """The preset's own spelling of `name`.

    Raises
    ------
    InvalidSettingError
        No preset of that name.

    Examples
    --------
    >>> preset_name("tobii-pro-lab-fixation")
    'Tobii Pro Lab fixation'
    """
    for known in PRESETS:
        if _plain(known) == _plain(name):
            return known
    raise InvalidSettingError("preset", name, "one of " + ", ".join(PRESETS))


def _plain(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def detect_events(
    t_s: npt.ArrayLike,
    xy_px: npt.ArrayLike,
    screen: Screen,
    *,
    eye_mm: npt.ArrayLike | None = None,
    preset: str = "focusstation",
) -> Events:
    """Find fixations, saccades, oscillations and losses in gaze samples.

    Parameters
    ----------
    t_s : (n,) float64
        Sample times, trusted over any nominal rate. Samples out of order are taken in order of
        time, of samples with equal times the first counts, those without a time are undefined.
    xy_px : (n, 2) float64
        Gaze points in physical pixels of the tracked screen, NaN where lost: a tracker's own code
        for loss, such as (0, 0), must be gone. Which eyes they are of is the caller's choice
        (`gazecore.samples.gaze_point`).
    screen : Screen
    eye_mm : (n, 3) float64, optional
        Eye positions from the screen's centre (x right, y down, z towards the reader); rows
        that are not finite fall back to the screen's distance.
    preset : str
        A name of `PRESETS`.

    Returns
    -------
    Events

    Raises
    ------
    InvalidSettingError
        Unknown preset, or arrays whose shapes do not fit.

    Examples
    --------
    >>> from gazecore.geometry import Screen
    >>> t_s = np.arange(100) / 500
    >>> events = detect_events(t_s, np.full((100, 2), 300.0), Screen(1920, 1080, 527, 296, 650))
    >>> events.fixations["duration_s"].round(3).to_list()
    [0.2]
    """
    name = preset_name(preset)
    t, xy, eye = check_gaze(t_s, xy_px, eye_mm)
    order = time_order(t)
    if eye is not None and eye.ndim == 2:
        eye = eye[order.chosen]
    detector = PRESETS[name]
    # Numbers gone wrong may overflow; what comes of them is not finite and passes no threshold.
    with np.errstate(all="ignore"):
        track = make_track(t[order.chosen], xy[order.chosen], screen, eye, detector.max_gap_s)
        found = detector.label(track) if len(track.t_s) else np.empty(0, np.uint8)
        return Events(
            labels=np.append(found, np.uint8(Label.UNDEFINED))[order.place],
            fixations=fixation_table(found, track, screen),
            saccades=saccade_table(found, track, screen),
            blinks=blink_table(track),
            preset=name,
        )
