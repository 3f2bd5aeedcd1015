from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pylsl
import pytest

from gazecore import lsl
from gazecore.errors import ControlError, NoStreamError
from gazecore.recording.discovery import look
from gazecore.recording.plan import RecorderSettings
from gazecore.recording.roster import Roster
from gazecore.recording.streams import RecordedStreams
from tests.gazecore.recording.test_inlet import resolved, wait_until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.gazecore.recording.material import Sender


@contextmanager
def running(
    first: str, names: tuple[str, ...]
) -> Iterator[tuple[RecordedStreams, list[tuple[str, str]]]]:
    """Streams that were started with the outlet of a name, and what they note."""
    notes: list[tuple[str, str]] = []
    streams = RecordedStreams(
        RecorderSettings(), lambda detail, source: notes.append((source, detail)), Roster()
    )
    streams.start([resolved(first)], names)
    try:
        yield streams, notes
    finally:
        start_s = time.monotonic()
        streams.stop()
        assert time.monotonic() - start_s < 2


def names_of(streams: RecordedStreams) -> set[str]:
    streams.look_after()
    return set(streams.status())


def test_a_named_stream_that_comes_late_joins(make_sender: Callable[..., Sender]) -> None:
    make_sender("early")
    with running("early", ("early", "late")) as (streams, notes):
        streams.look_after()
        assert streams.missing() == ["late"]
        make_sender("late")
        make_sender("uninvited")
        wait_until(lambda: names_of(streams) == {"early", "late"})
        assert streams.missing() == []
        time.sleep(1.0)
        assert names_of(streams) == {"early", "late"}
    assert notes[0] == ("late", "is not there yet; it joins when it appears")
    assert notes[1][1].startswith("joined late as outlet ")


def test_without_names_any_gaze_or_marker_stream_joins(make_sender: Callable[..., Sender]) -> None:
    make_sender("early")
    with running("early", ()) as (streams, _):
        made = [
            pylsl.StreamOutlet(lsl.marker_stream_info("m", "late marks")),
            pylsl.StreamOutlet(pylsl.StreamInfo("heart", "ECG", 1, 0, "float32", "e")),
        ]
        wait_until(lambda: names_of(streams) == {"early", "late marks"})
        assert len(made) == 2


def test_the_same_source_again_is_a_new_segment(make_sender: Callable[..., Sender]) -> None:
    first = make_sender("comes back", "same")
    with running("comes back", ("comes back",)) as (streams, notes):
        first.vanish()
        make_sender("comes back", "same", first=5000)

        def segment() -> int:
            streams.look_after()
            return int(streams.status()["comes back"]["segment"])

        wait_until(lambda: segment() == 2)
        assert streams.status()["comes back"]["state"] == "flowing"
        assert streams.questions() == []
    assert [detail.endswith("segment 2 begins") for _, detail in notes] == [True]


def test_a_second_outlet_is_a_question_and_a_choice_moves_on(
    make_sender: Callable[..., Sender],
) -> None:
    make_sender("claimed", "same")
    with running("claimed", ("claimed",)) as (streams, notes):
        (before,) = streams.sources
        make_sender("claimed", "same", first=9000)

        def asked() -> bool:
            streams.look_after()
            return bool(streams.questions())

        wait_until(asked)
        ((recorded, other),) = (q["candidates"] for q in streams.questions())
        assert recorded["uid"] == before.inlet.about.uid
        assert streams.status()["claimed"]["segment"] == 1
        assert streams.choose(other["uid"]) == {
            "stream": "claimed",
            "uid": other["uid"],
            "recorded": False,
        }
        wait_until(lambda: not asked() and len(streams.sources) == 2)
        latest = streams.latest("claimed")
        assert latest is not None
        assert latest.inlet.about.uid == other["uid"]
        assert streams.status()["claimed"]["segment"] == 2
        with pytest.raises(ControlError):
            streams.choose("nobody")
        with pytest.raises(ControlError):
            streams.choose("")
    assert ["second outlet" in notes[0][1], "was chosen" in notes[1][1]] == [True, True]


def test_one_that_does_not_answer_holds_up_nothing(make_sender: Callable[..., Sender]) -> None:
    make_sender("answers")
    gone = pylsl.StreamOutlet(lsl.marker_stream_info("m", "gone"))
    infos = [*look(("answers",)), resolved("gone")]
    del gone
    streams = RecordedStreams(RecorderSettings(), lambda _detail, _source: None, Roster())
    start_s = time.monotonic()
    streams.start(infos, ("answers", "gone"))
    assert time.monotonic() - start_s < 4
    assert streams.missing() == ["gone"]
    assert set(streams.status()) == {"answers"}
    streams.stop()


def test_the_first_has_to_answer(lsl_session: str) -> None:
    del lsl_session
    gone = pylsl.StreamOutlet(lsl.marker_stream_info("m", "gone"))
    info = resolved("gone")
    del gone
    streams = RecordedStreams(RecorderSettings(), lambda _detail, _source: None, Roster())
    with pytest.raises(NoStreamError, match="'gone' answering"):
        streams.start([info], ("gone",))
    streams.stop()


def test_a_late_outlet_without_a_readable_description_harms_nothing(
    make_sender: Callable[..., Sender],
) -> None:
    make_sender("sane")
    with running("sane", ("sane", "mad")) as (streams, notes):
        made = pylsl.StreamOutlet(pylsl.StreamInfo("mad", "x", 1, 0, "float32", "\x01"))

        def told() -> bool:
            streams.look_after()
            return any("cannot be read" in detail for _, detail in notes)

        wait_until(told)
        assert set(streams.status()) == {"sane"}
        assert streams.status()["sane"]["state"] == "flowing"
        del made


def test_an_outlet_that_joins_in_the_last_moment_is_in_the_file(
    make_sender: Callable[..., Sender],
) -> None:
    make_sender("early")
    with running("early", ("early", "late")) as (streams, _):
        make_sender("late")
        wait_until(lambda: looked_for_one_more(streams))
        (joining,) = streams._joining
        assert joining.inlet.settled(5.0)
        time.sleep(0.1)
        streams.stop()
        assert [source.name for source in streams.sources] == ["early", "late"]
        assert sum(len(pulled.t_s) for pulled in streams.sources[1].inlet.take()) > 0


def test_none_is_joined_after_the_end(make_sender: Callable[..., Sender]) -> None:
    make_sender("early")
    with running("early", ("early", "late")) as (streams, _):
        streams.stop()
        make_sender("late")
        for _ in range(3):
            streams.look_after()
            time.sleep(0.7)
        assert streams._joining == ()


def looked_for_one_more(streams: RecordedStreams) -> bool:
    streams.look_after()
    return bool(streams._joining)
