"""What must be right before a reading starts: pure checks of what was found, each with a remedy.

To add a check: a function from what was found to `CheckResult`s, and its call in `judged`.
``stop`` keeps the reading from starting, ``warn`` is said, ``ok`` is shown. What is judged here
is measured in `gazecore.preflight_probe`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal

Level = Literal["ok", "warn", "stop"]

PORTS = "UDP port 16571, and UDP and TCP ports 16572 to 16604"
"""Of Lab Streaming Layer: looking for streams; sending them (TCP) and comparing clocks (UDP)."""

_RATE_TOLERANCE = 0.1
_LEAST_RATE = 0.5
_LEAST_VALID = 0.5
_LONGEST_PAUSE_S = 0.25
_STAMPS_OFF_S = 2.0
_UNCERTAIN_S = 0.005
_CLOCKS_APART_S = 0.05
_WALL_JUMP_S = 1.0
_OLDEST_UNIX_S = 1_704_067_200.0
"""2024-01-01: a wall clock before that was never set."""
_BYTES_PER_NUMBER, _BYTES_PER_SAMPLE = 8, 9


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check: what it was about, how it came out, and what to do where it did not."""

    what: str
    level: Level
    detail: str
    to_do: str = ""


@dataclass(frozen=True, slots=True)
class GazeFound:
    """What was seen of the gaze stream while it was watched for `seconds`.

    Attributes
    ----------
    outlets : int
        Streams of that name.
    samples : int
        Received.
    rate_hz : float or None
        By the samples' own times; None with fewer than two.
    true_rate_hz : float
        What the stream says of itself; 0 unknown.
    longest_pause_s : float
        Between arrivals, up to the end.
    valid_share : float or None
        Share of samples with an eye; None where the channels do not tell.
    stamp_age_s : float or None
        Age of the newest sample by its own stamp on this machine's clock.
    clock_offset_s, clock_uncertainty_s : float or None
        Of the sender's clock, as LSL measures them.
    is_foreign : bool
        Another program's stream: the rate it declares may be wrong.
    problem : str
        Why it cannot be used.
    """

    name: str
    outlets: int = 0
    seconds: float = 0.0
    samples: int = 0
    rate_hz: float | None = None
    true_rate_hz: float = 0.0
    longest_pause_s: float = 0.0
    valid_share: float | None = None
    stamp_age_s: float | None = None
    clock_offset_s: float | None = None
    clock_uncertainty_s: float | None = None
    channels: int = 27
    problem: str = ""
    is_foreign: bool = False


@dataclass(frozen=True, slots=True)
class MarkersFound:
    """The station's own marker stream, as another program would receive it.

    `others` are hosts of further streams of that name; `delay_s` None: nothing came back.
    """

    outlets: int = 0
    delay_s: float | None = None
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClocksFound:
    """How far three clocks went in the same while, in seconds, and the wall clock's time."""

    lsl_s: float
    monotonic_s: float
    wall_s: float
    wall_unix_s: float


@dataclass(frozen=True, slots=True)
class PlaceFound:
    """Where the recording goes: free bytes (None: no such disk), and why it takes no files."""

    folder: str
    free_bytes: int | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class ScreenFound:
    """The screen, and what is known of it.

    `is_sized` that its size was measured; `differences` from when it was; `matters` is False for
    a simulated tracker, whose gaze no true size can spoil; `problem` where its record is damaged;
    `correction` is the name of its display correction, `lacks_correction` that the study wants one.
    """

    description: str
    is_sized: bool
    differences: tuple[str, ...] = ()
    matters: bool = True
    problem: str = ""
    correction: str = ""
    lacks_correction: bool = False


@dataclass(frozen=True, slots=True)
class SittingPlan:
    """What the sitting will take: cases, minutes each, and what must stay free besides."""

    cases: int
    minutes_per_case: float = 2.0
    reserve_bytes: int = 1_000_000_000

    def needed_bytes(self, rate_hz: float, channels: int) -> int:
        """Bytes on the disk, with a tenth on top for all that is not gaze."""
        seconds = 60 * self.minutes_per_case * self.cases
        per_s = rate_hz * (channels * _BYTES_PER_NUMBER + _BYTES_PER_SAMPLE)
        return round(1.1 * seconds * per_s) + self.reserve_bytes


