"""Synthetic knees: front views with a joint that narrows and a small finding that grows by grade.

They serve demonstrations and tests. They are drawn from a few shapes and smooth noise, carry
no one's anatomy, and say SIMULATED in their DICOM text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter, zoom

from gazecore.errors import InvalidSettingError
from gazecore.synthetic.xray_dicom import BITS, write_xray

if TYPE_CHECKING:
    from pathlib import Path

Field = npt.NDArray[np.float32]

MAX_GRADE = 4
"""Grades 0 to 4, after Kellgren and Lawrence."""
_GAP = (0.052, 0.047, 0.038, 0.027, 0.014)
"""Joint space by grade, as a share of the image's height."""
_FINDING_RADIUS = (0.0, 0.018, 0.022, 0.026, 0.030)
_FINDING_CONTRAST = (0.0, 0.10, 0.14, 0.18, 0.22)


class Landmark(NamedTuple):
    """A place (image px), the spread of gaze around it (px), and its share of attention."""

    x_px: float
    y_px: float
    sigma_px: float
    weight: float


@dataclass(frozen=True, slots=True, eq=False)
class SyntheticKnee:
    """A drawn knee and what is known of it.

    Attributes
    ----------
    pixels : (h, w) uint16
        12-bit values, bone bright.
    grade : int
        0 to 4.
    finding_xy_px : (float, float), optional
        Centre of the finding in image pixels; None for grade 0.
    finding_radius_px : float
        One standard deviation of the finding's Gaussian; 0 for grade 0.
    landmarks : tuple of Landmark
        The joint's two halves and four corners, where readers look whatever the grade.
    """

    pixels: npt.NDArray[np.uint16]
    grade: int
    finding_xy_px: tuple[float, float] | None
    finding_radius_px: float
    landmarks: tuple[Landmark, ...]


@dataclass(frozen=True, slots=True, eq=False)
class KneeSet:
    """Many small knees: images (n, h, w) uint8, grades (n,), centres (n, 2), masks (n, h, w).

    Centres are NaN and masks empty where the grade is 0.
    """

    images: npt.NDArray[np.uint8]
    grades: npt.NDArray[np.int64]
    finding_xy_px: npt.NDArray[np.float64]
    finding_masks: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Pose:
    """Where the knee lies and how it is built, in shares of the image's height."""

    center_x: float
    center_y: float
    tilt: float
    half_width: float
    gap: float
    exposure: float


def make_knee(seed: int, grade: int, size_px: tuple[int, int] = (1024, 832)) -> SyntheticKnee:
    """Draw one knee.

    Parameters
    ----------
    seed : int
        Two calls with the same arguments give the same knee.
    grade : int
        0 (wide joint, no finding) to 4 (narrow joint, large finding).
    size_px : (int, int)
        Height and width, at least 32 each.
    """
    if not 0 <= grade <= MAX_GRADE:
        raise InvalidSettingError("grade", grade, f"0 to {MAX_GRADE}")
    if min(size_px) < 32:
        raise InvalidSettingError("size_px", size_px, "at least 32 pixels a side")
    rng = np.random.default_rng([seed, grade])
    pose = _pose(rng, grade, size_px)
    x, y = _coordinates(size_px, pose)
    brightness = _anatomy(x, y, pose)
    brightness += 0.035 * _smooth_noise(rng, size_px, 24) + 0.02 * _smooth_noise(rng, size_px, 96)
    found = _place_finding(rng, pose, size_px) if grade else None
    radius_px = _FINDING_RADIUS[grade] * size_px[0]
    if found is not None:
        brightness += _FINDING_CONTRAST[grade] * _blob(size_px, found, radius_px)
    noise = rng.standard_normal(size_px, dtype=np.float32) * 0.012
    pixels = np.clip((brightness + noise) * pose.exposure, 0.0, 1.0) * (2**BITS - 1)
    return SyntheticKnee(
        pixels=np.rint(pixels).astype(np.uint16),
        grade=grade,
        finding_xy_px=found,
        finding_radius_px=radius_px,
        landmarks=_landmarks(pose, size_px),
    )


def knee_set(n: int, size_px: tuple[int, int], seed: int) -> KneeSet:
    """Draw n knees with grades in equal shares and random order, as 8-bit images."""
    rng = np.random.default_rng(seed)
    grades = rng.permutation(np.arange(n) % (MAX_GRADE + 1))
    seeds = rng.integers(0, 2**31, size=n)
    knees = KneeSet(
        images=np.empty((n, *size_px), dtype=np.uint8),
        grades=grades.astype(np.int64),
        finding_xy_px=np.full((n, 2), np.nan),
        finding_masks=np.zeros((n, *size_px), dtype=np.bool_),
    )
    for index, (knee_seed, grade) in enumerate(zip(seeds, grades, strict=True)):
        knee = make_knee(int(knee_seed), int(grade), size_px)
        knees.images[index] = knee.pixels >> (BITS - 8)
        if knee.finding_xy_px is not None:
            knees.finding_xy_px[index] = knee.finding_xy_px
            knees.finding_masks[index] = _mask(size_px, knee.finding_xy_px, knee.finding_radius_px)
    return knees


def write_dicom(
    path: Path, knee: SyntheticKnee, *, patient_id: str = "SIM-0001", inverted: bool = False
) -> None:
    """Write a knee as a DICOM file that says SIMULATED; see `write_xray`."""
    write_xray(path, knee.pixels, what="knee", patient_id=patient_id, inverted=inverted)


