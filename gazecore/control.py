"""A local, authenticated connection between processes: one JSON command, one JSON answer.

A server writes an endpoint file (mode 0600) with its address and a fresh key; whoever can read
the file can connect. Only JSON crosses, never pickles. What must outlive its parent never
depends on a pipe to it, so clients may come and go.
"""

from __future__ import annotations

import json
import os
import secrets
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Client, Connection, Listener
from typing import TYPE_CHECKING, Any

from gazecore.errors import ControlError, FocusStationError

if TYPE_CHECKING:
    from pathlib import Path

Answer = dict[str, Any]
Handler = Callable[[str, dict[str, Any]], Answer]


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
        self._listener = Listener(authkey=self._key)
        self._closing = threading.Event()
        self._connections: list[Connection] = []
        self._threads = [threading.Thread(target=self._accept, name="control-accept", daemon=True)]

    def start(self) -> ControlServer:
        """Write the endpoint file and begin to answer."""
        self._threads[0].start()
        text = json.dumps(
            {"address": self._listener.address, "key": self._key.hex(), "pid": os.getpid()}
        )
        partial = self._endpoint.with_suffix(".partial")
        partial.parent.mkdir(parents=True, exist_ok=True)
        partial.unlink(missing_ok=True)
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
        partial.replace(self._endpoint)
        return self

    def close(self) -> None:
        """Stop answering, remove the endpoint file, join all threads."""
        self._closing.set()
        self._endpoint.unlink(missing_ok=True)
        self._wake_acceptor()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(2.0)
        self._listener.close()

    def _wake_acceptor(self) -> None:
        try:
            Client(self._listener.address, authkey=self._key).close()
        except (OSError, EOFError):
            return

    def _accept(self) -> None:
        from multiprocessing import AuthenticationError

        while not self._closing.is_set():
            try:
                connection = self._listener.accept()
            except (OSError, EOFError, AuthenticationError):
                continue
            if self._closing.is_set():
                connection.close()
                return
            self._connections.append(connection)
            thread = threading.Thread(
                target=self._serve, args=(connection,), name="control-client", daemon=True
            )
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: Connection) -> None:
        try:
            while not self._closing.is_set():
                if connection.poll(0.1):
                    connection.send_bytes(
                        json.dumps(self._answer(connection.recv_bytes())).encode()
                    )
        except (OSError, EOFError):
            return
        finally:
            self._connections.remove(connection)
            connection.close()

    def _answer(self, request: bytes) -> Answer:
        try:
            message = json.loads(request)
            return {"ok": self._handler(str(message["command"]), dict(message["arguments"]))}
        except FocusStationError as error:
            return {"error": str(error)}
        except (KeyError, TypeError, ValueError) as error:
            return {"error": f"malformed command: {error!r}"}


class ControlClient:
    """A connection to a `ControlServer`; calls are made one at a time from any thread."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._lock = threading.Lock()

    @classmethod
    def connect(cls, endpoint: Path, wait_s: float = 5.0) -> ControlClient:
        """Connect to the server that wrote `endpoint`, waiting for it to appear.

        Raises
        ------
        ControlError
            When no server answered in time.
        """
        from multiprocessing import AuthenticationError

        deadline = time.monotonic() + wait_s
        while True:
            try:
                where = json.loads(endpoint.read_text())
                key = bytes.fromhex(where["key"])
                return cls(Client(where["address"], authkey=key))
            except (OSError, EOFError, ValueError, KeyError, AuthenticationError) as error:
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
        request = json.dumps({"command": command, "arguments": arguments}).encode()
        with self._lock:
            try:
                self._connection.send_bytes(request)
                if not self._connection.poll(wait_s):
                    raise ControlError(f"no answer to {command!r} within {wait_s:g} s")
                answer = json.loads(self._connection.recv_bytes())
            except (OSError, EOFError) as error:
                raise ControlError(f"the other side went away during {command!r}") from error
        if "error" in answer:
            raise ControlError(answer["error"])
        return dict(answer["ok"] or {})

    def close(self) -> None:
        """Close the connection; the server goes on."""
        self._connection.close()
