from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pylsl
import pytest

from gazecore import lsl
from gazecore.errors import AcquisitionError, AmbiguousStreamError, NoStreamError
from gazecore.recording.discovery import find_streams, is_gaze
from gazecore.recording.roster import Roster

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def outlets(lsl_session: str) -> Iterator[list[pylsl.StreamOutlet]]:
    """A gaze outlet, a marker outlet and one of another kind."""
    del lsl_session
    other = pylsl.StreamInfo("heart", "ECG", 1, 0, "float32", "e")
    infos = [
        lsl.gaze_stream_info("eyes of discovery", 60, "g", simulated=True),
        lsl.marker_stream_info("m", "marks of discovery"),
        other,
    ]
    made = [pylsl.StreamOutlet(info) for info in infos]
    yield made
    made.clear()


def never() -> bool:
    return False


def test_without_names_all_gaze_and_marker_streams_are_found(
    outlets: list[pylsl.StreamOutlet],
) -> None:
    assert len(outlets) == 3
    names = [info.name() for info in find_streams((), 10, never)]
    assert names == ["eyes of discovery", "marks of discovery"]


def test_named_streams_are_found_in_the_order_named(outlets: list[pylsl.StreamOutlet]) -> None:
    assert len(outlets) == 3
    found = find_streams(("heart", "eyes of discovery", "heart"), 10, never)
    assert [info.name() for info in found] == ["heart", "eyes of discovery"]


def test_a_missing_first_name_is_told(outlets: list[pylsl.StreamOutlet]) -> None:
    assert len(outlets) == 3
    with pytest.raises(NoStreamError, match="named 'absent' within"):
        find_streams(("absent", "heart"), 0.5, never)


@pytest.mark.parametrize("names", [("heart", "absent"), ("absent", "eyes of discovery")])
def test_with_the_first_named_or_gaze_it_begins_without_the_rest(
    outlets: list[pylsl.StreamOutlet], names: tuple[str, ...]
) -> None:
    assert len(outlets) == 3
    start_s = time.monotonic()
    (info,) = find_streams(names, 60, never)
    assert info.name() in names
    assert time.monotonic() - start_s < 10


def test_nothing_at_all_is_told(lsl_session: str) -> None:
    del lsl_session
    with pytest.raises(NoStreamError, match="of gaze or markers within"):
        find_streams((), 0.2, never)


@pytest.mark.parametrize("name", ["it's", 'a "quoted" name', "a'b\"c", "][", "眼动仪"])
def test_odd_names_are_only_not_found(lsl_session: str, name: str) -> None:
    del lsl_session
    with pytest.raises(NoStreamError):
        find_streams((name,), 0.1, never)


def test_two_of_a_name_are_a_question(lsl_session: str) -> None:
    del lsl_session
    twins = [
        pylsl.StreamOutlet(lsl.gaze_stream_info("twin", 60, source, simulated=True))
        for source in ("one", "two")
    ]
    with pytest.raises(AmbiguousStreamError, match="2 LSL streams are called 'twin'"):
        find_streams(("twin",), 5, never)
    assert len(twins) == 2


def test_with_a_roster_two_of_a_name_wait_for_a_choice(lsl_session: str) -> None:
    del lsl_session
    twins = [
        pylsl.StreamOutlet(lsl.gaze_stream_info("pair", 60, source, simulated=True))
        for source in ("one", "two")
    ]
    roster = Roster()
    with pytest.raises(AmbiguousStreamError, match="'pair'"):
        find_streams(("pair",), 0.5, never, roster)
    ((one, two),) = (question.candidates for question in roster.questions)
    assert {one.source_id, two.source_id} == {"one", "two"}
    roster.choose(two.uid, {})
    (info,) = find_streams(("pair",), 10, never, roster)
    assert info.uid() == two.uid
    assert len(twins) == 2


def test_an_outlet_with_quotes_in_its_name_is_found(lsl_session: str) -> None:
    del lsl_session
    name = """the reader's "left" eye"""
    outlet = pylsl.StreamOutlet(lsl.gaze_stream_info(name, 60, "q", simulated=True))
    assert [info.name() for info in find_streams((name,), 10, never)] == [name]
    del outlet


@pytest.mark.parametrize(
    ("kind", "gaze"),
    [("Gaze", True), ("gaze", True), ("ET", True), ("Eyetracker", True), ("EyeOpenness", False)],
)
def test_types_of_gaze_streams(kind: str, gaze: bool) -> None:
    assert is_gaze(kind) is gaze


def test_a_cancelled_search_ends_soon(lsl_session: str) -> None:
    del lsl_session
    cancel = threading.Event()
    timer = threading.Timer(0.2, cancel.set)
    timer.start()
    start_s = time.monotonic()
    with pytest.raises(AcquisitionError, match="no file was made"):
        find_streams(("absent",), 60, cancel.is_set)
    assert time.monotonic() - start_s < 5
    timer.join()
