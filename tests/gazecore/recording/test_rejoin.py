from __future__ import annotations

import time
from typing import TYPE_CHECKING

from gazecore.recording.inlet import Inlet
from gazecore.recording.rejoin import Rejoiner
from tests.gazecore.recording.test_inlet import ended, resolved, wait_until

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.gazecore.recording.material import Sender


def lost_inlet(sender: Sender) -> Inlet:
    inlet = Inlet(resolved(sender.name), 1)
    inlet.start()
    sender.vanish()
    wait_until(lambda: inlet.failure is not None)
    return inlet


def looked(inlet: Inlet, seconds: float) -> tuple[list[Inlet], list[str]]:
    """What a rejoiner finds within some seconds, and what it notes."""
    rejoiner, notes = Rejoiner(), list[str]()
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = rejoiner.returned([inlet], lambda detail, _: notes.append(detail))
        if found:
            return found, notes
        time.sleep(0.05)
    return [], notes


def test_the_same_source_again_is_a_new_segment(make_sender: Callable[..., Sender]) -> None:
    inlet = lost_inlet(make_sender("comes back", "same"))
    make_sender("comes back", "same", first=5000)
    (back,), notes = looked(inlet, 10)
    assert (back.stream_id, back.segment) == (2, 2)
    assert back.about.uid != inlet.about.uid
    assert len(notes) == 1
    assert notes[0].endswith("segment 2 begins")
    wait_until(lambda: bool(back.take()))
    ended(back)


def test_another_source_of_the_name_is_not_joined(make_sender: Callable[..., Sender]) -> None:
    inlet = lost_inlet(make_sender("another", "first"))
    make_sender("another", "stranger")
    assert looked(inlet, 2.0) == ([], [])


def test_two_claimants_are_a_question_told_once(make_sender: Callable[..., Sender]) -> None:
    inlet = lost_inlet(make_sender("claimed", "same"))
    make_sender("claimed", "same")
    make_sender("claimed", "same")
    found, notes = looked(inlet, 2.5)
    assert found == []
    assert notes == ["2 outlets claim to be it; none is recorded"]


def test_nothing_is_looked_for_while_nothing_is_lost(make_sender: Callable[..., Sender]) -> None:
    make_sender("alive", "same")
    inlet = Inlet(resolved("alive"), 1)
    inlet.start()
    assert looked(inlet, 0.2) == ([], [])
    ended(inlet)
