"""The proof of a mapping: a person looks at the four corners, and gaze must lie there.

Where it does not, other readings of the same values are tried; one that puts gaze at the corners
says what is wrong: an axis upside down, axes swapped, another unit, another screen's pixels.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from gazecore.streams.profile import UNITS, EyeMapping, StreamProfile, Unit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Array = npt.NDArray[np.float64]

CORNERS: tuple[tuple[float, float], ...] = ((0.08, 0.08), (0.92, 0.08), (0.92, 0.92), (0.08, 0.92))
"""In 0..1 of the display area, in the order shown."""
CORNER_NAMES = ("upper left", "upper right", "lower right", "lower left")
TOLERANCE = 0.1
"""Gaze may lie so far from a corner in either direction, in displays."""
SCALE_TOLERANCE = 0.06
"""The distance between corners may be off by so much: pixels of another screen are off by more."""
_LEAST_SAMPLES = 5
_LEAST_MOVE = 0.25

_UNIT_WORDS: dict[Unit, str] = {
    "norm": "0..1",
    "percent": "percent (0..100)",
    "centred": "-1..1 around the middle",
    "px": "pixels",
    "px_centred": "pixels from the middle",
}
_RESOLUTIONS_PX = (
    *((1024, 768), (1280, 720), (1280, 800), (1280, 1024), (1366, 768), (1440, 900), (1600, 900)),
    *((1600, 1200), (1680, 1050), (1920, 1080), (1920, 1200), (2048, 1536), (2560, 1440)),
    *((2560, 1600), (3440, 1440), (3840, 2160)),
)


@dataclass(frozen=True, slots=True)
class CornerVerdict:
    """What looking at the corners told.

    Attributes
    ----------
    hits : tuple of bool
        Per corner, whether gaze lay there.
    gaze_norm : tuple of (x, y) or None
        Per corner, the median gaze as mapped; None where it was lost.
    sentence : str
        The outcome in one line.
    remedy : StreamProfile or None
        The mapping that puts gaze at all corners, where there is one.
    remedy_text : str
        What it changes, as on a button.
    """

    hits: tuple[bool, ...]
    gaze_norm: tuple[tuple[float, float] | None, ...]
    sentence: str
    remedy: StreamProfile | None = None
    remedy_text: str = ""

    @property
    def passed(self) -> bool:
        """Whether the mapping is proven."""
        return bool(self.hits) and all(self.hits)


def judge_corners(profile: StreamProfile, values: Sequence[npt.ArrayLike]) -> CornerVerdict:
    """Judge a mapping by what came while each corner was looked at.

    Parameters
    ----------
    profile : StreamProfile
        Complete: pixels with their resolution.
    values : sequence of (n, channels), one per corner of `CORNERS`
        The stream's own values, after gaze had settled there.
    """
    tables = [np.asarray(table, dtype=np.float64) for table in values]
    gaze = [_median_gaze(profile, table) for table in tables]
    hits = tuple(_is_at(xy, corner) for xy, corner in zip(gaze, CORNERS, strict=True))
    found = tuple(None if xy is None else (float(xy[0]), float(xy[1])) for xy in gaze)
    if _error(gaze) is not None:
        return CornerVerdict(hits, found, "Gaze lies at all four corners: the mapping is right.")
    for group in (_alternatives(profile), _other_screens(profile)):
        fits = [
            (error, other)
            for other in group
            if (error := _error([_median_gaze(other.profile, table) for table in tables]))
            is not None
        ]
        if fits:
            # Few changes come before an exact fit, but screens are told apart by the fit alone.
            other = min(fits, key=lambda fit: (fit[1].changes, fit[0]))[1]
            return CornerVerdict(
                tuple(False for _ in hits) if all(hits) else hits,
                found,
                f"{_sentence(other.said)}: {' and '.join(other.done)}?",
                other.profile,
                _sentence(other.done),
            )
    return CornerVerdict(
        tuple(False for _ in hits) if all(hits) else hits, found, _unexplained(gaze, hits)
    )


@dataclass(frozen=True, slots=True)
class _Other:
    """Another reading: what seems wrong, and what it does."""

    profile: StreamProfile
    said: tuple[str, ...] = ()
    done: tuple[str, ...] = ()

    @property
    def changes(self) -> int:
        return len(self.said)

    def but(self, profile: StreamProfile, said: str, done: str) -> _Other:
        return _Other(profile, (*self.said, said), (*self.done, done))


def _median_gaze(profile: StreamProfile, table: Array) -> Array | None:
    if not len(table):
        return None
    samples = profile.to_samples(np.arange(len(table)), table)
    eyes = [
        (samples.left_xy_norm, samples.left_valid),
        (samples.right_xy_norm, samples.right_valid),
    ]
    medians = [np.median(xy[seen], axis=0) for xy, seen in eyes if seen.sum() >= _LEAST_SAMPLES]
    return np.asarray(np.mean(medians, axis=0)) if medians else None


def _error(gaze: Sequence[Array | None]) -> float | None:
    """The largest distance from a corner, in displays; None where the corners are not met."""
    if not all(_is_at(xy, corner) for xy, corner in zip(gaze, CORNERS, strict=True)):
        return None
    points, corners = np.array(gaze, dtype=np.float64), np.array(CORNERS)
    if (np.abs(_span(points) / _span(corners) - 1) > SCALE_TOLERANCE).any():
        return None
    return float(np.abs(points - corners).max())


def _span(points: Array) -> Array:
    """Mean width and height of the four corners, (2,)."""
    left, right = points[[0, 3]].mean(axis=0), points[[1, 2]].mean(axis=0)
    top, bottom = points[[0, 1]].mean(axis=0), points[[2, 3]].mean(axis=0)
    return np.array([right[0] - left[0], bottom[1] - top[1]])


def _is_at(xy: Array | None, corner: tuple[float, float]) -> bool:
    return xy is not None and bool((np.abs(xy - corner) <= TOLERANCE).all())


def _alternatives(profile: StreamProfile) -> Iterator[_Other]:
    """Other units and turned axes."""
    for unit, swaps, flips_x, flips_y in product(UNITS, *((False, True),) * 3):
        other = _Other(profile)
        if unit != profile.unit:
            changed = profile.model_copy(update={"unit": unit})
            words = _UNIT_WORDS[unit]
            other = other.but(changed, f"the values look like {words}", f"read as {words}")
        if swaps:
            other = other.but(_swapped(other.profile), "x and y look swapped", "exchange x and y")
        if flips_x:
            other = other.but(_flipped(other.profile, "x"), "x looks mirrored", "flip x")
        if flips_y:
            other = other.but(_flipped(other.profile, "y"), "y looks upside down", "flip y")
        if other.changes and not other.profile.needs_resolution:
            yield other


def _other_screens(profile: StreamProfile) -> Iterator[_Other]:
    """Pixels of another screen, perhaps counted from the bottom."""
    units: tuple[Unit, ...] = ("px", "px_centred")
    for unit, (width, height), flips in product(units, _RESOLUTIONS_PX, (False, True)):
        size = (float(width), float(height))
        other = _Other(profile).but(
            profile.model_copy(update={"unit": unit, "resolution_px": size}),
            f"the pixels look like those of a screen of {width} x {height}",
            f"use {width} x {height} pixels",
        )
        if flips:
            other = other.but(_flipped(other.profile, "y"), "y looks upside down", "flip y")
        yield other


def _flipped(profile: StreamProfile, axis: str) -> StreamProfile:
    if axis == "x":
        other = "right" if profile.x_origin == "left" else "left"
        return profile.model_copy(update={"x_origin": other})
    other = "bottom" if profile.y_origin == "top" else "top"
    return profile.model_copy(update={"y_origin": other})


def _swapped(profile: StreamProfile) -> StreamProfile:
    sides: dict[str, EyeMapping | None] = {
        side: None if eye is None else eye.model_copy(update={"x": eye.y, "y": eye.x})
        for side in ("left", "right", "both")
        for eye in [getattr(profile, side)]
    }
    return profile.model_copy(update=sides)


def _sentence(parts: Sequence[str]) -> str:
    text = " and ".join(parts)
    return text[:1].upper() + text[1:]


def _unexplained(gaze: Sequence[Array | None], hits: Sequence[bool]) -> str:
    lost = [name for name, xy in zip(CORNER_NAMES, gaze, strict=True) if xy is None]
    if lost:
        where = "every corner" if len(lost) == len(gaze) else f"the {', '.join(lost)} corner"
        return (
            f"No gaze came at {where}: check the channels and how loss is coded, sit where the "
            "tracker sees the eyes, and look again."
        )
    points = np.array([xy for xy in gaze if xy is not None])
    if (np.ptp(points, axis=0) < _LEAST_MOVE).any():
        return "Gaze hardly moved from corner to corner: do these channels follow the eyes?"
    if all(hits):
        width, height = 100 * _span(points) / _span(np.array(CORNERS))
        return (
            f"Gaze covers {width:.0f} % of the screen's width and {height:.0f} % of its height: "
            "is the resolution right?"
        )
    missed = [name for name, hit in zip(CORNER_NAMES, hits, strict=True) if not hit]
    return (
        f"Gaze misses the {', '.join(missed)} corner: calibrate the tracker with its own program, "
        "then look again."
    )
