from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gazecore import lsl
from gazecore.recording.inlet import Inlet
from gazecore.recording.plan import RecorderSettings
from gazecore.recording.watch import ClockWatch, DiskWatch
from tests.gazecore.recording.test_inlet import ended, resolved

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.gazecore.recording.material import Sender


def test_an_offset_is_measured_when_due_and_not_before(make_sender: Callable[..., Sender]) -> None:
    make_sender("watched clock")
    inlet = Inlet(resolved("watched clock"), 6)
    inlet.start()
    watch = ClockWatch(every_s=3600)
    ((stream_id, collected_s, offset_s),) = watch.due_offsets([inlet])
    assert stream_id == 6
    assert abs(offset_s) < 0.01
    assert abs(collected_s - lsl.clock_s()) < 10
    assert watch.due_offsets([inlet]) == []
    ended(inlet)


@pytest.mark.parametrize(
    ("least", "warn", "stops", "notes"),
    [(0, 0, False, 0), (0, 10**18, False, 1), (10**18, 10**18, True, 0)],
    ids=["plenty", "low", "too little"],
)
def test_space_is_plenty_low_or_too_little(
    tmp_path: Path, least: int, warn: int, stops: bool, notes: int
) -> None:
    settings = RecorderSettings(least_free_bytes=least, warn_free_bytes=warn)
    told: list[str] = []
    watch = DiskWatch(tmp_path / "a.xdf", settings)
    shortage = watch.shortage(told.append)
    assert (shortage is not None) is stops
    assert len(told) == notes
    assert watch.shortage(told.append) is None  # it looks once a second only
