from __future__ import annotations

import contextlib
import socket
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pylsl
import pytest

from gazecore import lsl
from gazecore.recording.binding import bound_info, find_outlet
from tests.gazecore.recording.test_inlet import resolved

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.gazecore.recording.material import Sender


def pulled(inlet: pylsl.StreamInlet, seconds: float) -> list[float]:
    """First values of all samples that come within some seconds."""
    values: list[float] = []
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        sample, _ = inlet.pull_sample(0.0)
        if sample is None:
            time.sleep(0.01)
        else:
            values.append(sample[0])
    return values


def bound_inlet(name: str) -> pylsl.StreamInlet:
    info = resolved(name)
    outlet = find_outlet(info)
    assert outlet is not None
    inlet = pylsl.StreamInlet(bound_info(info, outlet), recover=True)
    inlet.info(5.0)
    inlet.open_stream(5.0)
    return inlet


def test_a_bound_inlet_receives_its_outlet(make_sender: Callable[..., Sender]) -> None:
    make_sender("bound one", "same")
    inlet = bound_inlet("bound one")
    assert inlet.info(1.0).name() == "bound one"
    assert len(pulled(inlet, 0.5)) > 20


def test_a_bound_inlet_never_switches_to_a_successor(make_sender: Callable[..., Sender]) -> None:
    """LSL's own recovery would within 2 s, as the control shows."""
    first = make_sender("mortal", "same")
    inlet = bound_inlet("mortal")
    free = pylsl.StreamInlet(resolved("mortal"), recover=True)
    free.info(5.0)
    free.open_stream(5.0)
    first.vanish()
    assert max(pulled(inlet, 0.3)) < 1000
    pulled(free, 0.1)
    make_sender("mortal", "same", first=1_000_000)
    switched: list[float] = []
    deadline = time.monotonic() + 10
    while not switched and time.monotonic() < deadline:
        switched = [value for value in pulled(free, 0.3) if value >= 1_000_000]
    assert switched
    assert pulled(inlet, 1.0) == []


class Cable:
    """Stands between an inlet and an outlet's port, and can be cut."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        self._ends: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                here, _ = self._server.accept()
                there = socket.create_connection(("127.0.0.1", self._to))
                self._ends += [here, there]
                for pair in ((here, there), (there, here)):
                    self._threads.append(threading.Thread(target=self._carry, args=pair))
                    self._threads[-1].start()

    @staticmethod
    def _carry(source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)

    def cut(self) -> None:
        """Break all connections; new ones can be made."""
        for end in self._ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def remove(self) -> None:
        """Break all connections for good."""
        self._server.shutdown(socket.SHUT_RDWR)
        self.cut()
        for thread in self._threads:
            thread.join(5)
        for end in (*self._ends, self._server):
            end.close()


def test_a_broken_connection_to_the_living_outlet_heals_and_reaches_no_other(
    make_sender: Callable[..., Sender],
) -> None:
    make_sender("healed", "same")
    info = resolved("healed")
    outlet = find_outlet(info)
    assert outlet is not None
    cable = Cable(outlet.tcp_port)
    inlet = pylsl.StreamInlet(bound_info(info, replace(outlet, tcp_port=cable.port)), recover=True)
    inlet.info(5.0)
    inlet.open_stream(5.0)
    before = pulled(inlet, 0.3)
    make_sender("healed", "same", first=1_000_000)
    cable.cut()
    after: list[float] = []
    deadline = time.monotonic() + 10
    while len(after) < 50 and time.monotonic() < deadline:
        after += pulled(inlet, 0.3)
    assert max(before) < min(after[-20:])
    assert max(after) < 1_000_000
    del inlet
    cable.remove()


@pytest.mark.parametrize("name", ["it's", "x' or '1'='1", "眼动仪 <&>"])
def test_hostile_names_bind_as_well(make_sender: Callable[..., Sender], name: str) -> None:
    make_sender(name, "q'")
    (info,) = (i for i in pylsl.resolve_streams(1.0) if i.name() == name)
    outlet = find_outlet(info)
    assert outlet is not None
    inlet = pylsl.StreamInlet(bound_info(info, outlet), recover=True)
    inlet.open_stream(5.0)
    assert pulled(inlet, 0.3)


def test_an_outlet_that_is_gone_is_not_found(lsl_session: str) -> None:
    del lsl_session
    outlet = pylsl.StreamOutlet(lsl.marker_stream_info("x", "short-lived"))
    info = resolved("short-lived")
    del outlet
    assert find_outlet(info) is None


def test_a_description_made_here_has_no_outlet() -> None:
    assert find_outlet(lsl.marker_stream_info("x", "made here")) is None
