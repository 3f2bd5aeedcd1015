"""A local, authenticated connection between processes: one JSON command, one JSON answer.

A server writes an endpoint file (mode 0600) with its address and a fresh key; whoever can read
the file can connect. Both sides prove that they know the key without sending it, and neither
waits without limit for the other, so that a stopped process cannot stop its peer. Only JSON
crosses, never pickles. What must outlive its parent never depends on a pipe to it, so clients
may come and go.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Client, Connection, Listener
from typing import TYPE_CHECKING, Any

from gazecore.errors import ControlError, FocusStationError, UnwritablePathError
from gazecore.json_text import parse_json

if TYPE_CHECKING:
    from pathlib import Path

Answer = dict[str, Any]
Handler = Callable[[str, dict[str, Any]], Answer]

_NONCE_BYTES = 32
_PROOF_BYTES = 32
_HANDSHAKE_S = 5.0
_CLOSE_S = 2.0
"""How long all clients together may hold up the end: one can halt in the middle of a message."""
_POLL_S = 0.1


class _HandshakeError(Exception):
    """The other side does not know the key, or does not answer."""


class ControlServer:
    """Answers commands on a thread per client until closed.

    Parameters
    ----------
    endpoint : Path
        Where the endpoint file goes; it is removed on `close`.
    handler : callable
        ``handler(command, arguments) -> answer``; a `FocusStationError` becomes the client's
        `ControlError` with the same text. Called from several threads.
    """

    def __init__(self, endpoint: Path, handler: Handler) -> None:
        self._endpoint = endpoint
        self._handler = handler
        self._key = secrets.token_bytes(32)
        self._closing = threading.Event()
        self._listener = Listener()
        self._text = json.dumps(
            {"address": self._listener.address, "key": self._key.hex(), "pid": os.getpid()}
        )
        self._acceptor = threading.Thread(target=self._accept, name="control-accept", daemon=True)
        self._clients: set[threading.Thread] = set()

    def start(self) -> ControlServer:
        """Write the endpoint file and begin to answer.

        Raises
        ------
        UnwritablePathError
            The endpoint file cannot be written.
        """
        try:
            _write_private(self._endpoint, self._text)
        except OSError as error:
            self._listener.close()
            reason = error.strerror or str(error)
            raise UnwritablePathError(self._endpoint, reason, "give another --control") from error
        self._acceptor.start()
        return self

    @property
    def has_clients(self) -> bool:
        """Whether anybody is connected."""
        return bool(self._clients)

    def close(self) -> None:
        """Stop answering, remove the endpoint file, join the threads that end."""
        if self._closing.is_set():
            return
        self._closing.set()
        self._remove_endpoint()
        if self._acceptor.is_alive():
            self._wake_acceptor()
            self._acceptor.join(2.0)
        deadline = time.monotonic() + _CLOSE_S
        for thread in tuple(self._clients):
            thread.join(max(0.0, deadline - time.monotonic()))
        self._listener.close()

    def _remove_endpoint(self) -> None:
        """Remove the endpoint file unless a later server has put its own there."""
        try:
            if self._endpoint.read_text() == self._text:
                self._endpoint.unlink()
        except OSError:
            return

    def _wake_acceptor(self) -> None:
        try:
            Client(self._listener.address).close()
        except (OSError, EOFError):
            return

    def _accept(self) -> None:
        while not self._closing.is_set():
            try:
                connection = self._listener.accept()
            except (OSError, EOFError):
                # A client that went away while connecting; a pause, should accepting keep failing.
                time.sleep(0.01)
                continue
            thread = threading.Thread(
                target=self._serve, args=(connection,), name="control-client", daemon=True
            )
            self._clients.add(thread)
            thread.start()

    def _serve(self, connection: Connection) -> None:
        try:
            _prove(connection, self._key, b"server", self._closing)
            while not self._closing.is_set():
                if connection.poll(_POLL_S):
                    connection.send_bytes(self._answer(connection.recv_bytes()))
        except (OSError, EOFError, _HandshakeError):
            return
        finally:
            connection.close()
            self._clients.discard(threading.current_thread())

    def _answer(self, request: bytes) -> bytes:
        number: object = None
        try:
            message = parse_json(request)
            number = message["number"]
            answer = self._handler(str(message["command"]), dict(message["arguments"]))
            return json.dumps({"number": number, "ok": answer}).encode()
        except FocusStationError as error:
            text = str(error)
        except (KeyError, TypeError, ValueError) as error:
            text = f"malformed command: {error!r}"
        return json.dumps({"number": number, "error": text}).encode()


class ControlClient:
    """A connection to a `ControlServer`; calls are made one at a time from any thread."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._lock = threading.Lock()
        self._number = 0

    @classmethod
    def connect(cls, endpoint: Path, wait_s: float = 5.0) -> ControlClient:
        """Connect to the server that wrote `endpoint`, waiting for it to appear.

        Raises
        ------
        ControlError
            When no server answered in time.
        """
        deadline = time.monotonic() + wait_s
        while True:
            try:
                return cls(_connection_to(endpoint, deadline))
            except (OSError, EOFError, ValueError, KeyError, TypeError, _HandshakeError) as error:
                if time.monotonic() > deadline:
                    raise ControlError(
                        f"nothing answers at {endpoint} within {wait_s:g} s ({error}); "
                        "is it running?"
                    ) from error
            time.sleep(0.02)

    def call(self, command: str, *, wait_s: float = 30.0, **arguments: Any) -> Answer:
        """Send a command and wait for its answer.

        Raises
        ------
        ControlError
            The other side refused, died, or did not answer within `wait_s`.
        """
        with self._lock:
            self._number += 1
            request = {"number": self._number, "command": command, "arguments": arguments}
            try:
                self._connection.send_bytes(json.dumps(request).encode())
                answer = self._answer_to(self._number, command, wait_s)
            except (OSError, EOFError) as error:
                raise ControlError(f"the other side went away during {command!r}") from error
        if "error" in answer:
            raise ControlError(answer["error"])
        return dict(answer["ok"] or {})

    def close(self) -> None:
        """Close the connection; the server goes on."""
        self._connection.close()

    def _answer_to(self, number: int, command: str, wait_s: float) -> Answer:
        """The answer to this call; late answers to calls that were given up are dropped."""
        deadline = time.monotonic() + wait_s
        while self._connection.poll(max(0.0, deadline - time.monotonic())):
            answer = json.loads(self._connection.recv_bytes())
            if answer["number"] == number:
                return dict(answer)
        raise ControlError(f"no answer to {command!r} within {wait_s:g} s")


