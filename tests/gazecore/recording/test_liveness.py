from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from dataclasses import replace

import pylsl
import pytest

from gazecore import lsl
from gazecore.recording.liveness import Liveness, Outlet, Pulse
from tests.gazecore.recording.test_inlet import resolved


def outlet_of(name: str) -> Outlet:
    """Where an outlet of this machine answers, from its description."""
    info = resolved(name)
    ports = re.findall(r"<v4(?:data|service)_port>(\d+)<", info.as_xml())
    return Outlet("127.0.0.1", int(ports[0]), int(ports[1]), info.uid())


def test_a_living_outlet_answers_and_a_closed_one_refuses(lsl_session: str) -> None:
    del lsl_session
    made = pylsl.StreamOutlet(lsl.marker_stream_info("x", "living"))
    outlet = outlet_of("living")
    assert outlet.probe(2.0) is Liveness.ALIVE
    assert replace(outlet, udp_port=1).probe(2.0) is Liveness.ALIVE
    del made
    assert outlet.probe(2.0) is Liveness.GONE


def test_another_outlet_on_the_port_is_no_life(lsl_session: str) -> None:
    del lsl_session
    made = pylsl.StreamOutlet(lsl.marker_stream_info("x", "usurper"))
    assert replace(outlet_of("usurper"), uid="not-its-uid").probe(0.5) is Liveness.GONE
    del made


def test_ports_that_accept_and_say_nothing_are_silence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        start_s = time.monotonic()
        answer = Outlet("127.0.0.1", server.getsockname()[1], 1, "x").probe(0.2)
    assert answer is Liveness.SILENT
    assert time.monotonic() - start_s < 2


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="no SIGSTOP here")
def test_a_halted_process_is_silent_and_alive_again(lsl_session: str) -> None:
    del lsl_session
    script = (
        "import time, pylsl; from gazecore import lsl; lsl.configure();"
        "o = pylsl.StreamOutlet(lsl.marker_stream_info('x', 'halted')); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script]) as process:
        try:
            outlet = outlet_of("halted")
            os.kill(process.pid, signal.SIGSTOP)
            time.sleep(0.2)
            assert outlet.probe(0.3) is Liveness.SILENT
            os.kill(process.pid, signal.SIGCONT)
            assert outlet.probe(5.0) is Liveness.ALIVE
        finally:
            process.kill()
        process.wait()
        assert outlet.probe(2.0) is Liveness.GONE


def test_a_pulse_asks_only_where_it_is_quiet() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        outlet = Outlet("127.0.0.1", server.getsockname()[1], 1, "x")
    pulse = Pulse(outlet)  # the port is closed by now
    pulse.look()
    assert not pulse.is_gone
    time.sleep(0.6)
    assert pulse.is_quiet
    assert pulse.silent_s > 0.5
    pulse.look()
    assert pulse.is_gone


def test_a_pulse_beats_with_samples_and_answers(lsl_session: str) -> None:
    del lsl_session
    made = pylsl.StreamOutlet(lsl.marker_stream_info("x", "beating"))
    pulse = Pulse(outlet_of("beating"))
    time.sleep(0.6)
    pulse.look()
    assert pulse.is_quiet
    assert pulse.silent_s < 0.5
    pulse.beat()
    assert not pulse.is_quiet
    del made


def test_an_outlet_that_cannot_be_asked_is_never_called_silent() -> None:
    pulse = Pulse(None)
    assert pulse.ask() is Liveness.SILENT
    assert not pulse.is_gone
    assert pulse.silent_s == 0.0
