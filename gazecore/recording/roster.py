"""Which outlets are recorded: who joins, who succeeds whom, and when a person has to choose.

An impostor and a restart cannot be told apart for a foreign stream. The rules, for one name:

- The recorded outlet lives and another appears: the recording goes on with the first; a question.
- It is lost, and exactly one is there, the same in name, type, channels, labels, rate, source
  and host: that one is the next segment, and a fault says so.
- It is lost, and several are there, or one that differs: none is recorded; a question.
- Nothing of that name is recorded yet: one alone joins, several are a question.

Nothing here talks to LSL.
"""

from __future__ import annotations

import threading
import time
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from gazecore.errors import ControlError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pylsl

_REMEMBERED_S = 3.0
"""An outlet that one look missed is still counted for so long."""
_AGAIN_S = 2.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """An outlet that was seen; `rate_hz` is what it declares."""

    uid: str
    name: str
    type: str
    channels: int
    channel_format: int
    rate_hz: float
    source_id: str
    hostname: str

    @classmethod
    def of(cls, info: pylsl.StreamInfo) -> Candidate:
        """The outlet of a resolved stream."""
        return cls(
            uid=info.uid(),
            name=info.name(),
            type=info.type(),
            channels=info.channel_count(),
            channel_format=info.channel_format(),
            rate_hz=info.nominal_srate(),
            source_id=info.source_id(),
            hostname=info.hostname(),
        )

    def differences(self, other: Candidate) -> list[str]:
        """How this outlet differs from another, apart from its uid."""
        mine, others = asdict(self), asdict(other)
        return [
            f"{what.replace('_', ' ')} {mine[what]!r} instead of {others[what]!r}"
            for what in mine
            if what != "uid" and mine[what] != others[what]
        ]


@dataclass(frozen=True, slots=True)
class Bound:
    """The outlet that carries a stream now, or last did."""

    outlet: Candidate
    is_lost: bool


@dataclass(frozen=True, slots=True)
class Question:
    """A stream of which a person has to say which outlet is recorded."""

    stream: str
    candidates: tuple[Candidate, ...]
    bound: Candidate | None = None

    def as_answer(self) -> dict[str, Any]:
        """The question as the recorder's ``status`` gives it."""
        known = [] if self.bound is None else [self.bound]
        listed = [
            {
                **{key: value for key, value in asdict(c).items() if key != "channel_format"},
                "is_recorded": c is self.bound,
                "differs": [] if self.bound is None else c.differences(self.bound),
            }
            for c in (*known, *self.candidates)
        ]
        return {"stream": self.stream, "candidates": listed}


@dataclass(frozen=True, slots=True)
class Decision:
    """What follows from one look: outlets to join, and notes (stream, what is told) for the log."""

    joins: tuple[Candidate, ...]
    notes: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Roster:
    """Remembers who was seen, refused, chosen and asked about; may be used from any thread."""

    clock_s: Callable[[], float] = time.monotonic
    questions: tuple[Question, ...] = ()
    _seen: dict[str, tuple[float, Candidate]] = field(default_factory=dict)
    _refused: set[str] = field(default_factory=set)
    _chosen: set[str] = field(default_factory=set)
    _doubts: dict[str, str] = field(default_factory=dict)
    _not_before_s: dict[str, float] = field(default_factory=dict)
    _told: set[frozenset[str]] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def decide(
        self, seen: Sequence[Candidate], bound: Mapping[str, Bound], recorded: set[str]
    ) -> Decision:
        """What to do about the outlets of one look.

        Parameters
        ----------
        seen : sequence of Candidate
            All that answered.
        bound : mapping of str to Bound
            By name of stream.
        recorded : set of str
            Uids of all outlets that are being recorded or joined.
        """
        with self._lock:
            return self._decided(seen, bound, recorded)

    def _decided(
        self, seen: Sequence[Candidate], bound: Mapping[str, Bound], recorded: set[str]
    ) -> Decision:
        now_s = self.clock_s()
        self._seen.update({c.uid: (now_s, c) for c in seen})
        self._seen = {u: s for u, s in self._seen.items() if now_s - s[0] <= _REMEMBERED_S}
        groups: dict[str, list[Candidate]] = {}
        for _, candidate in self._seen.values():
            if candidate.uid not in recorded and candidate.uid not in self._refused:
                groups.setdefault(candidate.name, []).append(candidate)
        present = {c.uid for c in seen}
        joins, questions, notes = [], [], []
        for name, group in groups.items():
            favourite = self._favourite(group, bound.get(name))
            if favourite is None:
                questions.append(_question(name, group, bound.get(name)))
                notes += self._told_once(questions[-1], bound.get(name))
            elif favourite.uid in present and self._not_before_s.get(favourite.uid, 0) <= now_s:
                joins.append(favourite)
        self.questions = tuple(questions)
        return Decision(tuple(joins), tuple(notes))

    def choose(self, uid: str, bound: Mapping[str, Bound]) -> str:
        """A person's choice: record this outlet, and no other of its name. Returns the name.

        Raises
        ------
        ControlError
            No such outlet is there.
        """
        with self._lock:
            known = {c.uid: c for _, c in self._seen.values()}
            known |= {b.outlet.uid: b.outlet for b in bound.values()}
            if uid not in known:
                raise ControlError(f"no outlet {uid!r} is there; ask for status and choose again")
            name = known[uid].name
            self._refused |= {c.uid for c in known.values() if c.name == name}
            self._refused.discard(uid)
            self._chosen.add(uid)
            self._chosen -= self._refused
            return name

    def is_chosen(self, uid: str) -> bool:
        """Whether a person chose this outlet."""
        return uid in self._chosen

    def doubt(self, uid: str, why: str) -> None:
        """An outlet that looked like a successor is none on a closer look: ask."""
        self._doubts[uid] = why

    def refuse(self, uid: str) -> None:
        """An outlet that cannot be recorded at all: it is no candidate."""
        with self._lock:
            self._refused.add(uid)

    def postpone(self, uid: str) -> None:
        """An outlet could not be joined: try again in two seconds."""
        self._not_before_s[uid] = self.clock_s() + _AGAIN_S

    def _favourite(self, group: list[Candidate], bound: Bound | None) -> Candidate | None:
        """The one to join without asking, if any."""
        chosen = [c for c in group if c.uid in self._chosen]
        if chosen:
            return chosen[-1]
        if len(group) != 1 or (bound is not None and not bound.is_lost):
            return None
        only = group[0]
        if bound is not None and (only.uid in self._doubts or only.differences(bound.outlet)):
            return None
        return only

    def _told_once(self, question: Question, bound: Bound | None) -> list[tuple[str, str]]:
        uids = frozenset(c.uid for c in question.candidates)
        if uids in self._told:
            return []
        self._told.add(uids)
        first = question.candidates[0]
        several = len(question.candidates) > 1
        if bound is not None and not bound.is_lost:
            who = f"{len(uids)} more outlets claim" if several else "a second outlet claims"
            said = f"{who} to be it; the recording goes on with the first"
        elif several:
            said = f"{len(uids)} outlets claim to be it; none is recorded"
        else:
            why = self._doubts.get(first.uid) or _how(first, bound)
            said = f"an outlet of its name came that differs ({why}); it is not recorded"
        return [(question.stream, f"{said} until someone chooses")]


def _question(name: str, group: list[Candidate], bound: Bound | None) -> Question:
    return Question(name, tuple(group), None if bound is None else bound.outlet)


def _how(candidate: Candidate, bound: Bound | None) -> str:
    return "" if bound is None else "; ".join(candidate.differences(bound.outlet))
