from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from gazecore.analysis import analyse_study
from gazecore.errors import InvalidSettingError
from gazecore.export import export_study
from gazecore.importers import read_reflacx, store_sitting
from gazecore.importers.sitting import channel_values
from gazecore.recording import read
from gazecore.samples import EyesUsed, GazeSamples, gaze_point
from gazecore.study.protocol import changed_protocol

if TYPE_CHECKING:
    from pathlib import Path

    from gazecore.study import Study


def test_imported_gaze_is_a_sound_recording(data_set: Path, study: Study) -> None:
    study.add_reader("reflacx")
    readings = read_reflacx(data_set, study)["reflacx"]
    session = store_sitting(study, "reflacx", readings, source="reflacx")
    recording = read(session.recording_path)
    assert recording.damage.sound
    assert not recording.simulated
    assert len(recording.gaze()) == 120
    assert session.end_reason == "finished"
    assert [r.state for r in study.readings()] == ["stopped", "stopped"]  # no answers known


def test_export_and_import_give_the_same_gaze(data_set: Path, study: Study, tmp_path: Path) -> None:
    study.add_reader("reflacx")
    readings = read_reflacx(data_set, study)["reflacx"]
    store_sitting(study, "reflacx", readings, source="reflacx", simulated=True)
    assert analyse_study(study).problems == ()
    export_study(study, format_name="reflacx", level="raw", target=tmp_path / "out")
    original = pl.read_csv(data_set / "gaze_data" / "P2" / "gaze.csv")
    again = pl.read_csv(tmp_path / "out" / "gaze_data" / "reading-000002" / "gaze.csv")
    shared = [name for name in original.columns if name in again.columns]
    assert len(shared) == 13
    for name in shared:
        np.testing.assert_allclose(
            again[name].to_numpy(), original[name].to_numpy(), atol=2e-6, err_msg=name
        )
    meta = pl.read_csv(tmp_path / "out" / "main_data" / "metadata_phase_1.csv")
    assert meta["simulated"].all()


def test_a_screen_too_small_is_refused_before_anything_is_stored(
    data_set: Path, study: Study
) -> None:
    study.add_reader("reflacx")
    readings = read_reflacx(data_set, study)["reflacx"]
    study.set_protocol(changed_protocol(study.protocol, {"screen.width_px": "640"}))
    with pytest.raises(InvalidSettingError, match="640 x 1080"):
        store_sitting(study, "reflacx", readings, source="reflacx")
    assert study.sessions() == []


def test_the_gaze_point_is_the_imported_point() -> None:
    xy = np.array([[0.25, 0.5], [np.nan, np.nan], [1.2, -0.1]])
    samples = GazeSamples.from_channels(np.arange(3.0), channel_values(xy))
    found, eyes = gaze_point(samples)
    np.testing.assert_array_equal(found, xy)
    assert eyes.tolist() == [EyesUsed.LEFT, EyesUsed.NONE, EyesUsed.LEFT]
