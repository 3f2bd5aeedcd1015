"""What every message has: frozen, strict, one line of JSON, the version of its schema."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

SCHEMA_VERSION = 1
"""Version of all schemas in this package; readers refuse a newer one."""


class Message(BaseModel):
    """Base of all messages: frozen, no unknown fields, with a version; NaN crosses as "NaN"."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="strings")
    schema_version: int = Field(default=SCHEMA_VERSION, ge=1, le=SCHEMA_VERSION)

    def to_json(self) -> str:
        """The message as one line of JSON."""
        return self.model_dump_json()


class Marker(Message):
    """A time mark of the station; `t_s` is on the LSL clock of the sender."""

    t_s: float


class Progress(Message):
    """A line of a training run's progress; `t_unix_s` is wall-clock time."""

    t_unix_s: float
