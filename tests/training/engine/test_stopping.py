"""Signals ask, they do not kill."""

from __future__ import annotations

import os
import signal
import threading

from training.engine.stopping import StopRequest


def test_sigterm_asks_and_handlers_are_given_back() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with StopRequest() as stop:
        assert not stop.asked
        os.kill(os.getpid(), signal.SIGTERM)
        assert stop.asked
    assert signal.getsignal(signal.SIGTERM) is before


def test_outside_the_main_thread_it_can_only_be_asked() -> None:
    seen: list[bool] = []

    def work() -> None:
        with StopRequest() as stop:
            stop.ask()
            seen.append(stop.asked)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [True]
