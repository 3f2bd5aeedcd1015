from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pylsl
import pytest

from gazecore.errors import (
    AcquisitionError,
    ConsentError,
    MissingDerivativesError,
    MissingRecordingError,
)
from gazecore.export.source import ExportSource
from gazecore.recording.writer import XdfWriter
from gazecore.streams import EyeMapping, StreamMatch, StreamProfile
from gazecore.study.protocol import changed_protocol

if TYPE_CHECKING:
    from gazecore.study import Study


def test_only_consenting_readers_are_seen(study: Study) -> None:
    study.set_protocol(changed_protocol(study.protocol, {"consent_level": "raw"}))
    study.add_reader("r3", consent_level="maps")
    session = study.start_session("r3")
    study.start_reading(session.session_id, "case-0001")
    raw, maps = ExportSource(study, "raw"), ExportSource(study, "maps")
    assert [reader.reader_id for reader in raw.readers] == ["r-1", "r2"]
    assert raw.excluded == ("r3",)
    assert {s.reader_id for s in raw.sessions()} == {"r-1", "r2"}
    assert len(raw.readings()) == 5
    assert len(raw.readings("session-0002")) == 2
    assert (maps.excluded, len(maps.readings())) == ((), 6)


def test_consent_below_the_level_stops_it(study: Study) -> None:
    study.set_protocol(changed_protocol(study.protocol, {"consent_level": "maps"}))
    with pytest.raises(ConsentError, match="fixations; the most allowed is maps"):
        ExportSource(study, "fixations")


def test_derivatives_get_the_session_s_own_clock(study: Study) -> None:
    source, session = ExportSource(study, "raw"), study.sessions()[0]
    with pytest.raises(MissingDerivativesError, match="focusstation analyse"):
        source.fixations(session)
    for kind in ("gaze", "fixations"):
        (study.derivatives / kind).mkdir(parents=True)
    pl.DataFrame({"t_s": [100.5, 101.0], "x": [1, 2]}).write_parquet(
        study.derivatives / "gaze" / "session-0001.parquet"
    )
    pl.DataFrame({"onset_s": [100.75], "offset_s": [101.0], "duration_s": [0.25]}).write_parquet(
        study.derivatives / "fixations" / "session-0001.parquet"
    )
    assert source.gaze_on_image(session)["t_s"].to_list() == [0.0, 0.5]
    assert source.fixations(session).row(0) == (0.25, 0.5, 0.25)


def test_a_session_whose_first_part_is_gone_still_has_a_recording(study: Study) -> None:
    source = ExportSource(study, "raw")
    first, second = study.sessions()
    path = second.recording_path
    path.rename(path.with_name(f"{path.stem}-part2{path.suffix}"))
    assert source.sessions() == [first, second]
    assert source.unrecorded == ()


def test_a_recording_of_another_program_is_read_by_the_study_s_mapping(study: Study) -> None:
    path = study.sessions()[0].recording_path
    path.chmod(0o644)
    path.unlink()
    outlet = pylsl.StreamInfo("our lab", "Gaze", 2, 0, "float32", "lab")
    writer = XdfWriter(path, lambda: 5.0)
    writer.add_stream(1, outlet.as_xml())
    writer.add_numeric(1, np.array([5.0, 5.1]), np.array([[960, 540], [0, 0]], dtype=np.float32))
    writer.close()
    source, session = ExportSource(study, "raw"), study.sessions()[0]
    with pytest.raises(AcquisitionError, match="our lab"):
        source.recorded(session)
    study.save_stream_profile(
        StreamProfile(
            profile_id="by hand",
            match=StreamMatch(name="our lab", type="Gaze", channels=2),
            left=EyeMapping(x=0, y=1),
            unit="px",
            resolution_px=(1920, 1080),
        )
    )
    samples = source.recorded(session).samples
    assert samples.left_xy_norm[0] == pytest.approx([0.5, 0.5])


def test_sessions_without_a_recording_are_left_out_and_named(study: Study) -> None:
    source = ExportSource(study, "raw")
    first, second = study.sessions()
    second.recording_path.unlink()
    assert source.sessions() == [first]
    assert source.unrecorded == ("session-0002",)
    first.recording_path.unlink()
    with pytest.raises(MissingRecordingError, match="session-0001"):
        source.sessions()
