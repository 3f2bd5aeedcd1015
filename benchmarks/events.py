"""Event detection: CPU time for an hour of gaze at 500 Hz, and agreement with human coders.

Run with one thread: ``OMP_NUM_THREADS=1 POLARS_MAX_THREADS=1 python benchmarks/events.py``. The
peer in speed is pymovements' I-VT with its own angles and velocities. Agreement needs the local
data sets (``FOCUSSTATION_DATA``); its peers are the other human coder and the detectors of
`benchmarks.event_peers`. In brackets stands the 95 % interval of ours over resampled recordings.
"""

from __future__ import annotations

import os
import sys
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.event_peers import Coded, Labels, installed  # noqa: E402
from benchmarks.reporting import Row, interleaved_cpu_s, missing, report  # noqa: E402
from gazecore.events import Label, detect_events  # noqa: E402
from gazecore.events.agreement import Agreement, compare  # noqa: E402
from gazecore.geometry import Screen  # noqa: E402
from gazecore.synthetic.reader import SimulatedReader  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

Array = npt.NDArray[np.float64]
SCREEN = Screen(1920, 1080, 597.7, 336.2, 650)
RATE_HZ = 500
SAMPLES = 3600 * RATE_HZ
RESAMPLES = 2000
CODERS = ("MN", "RA")
GOALS = {
    ("FIXATION", "MN", "kappa"): 0.83,
    ("FIXATION", "RA", "kappa"): 0.74,
    ("SACCADE", "MN", "kappa"): 0.83,
    ("SACCADE", "RA", "kappa"): 0.83,
    ("FIXATION", "MN", "event_f1"): 0.97,
    ("FIXATION", "RA", "event_f1"): 0.97,
    ("SACCADE", "MN", "event_f1"): 0.95,
    ("SACCADE", "RA", "event_f1"): 0.95,
}


def an_hour() -> tuple[Array, Array]:
    """A minute of the simulated reader with tracker noise, sixty times."""
    reader = SimulatedReader(0, SCREEN, blinks=False)
    minute = [reader.at(i / RATE_HZ) for i in range(60 * RATE_HZ)]
    xy_px = SCREEN.from_norm([(gaze.x_norm, gaze.y_norm) for gaze in minute])
    noise = np.random.default_rng(0).normal(0, 1.5, (SAMPLES, 2))
    return np.arange(SAMPLES) / RATE_HZ, np.tile(xy_px, (60, 1)) + noise


def pymovements_ivt(t_s: Array, xy_px: Array, screen: Screen) -> tuple[Callable[[], object], ...]:
    """Two peers: pymovements' I-VT from samples, and from velocities it is given ready-made."""
    try:
        import pymovements as pm
        from pymovements.events import ivt
    except ImportError:
        missing("pymovements")
        return ()
    size_cm = screen.width_mm / 10, screen.height_mm / 10, screen.distance_mm / 10
    experiment = pm.Experiment(
        int(screen.width_px), int(screen.height_px), *size_cm, "upper left", RATE_HZ
    )
    time_ms, pixel = np.round(t_s * 1000).astype(np.int64), np.ascontiguousarray(xy_px.T)
    velocities = np.gradient(xy_px, 1 / RATE_HZ, axis=0) / screen.px_per_deg()[0]

    def from_samples() -> object:
        gaze = pm.gaze.from_numpy(experiment=experiment, time=time_ms, pixel=pixel, time_unit="ms")
        gaze.pix2deg()
        gaze.pos2vel("fivepoint")
        gaze.detect("ivt", velocity_threshold=30.0, minimum_duration=60)
        return gaze.events

    def from_velocities() -> object:
        return ivt(velocities, time_ms, velocity_threshold=30.0, minimum_duration=60)

    return from_samples, from_velocities


def speed(kind: str, t_s: Array, xy_px: Array, screen: Screen) -> list[Row]:
    """CPU seconds for an hour."""
    peers = pymovements_ivt(t_s, xy_px, screen)
    ours_s, *peers_s = interleaved_cpu_s(lambda: detect_events(t_s, xy_px, screen), *peers)
    names = ("pymovements ivt", "its ivt() alone, given velocities")
    measured = [*zip(names, peers_s, strict=True)] if peers else [("no peer", None)]
    return [
        Row(
            f"1 h at 500 Hz, {kind} ({name})",
            ours_s,
            peer_s,
            "CPU s",
            None if peer_s is None else peer_s / ours_s,
            "<= 0.10",
            ours_s <= 0.10,
        )
        for name, peer_s in measured
    ]


