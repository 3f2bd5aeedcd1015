"""The faults file: both notations, each kind, and what is refused with one line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from gazecore.devices.fault_file import Fault, read_faults
from gazecore.errors import (
    InvalidSettingError,
    LayoutError,
    MissingPathError,
    NewerSchemaError,
)

if TYPE_CHECKING:
    from pathlib import Path

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
            with pytest.raises(LayoutError):
                read_faults(tmp_path / name)
    with pytest.raises(NewerSchemaError):
        read_faults(write(tmp_path / "new.json", schema_version=2, faults=[]))
    with pytest.raises(InvalidSettingError, match="fault kind"):
        read_faults(write(tmp_path / "kind.json", faults=[{"kind": "fire", "at_s": 1}]))
    with pytest.raises(InvalidSettingError, match="zero or more"):
        read_faults(write(tmp_path / "time.json", faults=[{"kind": "hole", "at_s": -1}]))
    with pytest.raises(LayoutError):
        read_faults(write(tmp_path / "none.json", faults=[{"kind": "hole"}]))


def test_each_kind_keeps_its_fields(tmp_path: Path) -> None:
    entries = [
        {"kind": "backward", "at_s": 1, "seconds": 0.5, "by_s": 0.05},
        {"kind": "clock_jump", "at_s": 2, "by_s": -3},
        {"kind": "rate", "at_s": 0, "factor": 10},
        {"kind": "calibration", "step": "collect", "point": [0.1, 0.9], "times": 2},
    ]
    assert read_faults(write(tmp_path / "f.json", faults=entries)) == (
        Fault("backward", 1.0, 0.5, by_s=0.05),
        Fault("clock_jump", 2.0, by_s=-3.0),
        Fault("rate", factor=10.0),
        Fault("calibration", step="collect", point=(0.1, 0.9), times=2),
    )


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"kind": "hole", "at_s": 1, "secons": 2}, "fault field"),
        ({"kind": "backward", "at_s": 1, "seconds": 1}, "fault by_s"),
        ({"kind": "rate", "at_s": 1, "factor": 0}, "fault factor"),
        ({"kind": "calibration", "step": "dance"}, "fault step"),
        ({"kind": "calibration"}, "fault step"),
        ({"kind": "calibration", "step": "leave", "times": -1}, "fault times"),
        ({"kind": "hole", "at_s": float("inf")}, "zero or more"),
    ],
)
def test_what_makes_no_sense_is_refused(
    tmp_path: Path, entry: dict[str, object], said: str
) -> None:
    with pytest.raises(InvalidSettingError, match=said):
        read_faults(write(tmp_path / "f.json", faults=[entry]))


def test_a_fault_is_active_in_its_time() -> None:
    assert [Fault("hole", 1.0, 0.5).covers(t) for t in (0.9, 1.0, 1.4, 1.5)] == [0, 1, 1, 0]
    assert Fault("rate", 1.0).covers(99.0)
    assert not Fault("rate", 1.0, 1.0).covers(99.0)
    assert Fault("clock_jump", 1.0).covers(99.0)


def test_a_calibration_fault_strikes_its_step_at_its_point() -> None:
    fault = Fault("calibration", step="collect", point=(0.1, 0.9))
    assert fault.strikes("collect", (0.1, 0.9))
    assert not fault.strikes("collect", (0.5, 0.5))
    assert not fault.strikes("compute", (0.1, 0.9))
    everywhere = Fault("calibration", step="collect")
    assert everywhere.strikes("collect", (0.5, 0.5))
