"""What trackers there are: gaze streams on the bus and the vendors' SDKs in this Python."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import sys
from dataclasses import dataclass
from typing import Any

import pylsl

from gazecore.devices.tobii import explained, load_sdk
from gazecore.lsl import resolve_gaze

_SDKS = (
    ("tobii_research", "tobii-research", "tobii", "3.10"),
    ("TittaPy_v2", "TittaPy", "titta", "3.10 or newer"),
)
_DESCRIPTION_WAIT_S = 2.0


@dataclass(frozen=True, slots=True)
class StreamFound:
    """A gaze stream on the bus; rates and units are what it says of itself."""

    name: str
    type: str
    channels: int
    declared_rate_hz: float
    true_rate_hz: float | None
    simulated: bool
    host: str
    source_id: str
    uid: str
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SdkState:
    """Whether a vendor's SDK is installed here, and the trackers it finds (Tobii's alone)."""

    module: str
    installed: bool
    version: str
    note: str
    trackers: tuple[str, ...] = ()


def find_streams(wait_s: float = 1.0) -> list[StreamFound]:
    """All gaze streams that answer within `wait_s`, with their descriptions."""
    found = [_described(info) for info in resolve_gaze(wait_s)]
    return sorted(found, key=lambda stream: (stream.name, stream.uid))


def sdk_states() -> list[SdkState]:
    """The state of each SDK a driver may use, with the Tobii trackers found where it is."""
    return [_sdk_state(*sdk) for sdk in _SDKS]


def tobii_trackers(sdk: Any) -> tuple[str, ...]:
    """Model, serial number and address of each tracker that Tobii's SDK finds at once."""
    with explained(sdk, "the search"):
        found = sdk.find_all_eyetrackers()
    return tuple(f"{t.model} {t.serial_number} at {t.address}" for t in found)


def _described(short: pylsl.StreamInfo) -> StreamFound:
    info = _full_info(short)
    description = info.desc()
    true_rate = description.child_value("true_rate")
    return StreamFound(
        name=info.name(),
        type=info.type(),
        channels=info.channel_count(),
        declared_rate_hz=float(info.nominal_srate()),
        true_rate_hz=_number(true_rate),
        simulated=description.child_value("simulated") == "true",
        host=info.hostname(),
        source_id=info.source_id(),
        uid=info.uid(),
        labels=tuple(info.get_channel_labels() or ()),
    )


def _full_info(short: pylsl.StreamInfo) -> pylsl.StreamInfo:
    """The stream's info with its description, or without where it has just gone away."""
    try:
        return pylsl.StreamInlet(short, recover=False).info(_DESCRIPTION_WAIT_S)
    except (pylsl.util.LostError, pylsl.util.TimeoutError):
        return short


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _sdk_state(module: str, package: str, extra: str, python: str) -> SdkState:
    if importlib.util.find_spec(module) is None:
        here = f"{sys.version_info.major}.{sys.version_info.minor}"
        note = f"pip install 'focusstation[{extra}]' (Python {python}; this is {here})"
        return SdkState(module, False, "", note)
    trackers = tobii_trackers(load_sdk()) if module == "tobii_research" else ()
    return SdkState(module, True, importlib.metadata.version(package), "", trackers)
