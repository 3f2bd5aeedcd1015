"""Finding the stream of another lab's tracker among real outlets."""

from __future__ import annotations

import pylsl
import pytest

from app.acquisition.foreign_stream import StreamTerms, find_stream, mapping_of
from gazecore.errors import AcquisitionError, AmbiguousStreamError, NoStreamError
from gazecore.lsl import gaze_stream_info
from gazecore.streams import EyeMapping, StreamMatch, StreamProfile

pytestmark = pytest.mark.usefixtures("lsl_session")


def outlet(name: str, labels: tuple[str, ...], source: str = "s") -> pylsl.StreamOutlet:
    info = pylsl.StreamInfo(name, "Gaze", len(labels), 60.0, "float32", source)
    listed = info.desc().append_child("channels")
    for text in labels:
        listed.append_child("channel").append_child_value("label", text)
    return pylsl.StreamOutlet(info)


EYELINK = (
    *("leftEyeX", "leftEyeY", "rightEyeX", "rightEyeY", "leftPupilArea", "rightPupilArea"),
    *("pixelsPerDegreeX", "pixelsPerDegreeY", "eyelink_timestamp", "LSL_timestamp"),
)


def test_a_known_stream_is_found_with_the_screen_its_pixels_are_of() -> None:
    made = outlet("EyeLink", EYELINK)
    with pytest.raises(AcquisitionError, match="pixels of a screen"):
        find_stream("EyeLink", StreamTerms(), 10.0)
    found = find_stream("EyeLink", StreamTerms(resolution_px=(1280, 1024)), 10.0)
    mapping = mapping_of(found)
    assert mapping is not None
    assert (mapping.stream, mapping.uid) == ("EyeLink", found.about.uid)
    assert mapping.profile.resolution_px == (1280, 1024)
    del made


def test_an_unknown_stream_is_found_once_it_is_mapped() -> None:
    made = outlet("lab one", ("gx", "gy"))
    with pytest.raises(AcquisitionError, match="under Streams"):
        find_stream("lab one", StreamTerms(), 10.0)
    match = StreamMatch(name="lab one", type="Gaze", labels=("gx", "gy"), channels=2)
    profile = StreamProfile(profile_id="hand", match=match, both=EyeMapping(x=0, y=1))
    found = find_stream("lab one", StreamTerms((profile,)), 10.0)
    assert found.reading.profile == profile
    del made


def test_our_own_channels_need_no_mapping() -> None:
    made = pylsl.StreamOutlet(gaze_stream_info("elsewhere", 60.0, "e", simulated=True))
    found = find_stream("elsewhere", StreamTerms(), 10.0)
    assert found.is_simulated
    assert mapping_of(found) is None
    del made


def test_a_stream_of_a_head_camera_is_refused() -> None:
    made = outlet("Lab_Gaze", ("x", "y"))
    with pytest.raises(AcquisitionError, match="camera that moves with the head"):
        find_stream("Lab_Gaze", StreamTerms(), 10.0)
    del made


def test_two_of_a_name_and_none_at_all_are_said() -> None:
    made = [outlet("twice", ("gx", "gy"), source) for source in ("a", "b")]
    with pytest.raises(AmbiguousStreamError):
        find_stream("twice", StreamTerms(), 10.0)
    with pytest.raises(NoStreamError, match="'nobody'"):
        find_stream("nobody", StreamTerms(), 0.3)
    del made
