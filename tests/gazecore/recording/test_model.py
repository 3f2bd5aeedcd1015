from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from gazecore.errors import AcquisitionError
from gazecore.recording.model import DamagedRegion, DamageReport, RecordedStream, Recording
from gazecore.samples import GAZE_LABELS


def stream(
    name: str, labels: tuple[str, ...], first: int, segment: int = 1, n: int = 3
) -> RecordedStream:
    values = np.zeros((n, len(labels)))
    values[:, 0] = np.arange(first, first + n)
    description = {"simulated": "true", "recorded": {"segment": str(segment)}}
    t_s = first + np.arange(n, dtype=float)
    return RecordedStream(
        1, name, "Gaze", labels, labels, "u", 1.0, t_s, t_s, values, (), description
    )


def recording(*streams: RecordedStream) -> Recording:
    numbered = {f"{s.name} {k}": s for k, s in enumerate(streams)}
    return Recording(Path("a.xdf"), numbered, DamageReport(True, True))


def test_gaze_is_the_first_stream_in_our_layout_with_its_segments() -> None:
    read = recording(
        stream("foreign", ("x", "y"), 0),
        stream("eyes", GAZE_LABELS, 10),
        stream("others", GAZE_LABELS, 50),
        stream("eyes", GAZE_LABELS, 70),
        stream("eyes", GAZE_LABELS, 20, segment=2),
    )
    assert read.gaze().sequence.tolist() == [10, 11, 12, 20, 21, 22]
    assert read.simulated


def test_without_our_layout_there_is_no_gaze() -> None:
    with pytest.raises(AcquisitionError, match=r"no gaze stream.*a\.xdf.*foreign"):
        recording(stream("foreign", ("x", "y"), 0)).gaze()


@pytest.mark.parametrize(
    ("report", "sound"),
    [
        (DamageReport(True, True), True),
        (DamageReport(True, False), False),
        (DamageReport(False, False), True),
        (DamageReport(True, True, unverified_bytes=1), False),
        (DamageReport(True, True, (DamagedRegion(4, 2, "why"),)), False),
        (DamageReport(True, True, malformed_markers=1), True),
    ],
)
def test_sound_means_all_is_there(report: DamageReport, sound: bool) -> None:
    assert report.sound is sound


def test_a_sound_file_is_said_to_be_so() -> None:
    assert DamageReport(True, True).sentences() == ["sound: every byte is as it was written"]


def test_each_finding_is_a_sentence() -> None:
    regions = (DamagedRegion(40, 9, "zeroed", 1.0, 2.5), DamagedRegion(90, 1, "x", None, 3.0))
    said = DamageReport(True, False, regions, 17, 2).sentences()
    assert said == [
        "recovered: the recording was cut off; all that was proven is there",
        "17 bytes at the end are unverified and left out",
        "9 bytes at 40 are damaged (zeroed) and left out, written between "
        "1.000 s and 2.500 s of the recording",
        "1 bytes at 90 are damaged (x) and left out, written between "
        "the beginning and 3.000 s of the recording",
        "2 markers are malformed and left out",
    ]


def test_a_foreign_file_is_of_unknown_integrity() -> None:
    assert DamageReport(False, False).sentences()[0].startswith("integrity unknown")