@dataclass(frozen=True, slots=True)
class Found:
    """Everything that was looked at; None was not."""

    plan: SittingPlan
    gaze: GazeFound | None = None
    markers: MarkersFound | None = None
    clocks: ClocksFound | None = None
    place: PlaceFound | None = None
    screen: ScreenFound | None = None
    more: tuple[CheckResult, ...] = field(default=())


def judged(found: Found) -> tuple[CheckResult, ...]:
    """All checks of what was looked at, in the order in which they are shown."""
    results: list[CheckResult] = []
    if found.gaze is not None:
        results += check_gaze(found.gaze)
    if found.markers is not None:
        results.append(check_markers(found.markers))
    if found.place is not None:
        results += check_place(found.place, found.plan, found.gaze)
    if found.screen is not None:
        results.append(check_screen(found.screen))
    if found.clocks is not None:
        results.append(check_clocks(found.clocks, found.gaze))
    return (*results, *found.more)


def worst(results: tuple[CheckResult, ...]) -> Level:
    """The worst level of all; ok of none."""
    levels = {result.level for result in results}
    return "stop" if "stop" in levels else "warn" if "warn" in levels else "ok"


def check_gaze(gaze: GazeFound) -> list[CheckResult]:
    """Whether gaze arrives, at its rate, with eyes in it."""
    if gaze.outlets == 0:
        to_do = (
            "look at the tracker's cable and power, and that its driver or the Tobii service "
            f"runs; open {PORTS} in the firewall"
        )
        return [CheckResult("Tracker", "stop", f"no stream {gaze.name!r}", to_do)]
    if gaze.outlets > 1:
        text = f"{gaze.outlets} streams are called {gaze.name!r}"
        return [CheckResult("Tracker", "stop", text, "stop all trackers but one")]
    if gaze.problem:
        return [CheckResult("Tracker", "stop", gaze.problem, "see the page Streams")]
    if gaze.samples == 0:
        text = f"{gaze.name!r} is there but sends nothing"
        to_do = f"start the tracking on the device, or restart the tracker; open {PORTS}"
        return [CheckResult("Tracker", "stop", text, to_do)]
    return [_rate(gaze), *_eyes(gaze)]


def _rate(gaze: GazeFound) -> CheckResult:
    rate_hz = gaze.rate_hz or 0.0
    said = f" of {gaze.true_rate_hz:.0f}" if gaze.true_rate_hz else ""
    text = f"{gaze.name}: {rate_hz:.0f}{said} Hz"
    level: Level = "ok"
    to_do = ""
    if gaze.true_rate_hz and rate_hz < _LEAST_RATE * gaze.true_rate_hz and not gaze.is_foreign:
        level, to_do = "stop", "most samples are missing: set the rate on the device, close others"
    elif gaze.true_rate_hz and abs(rate_hz / gaze.true_rate_hz - 1) > _RATE_TOLERANCE:
        level, to_do = "warn", "the true rate is recorded; set the device to the one it declares"
    elif gaze.longest_pause_s > _LONGEST_PAUSE_S:
        level, to_do = "warn", "samples come in bursts: close programs that keep the machine busy"
        text += f", a pause of {gaze.longest_pause_s:.2f} s"
    return CheckResult("Tracker", level, text, to_do)


def _eyes(gaze: GazeFound) -> list[CheckResult]:
    if gaze.valid_share is None:
        return []
    text = f"seen in {100 * gaze.valid_share:.0f} % of the samples"
    if gaze.valid_share >= _LEAST_VALID:
        return [CheckResult("Eyes", "ok", text)]
    to_do = "sit in front of the tracker, 60 to 70 cm away; the calibration page shows where"
    return [CheckResult("Eyes", "warn", text, to_do)]


def check_markers(markers: MarkersFound) -> CheckResult:
    """Whether another program would receive our markers, and nobody else sends any."""
    if markers.others:
        where = ", ".join(sorted(set(markers.others)))
        text = f"another station sends markers (on {where})"
        return CheckResult("Markers", "stop", text, "close the other station")
    if markers.delay_s is None:
        text = "they do not come back" if markers.outlets else "the stream cannot be found"
        to_do = f"open {PORTS} in the firewall for this program"
        return CheckResult("Markers", "stop", text, to_do)
    return CheckResult("Markers", "ok", f"came back in {1000 * markers.delay_s:.1f} ms")


