from __future__ import annotations

from app.reading.serial_count import SerialCount


def test_each_number_is_taken_once_and_a_session_may_begin_later() -> None:
    count = SerialCount()
    assert [count.take(), count.take()] == [0, 1]
    count.restart(1_000_000)
    assert [count.take(), count.take()] == [1_000_000, 1_000_001]
