"""How large the screen truly is: a card or ruler held to it, against what others say of it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from gazecore.display.curve import contrast_response
from gazecore.messages import ScreenState
from gazecore.screens import SIZE_TOLERANCE, ScreenFingerprint, size_difference
from gazecore.study.screens import ScreenRecord

if TYPE_CHECKING:
    from gazecore.study.protocol import ScreenSettings
    from gazecore.study.screens import DistanceSource, SizeMethod

CARD_MM = (85.60, 53.98)
"""Width and height of an ID-1 card (bank card, driving licence; ISO/IEC 7810:2019, 5.1)."""
RULER_MM = (150.0, 100.0)
SMALLEST_PX, STEP_PX, BIG_STEP_PX = 40.0, 1.0, 10.0
USUAL_PX_PER_MM = 96 / 25.4

Axis = Literal["x", "y"]


@dataclass(frozen=True, slots=True)
class SizeCheck:
    """An outline on the screen that is made as large as the thing held to it.

    Attributes
    ----------
    screen_px : (float, float)
        Of the whole screen, physical pixels.
    outline_px : (float, float)
        Of the outline, physical pixels.
    method : SizeMethod
        What is held to the screen.
    is_fitted : (bool, bool)
        Whether width and height were adjusted by a person.
    """

    screen_px: tuple[float, float]
    outline_px: tuple[float, float]
    method: SizeMethod = "card"
    is_fitted: tuple[bool, bool] = (False, False)

    @classmethod
    def begin(
        cls,
        fingerprint: ScreenFingerprint,
        size_mm: tuple[float, float] | None,
        method: SizeMethod = "card",
    ) -> SizeCheck:
        """Begin with the outline as it should be if the screen had this size."""
        screen_px = (fingerprint.width_px, fingerprint.height_px)
        width_mm, height_mm = size_mm or (fingerprint.width_mm, fingerprint.height_mm)
        per_mm = tuple(
            px / mm if mm > 0 else USUAL_PX_PER_MM
            for px, mm in zip(screen_px, (width_mm, height_mm), strict=True)
        )
        held = held_mm(method)
        outline = (round(held[0] * per_mm[0]), round(held[1] * per_mm[1]))
        return cls(screen_px, (float(outline[0]), float(outline[1])), method)

    @property
    def size_mm(self) -> tuple[float, float]:
        """The whole screen, if the outline is as large as what is held to it."""
        held = held_mm(self.method)
        return (
            self.screen_px[0] * held[0] / self.outline_px[0],
            self.screen_px[1] * held[1] / self.outline_px[1],
        )

    @property
    def is_done(self) -> bool:
        """Whether a person looked at both axes."""
        return all(self.is_fitted)

    def resized(self, axis: Axis, step_px: float) -> SizeCheck:
        """With the outline longer along an axis; it stays on the screen."""
        k = 0 if axis == "x" else 1
        longest = 0.9 * self.screen_px[k]
        outline, fitted = list(self.outline_px), list(self.is_fitted)
        outline[k] = min(max(outline[k] + step_px, SMALLEST_PX), longest)
        fitted[k] = True
        return replace(self, outline_px=(outline[0], outline[1]), is_fitted=(fitted[0], fitted[1]))

    def confirmed(self) -> SizeCheck:
        """With both axes looked at, whether or not they had to be changed."""
        return replace(self, is_fitted=(True, True))


def held_mm(method: SizeMethod) -> tuple[float, float]:
    """Width and height of what is held to the screen."""
    return CARD_MM if method == "card" else RULER_MM


@dataclass(frozen=True, slots=True)
class Comparison:
    """What someone says of the screen's size, and by how much that differs from the measured."""

    source: str
    width_mm: float
    height_mm: float
    difference: float

    @property
    def is_known(self) -> bool:
        """Whether they say anything."""
        return not math.isnan(self.difference)

    @property
    def differs(self) -> bool:
        """Whether it is further off than can be left unsaid."""
        return self.is_known and abs(self.difference) > SIZE_TOLERANCE

    def sentence(self) -> str:
        """One line of the page."""
        if not self.is_known:
            return f"{self.source}: says nothing"
        size = f"{self.source}: {self.width_mm:.0f} x {self.height_mm:.0f} mm"
        return f"{size}, {100 * self.difference:+.1f} %"


def compared(
    measured_mm: tuple[float, float], others: dict[str, tuple[float, float] | None]
) -> tuple[Comparison, ...]:
    """Others' sizes against the measured one; the difference is theirs against it."""
    return tuple(
        Comparison(
            source, *(size or (0.0, 0.0)), size_difference(*(size or (0.0, 0.0)), measured_mm)
        )
        for source, size in others.items()
    )


