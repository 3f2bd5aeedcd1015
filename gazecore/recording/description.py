"""What a stream says about itself: the XML of an LSL description, read and made ready to write."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree

_MOST_CHANNELS = 100_000
"""More are a damaged or hostile header: a list of labels that long would fill the memory."""
Description = dict[str, Any]
"""Nested: a text, another description, or a list of them where a name repeats."""


@dataclass(frozen=True, slots=True)
class StreamDescription:
    """The header of a recorded stream.

    `true_rate_hz` is what the description gives as the true rate, else the declared one;
    0 is unknown. `nominal_rate_hz` is the header's: 0 in every stream that we record.
    """

    name: str
    type: str
    channels: int
    channel_format: str
    nominal_rate_hz: float
    true_rate_hz: float
    uid: str
    source_id: str
    hostname: str
    labels: tuple[str, ...]
    units: tuple[str, ...]
    description: Description = field(default_factory=dict)


def read_description(xml: str | bytes) -> StreamDescription:
    """Read a stream header.

    Labels and units have one entry per channel; missing ones are empty, surplus ones dropped.

    Raises
    ------
    ValueError
        No XML, or the number of channels is missing.
    """
    try:
        root = ElementTree.fromstring(xml)
    except ElementTree.ParseError as error:
        raise ValueError(f"no XML: {error}") from error
    channels = int(_text(root, "channel_count"))
    if not 1 <= channels <= _MOST_CHANNELS:
        raise ValueError(f"{channels} channels")
    nominal_hz = float(_text(root, "nominal_srate") or 0)
    listed = root.findall("desc/channels/channel")
    return StreamDescription(
        name=_text(root, "name"),
        type=_text(root, "type"),
        channels=channels,
        channel_format=_text(root, "channel_format"),
        nominal_rate_hz=nominal_hz,
        true_rate_hz=_true_rate_hz(root, nominal_hz),
        uid=_text(root, "uid"),
        source_id=_text(root, "source_id"),
        hostname=_text(root, "hostname"),
        labels=_per_channel([_text(c, "label") for c in listed], channels),
        units=_per_channel([_text(c, "unit") for c in listed], channels),
        description=_nested(root.find("desc")),
    )


def header_for_recording(xml: str, segment: int = 1) -> str:
    """The header to write for an outlet: its own description, with a nominal rate of 0.

    Readers "dejitter" streams that declare a rate into wrong times. The declared rate is kept
    as ``desc/recorded/declared_rate``; `segment` counts the outlets that carried this stream.
    """
    root = ElementTree.fromstring(xml)
    rate = root.find("nominal_srate")
    declared = "0" if rate is None else rate.text or "0"
    if rate is not None:
        rate.text = "0"
    desc = root.find("desc")
    if desc is None:
        desc = ElementTree.SubElement(root, "desc")
    recorded = ElementTree.SubElement(desc, "recorded")
    ElementTree.SubElement(recorded, "declared_rate").text = declared
    ElementTree.SubElement(recorded, "segment").text = str(segment)
    return '<?xml version="1.0"?>' + ElementTree.tostring(root, encoding="unicode")


def _text(element: ElementTree.Element, name: str) -> str:
    return element.findtext(name) or ""


def _true_rate_hz(root: ElementTree.Element, nominal_hz: float) -> float:
    for place in ("desc/true_rate", "desc/recorded/declared_rate"):
        try:
            rate_hz = float(_text(root, place) or 0)
        except ValueError:
            continue
        if 0 < rate_hz < float("inf"):
            return rate_hz
    return nominal_hz


def _per_channel(texts: list[str], channels: int) -> tuple[str, ...]:
    return tuple(texts[:channels] + [""] * (channels - len(texts)))


def _nested(element: ElementTree.Element | None) -> Description:
    result: Description = {}
    for child in () if element is None else element:
        value: Any = _nested(child) if len(child) else child.text or ""
        if child.tag not in result:
            result[child.tag] = value
        elif isinstance(result[child.tag], list):
            result[child.tag].append(value)
        else:
            result[child.tag] = [result[child.tag], value]
    return result
