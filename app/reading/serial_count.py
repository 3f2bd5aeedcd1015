"""Numbers the viewport states of a session, one count over all viewports."""

from __future__ import annotations


class SerialCount:
    """Counts on from where a session begins; each number is taken once."""

    def __init__(self) -> None:
        self._next = 0

    def restart(self, first_serial: int) -> None:
        """Go on with `first_serial`."""
        self._next = first_serial

    def take(self) -> int:
        """The next number."""
        taken, self._next = self._next, self._next + 1
        return taken
