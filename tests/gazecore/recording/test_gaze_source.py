"""Which stream of a recording is read as gaze, and how."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from gazecore.errors import AcquisitionError
from gazecore.messages import AnyMarker, GazeMapped, ScreenState, SessionStarted, StateRepeated
from gazecore.recording.gaze_source import ReadingAid, gaze_source
from gazecore.recording.recorded_stream import RecordedStream
from gazecore.samples import GAZE_LABELS
from gazecore.streams import EyeMapping, StreamMatch, StreamProfile
from tests.gazecore.streams.wild import OUTLETS, REFUSED, SCREEN_PX, About, Gaze, Outlet, about

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

PATH = Path("s.xdf")
BY_ID = {outlet.profile_id: outlet for outlet in OUTLETS}
N = 20
XY = np.linspace(0.1, 0.9, 2 * N).reshape(N, 2)
GAZE = Gaze(XY, XY, np.full(N, 3.0), np.full(N, 3.0), np.arange(N) == 7)


def recorded(
    said: About,
    values: npt.NDArray[np.float64],
    *,
    uid: str = "u",
    segment: int = 1,
    start_s: float = 0.0,
) -> RecordedStream:
    t_s = start_s + np.arange(len(values)) / 100
    return RecordedStream(
        stream_id=1 + hash((said.name, uid)) % 10**6,
        name=said.name,
        type=said.type,
        labels=said.labels,
        units=("",) * len(said.labels),
        uid=uid,
        true_rate_hz=100.0,
        t_s=t_s,
        t_sender_s=t_s,
        values=values,
        texts=(),
        description={**said.description, "recorded": {"segment": str(segment)}},
        source_id=said.source_id,
    )


def of_outlet(outlet: Outlet) -> RecordedStream:
    return recorded(outlet.about, outlet.encode(GAZE).astype(outlet.dtype))


def named(*streams: RecordedStream) -> dict[str, RecordedStream]:
    return {f"{s.name} {k}" if k else s.name: s for k, s in enumerate(streams)}


def _ours(name: str = "FocusStation gaze") -> RecordedStream:
    values = np.ones((N, len(GAZE_LABELS)))
    return recorded(about(name, "Gaze", GAZE_LABELS), values)


def _started() -> SessionStarted:
    screen = ScreenState(
        width_px=SCREEN_PX[0],
        height_px=SCREEN_PX[1],
        width_mm=600,
        height_mm=340,
        distance_mm=650,
    )
    return SessionStarted(t_s=0, session_id="s", study_id="t", reader_id="r", screen=screen)


def _mapping(name: str = "our lab", uid: str = "", channels: int = 2) -> GazeMapped:
    match = StreamMatch(name=name, type="Gaze", channels=channels)
    profile = StreamProfile(
        profile_id="by hand", match=match, both=EyeMapping(x=0, y=1), unit="percent"
    )
    return GazeMapped(t_s=1.0, stream=name, uid=uid, profile=profile)


@pytest.mark.parametrize("outlet", OUTLETS, ids=lambda o: o.profile_id)
def test_each_known_outlet_is_read_by_its_profile(outlet: Outlet) -> None:
    source = gaze_source(PATH, named(of_outlet(outlet)), [_started()])
    samples = source.samples()
    assert source.profile is not None
    assert np.abs(samples.left_xy_norm - XY)[~GAZE.lost].max() < 1e-6
    assert samples.left_valid.tolist() == (~GAZE.lost).tolist()


def test_our_own_stream_comes_before_a_known_foreign_one() -> None:
    source = gaze_source(PATH, named(of_outlet(BY_ID["gazepoint"]), _ours()), [])
    assert source.stream.name == "FocusStation gaze"
    assert source.profile is None


@pytest.mark.parametrize("others", [(), (BY_ID["gazepoint"],)])
def test_a_mapping_of_the_session_comes_before_all(others: Sequence[Outlet]) -> None:
    foreign = recorded(about("our lab", "Gaze", ("a", "b")), 100 * XY)
    streams = named(_ours(), *(of_outlet(o) for o in others), foreign)
    source = gaze_source(PATH, streams, [_mapping("gone"), _mapping()])
    assert source.stream is foreign
    assert np.abs(source.samples().right_xy_norm - XY).max() < 1e-12


def test_the_last_mapping_counts_and_holds_for_all_segments_in_order() -> None:
    said = about("our lab", "Gaze", ("a", "b"))
    later = recorded(said, 100 * XY, uid="second", segment=2, start_s=5)
    first = recorded(said, 100 * XY, uid="first")
    wrong = _mapping().model_copy(
        update={"profile": _mapping().profile.model_copy(update={"unit": "norm"})}
    )
    samples = gaze_source(PATH, named(later, first), [wrong, _mapping(uid="first")]).samples()
    assert samples.t_s.tolist() == [*first.t_s, *later.t_s]
    assert np.nanmax(samples.left_xy_norm) == pytest.approx(XY.max())


def test_a_mapping_told_again_by_a_later_station_or_in_the_state_keeps_the_first_segment() -> None:
    said = about("our lab", "Gaze", ("a", "b"))
    first = recorded(said, 100 * XY, uid="first")
    later = recorded(said, 100 * XY, uid="second", segment=2, start_s=5)
    state = StateRepeated(t_s=2.0, mapping=_mapping(uid="second"))
    markers: list[list[AnyMarker]] = [[_mapping(uid="second")], [state], [_mapping(), state]]
    for told in markers:
        assert gaze_source(PATH, named(first, later), told).segments == (first, later)


def test_of_two_outlets_of_a_name_the_one_that_was_mapped_is_read() -> None:
    said = about("our lab", "Gaze", ("a", "b"))
    one, other = recorded(said, 100 * XY, uid="one"), recorded(said, 100 * XY, uid="other")
    source = gaze_source(PATH, named(one, other), [_mapping(uid="other")])
    assert source.segments == (other,)


def test_a_mapping_is_not_used_on_other_channels() -> None:
    other = recorded(about("our lab", "Gaze", ("a", "b", "c")), np.ones((N, 3)))
    with pytest.raises(AcquisitionError, match="no gaze stream that can be used"):
        gaze_source(PATH, named(other), [_mapping()])


def test_pixels_are_those_of_the_sessions_screen() -> None:
    stream = of_outlet(BY_ID["app-eyelink"])
    state = StateRepeated(t_s=0.0, session=_started())
    markers: list[list[AnyMarker]] = [[_started()], [state]]
    for known in markers:
        samples = gaze_source(PATH, named(stream), known).samples()
        assert np.abs(samples.left_xy_norm - XY)[~GAZE.lost].max() < 1e-12
    with pytest.raises(AcquisitionError, match="resolution is not known"):
        gaze_source(PATH, named(stream), []).samples()


def test_a_study_may_know_what_the_recording_of_another_program_does_not_tell() -> None:
    stream = of_outlet(BY_ID["app-eyelink"])
    aid = ReadingAid(resolution_px=SCREEN_PX)
    samples = gaze_source(PATH, named(stream), [], aid).samples()
    assert np.abs(samples.left_xy_norm - XY)[~GAZE.lost].max() < 1e-12
    unknown = recorded(about("our lab", "Gaze", ("a", "b")), 100 * XY)
    own = _mapping().profile.model_copy(
        update={"match": StreamMatch(name="our lab", type="Gaze", labels=("a", "b"), channels=2)}
    )
    source = gaze_source(PATH, named(unknown), [], ReadingAid((own,)))
    assert source.profile == own
    told = gaze_source(PATH, named(stream), [_started()], ReadingAid(resolution_px=(10, 10)))
    assert told.profile is not None
    assert told.profile.resolution_px == SCREEN_PX


def test_two_known_trackers_are_not_chosen_between() -> None:
    streams = named(of_outlet(BY_ID["gazepoint"]), of_outlet(BY_ID["titta-lsl"]))
    with pytest.raises(AcquisitionError, match=r"2 trackers \(GazepointEyeTracker, Tobii_gaze\)"):
        gaze_source(PATH, streams, [])


def test_what_cannot_be_used_is_named_with_the_reason() -> None:
    unknown = recorded(about("our lab", "Gaze", ("gx", "gy")), XY)
    camera = recorded(REFUSED[2], XY)
    with pytest.raises(AcquisitionError) as error:
        gaze_source(PATH, named(unknown, camera), [])
    said = str(error.value)
    assert "our lab (2 channels: gx, gy)" in said
    assert "Lab1_Gaze (refused: its gaze is in pixels of a camera" in said
    assert "under Streams" in said


def test_nothing_recorded_is_said() -> None:
    with pytest.raises(AcquisitionError, match="it holds nothing"):
        gaze_source(PATH, {}, [])
