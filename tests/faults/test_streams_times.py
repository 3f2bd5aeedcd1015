"""Outlets with holes, false stamps, false rates and false labels: all recorded, all told.

One outlet process sends a stream for each fault, one recorder whose wall clock jumps by an hour
records them all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pytest

from gazecore.messages import ClockOffsetMeasured, FaultFound, GapFound
from gazecore.recording import read
from tests.faults.outlets import Spec, outlet_process, unsent
from tests.faults.recorders import json_of, outcome_of, start_script

if TYPE_CHECKING:
    from gazecore.recording.model import Recording

RECORDER = """
import json, sys, threading, time
from dataclasses import asdict
from pathlib import Path

true_time, moved_s = time.time, [0.0]
time.time = lambda: true_time() + moved_s[0]
time.time_ns = lambda: int(time.time() * 1e9)

def move():
    for by_s in (3600.0, -3600.0, 0.0):
        time.sleep(1.5)
        moved_s[0] = by_s

threading.Thread(target=move, daemon=True).start()
from gazecore import lsl
from gazecore.recording.plan import RecorderSettings, RecordingPlan
from gazecore.recording.process import RecorderProcess
lsl.configure()
settings = RecorderSettings(least_free_bytes=0, warn_free_bytes=0)
plan = RecordingPlan(Path(sys.argv[1]), tuple(sys.argv[2:]), seconds=8.0, settings=settings)
print(json.dumps(asdict(RecorderProcess(plan).run())))
"""
HOLES_S = (0.05, 0.1, 0.5, 2.0)
HELD_S = 1.5
"""Shorter stillness than the longest hole may be the machine's."""
HOLES = [
    {"kind": "hole", "at": at, "seconds": seconds}
    for at, seconds in zip((1.0, 1.5, 2.0, 3.0), HOLES_S, strict=True)
]


@dataclass(frozen=True)
class Recorded:
    """The recording, its outcome, and what was sent."""

    recording: Recording
    outcome: dict[str, object]
    truths: dict[str, np.ndarray]

    def faults(self, name: str) -> list[str]:
        """What was told of a stream; not that a busy machine held its sender for a moment."""
        told = [
            marker.detail
            for marker in self.recording.faults()
            if isinstance(marker, FaultFound) and marker.source == name
        ]
        return [detail for detail in told if not _is_moment(detail)]

    def gaps(self, name: str) -> list[GapFound]:
        return [m for m in self.recording.faults() if isinstance(m, GapFound) and m.stream == name]


def _is_moment(detail: str) -> bool:
    still = re.fullmatch(r"(?:no samples for|samples again after) ([\d.]+) s", detail)
    return still is not None and float(still.group(1)) < HELD_S


