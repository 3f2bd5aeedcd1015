"""Commands cross, errors cross, and no peer that is stopped, hostile or gone can hang another."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import stat
import struct
import threading
import time
from multiprocessing.connection import Client
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gazecore.control import Answer, ControlClient, ControlServer
from gazecore.errors import ControlError, TrackerError, UnwritablePathError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def echo(command: str, arguments: dict[str, Any]) -> Answer:
    if command == "refuse":
        raise TrackerError("the tracker is asleep; wake it")
    if command == "bug":
        raise KeyError("x")
    if command == "sleep":
        time.sleep(float(arguments["seconds"]))
    if command == "unserialisable":
        return {"value": object()}
    return {"command": command, **arguments}


@pytest.fixture
def endpoint(tmp_path: Path) -> Iterator[Path]:
    server = ControlServer(tmp_path / "deep" / "tracker.json", echo).start()
    yield tmp_path / "deep" / "tracker.json"
    server.close()


@pytest.fixture
def client(endpoint: Path) -> Iterator[ControlClient]:
    connected = ControlClient.connect(endpoint)
    yield connected
    connected.close()


def test_a_command_is_answered(client: ControlClient) -> None:
    assert client.call("status", x=1.5, name="é") == {"command": "status", "x": 1.5, "name": "é"}


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text(max_size=20)
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(value=json_values)
def test_any_json_crosses_unchanged(client: ControlClient, value: Any) -> None:
    assert client.call("echo", value=value)["value"] == value


def test_a_refusal_crosses_with_its_words(client: ControlClient) -> None:
    with pytest.raises(ControlError, match="the tracker is asleep; wake it"):
        client.call("refuse")
    assert client.call("status") == {"command": "status"}


@pytest.mark.parametrize("command", ["bug", "unserialisable"])
def test_a_faulty_handler_does_not_end_the_connection(client: ControlClient, command: str) -> None:
    with pytest.raises(ControlError, match="malformed"):
        client.call(command)
    assert client.call("status") == {"command": "status"}


def test_a_late_answer_is_not_taken_for_the_next(client: ControlClient) -> None:
    with pytest.raises(ControlError, match="no answer to 'sleep'"):
        client.call("sleep", wait_s=0.05, seconds=0.4)
    assert client.call("second") == {"command": "second"}


def test_clients_are_served_side_by_side(endpoint: Path) -> None:
    slow, quick = ControlClient.connect(endpoint), ControlClient.connect(endpoint)
    thread = threading.Thread(target=lambda: slow.call("sleep", seconds=0.6))
    thread.start()
    time.sleep(0.1)
    start = time.monotonic()
    quick.call("status")
    assert time.monotonic() - start < 0.4
    thread.join()
    slow.close()
    quick.close()


def test_one_client_may_be_used_from_several_threads(client: ControlClient) -> None:
    wrong: list[object] = []

    def ask(number: int) -> None:
        wrong.extend(
            answer
            for i in range(20)
            if (answer := client.call("n", n=(number, i))["n"]) != [number, i]
        )

    threads = [threading.Thread(target=ask, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@pytest.mark.skipif(os.name == "nt", reason="POSIX permissions")
def test_only_the_owner_can_read_the_endpoint(endpoint: Path) -> None:
    assert stat.S_IMODE(endpoint.stat().st_mode) == 0o600
    assert [p.name for p in endpoint.parent.iterdir()] == [endpoint.name]


def test_the_key_never_crosses_and_a_wrong_one_is_refused(endpoint: Path, tmp_path: Path) -> None:
    content = json.loads(endpoint.read_text())
    forged = tmp_path / "forged.json"
    forged.write_text(json.dumps({**content, "key": "00" * 32}))
    with pytest.raises(ControlError, match="nothing answers"):
        ControlClient.connect(forged, wait_s=0.2)
    good = ControlClient.connect(endpoint)
    assert good.call("status")
    good.close()


def test_a_client_that_says_nothing_hinders_nobody(endpoint: Path) -> None:
    silent = Client(json.loads(endpoint.read_text())["address"])
    good = ControlClient.connect(endpoint)
    assert good.call("status")
    good.close()
    silent.close()


def test_close_returns_though_a_client_is_silent(tmp_path: Path) -> None:
    server = ControlServer(tmp_path / "e.json", echo).start()
    silent = Client(json.loads((tmp_path / "e.json").read_text())["address"])
    time.sleep(0.1)
    start = time.monotonic()
    server.close()
    assert time.monotonic() - start < 2.0
    silent.close()


def test_close_returns_though_many_clients_halted_in_the_middle_of_a_message(
    tmp_path: Path,
) -> None:
    server = ControlServer(tmp_path / "server.json", echo).start()
    address = json.loads((tmp_path / "server.json").read_text())["address"]
    halted = []
    for _ in range(8):
        client = socket.socket(socket.AF_UNIX)
        client.connect(address)
        client.sendall(struct.pack("!i", 32))
        halted.append(client)
    time.sleep(0.3)
    start_s = time.monotonic()
    server.close()
    assert time.monotonic() - start_s < 4
    for client in halted:
        client.close()


def test_garbage_does_not_end_the_server(endpoint: Path) -> None:
    for garbage in (b"", b"\x00" * 10, b"x" * 33, b"y" * 100_000):
        connection = Client(json.loads(endpoint.read_text())["address"])
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it may hang up first
            connection.send_bytes(garbage)
        connection.close()
    good = ControlClient.connect(endpoint)
    assert good.call("status")
    good.close()


@pytest.mark.parametrize("request_bytes", [b"\xff", b"[]", b"1", b"{}", b'{"command": "x"}'])
def test_a_malformed_request_is_answered_as_such(
    client: ControlClient, request_bytes: bytes
) -> None:
    client._connection.send_bytes(request_bytes)
    answer = json.loads(client._connection.recv_bytes())
    assert answer["error"].startswith("malformed command")


def test_nobody_there_is_said_within_the_wait(tmp_path: Path) -> None:
    with pytest.raises(ControlError, match="nothing answers"):
        ControlClient.connect(tmp_path / "none.json", wait_s=0.1)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"address": "/nowhere", "key": "zz"}'])
def test_a_damaged_endpoint_file_is_said(tmp_path: Path, text: str) -> None:
    (tmp_path / "e.json").write_text(text)
    with pytest.raises(ControlError, match="nothing answers"):
        ControlClient.connect(tmp_path / "e.json", wait_s=0.1)


def test_a_server_that_is_stopped_does_not_hang_its_client(tmp_path: Path) -> None:
    # A listener that accepts nothing stands for a process that was stopped (SIGSTOP).
    from multiprocessing.connection import Listener

    with Listener() as listener:
        (tmp_path / "e.json").write_text(
            json.dumps({"address": listener.address, "key": "00" * 32})
        )
        start = time.monotonic()
        with pytest.raises(ControlError, match="nothing answers"):
            ControlClient.connect(tmp_path / "e.json", wait_s=0.3)
        assert time.monotonic() - start < 3.0


def test_connect_waits_for_the_server(tmp_path: Path) -> None:
    servers: list[ControlServer] = []
    timer = threading.Timer(
        0.3, lambda: servers.append(ControlServer(tmp_path / "e.json", echo).start())
    )
    timer.start()
    client = ControlClient.connect(tmp_path / "e.json", wait_s=10.0)
    assert client.call("status")
    client.close()
    timer.join()
    servers[0].close()


def test_the_other_side_gone_is_said(tmp_path: Path) -> None:
    server = ControlServer(tmp_path / "e.json", echo).start()
    client = ControlClient.connect(tmp_path / "e.json")
    server.close()
    with pytest.raises(ControlError, match="went away"):
        client.call("status")
    client.close()


def test_close_takes_the_endpoint_away_but_not_a_successors(tmp_path: Path) -> None:
    path = tmp_path / "e.json"
    first = ControlServer(path, echo).start()
    second = ControlServer(path, echo).start()
    first.close()
    client = ControlClient.connect(path)
    assert client.call("status")
    client.close()
    second.close()
    assert not path.exists()
    second.close()


def test_an_endpoint_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UnwritablePathError, match="--control"):
        ControlServer(tmp_path / "file" / "e.json", echo).start()


def test_many_clients_leave_no_threads(endpoint: Path) -> None:
    before = threading.active_count()
    for _ in range(30):
        client = ControlClient.connect(endpoint)
        client.call("status")
        client.close()
    deadline = time.monotonic() + 3.0
    while threading.active_count() > before and time.monotonic() < deadline:
        time.sleep(0.02)
    assert threading.active_count() <= before


def test_a_server_knows_whether_anybody_is_connected(tmp_path: Path) -> None:
    server = ControlServer(tmp_path / "tracker.json", echo).start()
    try:
        assert not server.has_clients
        client = ControlClient.connect(tmp_path / "tracker.json")
        client.call("status")
        assert server.has_clients
        client.close()
        deadline = time.monotonic() + 10
        while server.has_clients and time.monotonic() < deadline:
            time.sleep(0.01)
        assert not server.has_clients
    finally:
        server.close()
