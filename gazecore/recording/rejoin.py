"""Outlets that died and came back: the same tracker again, or a question for a person.

An impostor and a restart cannot be told apart for a foreign stream. The rule: the old outlet
is gone and exactly one with the same name, type, channels, source and host is left: a new
segment, and a fault that says so. More than one: none is joined.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pylsl

from gazecore.errors import NoStreamError
from gazecore.recording.inlet import Inlet

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_LOOK_EVERY_S = 0.5
_LOOK_S = 0.3
_ANSWER_S = 1.0


class Rejoiner:
    """Looks for the successors of lost outlets."""

    def __init__(self) -> None:
        self._looked_s = -float("inf")
        self._questions: set[frozenset[str]] = set()

    def returned(self, inlets: Sequence[Inlet], note: Callable[[str, str], None]) -> list[Inlet]:
        """New inlets, already pulling, for lost streams that came back.

        Parameters
        ----------
        inlets : sequence of Inlet
            All of the recording so far; the last of each name counts.
        note : callable
            ``note(detail, source)`` writes a fault.
        """
        latest = {inlet.about.name: inlet for inlet in inlets}
        lost = [inlet for inlet in latest.values() if inlet.failure is not None]
        if not lost or time.monotonic() - self._looked_s < _LOOK_EVERY_S:
            return []
        joined: list[Inlet] = []
        for inlet in lost:
            number = 1 + max(i.stream_id for i in (*inlets, *joined))
            joined += self._successor(inlet, number, note)
        self._looked_s = time.monotonic()
        return joined

    def _successor(self, lost: Inlet, number: int, note: Callable[[str, str], None]) -> list[Inlet]:
        name = lost.about.name
        found = [
            info
            for info in pylsl.resolve_byprop("name", name, 2, _LOOK_S)
            if _is_same_source(info, lost)
        ]
        if len(found) == 1:
            inlet = Inlet(found[0], number, lost.segment + 1)
            try:
                inlet.start(_ANSWER_S)
            except NoStreamError:
                return []
            note(f"came back as outlet {found[0].uid()}; segment {lost.segment + 1} begins", name)
            return [inlet]
        uids = frozenset(info.uid() for info in found)
        if uids and uids not in self._questions:
            self._questions.add(uids)
            note(f"{len(uids)} outlets claim to be it; none is recorded", name)
        return []


def _is_same_source(info: pylsl.StreamInfo, lost: Inlet) -> bool:
    about = lost.about
    return bool(
        info.type() == about.type
        and info.channel_count() == about.channels
        and info.source_id() == about.source_id
        and info.hostname() == about.hostname
    )
