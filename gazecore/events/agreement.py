"""Agreement of a detector with a coder: Cohen's kappa per sample and F1 per event."""

from __future__ import annotations

from dataclasses import astuple, dataclass

import numpy as np
import numpy.typing as npt

from gazecore.events.runs import Ints, runs_of

Labels = npt.NDArray[np.integer]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Counts from which kappa and F1 of one label follow; counts of recordings add up.

    Attributes
    ----------
    both, ours, theirs, samples : int
        Samples with the label in both, in the found, in the coded labels, and in all.
    matched, our_events, their_events : int
        Pairs of events that match, and events in the found and in the coded labels.
    """

    both: int
    ours: int
    theirs: int
    samples: int
    matched: int
    our_events: int
    their_events: int

    def __add__(self, other: Agreement) -> Agreement:
        pairs = zip(astuple(self), astuple(other), strict=True)
        return Agreement(*(mine + others for mine, others in pairs))

    @property
    def kappa(self) -> float:
        """Cohen's kappa of the label against all others, over all samples; NaN where undefined."""
        if not self.samples:
            return float("nan")
        p, q = self.ours / self.samples, self.theirs / self.samples
        observed = 1 - (self.ours + self.theirs - 2 * self.both) / self.samples
        expected = p * q + (1 - p) * (1 - q)
        return (observed - expected) / (1 - expected) if expected < 1 else float("nan")

    @property
    def event_f1(self) -> float:
        """F1 of the matched events; NaN without any event."""
        total = self.our_events + self.their_events
        return 2 * self.matched / total if total else float("nan")


def compare(found: Labels, coded: Labels, label: int, *, min_overlap: float = 0.5) -> Agreement:
    """Count where two labellings of one recording agree on a label.

    Events match greedily, in order, by an overlap (intersection over union) of `min_overlap`.
    """
    ours, theirs = np.asarray(found) == label, np.asarray(coded) == label
    our_events, their_events = runs_of(ours), runs_of(theirs)
    return Agreement(
        both=int((ours & theirs).sum()),
        ours=int(ours.sum()),
        theirs=int(theirs.sum()),
        samples=len(ours),
        matched=_matches(our_events, their_events, min_overlap),
        our_events=len(our_events[0]),
        their_events=len(their_events[0]),
    )


def kappa(found: Labels, coded: Labels, label: int) -> float:
    """Cohen's kappa of one label against all others, over all samples; NaN where undefined.

    Examples
    --------
    >>> kappa(np.array([1, 1, 2, 2]), np.array([1, 1, 2, 2]), 1)
    1.0
    """
    return compare(found, coded, label).kappa


def event_f1(found: Labels, coded: Labels, label: int, *, min_overlap: float = 0.5) -> float:
    """F1 of events matched greedily by overlap (intersection over union) of `min_overlap`."""
    return compare(found, coded, label, min_overlap=min_overlap).event_f1


def _matches(ours: tuple[Ints, Ints], theirs: tuple[Ints, Ints], min_overlap: float) -> int:
    taken = np.zeros(len(theirs[0]), dtype=np.bool_)
    count = 0
    for start, stop in zip(*ours, strict=True):
        shared = np.minimum(theirs[1], stop) - np.maximum(theirs[0], start)
        union = np.maximum(theirs[1], stop) - np.minimum(theirs[0], start)
        overlap = np.where(taken | (shared <= 0), 0.0, shared / union)
        if len(overlap) and overlap.max() >= min_overlap:
            taken[int(np.argmax(overlap))] = True
            count += 1
    return count
