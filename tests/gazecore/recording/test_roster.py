from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from gazecore.errors import ControlError
from gazecore.recording.roster import Bound, Candidate, Roster

FIRST = Candidate("uid-1", "gaze", "Gaze", 27, 2, 0.0, "tracker", "here")
SECOND = replace(FIRST, uid="uid-2")
THIRD = replace(FIRST, uid="uid-3")
WIDER = replace(FIRST, uid="uid-4", channels=30)
ALIVE = {"gaze": Bound(FIRST, is_lost=False)}
LOST = {"gaze": Bound(FIRST, is_lost=True)}
KNOWN = {"uid-1"}


@dataclass
class Clock:
    now_s: float = 0.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def roster(clock: Clock) -> Roster:
    return Roster(clock)


def test_one_alone_joins(roster: Roster) -> None:
    decision = roster.decide([FIRST], {}, set())
    assert (decision.joins, decision.notes, roster.questions) == ((FIRST,), (), ())


def test_two_of_a_new_name_are_a_question_told_once(roster: Roster) -> None:
    assert roster.decide([FIRST, SECOND], {}, set()).joins == ()
    again = roster.decide([FIRST, SECOND], {}, set())
    assert (again.joins, again.notes) == ((), ())
    (question,) = roster.questions
    assert question.as_answer()["stream"] == "gaze"
    assert [c["uid"] for c in question.as_answer()["candidates"]] == ["uid-1", "uid-2"]


def test_a_second_while_the_first_lives_is_a_question(roster: Roster) -> None:
    decision = roster.decide([FIRST, SECOND], ALIVE, KNOWN)
    assert decision.joins == ()
    assert decision.notes == (
        ("gaze", "a second outlet claims to be it; the recording goes on with the first "
                 "until someone chooses"),
    )  # fmt: skip
    (question,) = roster.questions
    recorded, other = question.as_answer()["candidates"]
    assert (recorded["uid"], recorded["is_recorded"]) == ("uid-1", True)
    assert (other["uid"], other["is_recorded"], other["differs"]) == ("uid-2", False, [])


def test_the_only_successor_joins(roster: Roster) -> None:
    assert roster.decide([SECOND], LOST, KNOWN).joins == (SECOND,)


def test_one_that_was_there_beside_the_first_succeeds_it_once_alone(roster: Roster) -> None:
    roster.decide([FIRST, SECOND], ALIVE, KNOWN)
    assert roster.decide([SECOND], LOST, KNOWN).joins == (SECOND,)
    assert roster.questions == ()


def test_two_successors_are_a_question(roster: Roster) -> None:
    decision = roster.decide([SECOND, THIRD], LOST, KNOWN)
    assert decision.joins == ()
    assert decision.notes[0][1].startswith("2 outlets claim to be it; none is recorded")


@pytest.mark.parametrize(
    "other",
    [WIDER, replace(SECOND, source_id="x"), replace(SECOND, hostname="x"),
     replace(SECOND, type="x"), replace(SECOND, rate_hz=60.0), replace(SECOND, channel_format=1)],
    ids=["channels", "source", "host", "type", "rate", "format"],
)  # fmt: skip
def test_a_different_one_does_not_succeed_silently(roster: Roster, other: Candidate) -> None:
    decision = roster.decide([other], LOST, KNOWN)
    assert decision.joins == ()
    assert "came that differs (" in decision.notes[0][1]
    assert roster.questions[0].as_answer()["candidates"][1]["differs"]


def test_a_doubted_successor_is_a_question(roster: Roster) -> None:
    assert roster.decide([SECOND], LOST, KNOWN).joins == (SECOND,)
    roster.doubt("uid-2", "other labels")
    decision = roster.decide([SECOND], LOST, KNOWN)
    assert decision.joins == ()
    assert "(other labels)" in decision.notes[0][1]
    roster.choose("uid-2", LOST)
    assert roster.decide([SECOND], LOST, KNOWN).joins == (SECOND,)


def test_one_that_a_look_missed_still_counts_for_a_while(roster: Roster, clock: Clock) -> None:
    roster.decide([SECOND, THIRD], LOST, KNOWN)
    clock.now_s = 1.0
    assert roster.decide([SECOND], LOST, KNOWN).joins == ()
    clock.now_s = 4.1
    assert roster.decide([SECOND], LOST, KNOWN).joins == (SECOND,)


def test_the_chosen_one_joins_and_the_others_are_refused(roster: Roster) -> None:
    roster.decide([FIRST, SECOND, THIRD], ALIVE, KNOWN)
    assert roster.choose("uid-3", ALIVE) == "gaze"
    assert roster.is_chosen("uid-3")
    assert roster.decide([FIRST, SECOND, THIRD], ALIVE, KNOWN).joins == (THIRD,)
    now = {"gaze": Bound(THIRD, is_lost=False)}
    assert roster.decide([FIRST, SECOND, THIRD], now, {"uid-3"}).joins == ()
    assert roster.questions == ()


def test_choosing_the_recorded_one_ends_the_question(roster: Roster) -> None:
    roster.decide([FIRST, SECOND], ALIVE, KNOWN)
    roster.choose("uid-1", ALIVE)
    assert roster.decide([FIRST, SECOND], ALIVE, KNOWN).joins == ()
    assert roster.questions == ()


def test_a_choice_can_be_changed(roster: Roster) -> None:
    roster.decide([FIRST, SECOND], {}, set())
    roster.choose("uid-1", {})
    roster.choose("uid-2", {})
    assert roster.decide([FIRST, SECOND], {}, set()).joins == (SECOND,)


def test_choosing_what_is_not_there_is_refused(roster: Roster) -> None:
    with pytest.raises(ControlError, match="no outlet 'uid-9' is there"):
        roster.choose("uid-9", ALIVE)


def test_one_that_could_not_be_joined_is_tried_again_later(roster: Roster, clock: Clock) -> None:
    roster.postpone("uid-1")
    assert roster.decide([FIRST], {}, set()).joins == ()
    clock.now_s = 2.5
    assert roster.decide([FIRST], {}, set()).joins == (FIRST,)


def test_one_that_is_refused_is_no_candidate(roster: Roster) -> None:
    roster.refuse("uid-1")
    assert roster.decide([FIRST], {}, set()).joins == ()
    assert roster.decide([FIRST, SECOND], {}, set()).joins == (SECOND,)
    assert roster.questions == ()