def _write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    partial.unlink(missing_ok=True)
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
        partial.replace(path)
    except OSError:
        partial.unlink(missing_ok=True)
        raise


def _connection_to(endpoint: Path, deadline: float) -> Connection:
    where = json.loads(endpoint.read_text())
    key = bytes.fromhex(where["key"])
    connection = Client(where["address"])
    try:
        _prove(connection, key, b"client", None, max(0.2, deadline - time.monotonic()))
    except (OSError, EOFError, _HandshakeError):
        connection.close()
        raise
    return connection


def _prove(
    connection: Connection,
    key: bytes,
    role: bytes,
    closing: threading.Event | None,
    limit_s: float = _HANDSHAKE_S,
) -> None:
    """Prove knowledge of the key to each other: nonces cross, then a keyed hash of both.

    The role is part of the hash, so that no side can be answered with its own proof.
    """
    deadline = time.monotonic() + limit_s
    mine = secrets.token_bytes(_NONCE_BYTES)
    connection.send_bytes(mine)
    theirs = _received(connection, _NONCE_BYTES, closing, deadline)
    server, client = (mine, theirs) if role == b"server" else (theirs, mine)
    proofs = {
        who: hmac.new(key, who + server + client, hashlib.sha256).digest()
        for who in (b"server", b"client")
    }
    connection.send_bytes(proofs.pop(role))
    (expected,) = proofs.values()
    if not hmac.compare_digest(_received(connection, _PROOF_BYTES, closing, deadline), expected):
        raise _HandshakeError("the other side does not know the key")


def _received(
    connection: Connection, size: int, closing: threading.Event | None, deadline: float
) -> bytes:
    while not connection.poll(_POLL_S):
        if (closing is not None and closing.is_set()) or time.monotonic() > deadline:
            raise _HandshakeError("no answer while connecting")
    return connection.recv_bytes(size)
