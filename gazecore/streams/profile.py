"""What a foreign gaze stream's channels mean: which channel is what, in which unit, what is lost.

The unit a stream declares is never believed; a profile states the true one.
"""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field, model_validator

from gazecore.errors import AcquisitionError
from gazecore.samples import GazeSamples

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Unit = Literal["norm", "percent", "centred", "px", "px_centred"]
MissingRule = Literal["nan", "zero", "flag", "outside"]
Channel = Annotated[int, Field(ge=0)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]

UNITS: tuple[Unit, ...] = ("norm", "percent", "centred", "px", "px_centred")
MISSING_RULES: tuple[MissingRule, ...] = ("nan", "zero", "flag", "outside")

SCHEMA_VERSION = 1
FLAGGED = 0.5
"""A validity flag above this says valid."""
FAR_OUTSIDE = 1.0
"""The rule ``outside`` calls gaze lost beyond one display's size from any edge: codes for missing
values (EyeLink's -32768, 1e8) lie there, gaze that looks past the screen does not."""


class Described(BaseModel):
    """Base of all that a profile is made of: frozen, no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class EyeMapping(Described):
    """The channels (from 0) of one eye, or of the one point a tracker makes of both."""

    x: Channel
    y: Channel
    valid: Channel | None = None
    pupil: Channel | None = None
    pupil_valid: Channel | None = None
    origin: tuple[Channel, Channel, Channel] | None = None
    origin_valid: Channel | None = None

    def channels(self) -> tuple[int, ...]:
        """All channels it reads."""
        single = (self.x, self.y, self.valid, self.pupil, self.pupil_valid, self.origin_valid)
        return tuple(c for c in (*single, *(self.origin or ())) if c is not None)


class StreamMatch(Described):
    """Which stream a profile is for; letter case never matters.

    `labels` are all that the stream lists (there may be fewer or more than channels);
    `source_prefix` is how its source_id begins, empty for any.
    """

    name: str
    type: str
    source_prefix: str = ""
    labels: tuple[str, ...] = ()
    channels: int = Field(ge=1)


class StreamProfile(Described):
    """How to read gaze from one foreign stream.

    Attributes
    ----------
    left, right : EyeMapping or None
        One eye each, where the stream tells them apart.
    both : EyeMapping or None
        The one point a tracker makes of both eyes: it counts for both.
    unit : {"norm", "percent", "centred", "px", "px_centred"}
        True unit of x and y over the display area: 0..1, 0..100, -1..1, pixels, or pixels from
        the middle.
    resolution_px : (width, height) or None
        What the pixels are of; None stands for the tracked screen's.
    x_origin, y_origin
        The side from which x and y rise (centred units: the side of negative values).
    missing : tuple of {"nan", "zero", "flag", "outside"}
        How loss is coded; NaN is always lost. ``zero``: x and y both exactly 0.
    pupil_unit : {"mm", "arbitrary"}
        Only millimetres become a pupil diameter.
    device_time : int or None
        The channel with the device's own clock.
    """

    schema_version: int = Field(default=SCHEMA_VERSION, ge=1, le=SCHEMA_VERSION)
    profile_id: str = Field(min_length=1)
    title: str = ""
    match: StreamMatch
    left: EyeMapping | None = None
    right: EyeMapping | None = None
    both: EyeMapping | None = None
    unit: Unit = "norm"
    resolution_px: tuple[Positive, Positive] | None = None
    x_origin: Literal["left", "right"] = "left"
    y_origin: Literal["top", "bottom"] = "top"
    missing: tuple[MissingRule, ...] = ("nan",)
    pupil_unit: Literal["mm", "arbitrary"] = "arbitrary"
    device_time: Channel | None = None
    device_time_unit: Literal["s", "ms", "us"] = "s"

    @model_validator(mode="after")
    def _names_gaze_in_the_streams_channels(self) -> StreamProfile:
        if (self.both is None) == (self.left is None and self.right is None):
            raise ValueError("either one or two eyes, or one point of both")
        if "flag" in self.missing and not any(e.valid is not None for e in self._eyes()):
            raise ValueError("a channel with the validity flag for the rule 'flag'")
        if self._highest() >= self.match.channels:
            raise ValueError(f"channels below {self.match.channels}")
        return self

    @property
    def needs_resolution(self) -> bool:
        """Whether the tracked screen's resolution has to be known and is not."""
        return self.unit in ("px", "px_centred") and self.resolution_px is None

    def with_resolution(self, width_px: float, height_px: float) -> StreamProfile:
        """The profile with the tracked screen's resolution, where it needs one."""
        if not self.needs_resolution:
            return self
        return self.model_copy(update={"resolution_px": (width_px, height_px)})

    def to_samples(self, t_s: npt.ArrayLike, values: npt.ArrayLike) -> GazeSamples:
        """Gaze samples of the stream's own values.

        Parameters
        ----------
        t_s : (n,)
            Times, taken over as they are.
        values : (n, channels)
            In any numeric type.

        Returns
        -------
        GazeSamples
            In 0..1 of the display area, nothing clamped; lost is NaN with its flag at False;
            the sequence is -1, unknown.

        Raises
        ------
        AcquisitionError
            Too few channels, or pixels of a screen that is not known.
        """
        t = np.asarray(t_s, dtype=np.float64).reshape(-1)
        table = np.asarray(values)
        if table.ndim != 2 or table.shape[0] != len(t) or table.shape[1] <= self._highest():
            raise AcquisitionError(
                f"{self.match.name!r} has values of shape {table.shape}, but its profile "
                f"{self.profile_id!r} reads channel {self._highest() + 1}; map the stream anew"
            )
        if self.needs_resolution:
            raise AcquisitionError(
                f"{self.match.name!r} sends pixels and the tracked screen's resolution is not "
                "known; set protocol.screen, or map the stream with its resolution"
            )
        left, right = (self._eye(table, self.both or eye) for eye in (self.left, self.right))
        return GazeSamples(
            t_s=t,
            sequence=np.full(len(t), -1, dtype=np.int64),
            left_xy_norm=left[0],
            right_xy_norm=right[0],
            left_valid=left[1],
            right_valid=right[1],
            left_pupil_mm=left[2],
            right_pupil_mm=right[2],
            left_origin_mm=left[3],
            right_origin_mm=right[3],
        )

    def _eyes(self) -> tuple[EyeMapping, ...]:
        return tuple(eye for eye in (self.left, self.right, self.both) if eye is not None)

    def _highest(self) -> int:
        channels = [c for eye in self._eyes() for c in eye.channels()]
        return max((*channels, -1 if self.device_time is None else self.device_time))

    def _eye(
        self, table: npt.NDArray[np.generic], eye: EyeMapping | None
    ) -> tuple[Array, Mask, Array, Array]:
        """Gaze (n, 2), its flag (n,), pupil in mm (n,), origin in mm (n, 3) of one eye."""
        n = len(table)
        if eye is None:
            lost = np.full(n, np.nan)
            return np.full((n, 2), np.nan), np.zeros(n, bool), lost, np.full((n, 3), np.nan)
        raw = _columns(table, (eye.x, eye.y))
        xy_norm = self._normalised(raw)
        valid = self._is_valid(table, eye, raw, xy_norm)
        xy_norm[~valid] = np.nan
        return xy_norm, valid, self._pupil_mm(table, eye), _origin_mm(table, eye)

    def _is_valid(
        self, table: npt.NDArray[np.generic], eye: EyeMapping, raw: Array, xy_norm: Array
    ) -> Mask:
        valid = np.isfinite(raw).all(axis=1)
        if "zero" in self.missing:
            valid = valid & (raw != 0).any(axis=1)
        if "flag" in self.missing:
            valid = valid & _flag(table, eye.valid)
        if "outside" in self.missing:
            with np.errstate(invalid="ignore"):
                valid = valid & (np.abs(xy_norm - 0.5) <= 0.5 + FAR_OUTSIDE).all(axis=1)
        return np.asarray(valid)

    def _normalised(self, raw: Array) -> Array:
        low, high = self._range()
        xy = (raw - low) / (high - low)
        if self.x_origin == "right":
            xy[:, 0] = 1 - xy[:, 0]
        if self.y_origin == "bottom":
            xy[:, 1] = 1 - xy[:, 1]
        return xy

    def _range(self) -> tuple[Array, Array]:
        """The values at both ends of the display area, (2,) each."""
        size = np.array(self.resolution_px or (np.nan, np.nan), dtype=np.float64)
        by_unit: dict[Unit, tuple[Array, Array]] = {
            "norm": (np.zeros(2), np.ones(2)),
            "percent": (np.zeros(2), np.full(2, 100.0)),
            "centred": (np.full(2, -1.0), np.ones(2)),
            "px": (np.zeros(2), size),
            "px_centred": (-size / 2, size / 2),
        }
        return by_unit[self.unit]

    def _pupil_mm(self, table: npt.NDArray[np.generic], eye: EyeMapping) -> Array:
        if eye.pupil is None or self.pupil_unit != "mm":
            return np.full(len(table), np.nan)
        pupil_mm = _columns(table, (eye.pupil,))[:, 0]
        with np.errstate(invalid="ignore"):
            seen = np.isfinite(pupil_mm) & (pupil_mm > 0)
        return np.asarray(np.where(seen & _flag(table, eye.pupil_valid), pupil_mm, np.nan))


def _origin_mm(table: npt.NDArray[np.generic], eye: EyeMapping) -> Array:
    if eye.origin is None:
        return np.full((len(table), 3), np.nan)
    seen = _flag(table, eye.origin_valid)
    return np.asarray(np.where(seen[:, None], _columns(table, eye.origin), np.nan))


def _flag(table: npt.NDArray[np.generic], channel: int | None) -> Mask:
    if channel is None:
        return np.ones(len(table), dtype=bool)
    return _columns(table, (channel,))[:, 0] > FLAGGED


def _columns(table: npt.NDArray[np.generic], channels: tuple[int, ...]) -> Array:
    return table[:, list(channels)].astype(np.float64)
