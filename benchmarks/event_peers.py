"""Other laboratories' event detectors, each as a function from a recording to labels.

None is a dependency: ``pip install pymovements remodnav I2MC`` for all of them; a package that
is missing is said and left out. Labels are those of `gazecore.events.Label`; what a detector
calls otherwise, or nothing, is undefined, and lost samples are lost.
"""

from __future__ import annotations

import importlib
import importlib.util
import logging
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from benchmarks.reporting import missing
from gazecore.events import Label

if TYPE_CHECKING:
    from collections.abc import Callable

    from gazecore.geometry import Screen

Array = npt.NDArray[np.float64]
Labels = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Coded:
    """A recording with two coders' labels; gaze in px, NaN where lost."""

    name: str
    t_s: Array
    xy_px: Array
    screen: Screen
    coders: dict[str, Labels]

    @property
    def rate_hz(self) -> float:
        """The rate by the timestamps."""
        return float(1 / np.median(np.diff(self.t_s)))

    @property
    def unlabelled(self) -> Labels:
        """Nothing found yet: lost where gaze is, else undefined."""
        lost = np.isnan(self.xy_px).any(axis=1)
        return np.where(lost, Label.LOSS, Label.UNDEFINED).astype(np.uint8)


def installed() -> dict[str, Callable[[Coded], Labels]]:
    """The peers that are here, by name."""
    here = {}
    for package, peers in PEERS.items():
        if importlib.util.find_spec(package) is None:
            missing(package)
        else:
            here.update(peers)
    return here


def _pymovements_gaze(data: Coded) -> Any:
    pm = importlib.import_module("pymovements")
    screen = data.screen
    experiment = pm.Experiment(
        int(screen.width_px),
        int(screen.height_px),
        screen.width_mm / 10,
        screen.height_mm / 10,
        screen.distance_mm / 10,
        "upper left",
        round(data.rate_hz),
    )
    time_ms = np.round(np.arange(len(data.t_s)) * 1000 / round(data.rate_hz)).astype(np.int64)
    gaze = pm.gaze.from_numpy(
        experiment=experiment, time=time_ms, pixel=data.xy_px.T.copy(), time_unit="ms"
    )
    gaze.pix2deg()
    gaze.pos2vel("fivepoint")
    return gaze


def _pymovements(method: str, label: Label, rest: Label, **options: float) -> Any:
    def found(data: Coded) -> Labels:
        labels = data.unlabelled
        labels[labels == Label.UNDEFINED] = rest
        gaze = _pymovements_gaze(data)
        gaze.detect(method, **options)
        interval_ms = 1000 / round(data.rate_hz)
        for event in gaze.events.frame.iter_rows(named=True):
            first, last = (round(event[end] / interval_ms) for end in ("onset", "offset"))
            labels[first : last + 1] = label
        labels[data.unlabelled == Label.LOSS] = Label.LOSS
        return labels

    return found


def _remodnav(**options: float) -> Callable[[Coded], Labels]:
    kinds = {
        "FIXA": Label.FIXATION,
        "PURS": Label.PURSUIT,
        "SACC": Label.SACCADE,
        "ISAC": Label.SACCADE,
        **dict.fromkeys(("HPSO", "IHPS", "LPSO", "ILPS"), Label.POST_SACCADIC_OSCILLATION),
    }

    def found(data: Coded) -> Labels:
        remodnav = importlib.import_module("remodnav")
        logging.getLogger("remodnav").setLevel(logging.ERROR)
        rate_hz = round(data.rate_hz)
        deg_per_px = 1 / float(data.screen.px_per_deg()[0, 0])
        classify = remodnav.EyegazeClassifier(deg_per_px, rate_hz, **options)
        gaze = np.zeros(len(data.t_s), dtype=[("x", float), ("y", float)])
        gaze["x"], gaze["y"] = data.xy_px.T
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            events = classify(classify.preproc(gaze.view(np.recarray)))
        labels = data.unlabelled
        for event in events:
            first, stop = (round(event[end] * rate_hz) for end in ("start_time", "end_time"))
            labels[first:stop] = kinds[event["label"]]
        return labels

    return found


def _i2mc(data: Coded) -> Labels:
    i2mc = importlib.import_module("I2MC")
    screen, lost = data.screen, -9999.0
    xy_px = np.where(np.isnan(data.xy_px), lost, data.xy_px)
    options = {
        "xres": screen.width_px,
        "yres": screen.height_px,
        "freq": round(data.rate_hz),
        "missingx": lost,
        "missingy": lost,
        "scrSz": [screen.width_mm / 10, screen.height_mm / 10],
        "disttoscreen": screen.distance_mm / 10,
    }
    gaze = {"time": data.t_s * 1000, "average_X": xy_px[:, 0], "average_Y": xy_px[:, 1]}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fixations, *_ = i2mc.I2MC(gaze, options, logging=False)
    labels = data.unlabelled
    for first, last in zip(fixations["start"], fixations["end"], strict=True):
        labels[int(first) : int(last) + 1] = Label.FIXATION
    return labels


PEERS: dict[str, dict[str, Callable[[Coded], Labels]]] = {
    "pymovements": {
        "pymovements ivt": _pymovements("ivt", Label.FIXATION, Label.UNDEFINED),
        "pymovements ivt 30 deg/s, 60 ms": _pymovements(
            "ivt", Label.FIXATION, Label.UNDEFINED, velocity_threshold=30.0, minimum_duration=60
        ),
        "pymovements idt": _pymovements("idt", Label.FIXATION, Label.UNDEFINED),
        "pymovements microsaccades": _pymovements("microsaccades", Label.SACCADE, Label.FIXATION),
    },
    "remodnav": {
        "REMoDNaV": _remodnav(),
        "REMoDNaV, pursuit off": _remodnav(pursuit_velthresh=500.0),
    },
    "I2MC": {"I2MC": _i2mc},
}
"""Peers by package."""
