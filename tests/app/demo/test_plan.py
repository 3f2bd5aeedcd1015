"""The plan: seeds fix answers, every case ends with its answer."""

from __future__ import annotations

from random import Random

from app.demo.plan import answer_key, case_actions, phantom_actions
from app.pilot.script import Grab, Key, Wheel


def test_answers_are_mostly_right_and_seeded() -> None:
    keys = [answer_key(2, Random(i), 0.8) for i in range(1000)]
    assert keys == [answer_key(2, Random(i), 0.8) for i in range(1000)]
    assert 740 <= keys.count("2") <= 860
    assert set(keys) <= {"1", "2", "3"}


def test_grade_zero_is_the_enter_key_and_grades_stay_in_range() -> None:
    assert answer_key(0, Random(1), 1.0) == "Return"
    assert {answer_key(0, Random(i), 0.0) for i in range(50)} == {"Return", "1"}
    assert {answer_key(4, Random(i), 0.0) for i in range(50)} == {"3", "4"}


def test_a_case_ends_with_its_one_answer() -> None:
    actions = case_actions(focus=(0.4, 0.6), zoomed=True, key="3", looking_s=1.0, grab="g")
    assert actions[-1] == Key(key="3")
    assert sum(isinstance(a, Key) for a in actions) == 1
    assert any(isinstance(a, Wheel) and (a.x, a.y) == (0.4, 0.6) for a in actions)


def test_every_phantom_state_is_grabbed_once() -> None:
    names = [a.name for a in phantom_actions() if isinstance(a, Grab)]
    assert len(names) == len(set(names)) >= 8