@dataclass(frozen=True, slots=True)
class ScreenSetup:
    """Everything the page of the screen shows.

    Attributes
    ----------
    fingerprint : ScreenFingerprint
        The screen the window is on.
    check : SizeCheck
        The outline that is being fitted.
    distance_mm : float
        From eyes to screen, as it would be saved.
    distance_source : DistanceSource or None
        None: the protocol's.
    others_mm : dict
        What display, protocol and tracker say of the size; None where they say nothing.
    record : ScreenRecord or None
        What was saved of this screen.
    message : str
        One line about what was just done.
    is_wrong : bool
        Whether the message tells of something that failed.
    is_correction_off : bool
        Whether the protocol wants no display correction.
    """

    fingerprint: ScreenFingerprint
    check: SizeCheck
    distance_mm: float
    distance_source: DistanceSource | None = None
    others_mm: dict[str, tuple[float, float] | None] = field(default_factory=dict)
    record: ScreenRecord | None = None
    message: str = ""
    is_wrong: bool = False
    is_correction_off: bool = False

    def comparisons(self) -> tuple[Comparison, ...]:
        """What others say of the size, against the outline's."""
        return compared(self.check.size_mm, self.others_mm)

    def measured(self, at_utc: str) -> ScreenRecord:
        """What is saved: the size if both axes were fitted, the distance, the latency known."""
        record = self.record or ScreenRecord(fingerprint=self.fingerprint)
        changes: dict[str, object] = {
            "fingerprint": self.fingerprint,
            "distance_mm": self.distance_mm if self.distance_source else record.distance_mm,
            "distance_source": self.distance_source or record.distance_source,
            "checked_utc": at_utc,
        }
        if self.check.is_done:
            width_mm, height_mm = (round(mm, 1) for mm in self.check.size_mm)
            changes |= {
                "width_mm": width_mm,
                "height_mm": height_mm,
                "size_method": self.check.method,
            }
        return record.model_copy(update=changes)

    def saved_text(self) -> str:
        """What is known of this screen, in one line."""
        record = self.record
        if record is None or not record.checked_utc:
            return "Neither size nor distance was measured on this screen yet."
        parts = []
        if record.width_mm and record.height_mm:
            size = f"{record.width_mm:.1f} x {record.height_mm:.1f} mm"
            parts.append(f"{size} by {record.size_method}")
        if record.distance_mm:
            parts.append(f"{record.distance_mm:.0f} mm away")
        return f"Saved {record.checked_utc[:10]}: {', '.join(parts) or 'no size'}"

    def correction_text(self) -> str:
        """The display correction, and what it does, in two lines."""
        kept = self.record.correction if self.record else None
        if kept is None:
            return "No display curve was measured: grey levels go to the screen as they are."
        curve = kept.curve()
        before = contrast_response(curve)
        after = contrast_response(curve, kept.correction().driving_levels)
        state = "off by the protocol" if self.is_correction_off else "on"
        return (
            f"Display correction {state}: {kept.name} ({kept.sha256[:12]})\n"
            f"Contrast per JND off by at most {100 * after.max_deviation:.0f} %, without it by "
            f"{100 * before.max_deviation:.0f} %; {after.distinct_levels} of 256 levels apart"
        )

    def latency_text(self) -> str:
        """The measured latency, in one line."""
        latency = self.record.latency if self.record else None
        if latency is None:
            return "Not measured: the protocol's value counts."
        by = f"{latency.sensor}{', simulated' if latency.simulated else ''}"
        return (
            f"{1000 * latency.latency_s:.1f} ms ± {1000 * latency.spread_s:.1f} ms "
            f"({latency.edges} of {latency.toggles} changes, {by}, {latency.measured_utc[:10]})"
        )


def state_of(
    fingerprint: ScreenFingerprint, record: ScreenRecord | None, protocol: ScreenSettings
) -> ScreenState:
    """The screen as markers carry it: measured sizes before the protocol's, pixels as they are."""
    is_sized = record is not None and record.width_mm is not None and record.height_mm is not None
    correction = record.correction_for(protocol) if record else None
    return ScreenState(
        width_px=fingerprint.width_px,
        height_px=fingerprint.height_px,
        width_mm=_first(record.width_mm if record and is_sized else None, protocol.width_mm),
        height_mm=_first(record.height_mm if record and is_sized else None, protocol.height_mm),
        distance_mm=_first(record.distance_mm if record else None, protocol.distance_mm),
        name=fingerprint.name,
        refresh_hz=fingerprint.refresh_hz,
        manufacturer=fingerprint.manufacturer,
        model=fingerprint.model,
        serial_number=fingerprint.serial_number,
        device_pixel_ratio=fingerprint.device_pixel_ratio,
        x=fingerprint.x,
        y=fingerprint.y,
        claimed_width_mm=fingerprint.width_mm or None,
        claimed_height_mm=fingerprint.height_mm or None,
        size_method=(record.size_method or "") if record and is_sized else "",
        fingerprint=fingerprint.identity,
        correction=correction.state() if correction else None,
    )


def _first(measured: float | None, fallback: float) -> float:
    return fallback if measured is None else measured
