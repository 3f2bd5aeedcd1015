"""The truth file: exact numbers, one line per sample, there while it is written."""

from __future__ import annotations

import csv
import math
import time
from pathlib import Path

import pytest

from gazecore.devices.driver import DeviceSample, EyeChannels, TruePoint
from gazecore.devices.truth import HEADER, TruthFile, truth_parts
from gazecore.errors import TargetExistsError, UnwritablePathError

SEEN = EyeChannels(gaze_x=0.5, gaze_y=0.5, gaze_valid=1.0)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open() as file:
        return list(csv.DictReader(file))


def test_numbers_are_kept_to_the_bit(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "truth.csv"
    truth = TruthFile(path)
    t_s, x, y = 3830.2817719073331, 1 / 3, -0.1 - 1e-17
    truth.write(0, DeviceSample(t_s, 0.0, 0.0, SEEN, SEEN, TruePoint(x, y, 2)))
    truth.write(1, DeviceSample(t_s, 0.0, 0.0, truth=TruePoint(x, y, 5)))
    truth.write(2, DeviceSample(t_s, 0.0, 0.0, SEEN))
    truth.close()
    first, second, third = rows(path)
    assert (float(first["t_s"]), float(first["x_norm"]), float(first["y_norm"])) == (t_s, x, y)
    assert (first["sequence"], first["label"], first["lost"]) == ("0", "2", "0")
    assert (second["sequence"], second["label"], second["lost"]) == ("1", "5", "1")
    assert math.isnan(float(third["x_norm"]))
    assert path.read_text().splitlines()[0] == HEADER


def test_it_is_written_often(tmp_path: Path) -> None:
    truth = TruthFile(tmp_path / "truth.csv")
    truth.write(0, DeviceSample(0.0, 0.0, 0.0))
    truth.write(1, DeviceSample(0.0, 0.0, 0.0))
    deadline_s = time.monotonic() + 10
    while len(rows(tmp_path / "truth.csv")) < 2 and time.monotonic() < deadline_s:
        time.sleep(0.05)
    assert len(rows(tmp_path / "truth.csv")) == 2
    truth.close()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_disk_that_fills_is_said_and_holds_up_nobody(tmp_path: Path) -> None:
    truth = TruthFile(tmp_path / "truth.csv")
    full = Path("/dev/full").open("w", encoding="ascii")  # noqa: SIM115
    truth._file.close()
    truth._file = full
    truth.write(0, DeviceSample(0.0, 0.0, 0.0))
    truth._thread.join(10)
    with pytest.raises(UnwritablePathError, match="No space left"):
        truth.write(1, DeviceSample(0.0, 0.0, 0.0))
    with pytest.raises(UnwritablePathError, match="No space left"):
        truth.close()


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UnwritablePathError, match="--truth"):
        TruthFile(tmp_path / "file" / "truth.csv")


def test_a_file_that_is_there_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "truth.csv").write_text("mine")
    with pytest.raises(TargetExistsError, match=r"truth\.csv exists already"):
        TruthFile(tmp_path / "truth.csv")
    assert (tmp_path / "truth.csv").read_text() == "mine"


def test_a_stamp_of_its_own_is_written_instead(tmp_path: Path) -> None:
    truth = TruthFile(tmp_path / "truth.csv")
    truth.write(3, DeviceSample(1.0, 0.0, 0.0, SEEN), 1.25)
    truth.close()
    (row,) = rows(tmp_path / "truth.csv")
    assert (row["sequence"], row["t_s"]) == ("3", "1.25")


def test_a_tracker_started_again_goes_on_in_a_part_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "truth.csv"
    for number in range(3):
        truth = TruthFile(path)
        truth.write(number, DeviceSample(float(number), 0.0, 0.0))
        truth.close()
    parts = truth_parts(path)
    assert [part.name for part in parts] == ["truth.csv", "truth.2.csv", "truth.3.csv"]
    assert [rows(part)[0]["sequence"] for part in parts] == ["0", "1", "2"]
    assert truth_parts(tmp_path / "none.csv") == []


def test_a_part_that_is_something_else_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "truth.csv"
    TruthFile(path).close()
    (tmp_path / "truth.2.csv").write_text("mine")
    with pytest.raises(TargetExistsError, match=r"truth\.2\.csv"):
        TruthFile(path)
    assert (tmp_path / "truth.2.csv").read_text() == "mine"


def test_a_tracker_killed_at_once_leaves_a_truth_file(tmp_path: Path) -> None:
    truth = TruthFile(tmp_path / "truth.csv")
    assert (tmp_path / "truth.csv").read_text() == HEADER + "\n"
    truth.close()
