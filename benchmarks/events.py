"""Event detection: CPU time for an hour of gaze at 500 Hz, and agreement with human coders.

Run with one thread: ``OMP_NUM_THREADS=1 POLARS_MAX_THREADS=1 python benchmarks/events.py``. The
peer in speed is pymovements' I-VT with its own angles and velocities. Agreement needs the local
data sets (``FOCUSSTATION_DATA``); its peer is the other human coder.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.reporting import Row, interleaved_cpu_s, missing, report  # noqa: E402
from gazecore.events import Label, detect_events  # noqa: E402
from gazecore.events.agreement import kappa  # noqa: E402
from gazecore.geometry import Screen  # noqa: E402
from gazecore.synthetic.reader import SimulatedReader  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

Array = npt.NDArray[np.float64]
SCREEN = Screen(1920, 1080, 597.7, 336.2, 650)
RATE_HZ = 500
SAMPLES = 3600 * RATE_HZ
GOALS = {"saccade": (0.83, 0.83), "fixation": (0.83, 0.74)}


def an_hour() -> tuple[Array, Array]:
    """A minute of the simulated reader with tracker noise, sixty times."""
    reader = SimulatedReader(0, SCREEN, blinks=False)
    minute = [reader.at(i / RATE_HZ) for i in range(60 * RATE_HZ)]
    xy_px = SCREEN.from_norm([(gaze.x_norm, gaze.y_norm) for gaze in minute])
    noise = np.random.default_rng(0).normal(0, 1.5, (SAMPLES, 2))
    return np.arange(SAMPLES) / RATE_HZ, np.tile(xy_px, (60, 1)) + noise


def pymovements_ivt(t_s: Array, xy_px: Array) -> tuple[Callable[[], object], ...]:
    """Two peers: pymovements' I-VT from samples, and from velocities it is given ready-made."""
    try:
        import pymovements as pm
        from pymovements.events import ivt
    except ImportError:
        missing("pymovements")
        return ()
    experiment = pm.Experiment(1920, 1080, 59.77, 33.62, 65, "upper left", RATE_HZ)
    time_ms, pixel = np.round(t_s * 1000).astype(np.int64), np.ascontiguousarray(xy_px.T)
    velocities = np.gradient(xy_px, 1 / RATE_HZ, axis=0) / SCREEN.px_per_deg()[0]

    def from_samples() -> object:
        gaze = pm.gaze.from_numpy(experiment=experiment, time=time_ms, pixel=pixel, time_unit="ms")
        gaze.pix2deg()
        gaze.pos2vel("fivepoint")
        gaze.detect("ivt", velocity_threshold=30.0, minimum_duration=60)
        return gaze.events

    def from_velocities() -> object:
        return ivt(velocities, time_ms, velocity_threshold=30.0, minimum_duration=60)

    return from_samples, from_velocities


def speed() -> list[Row]:
    """CPU seconds for an hour."""
    t_s, xy_px = an_hour()
    peers = pymovements_ivt(t_s, xy_px)
    ours_s, *peers_s = interleaved_cpu_s(lambda: detect_events(t_s, xy_px, SCREEN), *peers)
    names = ("pymovements ivt", "its ivt() alone, given velocities")
    measured = [*zip(names, peers_s, strict=True)] if peers else [("no peer", None)]
    return [
        Row(
            f"1 h at 500 Hz ({name})",
            ours_s,
            peer_s,
            "CPU s",
            None if peer_s is None else peer_s / ours_s,
            "<= 0.10",
            ours_s <= 0.10,
        )
        for name, peer_s in measured
    ]


def recordings() -> list[dict[str, Any]]:
    """Hand-coded recordings of the local data sets; none where these are absent."""
    root = Path(os.environ.get("FOCUSSTATION_DATA", ROOT.parent / "shared" / "data"))
    found = [dict(np.load(path)) for path in sorted((root / "lund2013").glob("*.npz"))]
    if not found:
        print(f"no lund2013 in {root}: no rows of agreement", file=sys.stderr)
    return found


def found_labels(data: dict[str, Any], preset: str) -> npt.NDArray[np.uint8]:
    """Labels of a recording whose loss is coded as (0, 0)."""
    xy_px = np.stack([data["x_px"], data["y_px"]], axis=1).astype(float)
    xy_px[(xy_px == 0).all(axis=1)] = np.nan
    (width_px, height_px), (width_mm, height_mm) = data["screen_px"], data["screen_m"] * 1000
    screen = Screen(width_px, height_px, width_mm, height_mm, float(data["view_distance_m"]) * 1000)
    return detect_events(data["t_us"] * 1e-6, xy_px, screen, preset=preset).labels


def agreement() -> list[Row]:
    """Kappa with each coder over all samples; the peer is the other coder."""
    data = recordings()
    if not data:
        return []
    coded = {c: np.concatenate([d[f"label_{c}"] for d in data]) for c in ("MN", "RA")}
    ours = np.concatenate([found_labels(d, "focusstation") for d in data])
    rows = []
    for name, label in (("fixation", Label.FIXATION), ("saccade", Label.SACCADE)):
        humans = kappa(coded["RA"], coded["MN"], label)
        for coder, goal in zip(("MN", "RA"), GOALS[name], strict=True):
            value = kappa(ours, coded[coder], label)
            case = f"{name} against {coder} (peer: other coder)"
            rows.append(
                Row(case, value, humans, "kappa", value / humans, f">= {goal}", value >= goal)
            )
    return rows


if __name__ == "__main__":
    report("events", ("numpy", "polars", "pymovements"), lambda: [*speed(), *agreement()])
