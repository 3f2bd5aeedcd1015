"""Sends samples as a foreign outlet would: its description, its values, its times."""

from __future__ import annotations

import math
from operator import attrgetter
from typing import TYPE_CHECKING

import numpy as np
import pylsl

from gazecore.devices.outgoing import Outgoing
from gazecore.devices.outlet_channels import NAN
from gazecore.errors import InvalidSettingError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from gazecore.devices.driver import DeviceSample, Driver, EyeChannels
    from gazecore.devices.outlet_channels import OutletChannel
    from gazecore.devices.outlet_profiles import OutletProfile

_FIXATION = 1
_TRACK_BOX_MM = (400.0, 300.0, 300.0)
_TRACK_CENTRE_MM = (0.0, 0.0, 650.0)
_SCENE_SHARE = 0.5
_POLL_PERIODS = (0.6, 1.6)
"""An outlet that polls the newest sample asks after so many periods of the tracker."""


class Moment:
    """What can be sent of one sample; derived values are made when they are asked for."""

    __slots__ = ("filter", "left", "push_s", "right", "sample")

    def __init__(self, sample: DeviceSample, push_s: float, fixation: OnlineFilter) -> None:
        self.sample = sample
        self.left, self.right = sample.left, sample.right
        self.push_s = push_s
        self.filter = fixation

    def mean(self) -> tuple[float, float]:
        """Mean gaze of the valid eyes in 0..1 of the display area, NaN without one."""
        eyes = [eye for eye in (self.left, self.right) if eye.gaze_valid]
        if not eyes:
            return NAN, NAN
        return (
            sum(eye.gaze_x for eye in eyes) / len(eyes),
            sum(eye.gaze_y for eye in eyes) / len(eyes),
        )

    def scene(self) -> tuple[float, float]:
        """Gaze in 0..1 of a scene camera on a head that sways, y down."""
        x, y = self.mean()
        t_s = self.sample.t_s
        return (
            0.5 + _SCENE_SHARE * (x - 0.5) + 0.04 * math.sin(0.31 * t_s),
            0.5 + _SCENE_SHARE * (y - 0.5) + 0.03 * math.sin(0.23 * t_s + 1.0),
        )


class OnlineFilter:
    """The fixation in progress, as a tracker's own filter tells it; follows the truth's labels."""

    def __init__(self) -> None:
        self.x = self.y = self.start_s = self.duration_s = NAN
        self.number = 0
        self.is_valid = False
        self._began_s: float | None = None

    def take(self, sample: DeviceSample, mean: tuple[float, float]) -> None:
        """Take in the next sample."""
        if self._began_s is None:
            self._began_s = sample.t_s
        is_fixation = sample.truth is not None and sample.truth.label == _FIXATION
        if sample.is_lost or not is_fixation:
            self.is_valid = False
            return
        elapsed_s = sample.t_s - self._began_s
        if not self.is_valid:
            self.is_valid, self.start_s = True, elapsed_s
            self.number += 1
        self.x, self.y = mean
        self.duration_s = elapsed_s - self.start_s


class ForeignFormat:
    """Samples in the form of an `OutletProfile`.

    Parameters
    ----------
    profile : OutletProfile
        The outlet to stand in for.
    driver : Driver
        The simulation whose samples are sent.
    seed : int
        Of the moments at which a polling outlet asks.

    Raises
    ------
    InvalidSettingError
        The driver is no simulation: no real tracker is sent under a foreign name.
    """

    has_side_streams = False

    def __init__(self, profile: OutletProfile, driver: Driver, seed: int = 0) -> None:
        if not driver.simulated:
            raise InvalidSettingError("--profile", profile.name, "for simulations alone")
        self._profile = profile
        self._rate_hz = driver.rate_hz
        self._values = [_value(channel) for channel in profile.channels]
        self._filter = OnlineFilter()
        self._sent = 0
        self._random = np.random.default_rng([seed, 5])
        self._poll_s = -math.inf
        self._newest: DeviceSample | None = None

    def info(self, stream_name: str, driver: Driver) -> pylsl.StreamInfo:
        """The description the outlet gives of itself, and that it is simulated."""
        del driver
        profile = self._profile
        rate_hz = profile.declared_rate_hz
        info = pylsl.StreamInfo(
            stream_name,
            profile.type,
            profile.channel_count,
            self._rate_hz if rate_hz is None else rate_hz,
            profile.format,
            profile.source_id,
        )
        description = info.desc()
        description.append_child_value("simulated", "true")
        description.append_child_value("profile", profile.name)
        channels = description.append_child("channels")
        for channel in profile.channels[: profile.described]:
            node = channels.append_child("channel")
            node.append_child_value("label", channel.label)
            for key, value in (
                ("eye", channel.eye),
                (profile.kind_key, channel.kind),
                ("unit", channel.unit),
            ):
                if value:
                    node.append_child_value(key, value)
        return info

    def rows(self, samples: Sequence[DeviceSample], now_s: float) -> Iterator[Outgoing]:
        """What is pushed of the samples that are due."""
        profile = self._profile
        polled = self._polled(samples, now_s) if profile.polls_newest else _as_they_come(samples)
        for sample, asked_s in polled:
            push_s = now_s if asked_s is None else asked_s
            moment = Moment(sample, push_s, self._filter)
            self._filter.take(sample, moment.mean())
            values = [value(moment) for value in self._values]
            if profile.one_by_one:
                yield from self._one_by_one(sample, values, push_s)
            else:
                t_s = sample.t_s if profile.stamp == "sample" else push_s
                yield self._numbered(t_s, values, sample)

    def _numbered(self, t_s: float, values: list[float], sample: DeviceSample) -> Outgoing:
        self._sent += 1
        return Outgoing(self._sent - 1, t_s, values, sample)

    def _one_by_one(
        self, sample: DeviceSample, values: Sequence[float], push_s: float
    ) -> Iterator[Outgoing]:
        """Stamped as LSL stamps a chunk: back from now by the declared period."""
        period_s = 1.0 / (self._profile.declared_rate_hz or self._rate_hz)
        for k, value in enumerate(values):
            yield self._numbered(push_s - (len(values) - 1 - k) * period_s, [value], sample)

    def _polled(
        self, samples: Sequence[DeviceSample], now_s: float
    ) -> Iterator[tuple[DeviceSample, float | None]]:
        """The newest sample at each moment at which the outlet asks."""
        for sample in samples:
            yield from self._asked_before(sample.t_s)
            self._newest = sample
            if self._poll_s == -math.inf:
                self._poll_s = sample.t_s
        yield from self._asked_before(now_s)

    def _asked_before(self, stop_s: float) -> Iterator[tuple[DeviceSample, float | None]]:
        while self._newest is not None and self._poll_s < stop_s:
            yield self._newest, self._poll_s
            self._poll_s += float(self._random.uniform(*_POLL_PERIODS)) / self._rate_hz


