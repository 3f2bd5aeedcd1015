"""What a session's markers tell of its quality and its last views, kept beside its tables.

``derivatives/checks/<session_id>.json``: session_id, screen, validations, drift_checks, last_views
(the state last shown of each reading's own case, in the order of the readings). The markers stand
as they were recorded, so that pictures need no recording.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, ValidationError

from gazecore.analysis.derivatives import put_in_place
from gazecore.errors import DamagedFileError
from gazecore.messages import (
    DriftChecked,
    FrameShown,
    ScreenState,
    SessionStarted,
    StateRepeated,
    ValidationDone,
    ViewportChanged,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from gazecore.messages import AnyMarker


class SessionChecks(BaseModel):
    """The content of one file."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    session_id: str
    screen: ScreenState | None = None
    validations: tuple[ValidationDone, ...] = ()
    drift_checks: tuple[DriftChecked, ...] = ()
    last_views: tuple[ViewportChanged, ...] = ()

    def last_view(self, reading_id: str) -> ViewportChanged | None:
        """How a reading's case was last shown; None where that is not known."""
        return next((view for view in self.last_views if view.reading_id == reading_id), None)


def session_checks(session_id: str, markers: Iterable[AnyMarker]) -> SessionChecks:
    """Gather the checks and the last views of one session."""
    ordered = sorted(markers, key=lambda m: m.t_s)
    return SessionChecks(
        session_id=session_id,
        screen=next((m.screen for m in ordered if isinstance(m, SessionStarted)), None),
        validations=tuple(m for m in ordered if isinstance(m, ValidationDone)),
        drift_checks=tuple(m for m in ordered if isinstance(m, DriftChecked)),
        last_views=tuple(_last_views(ordered).values()),
    )


def write_checks(derivatives: Path, checks: SessionChecks) -> None:
    """Write the file of one session."""
    with put_in_place(checks_path(derivatives, checks.session_id)) as partial:
        partial.write_text(checks.model_dump_json() + "\n", encoding="utf-8")


def read_checks(derivatives: Path, session_id: str) -> SessionChecks:
    """The checks of a session; nothing where it has no file.

    Raises
    ------
    DamagedFileError
    """
    place = checks_path(derivatives, session_id)
    if not place.is_file():
        return SessionChecks(session_id=session_id)
    try:
        return SessionChecks.model_validate_json(place.read_bytes())
    except (ValidationError, OSError) as error:
        raise DamagedFileError(place, "no checks of a session") from error


def checks_path(derivatives: Path, session_id: str) -> Path:
    """Where the checks of a session stand."""
    return derivatives / "checks" / f"{session_id}.json"


def _last_views(ordered: Iterable[AnyMarker]) -> dict[str, ViewportChanged]:
    """By reading the state shown last of the case that was read."""
    known: dict[int, ViewportChanged] = {}
    shown: dict[str, ViewportChanged] = {}
    for marker in ordered:
        if isinstance(marker, ViewportChanged):
            known[marker.serial] = marker
        elif isinstance(marker, FrameShown) and marker.serial in known:
            state = known[marker.serial]
            if not state.is_gone and not _is_other_case(state, shown):
                shown[state.reading_id] = state
        elif isinstance(marker, StateRepeated):
            known.update({state.serial: state for state in marker.viewports})
    return shown


def _is_other_case(state: ViewportChanged, shown: dict[str, ViewportChanged]) -> bool:
    """Whether a state shows another case than the one its reading began with."""
    first = shown.get(state.reading_id)
    return first is not None and first.case_id != state.case_id
