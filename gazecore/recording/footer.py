"""What the end of a recording repeats: extents, clock offsets and headers, as XML.

The fields are LabRecorder's; ``stream_header`` is ours, a copy of the stream's header, so that
neither a damaged header nor a damaged clock offset changes what a closed file gives.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Offsets = list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Footer:
    """A stream's footer; what it does not say is 0 or empty. Offsets: (when, seconds to add)."""

    samples: int
    stream_header: str
    offsets: Offsets


class FooterMaker:
    """Gathers what the footer of a stream will say, in memory that hardly grows."""

    def __init__(self, header_xml: str) -> None:
        self._header_xml = header_xml
        self._offsets = array("d")
        self._samples = 0
        self._first_s = self._last_s = 0.0

    def count(self, t_s: npt.NDArray[np.float64]) -> None:
        """Count samples; `t_s` are the sender's times, at least one."""
        if not self._samples:
            self._first_s = float(t_s[0])
        self._samples += len(t_s)
        self._last_s = float(t_s[-1])

    def add_offset(self, collected_s: float, offset_s: float) -> None:
        """Add a clock offset as it was written."""
        self._offsets.extend((collected_s, offset_s))

    def xml(self) -> bytes:
        """The footer's content."""
        span_s = self._last_s - self._first_s
        rate_hz = (self._samples - 1) / span_s if span_s > 0 else 0.0
        info = element(
            {
                "first_timestamp": repr(self._first_s),
                "last_timestamp": repr(self._last_s),
                "sample_count": str(self._samples),
                "measured_srate": repr(rate_hz),
                "stream_header": self._header_xml,
            }
        )
        listed = ElementTree.SubElement(info, "clock_offsets")
        for collected_s, offset_s in zip(self._offsets[::2], self._offsets[1::2], strict=True):
            offset = ElementTree.SubElement(listed, "offset")
            ElementTree.SubElement(offset, "time").text = repr(collected_s)
            ElementTree.SubElement(offset, "value").text = repr(offset_s)
        return xml_bytes(info)


def read_footer(xml: bytes) -> Footer:
    """Read a footer of any program; what it does not say, or says wrongly, is left out."""
    try:
        info = ElementTree.fromstring(xml)
    except ElementTree.ParseError:
        return Footer(0, "", [])
    count = info.findtext("sample_count") or ""
    header = info.findtext("stream_header") or ""
    return Footer(int(count) if count.isdecimal() else 0, header, _offsets(info))


def read_begun(xml: bytes) -> str:
    """When recording began by the wall clock, from a file header; empty if it does not say."""
    try:
        return ElementTree.fromstring(xml).findtext("datetime") or ""
    except ElementTree.ParseError:
        return ""


def element(fields: dict[str, str]) -> ElementTree.Element:
    """An ``info`` element with these texts."""
    info = ElementTree.Element("info")
    for name, text in fields.items():
        ElementTree.SubElement(info, name).text = text
    return info


def xml_bytes(info: ElementTree.Element) -> bytes:
    """XML as it stands in a chunk."""
    return b'<?xml version="1.0"?>' + ElementTree.tostring(info)


def _offsets(info: ElementTree.Element) -> Offsets:
    try:
        return [
            (float(offset.findtext("time") or ""), float(offset.findtext("value") or ""))
            for offset in info.findall("clock_offsets/offset")
        ]
    except ValueError:
        return []
