"""The streams of a recording: outlets that join, are lost, come back or have to be chosen.

One thread looks for outlets; what it finds joins on threads of its own (see `Inlet`), so
neither looking nor joining ever holds up the file.
"""

from __future__ import annotations

import threading
import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from gazecore.errors import ControlError, NoStreamError
from gazecore.lsl import clock_s
from gazecore.recording.discovery import is_gaze, look
from gazecore.recording.inlet import Inlet
from gazecore.recording.misdescription import differences
from gazecore.recording.roster import Bound, Candidate, Roster
from gazecore.recording.source import Source

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pylsl

    from gazecore.messages import AnyMarker
    from gazecore.recording.plan import RecorderSettings
    from gazecore.recording.writer import XdfWriter

    Note = Callable[[str, str], None]

_FIRST_S, _OTHERS_S = 5.0, 1.0
"""How long the first stream is waited for, and the others after it; later ones join later."""
_LOOK_EVERY_S, _LOOK_SOON_S = 0.7, 0.2
_STOP_S = 1.0


class _Outlet:
    """An outlet of the recording: as it was seen, its inlet, and what brings it to the file."""

    def __init__(self, info: pylsl.StreamInfo, inlet: Inlet) -> None:
        self.candidate = Candidate.of(info)
        self.inlet = inlet
        self.source = Source(inlet)
        self.is_replaced = False