def _pose(rng: np.random.Generator, grade: int, size_px: tuple[int, int]) -> _Pose:
    aspect = size_px[1] / size_px[0]
    return _Pose(
        center_x=aspect * rng.uniform(0.45, 0.55),
        center_y=rng.uniform(0.45, 0.55),
        tilt=np.radians(rng.uniform(-5, 5)),
        half_width=min(0.24, 0.32 * aspect) * rng.uniform(0.9, 1.1),
        gap=_GAP[grade] * rng.uniform(0.9, 1.1),
        exposure=rng.uniform(0.85, 1.05),
    )


def _coordinates(size_px: tuple[int, int], pose: _Pose) -> tuple[Field, Field]:
    """Joint coordinates of pixel centres: origin at the joint, x along it, unit = height."""
    height, width = size_px
    rows = (np.arange(height, dtype=np.float32)[:, None] + 0.5) / height - pose.center_y
    columns = (np.arange(width, dtype=np.float32)[None, :] + 0.5) / height - pose.center_x
    cos, sin = np.float32(np.cos(pose.tilt)), np.float32(np.sin(pose.tilt))
    return columns * cos + rows * sin, rows * cos - columns * sin


def _anatomy(x: Field, y: Field, pose: _Pose) -> Field:
    """Soft tissue, femur, tibia and fibula as products of soft-edged half spaces."""
    half, gap = pose.half_width, pose.gap
    u = x / half
    tissue = 0.24 * _soft(1.55 - np.abs(u) - 0.12 * np.cos(7 * y), 0.15)
    # two condyles meet at the notch; the plateau mirrors them with a spine between
    joint_upper = (
        -gap / 2 - 0.05 * np.clip(u * u * u * u, 0, 2) - 0.030 * np.exp(-((u / 0.16) ** 2))
    )
    joint_lower = gap / 2 + 0.015 * np.clip(u * u, 0, 2) - 0.018 * np.exp(-((u / 0.12) ** 2))
    femur_half = half * (0.52 + 0.48 * np.exp(-((np.minimum(y + 0.06, 0) / 0.13) ** 2)))
    tibia_half = half * (0.48 + 0.50 * np.exp(-((np.maximum(y - 0.04, 0) / 0.12) ** 2)))
    femur = _bone(joint_upper - y, femur_half - np.abs(x))
    tibia = _bone(y - joint_lower, tibia_half - np.abs(x))
    fibula = 0.7 * _bone(y - 0.11, 0.16 * half - np.abs(x - 0.86 * half))
    return np.asarray(tissue + 0.36 * np.maximum(femur, tibia) + 0.16 * fibula, dtype=np.float32)


def _bone(depth: Field, side: Field) -> Field:
    """One inside a bone, brighter in the cortex just under its surface, soft at its edge."""
    inside = _soft(depth, 0.004) * _soft(side, 0.004)
    surface = np.minimum(depth, side)
    cortex = 0.45 * np.exp(-((np.maximum(surface, 0) / 0.012) ** 2))
    return np.asarray(inside * (0.85 + cortex), dtype=np.float32)


def _soft(distance: Field, width: float) -> Field:
    return np.asarray(1.0 / (1.0 + np.exp(np.clip(-distance / width, -30, 30))), dtype=np.float32)


def _smooth_noise(rng: np.random.Generator, size_px: tuple[int, int], cells: int) -> Field:
    """Noise of unit deviation whose grain is 1 / cells of the image."""
    coarse = gaussian_filter(rng.standard_normal((cells, cells), dtype=np.float32), 1, mode="wrap")
    coarse /= coarse.std()
    factors = (size_px[0] / cells, size_px[1] / cells)
    return np.asarray(zoom(coarse, factors, order=1)[: size_px[0], : size_px[1]], dtype=np.float32)


def _to_image(pose: _Pose, x: float, y: float, height: int) -> tuple[float, float]:
    cos, sin = float(np.cos(pose.tilt)), float(np.sin(pose.tilt))
    return (
        (pose.center_x + x * cos - y * sin) * height,
        (pose.center_y + x * sin + y * cos) * height,
    )


def _place_finding(
    rng: np.random.Generator, pose: _Pose, size_px: tuple[int, int]
) -> tuple[float, float]:
    """Anywhere along the joint's margins, above or below it."""
    side = rng.choice([-1.0, 1.0])
    x = side * pose.half_width * rng.uniform(0.35, 1.1)
    y = rng.choice([-1.0, 1.0]) * (pose.gap / 2 + rng.uniform(0.02, 0.10))
    return _to_image(pose, float(x), float(y), size_px[0])


def _blob(size_px: tuple[int, int], xy_px: tuple[float, float], radius_px: float) -> Field:
    rows = np.exp(-0.5 * ((np.arange(size_px[0]) + 0.5 - xy_px[1]) / radius_px) ** 2)
    columns = np.exp(-0.5 * ((np.arange(size_px[1]) + 0.5 - xy_px[0]) / radius_px) ** 2)
    return np.outer(rows, columns).astype(np.float32)


def _mask(
    size_px: tuple[int, int], xy_px: tuple[float, float], radius_px: float
) -> npt.NDArray[np.bool_]:
    """Pixels within two deviations of a finding's centre."""
    blob = _blob(size_px, xy_px, radius_px)
    return np.asarray(blob >= np.exp(-2.0))


def _landmarks(pose: _Pose, size_px: tuple[int, int]) -> tuple[Landmark, ...]:
    half, gap, height = pose.half_width, pose.gap, size_px[0]
    halves = [(side * half / 2, 0.0, 0.030, 0.25) for side in (-1, 1)]
    corners = [(side * half, edge * gap / 2, 0.020, 0.125) for side in (-1, 1) for edge in (-1, 1)]
    return tuple(
        Landmark(*_to_image(pose, x, y, height), sigma * height, weight)
        for x, y, sigma, weight in (*halves, *corners)
    )
