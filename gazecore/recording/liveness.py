"""Whether an outlet still lives: an answer, a refusal, or silence.

An outlet answers the request ``LSL:shortinfo`` with its description where the query fits, over
UDP and TCP. A refusal (its ports are closed), or a connection closed without an answer (another
outlet has the port now), means that it is gone for good. A halted process, or a cable that is
out, gives neither. UDP is asked first: an outlet that is closed while it serves a connection has
been seen to crash, so no connection is made where a datagram does.
"""

from __future__ import annotations

import enum
import socket
import time
from dataclasses import dataclass

QUIET_AFTER_S = 0.4
"""An outlet that has sent nothing for so long is asked whether it lives."""
LOST_AFTER_S = 5.0
"""An outlet that has neither sent nor answered for so long is taken for lost."""
_ASK_EVERY_S, _ASK_S = 0.3, 0.2
_ROOM = 65_535


class Liveness(enum.Enum):
    """What an outlet's port says about it."""

    ALIVE = "alive"
    SILENT = "does not answer"
    GONE = "is gone"


@dataclass(frozen=True, slots=True)
class Outlet:
    """Where an outlet answers (IPv4 address, ports) and its uid, which no other ever has."""

    host: str
    tcp_port: int
    udp_port: int
    uid: str

    def probe(self, wait_s: float = _ASK_S) -> Liveness:
        """Ask it whether it lives; takes at most three times `wait_s`, in seconds."""
        answer = self._ask_by_udp(wait_s)
        return self._ask_by_tcp(wait_s) if answer is Liveness.SILENT else answer

    def _ask_by_udp(self, wait_s: float) -> Liveness:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.settimeout(wait_s)
            try:
                sender.connect((self.host, self.udp_port))
                request = f"{self._request()}{sender.getsockname()[1]} 1\r\n"
                sender.send(request.encode())
                return Liveness.ALIVE if sender.recv(_ROOM) else Liveness.SILENT
            except OSError:  # refused, or time is up: TCP tells
                return Liveness.SILENT

    def _ask_by_tcp(self, wait_s: float) -> Liveness:
        try:
            with socket.create_connection((self.host, self.tcp_port), wait_s) as connection:
                connection.sendall(self._request().encode())
                return Liveness.ALIVE if connection.recv(1) else Liveness.GONE
        except (ConnectionRefusedError, ConnectionResetError, BrokenPipeError):
            return Liveness.GONE
        except OSError:  # time is up, or there is no way to the host
            return Liveness.SILENT

    def _request(self) -> str:
        return f"LSL:shortinfo\r\nuid='{self.uid}'\r\n"


class Pulse:
    """Signs of life of one outlet: its samples, and its answers while there are none.

    Parameters
    ----------
    outlet : Outlet or None
        None where nobody knows where it answers: then only its samples count.
    """

    def __init__(self, outlet: Outlet | None) -> None:
        self._outlet = outlet
        self._sample_s = self._sign_s = time.monotonic()
        self._asked_s = -float("inf")
        self._is_gone = False

    @property
    def is_gone(self) -> bool:
        """Whether the outlet is known to have ended; it never comes back."""
        return self._is_gone

    @property
    def quiet_s(self) -> float:
        """Seconds since the last sample."""
        return time.monotonic() - self._sample_s

    @property
    def is_quiet(self) -> bool:
        """Whether no sample has come for a while."""
        return self.quiet_s > QUIET_AFTER_S

    @property
    def silent_s(self) -> float:
        """Seconds since the last sample or answer; 0 where nobody can be asked."""
        return 0.0 if self._outlet is None else time.monotonic() - self._sign_s

    def beat(self) -> None:
        """A sample came."""
        self._sample_s = self._sign_s = time.monotonic()

    def look(self) -> None:
        """Ask the outlet where it has been quiet, a few times a second."""
        if self.is_quiet and time.monotonic() - self._asked_s >= _ASK_EVERY_S:
            self.ask()

    def ask(self) -> Liveness:
        """Ask the outlet now."""
        if self._outlet is None or self._is_gone:
            return Liveness.GONE if self._is_gone else Liveness.SILENT
        answer = self._outlet.probe()
        self._asked_s = time.monotonic()
        if answer is Liveness.ALIVE:
            self._sign_s = self._asked_s
        self._is_gone = answer is Liveness.GONE
        return answer
