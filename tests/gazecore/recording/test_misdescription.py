from __future__ import annotations

from dataclasses import replace

import pytest

from gazecore.recording.description import read_description
from gazecore.recording.misdescription import differences, misdescriptions


def described(channels: int, labels: list[str]) -> str:
    listed = "".join(f"<channel><label>{label}</label></channel>" for label in labels)
    return (
        f"<info><name>n</name><channel_count>{channels}</channel_count>"
        f"<desc><channels>{listed}</channels></desc></info>"
    )


@pytest.mark.parametrize(
    ("channels", "labels", "told"),
    [
        (2, ["x", "y"], []),
        (2, [], []),
        (
            37,
            [f"c{k}" for k in range(36)],
            ["36 labels for 37 channels; all channels are recorded"],
        ),
        (1, ["x", "y"], ["2 labels for 1 channels; all channels are recorded"]),
        (2, ["valid right", "valid right"], ["several channels are labelled 'valid right'"]),
        (2, ["x", ""], ["1 of 2 labels are empty"]),
    ],
    ids=["right", "none", "36 of 37", "too many", "twice", "empty"],
)
def test_contradictions_are_told(channels: int, labels: list[str], told: list[str]) -> None:
    assert misdescriptions(described(channels, labels)) == told


def test_differences_name_what_is_and_what_was() -> None:
    known = read_description(described(2, ["x", "y"]))
    assert differences(known, known) == []
    assert differences(replace(known, uid="other"), known) == []
    other = replace(known, true_rate_hz=60.0, labels=("y", "x"))
    assert differences(other, known) == ["rate 60.0 instead of 0.0", "other labels"]
    assert differences(replace(known, channels=3), known) == ["channels 3 instead of 2"]
