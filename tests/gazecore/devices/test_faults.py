"""Scripted faults: what is taken away, held back, and when it ends."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from gazecore.devices.driver import DeviceSample, EyeChannels
from gazecore.devices.faults import Fault, FaultScript, read_faults
from gazecore.errors import (
    DamagedFileError,
    InvalidSettingError,
    MissingPathError,
    NewerSchemaError,
)

if TYPE_CHECKING:
    from pathlib import Path

SEEN = EyeChannels(gaze_x=0.5, gaze_y=0.5, gaze_valid=1.0)
START_S = 50.0
TIMES_S = [k / 8 for k in range(16)]


def sample(elapsed_s: float) -> DeviceSample:
    return DeviceSample(START_S + elapsed_s, 0.0, 0.0, SEEN, SEEN)


def played(*faults: Fault) -> list[tuple[float, float, bool]]:
    """(sent after, elapsed time of the sample, lost) of 16 samples at 8 Hz sent as they come."""
    script = FaultScript(faults)
    sent: list[tuple[float, float, bool]] = []
    for now_s in TIMES_S:
        kept = script.apply([sample(now_s)], START_S, START_S + now_s)
        sent += [(now_s, s.t_s - START_S, s.is_lost) for s in kept]
    return sent


def test_without_faults_all_is_sent_as_it_comes() -> None:
    assert played() == [(t, t, False) for t in TIMES_S]


def test_a_hole_is_half_open() -> None:
    times = [t for _, t, _ in played(Fault("hole", 0.5, 0.375))]
    assert times == [t for t in TIMES_S if not 0.5 <= t < 0.875]


def test_lost_samples_are_sent_as_lost() -> None:
    assert [t for _, t, lost in played(Fault("lost", 0.5, 0.375)) if lost] == [0.5, 0.625, 0.75]
    assert len(played(Fault("lost", 0.5, 0.375))) == 16


def test_a_stall_comes_late_in_one_burst_with_its_own_times() -> None:
    sent = played(Fault("stall", 0.5, 0.375))
    assert [t for _, t, _ in sent] == TIMES_S
    assert [t for at, t, _ in sent if at == 0.875] == [0.5, 0.625, 0.75, 0.875]


def test_faults_may_overlap() -> None:
    sent = played(
        Fault("stall", 0.5, 0.375), Fault("hole", 0.625, 0.125), Fault("lost", 0.75, 0.125)
    )
    assert [(t, lost) for at, t, lost in sent if at == 0.875] == [
        (0.5, False),
        (0.75, True),
        (0.875, False),
    ]


def test_a_stop_ends_it() -> None:
    script = FaultScript([Fault("stop", 1.0)])
    assert not script.ends(0.99)
    assert script.ends(1.0)
    assert [t for _, t, _ in played(Fault("stop", 1.0))] == TIMES_S[:8]


FAULTS = (Fault("hole", 2.0, 0.5), Fault("stop", 9.0))


def test_both_notations_are_read(tmp_path: Path) -> None:
    as_json, as_toml = tmp_path / "f.json", tmp_path / "f.toml"
    entries = [{"kind": "hole", "at_s": 2, "seconds": 0.5}, {"kind": "stop", "at_s": 9}]
    as_json.write_text(json.dumps({"schema_version": 1, "faults": entries}))
    as_toml.write_text(
        "schema_version = 1\n"
        '[[faults]]\nkind = "hole"\nat_s = 2.0\nseconds = 0.5\n'
        '[[faults]]\nkind = "stop"\nat_s = 9.0\n'
    )
    assert read_faults(as_json) == read_faults(as_toml) == FAULTS


def write(path: Path, **content: object) -> Path:
    path.write_text(json.dumps({"schema_version": 1, **content}))
    return path


def test_bad_files_are_refused_with_one_line(tmp_path: Path) -> None:
    with pytest.raises(MissingPathError):
        read_faults(tmp_path / "none.json")
    for text in ("", "[]", "= 5", '{"schema_version": 1}'):
        for name in ("bad.json", "bad.toml"):
            (tmp_path / name).write_text(text)
            with pytest.raises(DamagedFileError):
                read_faults(tmp_path / name)
    with pytest.raises(NewerSchemaError):
        read_faults(write(tmp_path / "new.json", schema_version=2, faults=[]))
    with pytest.raises(InvalidSettingError, match="fault kind"):
        read_faults(write(tmp_path / "kind.json", faults=[{"kind": "fire", "at_s": 1}]))
    with pytest.raises(InvalidSettingError, match="zero or more"):
        read_faults(write(tmp_path / "time.json", faults=[{"kind": "hole", "at_s": -1}]))
    with pytest.raises(DamagedFileError):
        read_faults(write(tmp_path / "none.json", faults=[{"kind": "hole"}]))
