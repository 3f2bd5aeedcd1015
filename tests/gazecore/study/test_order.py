from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gazecore.study.order import case_order
from gazecore.study.protocol import CaseOrder

GOLDEN = ["case-0001", "case-0003", "case-0002", "case-0004", "case-0005"]
CASES = [f"case-{number:04d}" for number in range(1, 21)]


def test_the_order_is_the_same_on_every_machine() -> None:
    # golden: sorted by sha256("7\0r1\0case-000n")
    assert case_order(CaseOrder(seed=7), CASES[:5], "r1") == GOLDEN


def test_readers_differ_unless_one_order_holds_for_all() -> None:
    own, shared = CaseOrder(seed=1), CaseOrder(kind="same_for_all", seed=1)
    assert case_order(own, CASES, "r1") != case_order(own, CASES, "r2")
    assert case_order(shared, CASES, "r1") == case_order(shared, CASES, "r2")
    assert case_order(CaseOrder(seed=2), CASES, "r1") != case_order(own, CASES, "r1")


@given(st.sets(st.sampled_from(CASES)), st.integers(-(10**9), 10**9), st.text(max_size=5))
def test_cases_added_later_do_not_move_the_others(early: set[str], seed: int, reader: str) -> None:
    order = CaseOrder(seed=seed)
    all_of_them = case_order(order, CASES, reader)
    assert sorted(all_of_them) == CASES
    assert [case for case in all_of_them if case in early] == case_order(order, early, reader)