class RecordedStreams:
    """All outlets of one recording.

    Parameters
    ----------
    settings : RecorderSettings
        Times.
    note : callable
        ``note(detail, source)`` writes a fault.
    roster : Roster
        Who may join.
    """

    def __init__(self, settings: RecorderSettings, note: Note, roster: Roster) -> None:
        self._settings = settings
        self._note = note
        self._roster = roster
        self._names: tuple[str, ...] = ()
        self._lock = threading.RLock()
        self._outlets: tuple[_Outlet, ...] = ()  # replaced, never changed: read without lock
        self._joining: tuple[_Outlet, ...] = ()
        self._count = 0
        self._missing_told: set[str] = set()
        self._look_due_s = 0.0
        self._has_ended = False

    @property
    def sources(self) -> list[Source]:
        """All sources in the order in which they joined."""
        return [outlet.source for outlet in self._outlets]

    def start(self, infos: Sequence[pylsl.StreamInfo], names: Sequence[str]) -> None:
        """Join the outlets side by side; those that take long join when they can.

        `names` are the streams that may join later; empty: any gaze or marker stream.

        Raises
        ------
        NoStreamError
            Neither the first nor a gaze stream answers.
        """
        self._names = tuple(names)
        outlets = [outlet for info in infos for outlet in self._begun(info)]
        self._outlets = tuple(outlets)
        if not outlets or outlets[0].candidate.uid != infos[0].uid():
            raise NoStreamError(f"named {infos[0].name()!r} that says what it is", 0)
        first, *others = outlets
        first.inlet.settled(_FIRST_S)
        deadline = time.monotonic() + _OTHERS_S
        for outlet in others:
            outlet.inlet.settled(max(0.0, deadline - time.monotonic()))
        opened = [outlet for outlet in outlets if outlet.inlet.is_open]
        if not any(outlet is first or is_gaze(outlet.candidate.type) for outlet in opened):
            raise NoStreamError(f"named {first.candidate.name!r} answering", _FIRST_S)

    def gather(self, writer: XdfWriter, now_s: float) -> list[AnyMarker]:
        """Hand all that came to the file; returns what the recorder has to note about it."""
        return [note for source in self.sources for note in source.gather(writer, now_s)]

    def look_after(self) -> None:
        """Join what came, ask where a person has to choose; takes half a second where it looks."""
        if time.monotonic() < self._look_due_s:
            return
        self._settle_joining()
        self._drop_unjoined()
        infos = look(self._names)
        with self._lock:
            if self._has_ended:
                return
            bound, recorded = self._bound(infos), self._recorded()
            decision = self._roster.decide([Candidate.of(i) for i in infos], bound, recorded)
            for info in infos:
                if any(info.uid() == join.uid for join in decision.joins):
                    self._joining += self._begun(info)
        for stream, said in decision.notes:
            self._note(said, stream)
        self._tell_missing()
        hurries = any(b.is_lost for b in bound.values()) or self._joining
        self._look_due_s = time.monotonic() + (_LOOK_SOON_S if hurries else _LOOK_EVERY_S)

    def choose(self, uid: str) -> dict[str, Any]:
        """A person's choice of the outlet that carries its stream from now on.

        Raises
        ------
        ControlError
            No such outlet is there.
        """
        with self._lock:
            if not uid:
                raise ControlError("join needs the uid of an outlet; status lists them")
            name = self._roster.choose(uid, self._bound(()))
            self._look_due_s = 0.0
            return {"stream": name, "uid": uid, "recorded": uid in self._recorded()}

    def status(self) -> dict[str, dict[str, Any]]:
        """Status by name; a stream that came back counts the samples of all its outlets."""
        now_s = clock_s()
        asking = {question.stream for question in self._roster.questions}
        streams: dict[str, dict[str, Any]] = {}
        for source in self.sources:
            if source.inlet.is_open:
                earlier = streams.get(source.name, {"samples": 0})["samples"]
                streams[source.name] = asdict(source.status(now_s, asking=source.name in asking))
                streams[source.name]["samples"] += earlier
        return streams

    def questions(self) -> list[dict[str, Any]]:
        """The streams of which a person has to choose the outlet."""
        return [question.as_answer() for question in self._roster.questions]

    def missing(self) -> list[str]:
        """Names that were asked for and have not joined."""
        there = {source.name for source in self.sources if source.inlet.is_open}
        return [name for name in dict.fromkeys(self._names) if name not in there]

    def latest(self, name: str) -> Source | None:
        """The outlet that carries a stream now, or last did."""
        found = [source for source in self.sources if source.name == name and source.inlet.is_open]
        return found[-1] if found else None

    def stop(self) -> None:
        """End all inlets, side by side; takes a second at most."""
        with self._lock:
            self._has_ended = True
            inlets = [outlet.inlet for outlet in (*self._outlets, *self._joining)]
        for inlet in inlets:
            inlet.request_stop()
        deadline = time.monotonic() + _STOP_S
        for inlet in inlets:
            inlet.join(max(0.0, deadline - time.monotonic()))
        # Who came in the last moments has sent already: that belongs into the file, too.
        self._settle_joining()

    def _begun(self, info: pylsl.StreamInfo) -> tuple[_Outlet, ...]:
        """The outlet, being joined; none where its description cannot be read."""
        segment = 1 + sum(o.candidate.name == info.name() for o in self._outlets)
        try:
            inlet = Inlet(info, self._count + 1, segment, self._settings.clock_offset_s)
        except ValueError as error:
            self._roster.refuse(info.uid())
            self._note(f"its description cannot be read ({error}); it is not recorded", info.name())
            return ()
        self._count += 1
        inlet.begin()
        return (_Outlet(info, inlet),)

    def _bound(self, infos: Sequence[pylsl.StreamInfo]) -> dict[str, Bound]:
        """By name, the outlet recorded last; asked anew whether it lives where another came."""
        latest = {outlet.candidate.name: outlet for outlet in self._outlets}
        recorded = self._recorded()
        contested = {info.name() for info in infos if info.uid() not in recorded}
        return {
            name: Bound(
                outlet.candidate,
                outlet.inlet.is_lost or (name in contested and outlet.inlet.is_gone_now()),
            )
            for name, outlet in latest.items()
        }

    def _recorded(self) -> set[str]:
        both = (*self._outlets, *self._joining)
        return {outlet.candidate.uid for outlet in both if not outlet.is_replaced}

    def _settle_joining(self) -> None:
        """Let in who has joined by now, unless a closer look shows another device."""
        with self._lock:
            waiting, self._joining = self._joining, ()
            for outlet in waiting:
                if outlet.inlet.is_open:
                    self._let_in(outlet)
                elif outlet.inlet.failure is not None:
                    self._roster.postpone(outlet.candidate.uid)
                else:
                    self._joining += (outlet,)

    def _let_in(self, outlet: _Outlet) -> None:
        name, uid = outlet.candidate.name, outlet.candidate.uid
        before = [o for o in self._outlets if o.candidate.name == name]
        chosen = self._roster.is_chosen(uid)
        if before and not chosen:
            other = differences(outlet.inlet.about, before[-1].inlet.about)
            if other:
                self._roster.doubt(uid, "; ".join(other))
                outlet.inlet.request_stop()
                return
        for replaced in before if chosen else ():
            replaced.is_replaced = True
            replaced.inlet.request_stop()
        outlet.source.follows = before[-1].source if before else None
        self._outlets += (outlet,)
        how = "was chosen: goes on" if chosen else "came back" if before else "joined late"
        begins = f"; segment {outlet.inlet.segment} begins" if before else ""
        self._note(f"{how} as outlet {uid}{begins}", name)

    def _drop_unjoined(self) -> None:
        """Forget outlets that could not be joined at the start, so that they can try again."""
        with self._lock:
            failed = [o for o in self._outlets if o.inlet.failure and not o.inlet.is_open]
            self._outlets = tuple(o for o in self._outlets if o not in failed)
            for outlet in failed:
                self._roster.postpone(outlet.candidate.uid)
                self._note(str(outlet.inlet.failure), outlet.candidate.name)

    def _tell_missing(self) -> None:
        for name in self.missing():
            if name not in self._missing_told:
                self._missing_told.add(name)
                self._note("is not there yet; it joins when it appears", name)
