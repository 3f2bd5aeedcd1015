"""What the list of checks shows, and when a sitting goes on by itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from gazecore.preflight import CheckResult, worst

if TYPE_CHECKING:
    from gazecore.preflight import Level

CALM_S = 0.8
"""All is well: the list stays so long, then the sitting goes on."""
WARNED_S = 4.0
"""Something is worth reading: the sitting goes on after that, or with any key at once."""

Phase = Literal["looking", "done", "going_on"]


@dataclass(frozen=True, slots=True)
class PreflightState:
    """The checks of one sitting."""

    phase: Phase = "looking"
    results: tuple[CheckResult, ...] = ()

    @property
    def level(self) -> Level:
        """The worst of the results."""
        return worst(self.results)

    @property
    def may_go_on(self) -> bool:
        """Whether the sitting may start: everything was looked at and nothing forbids it."""
        return self.phase == "done" and self.level != "stop"

    @property
    def pause_s(self) -> float:
        """How long the list is shown before the sitting goes on."""
        return WARNED_S if self.level == "warn" else CALM_S

    def found(self, results: tuple[CheckResult, ...]) -> PreflightState:
        """All checks are made."""
        return replace(self, phase="done", results=results)

    def gone_on(self) -> PreflightState:
        """The sitting starts; the list stays until the next page."""
        return replace(self, phase="going_on")

    def title(self) -> str:
        """The page's first line."""
        if self.phase == "looking":
            return "Looking at tracker, screen and disk …"
        if self.level == "stop":
            return "Not ready"
        return "Ready, with remarks" if self.level == "warn" else "Ready"

    def hint(self) -> str:
        """What happens next, and the keys."""
        if self.phase == "looking":
            return "Esc: back"
        if self.phase == "going_on":
            return "Starting the recorder …"
        if self.level == "stop":
            return "R: look again   ·   Esc: back to the worklist"
        return "Goes on by itself   ·   any key: at once   ·   Esc: back to the worklist"
