"""What an outlet says wrongly about itself; such a stream is recorded whole all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree

if TYPE_CHECKING:
    from gazecore.recording.description import StreamDescription


def misdescriptions(outlet_xml: str) -> list[str]:
    """The contradictions in an outlet's full description, each in a few words."""
    root = ElementTree.fromstring(outlet_xml)
    channels = int(root.findtext("channel_count") or 0)
    listed = root.findall("desc/channels/channel")
    labels = [channel.findtext("label") or "" for channel in listed]
    found = []
    if labels and len(labels) != channels:
        found.append(f"{len(labels)} labels for {channels} channels; all channels are recorded")
    twice = sorted({label for label in labels if label and labels.count(label) > 1})
    if twice:
        found.append(f"several channels are labelled {', '.join(map(repr, twice[:3]))}")
    if labels and "" in labels:
        found.append(f"{labels.count('')} of {len(labels)} labels are empty")
    return found


def differences(found: StreamDescription, known: StreamDescription) -> list[str]:
    """How one outlet's description differs from that of the outlet recorded before it."""
    said = []
    for what, now, before in (
        ("type", found.type, known.type),
        ("channels", found.channels, known.channels),
        ("format", found.channel_format, known.channel_format),
        ("source", found.source_id, known.source_id),
        ("host", found.hostname, known.hostname),
        ("rate", found.true_rate_hz, known.true_rate_hz),
    ):
        if now != before:
            said.append(f"{what} {now!r} instead of {before!r}")
    if found.channels == known.channels and found.labels != known.labels:
        said.append("other labels")
    return said
