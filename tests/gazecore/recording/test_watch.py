from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gazecore.recording.plan import RecorderSettings
from gazecore.recording.watch import DiskWatch

if TYPE_CHECKING:
    from pathlib import Path


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