def real_hour(recordings: list[Coded]) -> tuple[Array, Array, Screen]:
    """The 500 Hz recordings one after the other, again and again for an hour."""
    parts = [data for data in recordings if round(data.rate_hz) == RATE_HZ]
    xy_px = np.concatenate([data.xy_px for data in parts])
    repeated = np.tile(xy_px, (-(-SAMPLES // len(xy_px)), 1))[:SAMPLES]
    return np.arange(SAMPLES) / RATE_HZ, repeated, parts[0].screen


def recordings() -> list[Coded]:
    """Hand-coded recordings of the local data sets; none where these are absent.

    Loss is coded as (0, 0) there, and headers name wrong rates: times are trusted.
    """
    root = Path(os.environ.get("FOCUSSTATION_DATA", ROOT.parent / "shared" / "data"))
    found = []
    for path in sorted((root / "lund2013").glob("*.npz")):
        data = dict(np.load(path))
        xy_px = np.stack([data["x_px"], data["y_px"]], axis=1).astype(float)
        xy_px[(xy_px == 0).all(axis=1)] = np.nan
        (width_px, height_px), (width_mm, height_mm) = data["screen_px"], data["screen_m"] * 1000
        distance_mm = float(data["view_distance_m"]) * 1000
        screen = Screen(int(width_px), int(height_px), width_mm, height_mm, distance_mm)
        coders = {coder: data[f"label_{coder}"] for coder in CODERS}
        found.append(Coded(path.stem, data["t_us"] * 1e-6, xy_px, screen, coders))
    if not found:
        print(f"no lund2013 in {root}: no rows of agreement", file=sys.stderr)
    return found


def interval(parts: list[Agreement], figure: str) -> tuple[float, float, float]:
    """A figure over all recordings, and its 95 % interval over resampled recordings."""
    random = np.random.default_rng(0)
    draws = random.integers(0, len(parts), (RESAMPLES, len(parts)))
    drawn = [_figure([parts[i] for i in chosen], figure) for chosen in draws]
    low, high = np.nanquantile(drawn, [0.025, 0.975])
    return _figure(parts, figure), float(low), float(high)


def _figure(parts: list[Agreement], figure: str) -> float:
    return float(getattr(sum(parts[1:], parts[0]), figure))


def agreement(data: list[Coded]) -> list[Row]:
    """Kappa and event F1 with each coder; peers are the other coder, then other detectors."""
    own = [detect_events(d.t_s, d.xy_px, d.screen).labels for d in data]
    rows = []
    others: dict[str, list[Labels]] = {
        name: [detector(d) for d in data] for name, detector in installed().items()
    }
    for label, coder, figure in product(
        (Label.FIXATION, Label.SACCADE), CODERS, ("kappa", "event_f1")
    ):
        coded = [d.coders[coder] for d in data]
        between = [d.coders[c] for d in data for c in CODERS if c != coder]
        ours, low, high = interval(_counts(own, coded, label), figure)
        goal = GOALS[label.name, coder, figure]
        what = f"{label.name.lower()} {figure} {coder}"
        for name, labels in {"other coder": between, **others}.items():
            if not any((found == label).any() for found in labels):
                continue  # this one finds fixations alone
            peer = _figure(_counts(labels, coded, label), figure)
            rows.append(
                Row(
                    f"{what} [{low:.3f} {high:.3f}] ({name})",
                    ours,
                    peer,
                    figure,
                    ours / peer,
                    f">= {goal}",
                    ours >= goal,
                )
            )
    return rows


def _counts(found: list[Labels], coded: list[Labels], label: Label) -> list[Agreement]:
    return [compare(a, b, label) for a, b in zip(found, coded, strict=True)]


def all_rows() -> list[Row]:
    """Speed on simulated and, where it is at hand, on real gaze; then agreement."""
    data = recordings()
    rows = speed("simulated", *an_hour(), SCREEN)
    return [*rows, *speed("real", *real_hour(data)), *agreement(data)] if data else rows


if __name__ == "__main__":
    report("events", ("numpy", "polars", "pymovements", "remodnav", "I2MC"), all_rows)
