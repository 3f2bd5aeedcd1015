"""How well gaze comes in at one moment, and how good each figure is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from gazecore.live_gaze import LinkStatus
from gazecore.streams.rates import rate_text

if TYPE_CHECKING:
    from gazecore.samples import GazeSamples

Level = Literal["good", "warn", "bad", "idle"]

GOOD_VALID, POOR_VALID = 0.9, 0.7
GOOD_RATE, POOR_RATE = 0.97, 0.9
LOW_DISK_BYTES, FULL_DISK_BYTES = 5e9, 1e9
"""Warn below 5 GB; recordings stop cleanly below 1 GB."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the strip: its name, its value as text, how good it is, what it means."""

    name: str
    text: str
    level: Level
    hint: str = ""


@dataclass(frozen=True, slots=True)
class RecorderNote:
    """What the strip says of the recorder; `state` is the recorder's own word, empty if none."""

    state: str = ""
    gaps: int = 0
    free_bytes: int | None = None
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LiveQuality:
    """Live gaze over the last moments.

    Attributes
    ----------
    valid_share : float or None
        Share of received samples in which an eye was seen; None without samples.
    left_share, right_share : float or None
        The same for each eye.
    rate_hz : float or None
        Samples per second by their own timestamps.
    distance_mm : float or None
        Median distance of the eyes from the tracker, where it tells.
    """

    link: LinkStatus = field(default_factory=LinkStatus)
    recorder: RecorderNote = field(default_factory=RecorderNote)
    valid_share: float | None = None
    left_share: float | None = None
    right_share: float | None = None
    rate_hz: float | None = None
    distance_mm: float | None = None
    free_bytes: int | None = None

    def figures(self) -> tuple[Figure, ...]:
        """All figures in the order of the strip."""
        return (
            self._tracker(),
            self._valid(),
            self._eyes(),
            self._rate(),
            self._gaps(),
            self._recorder(),
            self._disk(),
        )

    def _tracker(self) -> Figure:
        texts: dict[str, tuple[str, Level]] = {
            "searching": ("searching", "idle"),
            "live": ("simulated" if self.link.is_simulated else "live", "good"),
            "stale": ("silent", "warn"),
            "lost": ("lost", "bad"),
            "unmapped": ("unmapped", "bad"),
            "refused": ("refused", "bad"),
        }
        text, level = texts[self.link.state]
        return Figure("TRACKER", text, level, self.link.problem or self.link.profile)

    def _valid(self) -> Figure:
        return Figure(
            "VALID", _share(self.valid_share), _at_least(self.valid_share, GOOD_VALID, POOR_VALID)
        )

    def _eyes(self) -> Figure:
        if self.valid_share is None:
            return Figure("EYES", "–", "idle")
        shares = (self.left_share or 0.0, self.right_share or 0.0)
        seen = [name for name, share in zip(("left", "right"), shares, strict=True) if share > 0.5]
        text = {0: "none", 1: f"{''.join(seen)} only", 2: "both"}[len(seen)]
        distance = "" if self.distance_mm is None else f" · {self.distance_mm / 10:.0f} cm"
        level: Level = ("bad", "warn", "good")[len(seen)]
        if self.link.is_one_point:
            text = "one point" if seen else "none"
        return Figure("EYES", text + distance, level, "seen in at least half of the samples")

    def _rate(self) -> Figure:
        nominal_hz = self.link.nominal_rate_hz
        if self.rate_hz is None:
            return Figure("RATE", "–", "idle")
        share = self.rate_hz / nominal_hz if nominal_hz else 1.0
        hint = "measured and declared" if nominal_hz else "the stream names no rate"
        level = _at_least(share, GOOD_RATE, POOR_RATE)
        if self.link.profile and level == "bad":
            level, hint = "warn", "other programs may declare a rate that is not the tracker's"
        return Figure("RATE", rate_text(self.rate_hz, nominal_hz), level, hint)

    def _gaps(self) -> Figure:
        gaps, missing = self.link.gaps + self.recorder.gaps, self.link.missing
        if not self.link.samples:
            return Figure("GAPS", "–", "idle")
        hint = f"{missing} samples never arrived, by their sequence numbers"
        return Figure("GAPS", str(gaps), "warn" if gaps else "good", hint)

    def _recorder(self) -> Figure:
        if self.recorder.faults:
            return Figure("RECORDER", "fault", "bad", self.recorder.faults[-1])
        if not self.recorder.state:
            return Figure("RECORDER", "off", "idle")
        return Figure("RECORDER", self.recorder.state, "good")

    def _disk(self) -> Figure:
        free = self.recorder.free_bytes if self.recorder.free_bytes is not None else self.free_bytes
        if free is None:
            return Figure("DISK FREE", "–", "idle")
        return Figure(
            "DISK FREE", f"{free / 1e9:.0f} GB", _at_least(free, LOW_DISK_BYTES, FULL_DISK_BYTES)
        )


def quality_of(
    samples: GazeSamples, link: LinkStatus, recorder: RecorderNote, free_bytes: int | None
) -> LiveQuality:
    """The quality of the last moments' samples; a link that is not live has none."""
    if len(samples) < 2 or link.state != "live":
        return LiveQuality(link=link, recorder=recorder, free_bytes=free_bytes)
    origins = np.concatenate([samples.left_origin_mm, samples.right_origin_mm])
    distances_mm = np.linalg.norm(origins[np.isfinite(origins).all(axis=1)], axis=1)
    lasted_s = float(samples.t_s[-1] - samples.t_s[0])
    return LiveQuality(
        link=link,
        recorder=recorder,
        valid_share=float((samples.left_valid | samples.right_valid).mean()),
        left_share=float(samples.left_valid.mean()),
        right_share=float(samples.right_valid.mean()),
        rate_hz=(len(samples) - 1) / lasted_s if lasted_s > 0 else None,
        distance_mm=float(np.median(distances_mm)) if len(distances_mm) else None,
        free_bytes=free_bytes,
    )


def _share(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.0f} %"


def _at_least(value: float | None, good: float, poor: float) -> Level:
    if value is None:
        return "idle"
    if value >= good:
        return "good"
    return "warn" if value >= poor else "bad"