def check_place(place: PlaceFound, plan: SittingPlan, gaze: GazeFound | None) -> list[CheckResult]:
    """Whether the recording can be written, and the disk holds the sitting."""
    if place.problem or place.free_bytes is None:
        text = f"{place.folder} takes no files: {place.problem or 'its disk is gone'}"
        return [CheckResult("Recording", "stop", text, "free the folder or attach its disk")]
    rate_hz = max(gaze.rate_hz or 0.0, gaze.true_rate_hz) if gaze is not None else 1200.0
    needed = plan.needed_bytes(rate_hz, gaze.channels if gaze is not None else 27)
    text = (
        f"{place.free_bytes / 1e9:.1f} GB free, {needed / 1e9:.1f} GB needed for "
        f"{plan.cases} cases of {plan.minutes_per_case:g} min"
    )
    if place.free_bytes < needed:
        return [CheckResult("Disk", "stop", text, f"free space on the disk of {place.folder}")]
    if place.free_bytes < 2 * needed:
        return [CheckResult("Disk", "warn", text, "free space soon")]
    return [CheckResult("Disk", "ok", text)]


def check_screen(screen: ScreenFound) -> CheckResult:
    """Whether the screen is one whose size is known, and as it was then."""
    if screen.problem:
        return CheckResult("Screen", "warn", screen.problem, "measure it anew on the page Screen")
    if screen.differences:
        text = f"not as it was measured: {'; '.join(screen.differences)}"
        return CheckResult("Screen", "warn", text, "measure it again on the page Screen")
    corrected = f", display correction on: {screen.correction}" if screen.correction else ""
    if screen.lacks_correction:
        text = f"{screen.description}, no display curve, which the study asks for"
        return CheckResult("Screen", "warn", text, "give its measurements on the page Screen")
    if not screen.is_sized:
        text = f"{screen.description}, size not measured{corrected}"
        if not screen.matters:
            return CheckResult("Screen", "ok", f"{text} (simulated gaze)")
        return CheckResult("Screen", "warn", text, "hold a card to it on the page Screen")
    return CheckResult("Screen", "ok", f"{screen.description}, size measured{corrected}")


def check_clocks(clocks: ClocksFound, gaze: GazeFound | None) -> CheckResult:
    """Whether the clocks of this machine go alike, and the tracker's is known against them."""
    if clocks.wall_unix_s < _OLDEST_UNIX_S:
        return CheckResult("Clock", "warn", "the date is not set", "set the clock of the machine")
    if abs(clocks.lsl_s - clocks.monotonic_s) > _CLOCKS_APART_S:
        apart_ms = 1000 * (clocks.lsl_s - clocks.monotonic_s)
        text = f"LSL's clock and the machine's differ by {apart_ms:.0f} ms within a second"
        return CheckResult("Clock", "stop", text, "restart the machine; times cannot be trusted")
    if abs(clocks.wall_s - clocks.monotonic_s) > _WALL_JUMP_S:
        text = f"the wall clock jumped by {clocks.wall_s - clocks.monotonic_s:+.1f} s"
        return CheckResult("Clock", "warn", text, "gaze is not affected; let time sync settle")
    return _sender_clock(gaze)


def _sender_clock(gaze: GazeFound | None) -> CheckResult:
    if gaze is None or gaze.clock_offset_s is None:
        return CheckResult("Clock", "ok", "LSL, monotonic and wall clock go alike")
    uncertainty_s = gaze.clock_uncertainty_s or 0.0
    text = (
        f"the tracker's is off by {1000 * gaze.clock_offset_s:+.2f} ms, "
        f"known to {1000 * uncertainty_s:.2f} ms"
    )
    if not math.isfinite(uncertainty_s) or uncertainty_s > _UNCERTAIN_S:
        return CheckResult("Clock", "warn", text, "use a cable instead of wireless between them")
    if gaze.stamp_age_s is not None and abs(gaze.stamp_age_s) > _STAMPS_OFF_S:
        text = f"samples are stamped {gaze.stamp_age_s:+.1f} s off this machine's clock"
        return CheckResult("Clock", "warn", text, "let the tracker stamp with LSL's clock")
    return CheckResult("Clock", "ok", text)