def _as_they_come(
    samples: Sequence[DeviceSample],
) -> Iterator[tuple[DeviceSample, float | None]]:
    for sample in samples:
        yield sample, None


def _value(channel: OutletChannel) -> Callable[[Moment], float]:
    """The value of a channel at a moment."""
    source = _source(channel.source)
    scale, offset, missing = channel.scale, channel.offset, channel.missing

    def value(moment: Moment) -> float:
        found = scale * source(moment) + offset
        return missing if found != found else found  # noqa: PLR0124 - NaN alone differs from itself

    return value


def _source(text: str) -> Callable[[Moment], float]:
    group, _, name = text.partition(".")
    if group in ("left", "right"):
        eye: Callable[[Moment], EyeChannels] = attrgetter(group)
        derived = _DERIVED.get(name)
        if derived is not None:
            return lambda moment: derived(eye(moment))
        return attrgetter(text)
    if group == "constant":
        constant = float(name)
        return lambda moment: constant
    return _SOURCES[text]


def _pupil_area(eye: EyeChannels) -> float:
    return math.pi / 4 * eye.pupil_diameter**2


def _normal(axis: int) -> Callable[[EyeChannels], float]:
    def component(eye: EyeChannels) -> float:
        direction = (
            eye.gaze_user_x - eye.origin_user_x,
            eye.gaze_user_y - eye.origin_user_y,
            eye.gaze_user_z - eye.origin_user_z,
        )
        return direction[axis] / math.hypot(*direction)

    return component


def _track(axis: int) -> Callable[[EyeChannels], float]:
    def component(eye: EyeChannels) -> float:
        origin = (eye.origin_user_x, eye.origin_user_y, eye.origin_user_z)
        return 0.5 + (origin[axis] - _TRACK_CENTRE_MM[axis]) / _TRACK_BOX_MM[axis]

    return component


_DERIVED: dict[str, Callable[[EyeChannels], float]] = {
    "pupil_area": _pupil_area,
    **{f"normal_{a}": _normal(i) for i, a in enumerate("xyz")},
    **{f"track_{a}": _track(i) for i, a in enumerate("xyz")},
}


def _of_filter(name: str) -> Callable[[Moment], float]:
    """Of the fixation in progress; nothing while the eyes are lost."""
    get = attrgetter(name)
    return lambda moment: NAN if moment.sample.is_lost else float(get(moment.filter))


_SOURCES: dict[str, Callable[[Moment], float]] = {
    "mean.x": lambda moment: moment.mean()[0],
    "mean.y": lambda moment: moment.mean()[1],
    "mean.seen": lambda moment: 0.0 if moment.sample.is_lost else 1.0,
    "scene.x": lambda moment: moment.scene()[0],
    "scene.y": lambda moment: moment.scene()[1],
    "time.device": lambda moment: moment.sample.device_time_s,
    "time.lsl": lambda moment: moment.sample.t_s,
    "time.push": lambda moment: moment.push_s,
    "fixation.x": _of_filter("x"),
    "fixation.y": _of_filter("y"),
    "fixation.start": _of_filter("start_s"),
    "fixation.duration": _of_filter("duration_s"),
    "fixation.id": _of_filter("number"),
    "fixation.valid": _of_filter("is_valid"),
}
