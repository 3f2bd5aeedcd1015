"""The marker that repeats the whole state, for who came late."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from gazecore.messages.base import Marker
from gazecore.messages.reading import CaseOpened, SessionStarted
from gazecore.messages.recording import GazeMapped
from gazecore.messages.viewport import ViewportChanged


class StateRepeated(Marker):
    """The whole state, repeated each second, so that a late or restarted recorder knows it."""

    kind: Literal["state"] = "state"
    session: SessionStarted | None = None
    case: CaseOpened | None = None
    viewport: ViewportChanged | None = Field(None, description="the one changed last that is there")
    mapping: GazeMapped | None = None
    other_viewports: tuple[ViewportChanged, ...] = Field(
        (), description="of the same case, those that are gone as well"
    )

    @property
    def viewports(self) -> tuple[ViewportChanged, ...]:
        """The state of every viewport that the case was shown in."""
        return (*self.other_viewports, *((self.viewport,) if self.viewport else ()))
