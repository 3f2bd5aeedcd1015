"""The numbers of labels are those of the hand-coded set, and of the simulated reader."""

from __future__ import annotations

from gazecore.events import PRESETS, Label
from gazecore.synthetic.reader import Label as TrueLabel


def test_numbers_are_the_contract() -> None:
    assert [label.value for label in Label] == [0, 1, 2, 3, 4, 5]
    assert (Label.FIXATION, Label.SACCADE, Label.LOSS) == (1, 2, 5)


def test_the_simulated_reader_speaks_of_the_same() -> None:
    assert {int(label) for label in TrueLabel} <= {int(label) for label in Label}


def test_detectors_say_what_they_fill() -> None:
    assert all(0 < detector.max_gap_s < 0.1 for detector in PRESETS.values())
