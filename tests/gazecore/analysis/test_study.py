"""A study with real recordings, analysed to its derivatives."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import imagecodecs
import numpy as np
import polars as pl
import pytest

from gazecore.analysis import AnalysisSettings, Execution, analyse_study
from gazecore.errors import AnalysisStoppedError, InvalidSettingError
from gazecore.lsl import gaze_stream_info, marker_stream_info
from gazecore.recording.writer import XdfWriter
from gazecore.study import Study
from tests.gazecore.analysis.conftest import record
from tests.gazecore.analysis.test_corrections import validation

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


BRIEF = AnalysisSettings(robustness=False)
KINDS = ("gaze", "fixations", "quality", "quality_sessions", "robustness")


def times(study: Study) -> dict[str, int]:
    """When each file of the derivatives was written."""
    return {str(p): p.stat().st_mtime_ns for p in study.derivatives.rglob("*") if p.is_file()}


def bytes_of(study: Study) -> dict[str, bytes]:
    """The tables of the derivatives."""
    found = sorted(study.derivatives.rglob("*.parquet"))
    return {str(p.relative_to(study.derivatives)): p.read_bytes() for p in found}


def test_everything_is_written(study: Study) -> None:
    steps: list[tuple[int, int, str]] = []
    report = analyse_study(study, progress=lambda *step: steps.append(step))
    assert (report.sessions, report.readings, report.usable_readings, report.cases) == (2, 4, 4, 2)
    assert report.simulated
    assert report.problems == ("session-0003: no recording",)
    assert steps[0] == (0, 3, "session-0001")
    assert steps[-1] == (3, 3, "done")
    found = {
        str(p.relative_to(study.derivatives)) for p in study.derivatives.rglob("*") if p.is_file()
    }
    assert found == {
        "about.json",
        "consistency.parquet",
        "quality.parquet",
        "quality_sessions.parquet",
        "robustness.parquet",
        *(f"{kind}/session-000{n}.parquet" for kind in KINDS for n in (1, 2)),
        *(f"checks/session-000{n}.json" for n in (1, 2)),
        *(f"sessions/session-000{n}.json" for n in (1, 2, 3)),
        *(f"attention/reading-00000{n}.npz" for n in (1, 2, 3, 4)),
        *(f"attention/case-case-000{n}.npz" for n in (1, 2)),
    }


def test_quality_of_sessions_is_that_of_their_readings(study: Study) -> None:
    analyse_study(study, BRIEF)
    table = pl.read_parquet(study.derivatives / "quality_sessions.parquet")
    assert table["session_id"].to_list() == ["session-0001", "session-0002"]
    assert table["readings"].to_list() == [2, 2]
    assert table["verdict"].to_list() == ["read without a validation"] * 2
    readings = pl.read_parquet(study.derivatives / "quality.parquet")
    mine = readings.filter(pl.col("session_id") == "session-0002")
    assert table["received"][1] == mine["received"].sum()


def test_the_mean_map_is_the_mean_of_the_readers(study: Study) -> None:
    analyse_study(study, BRIEF)
    folder = study.derivatives / "attention"
    ours = [np.load(folder / f"reading-00000{n}.npz") for n in (1, 3)]
    mean = np.load(folder / "case-case-0001.npz")
    assert mean["map"] == pytest.approx((ours[0]["map"] + ours[1]["map"]) / 2, abs=1e-9)
    assert mean["map"].shape == (171, 256)
    assert mean["map"].dtype == np.float32
    assert mean["map"].sum(dtype=float) == pytest.approx(1)
    assert int(mean["readers"]) == 2
    assert bool(mean["simulated"])
    assert 0.5 < float(mean["mass_inside"]) <= 1
    assert str(mean["preset"]) == "focusstation"
    assert (int(mean["image_height_px"]), int(mean["image_width_px"])) == (400, 600)


def test_quality_has_a_row_per_reading(study: Study) -> None:
    analyse_study(study, BRIEF)
    table = pl.read_parquet(study.derivatives / "quality.parquet")
    assert table["reader_id"].to_list() == ["r1", "r1", "r2", "r2"]
    assert table["usable"].all()
    assert table["data_loss"].max() == 0
    assert table["duration_s"].to_list() == pytest.approx([2.0] * 4, abs=1e-6)
    assert table["simulated"].all()


def test_markers_that_cannot_be_read_are_a_problem_and_no_reason_to_stop(
    study: Study, make_sitting: Callable[..., Any]
) -> None:
    path = study.session("session-0001").recording_path
    path.unlink()
    sitting = make_sitting([("reading-000001", "case-0001")], start_s=1000.0)
    hostile = ["[" * 100_000, "\x00", "{}"]
    writer = XdfWriter(path, lambda: 1000.0)
    writer.add_stream(1, gaze_stream_info("gaze", 250.0, "test", simulated=True).as_xml())
    writer.add_stream(2, marker_stream_info("test").as_xml())
    writer.add_numeric(1, sitting.t_s, sitting.channels)
    texts = [marker.to_json() for marker in sitting.markers] + hostile
    writer.add_texts(2, np.full(len(texts), 1000.0), [[text.encode()] for text in texts])
    writer.close()
    report = analyse_study(study, BRIEF)
    assert report.sessions == 2
    assert report.problems[0] == "session-0001: 3 markers are malformed and left out"


def test_a_recording_that_is_none_is_a_problem_not_the_end(study: Study) -> None:
    path = study.session("session-0001").recording_path
    path.chmod(0o644)
    path.write_bytes(b"something else")
    report = analyse_study(study, BRIEF)
    assert report.sessions == 1
    assert report.problems[0].startswith("session-0001: ")


def test_damaged_mappings_of_streams_are_a_problem_told_once(study: Study) -> None:
    (study.path / "stream_profiles.json").write_text("{")
    report = analyse_study(study, BRIEF)
    assert sum("stream_profiles.json" in problem for problem in report.problems) == 1
    assert report.sessions > 0


def test_a_second_analysis_gives_the_same(study: Study) -> None:
    first = analyse_study(study, BRIEF)
    place = study.derivatives / "fixations" / "session-0001.parquet"
    before = pl.read_parquet(place)
    assert analyse_study(study, BRIEF) == first
    assert pl.read_parquet(place).equals(before)


def test_excluded_readings_leave_the_mean(study: Study) -> None:
    rules = study.protocol.exclusion.model_copy(update={"min_duration_s": 10.0})
    study.set_protocol(study.protocol.model_copy(update={"exclusion": rules}))
    report = analyse_study(study, BRIEF)
    assert (report.readings, report.usable_readings, report.cases) == (4, 0, 0)
    table = pl.read_parquet(study.derivatives / "quality.parquet")
    assert table["verdict"].unique().to_list() == ["2.00 s is shorter than 10 s"]


def test_unknown_presets_are_refused(study: Study) -> None:
    with pytest.raises(InvalidSettingError, match="preset is 'remodnav'"):
        analyse_study(study, AnalysisSettings(robustness=False, preset="remodnav"))
    with pytest.raises(InvalidSettingError, match="attention preset is 'heat'"):
        analyse_study(study, AnalysisSettings(robustness=False, map_preset="heat"))


def test_gaze_is_corrected_on_request_only(
    tmp_path: Path, make_sitting: Callable[..., Any]
) -> None:
    with Study.create(tmp_path / "study") as made:
        pixels = np.zeros((400, 600), dtype=np.uint8)
        (tmp_path / "a.png").write_bytes(imagecodecs.png_encode(pixels))
        made.import_images([tmp_path / "a.png"], simulated=True)
        made.add_reader("r1")
        session = made.start_session("r1")
        reading = made.start_reading(session.session_id, "case-0001")
        sitting = make_sitting([(reading.reading_id, "case-0001")])
        before = replace(sitting, markers=(validation(1000.0, 0.02), *sitting.markers))
        record(session.recording_path, before)
        digest = session.recording_path.read_bytes()
        plain = analyse_study(made, BRIEF)
        place = made.derivatives / "gaze" / "session-0001.parquet"
        raw = pl.read_parquet(place)
        corrected = analyse_study(made, AnalysisSettings(robustness=False, corrects=True))
        moved = pl.read_parquet(place)
        quality = pl.read_parquet(made.derivatives / "quality.parquet")
    assert (plain.corrections, corrected.corrections) == ({}, {"session-0001": 1})
    shift = (moved["x_screen_px"] - raw["x_screen_px"]).drop_nulls()
    assert shift.to_numpy() == pytest.approx(-0.02 * 1920, abs=1e-6)
    assert raw["correction"].null_count() == raw.height
    assert set(moved["correction"]) == {1} == set(quality["correction"])
    assert session.recording_path.read_bytes() == digest


def test_a_session_without_validation_is_named_and_left_as_it_is(study: Study) -> None:
    report = analyse_study(study, AnalysisSettings(robustness=False, corrects=True))
    assert report.corrections == {}
    assert "session-0001: no correction of gaze: the session has no validation" in "".join(
        report.problems
    )


def test_the_eye_that_the_protocol_asks_for_counts(study: Study) -> None:
    study.set_dominant_eye("r1", "left")
    calibration = study.protocol.calibration.model_copy(update={"eyes": "dominant"})
    study.set_protocol(study.protocol.model_copy(update={"calibration": calibration}))
    analyse_study(study, BRIEF)
    used = [
        set(pl.read_parquet(study.derivatives / "gaze" / f"session-000{n}.parquet")["eyes_used"])
        for n in (1, 2)
    ]
    assert used == [{1}, {3}]


def test_what_has_not_changed_is_not_made_again(study: Study) -> None:
    assert analyse_study(study, BRIEF).made == 3
    before = times(study)
    steps: list[tuple[int, int, str]] = []
    again = analyse_study(study, BRIEF, progress=lambda *step: steps.append(step))
    assert (again.made, again.sessions, again.readings, steps) == (0, 2, 4, [(0, 0, "done")])
    written = {name for name, at in times(study).items() if before[name] != at}
    names = {"quality.parquet", "quality_sessions.parquet", "about.json"}
    assert written == {str(study.derivatives / name) for name in names}
    assert analyse_study(study, BRIEF, how=Execution(force=True)).made == 3


def test_what_a_change_bears_on_is_made_again(
    study: Study, make_sitting: Callable[..., Any]
) -> None:
    analyse_study(study, BRIEF)
    path = study.session("session-0002").recording_path
    path.unlink()
    ids = [("reading-000003", "case-0001"), ("reading-000004", "case-0002")]
    record(path, make_sitting(ids, start_s=2000.0))
    assert analyse_study(study, BRIEF).made == 1
    quality = pl.read_parquet(study.derivatives / "quality.parquet")
    assert (quality["start_s"] > 2000).to_list() == [False, False, True, True]
    (study.derivatives / "fixations" / "session-0001.parquet").unlink()
    assert analyse_study(study, BRIEF).made == 1
    assert analyse_study(study, AnalysisSettings(robustness=False, preset="I-DT")).made == 3
    study.set_dominant_eye("r1", "left")
    calibration = study.protocol.calibration.model_copy(update={"eyes": "dominant"})
    study.set_protocol(study.protocol.model_copy(update={"calibration": calibration}))
    assert analyse_study(study, AnalysisSettings(robustness=False, preset="I-DT")).made == 2


def test_case_maps_change_with_what_they_are_the_mean_of(study: Study) -> None:
    analyse_study(study, BRIEF)
    place = study.derivatives / "attention" / "case-case-0001.npz"
    before = place.read_bytes()
    settings = AnalysisSettings(robustness=False, map_preset="EGD-CXR")
    assert analyse_study(study, settings).cases == 2
    assert place.read_bytes() != before
    analyse_study(study, BRIEF)
    assert place.read_bytes() == before


def test_files_of_a_session_that_is_gone_go_too(study: Study) -> None:
    analyse_study(study, BRIEF)
    folder = study.derivatives
    for kind in KINDS[:3]:
        (folder / kind / "session-0099.parquet").write_bytes(b"of a session that is gone")
    (folder / "attention" / "reading-000099.npz").write_bytes(b"")
    (folder / "attention" / "case-case-0099.npz").write_bytes(b"")
    (folder / "background.json").write_text("{}")
    analyse_study(study, BRIEF)
    left = {path.name for path in folder.rglob("*99*")}
    assert left == set()
    assert (folder / "background.json").is_file()


def test_robustness_can_be_left_out(study: Study) -> None:
    analyse_study(study)
    report = analyse_study(study, AnalysisSettings(robustness=False))
    assert report.made == 3
    assert not list(study.derivatives.rglob("robustness*/*"))
    assert not (study.derivatives / "robustness.parquet").exists()


def test_workers_give_the_same_tables_byte_for_byte(study: Study) -> None:
    here = analyse_study(study)
    tables = bytes_of(study)
    steps: list[tuple[int, int, str]] = []
    there = analyse_study(
        study, progress=lambda *step: steps.append(step), how=Execution(jobs=2, force=True)
    )
    assert there == here
    assert bytes_of(study) == tables
    assert len(tables) == 4 + 2 * len(KINDS)
    assert [step[:2] for step in steps] == [(1, 3), (2, 3), (3, 3), (3, 3)]


def test_a_cancelled_analysis_goes_on_where_it_was(study: Study) -> None:
    done: list[int] = []
    how = Execution(cancelled=lambda: len(done) == 1)
    with pytest.raises(AnalysisStoppedError, match="1 of 3 sessions done; run it again"):
        analyse_study(study, BRIEF, progress=lambda *step: done.append(step[0]), how=how)
    assert analyse_study(study, BRIEF).made == 2
