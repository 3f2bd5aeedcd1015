"""Attention maps of a 3000 x 2500 radiograph: time and error, against scipy's filter.

Run with one thread: ``OMP_NUM_THREADS=1 python benchmarks/attention.py``. The error is against
the analytic sum of Gaussians, as a share of its peak.
"""

from __future__ import annotations

import sys
import time
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.reporting import Row, interleaved_cpu_s, report
from gazecore.attention import LiveAttentionMap, attention_map, raw_attention_map

Array = npt.NDArray[np.float64]
SHAPE = (3000, 2500)


def gaze(n: int) -> tuple[Array, Array]:
    """Points around the middle and their weights."""
    random = np.random.default_rng(0)
    return random.normal((SHAPE[1] / 2, SHAPE[0] / 2), 500, (n, 2)), random.uniform(0.1, 1, n)


def analytic(xy_px: Array, weights: Array, sigma_px: float) -> Array:
    """The sum of Gaussians in double precision."""
    x, y = np.arange(SHAPE[1]) + 0.5, np.arange(SHAPE[0]) + 0.5
    along_x = np.exp(-0.5 * ((x - xy_px[:, :1]) / sigma_px) ** 2)
    along_y = np.exp(-0.5 * ((y - xy_px[:, 1:]) / sigma_px) ** 2)
    total = along_y.T @ (weights[:, None] * along_x)
    return np.asarray(total / total.sum())


def filtered(xy_px: Array, weights: Array, sigma_px: float) -> Array:
    """Points rounded to pixels, then scipy's Gaussian filter."""
    counts = np.zeros(SHAPE)
    column, row = np.floor(xy_px).astype(int).T
    inside = (column >= 0) & (column < SHAPE[1]) & (row >= 0) & (row < SHAPE[0])
    np.add.at(counts, (row[inside], column[inside]), weights[inside])
    blurred = gaussian_filter(counts, sigma_px, mode="constant")
    return np.asarray(blurred / blurred.sum())


def rows() -> list[Row]:
    """Time and error for fixations and for raw samples."""
    found = []
    for n, what, sigma_px, draw, faster, error in (
        (100, "fixations", 60.0, attention_map, 100, 1e-6),
        (100, "fixations", 100.0, attention_map, 100, 1e-6),
        (20_000, "samples", 100.0, raw_attention_map, 250, 5e-4),
    ):
        name = f"{n:,} {what}, sigma {sigma_px:g}"
        xy_px, weights = gaze(n)
        ours = partial(draw, xy_px, weights, SHAPE, sigma_px)
        peer = partial(filtered, xy_px, weights, sigma_px)
        ours_s, peer_s = interleaved_cpu_s(ours, peer)
        truth = analytic(xy_px, weights, sigma_px)
        errors = [float(abs(made() - truth).max() / truth.max()) for made in (ours, peer)]
        ratio = peer_s / ours_s
        found += [
            Row(name, ours_s, peer_s, "CPU s", ratio, f">= {faster} x faster", ratio >= faster),
            Row(
                f"{name}, error / peak",
                errors[0],
                errors[1],
                "1",
                errors[1] / errors[0],
                f"<= {error:g}",
                errors[0] <= error,
            ),
        ]
    return found + [row for sigma_px in (60.0, 100.0) for row in live_rows(sigma_px)]


def live_rows(sigma_px: float) -> list[Row]:
    """Time of one more fixation on a live map, and the error of the map of all."""
    xy_px, weights = gaze(100)
    live = LiveAttentionMap(SHAPE)
    taken = []
    for xy, weight in zip(xy_px, weights, strict=True):
        start_s = time.process_time()
        live.add(xy, float(weight), sigma_px)
        taken.append(1000 * (time.process_time() - start_s))
    exact = attention_map(xy_px, weights, SHAPE, sigma_px)
    error = float(abs(live.map() - exact).max() / exact.max())
    name, ours_ms = f"one more fixation, sigma {sigma_px:g}", float(np.median(taken))
    return [
        Row(name, ours_ms, None, "CPU ms", None, "<= 2 ms", ours_ms <= 2),
        Row(f"{name}, error / peak", error, None, "1", None, "<= 0.0002", error <= 2e-4),
    ]


if __name__ == "__main__":
    report("attention", ("numpy", "scipy"), rows)