@pytest.fixture(scope="module")
def recorded(lsl_session: str, tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    del lsl_session
    folder = tmp_path_factory.mktemp("times")

    def spec(name: str, *faults: dict[str, object], **changes: object) -> Spec:
        return Spec(name, str(folder / name), faults=list(faults), **changes)  # type: ignore[arg-type]

    specs = [
        spec("steady"),
        spec("holes", *HOLES),
        spec("uncounted", *HOLES, counts=False),
        spec("slow", HOLES[0], HOLES[3], counts=False, rate_hz=60.0, declared_hz=60.0),
        spec("backward", {"kind": "backward", "at": 3.0, "by": -0.02}),
        spec("equal", {"kind": "equal", "at": 3.0, "count": 12}),
        spec("forth", {"kind": "jump", "at": 3.5, "by": 3600.0}),
        spec("back", {"kind": "jump", "at": 3.5, "by": -3600.0}),
        spec("tenfold", declared_hz=6000.0),
        spec("tenth", declared_hz=60.0),
        spec("titta", channels=37, labels=36, counts=False),
    ]
    out = folder / "a.xdf"
    with outlet_process(*specs) as outlet:
        process = start_script(RECORDER, str(out), *outlet.specs)
        status, said, error = outcome_of(process, 60)
    assert (status, error) == (0, "")
    truths = {name: outlet.truth(name) for name in outlet.specs}
    return Recorded(read(out), json_of(said), truths)


def test_everything_that_arrived_is_in_the_proven_file_bit_by_bit(recorded: Recorded) -> None:
    assert recorded.outcome["verified"]
    assert recorded.outcome["error"] is None
    assert recorded.recording.damage.sound
    for name, truth in recorded.truths.items():
        unsent(truth, recorded.recording.streams[name])
        assert len(recorded.recording.streams[name]) > 300


def test_a_wall_clock_that_jumps_by_an_hour_changes_nothing(recorded: Recorded) -> None:
    steady = recorded.recording.streams["steady"]
    assert recorded.faults("steady") == []
    assert recorded.gaps("steady") == []
    assert np.ptp(steady.t_sender_s) == pytest.approx(8, abs=2)
    assert np.abs(steady.t_s - steady.t_sender_s).max() < 0.01


@pytest.mark.parametrize("name", ["holes", "uncounted"])
def test_each_hole_is_told_with_its_ends_and_what_is_missing(recorded: Recorded, name: str) -> None:
    gaps = recorded.gaps(name)
    stamps = recorded.truths[name][:, 0]
    for gap, seconds in zip(gaps, HOLES_S, strict=True):
        place = int(np.flatnonzero(stamps == gap.from_s)[0])
        assert stamps[place + 1] == gap.to_s
        assert gap.to_s - gap.from_s == pytest.approx(seconds, abs=2.1 / 600)
        assert gap.missing == round((gap.to_s - gap.from_s) * 600) - 1
        assert gap.estimated is (name == "uncounted")
    again = [fault for fault in recorded.faults(name) if fault.startswith("samples again after ")]
    # As it was noticed, with each write: a little less or more than the hole itself.
    assert any(1.8 < float(fault.split()[3]) < 3.0 for fault in again), again


def test_holes_of_a_slow_stream_are_told_as_well(recorded: Recorded) -> None:
    assert [gap.missing for gap in recorded.gaps("slow")] == [3, 120]


def test_a_stamp_that_goes_back_is_told(recorded: Recorded) -> None:
    (fault,) = recorded.faults("backward")
    assert fault == f"time went backwards by {0.02 - 1 / 600:.6f} s, 1 times"
    assert recorded.gaps("backward") == []


def test_equal_stamps_are_told(recorded: Recorded) -> None:
    told = [int(f.split()[0]) for f in recorded.faults("equal") if "equal stamps" in f]
    assert sum(told) == 12


@pytest.mark.parametrize(("name", "jump_s"), [("forth", 3600.0), ("back", -3600.0)])
def test_a_jump_of_the_senders_clock_is_told_and_is_no_gap(
    recorded: Recorded, name: str, jump_s: float
) -> None:
    (fault,) = recorded.faults(name)
    assert fault.startswith("its clock jumped by ")
    assert float(fault.split()[4]) == pytest.approx(jump_s, abs=1.0)
    assert recorded.gaps(name) == []


@pytest.mark.parametrize(("name", "declared"), [("tenfold", "6000"), ("tenth", "60")])
def test_a_rate_that_is_wrong_tenfold_is_told(recorded: Recorded, name: str, declared: str) -> None:
    (fault,) = recorded.faults(name)
    assert fault == f"sends 600 samples a second, declares {declared}"
    assert recorded.gaps(name) == []


def test_36_labels_for_37_channels_are_told_and_all_is_recorded(recorded: Recorded) -> None:
    assert recorded.faults("titta") == ["36 labels for 37 channels; all channels are recorded"]
    stream = recorded.recording.streams["titta"]
    assert np.asarray(stream.values).shape[1] == 37
    assert stream.labels[-1] == ""


def test_clock_offsets_are_in_the_file_with_their_uncertainty_in_the_log(
    recorded: Recorded,
) -> None:
    offsets = [m for m in recorded.recording.faults() if isinstance(m, ClockOffsetMeasured)]
    assert {offset.stream for offset in offsets} == set(recorded.truths)
    for offset in offsets:
        assert abs(offset.offset_s) < 0.01
        assert 0 < offset.uncertainty_s < 0.5
