"""Corrections of gaze by session: fitted from its validations, kept by version, applied on request.

``derivatives/corrections/<session>.json`` holds every version that was ever used: a version is
never changed, a better one is added. A version has a piece for each validation that allows a
correction; it holds until the next calibration or validation. Recordings are never altered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, ValidationError

from gazecore.analysis.derivatives import put_in_place
from gazecore.errors import CorrectionRefusedError, DamagedFileError
from gazecore.messages import CalibrationDone, EyeName, ValidationDone
from gazecore.quality.correction import AffineCorrection, fit_correction
from gazecore.study.database import now_utc
from gazecore.study.json_document import read_document

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gazecore.geometry import Screen
    from gazecore.messages import AnyMarker

Array = npt.NDArray[np.float64]

SCHEMA_VERSION = 1


class CorrectionPiece(BaseModel):
    """The correction that one validation allows, for gaze with from_s <= t_s < to_s."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="strings")
    from_s: float
    to_s: float
    elements: tuple[float, float, float, float, float, float]
    targets: int
    eye: EyeName = "both"
    error_before_deg: float
    error_after_deg: float
    error_left_out_deg: float

    def affine(self) -> AffineCorrection:
        """The map itself."""
        return AffineCorrection(
            self.elements, self.error_before_deg, self.error_after_deg, self.error_left_out_deg
        )


class CorrectionVersion(BaseModel):
    """All pieces of one session as fitted once; `source` says from what."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    version: int
    made_utc: str
    source: Literal["validation"] = "validation"
    pieces: tuple[CorrectionPiece, ...]

    def apply(self, t_s: npt.ArrayLike, xy_norm: npt.ArrayLike) -> Array:
        """Gaze (n, 2) at times (n,), corrected where a piece holds and as it was elsewhere."""
        times, xy = np.asarray(t_s, dtype=np.float64), np.array(xy_norm, dtype=np.float64)
        for piece in self.pieces:
            inside = (times >= piece.from_s) & (times < piece.to_s)
            xy[inside] = piece.affine().apply(xy[inside])
        return xy


class SessionCorrections(BaseModel):
    """The file of one session."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    schema_version: Literal[1] = 1
    session_id: str
    versions: tuple[CorrectionVersion, ...] = ()


def correction_of_session(
    derivatives: Path, session_id: str, markers: Sequence[AnyMarker], screen: Screen
) -> CorrectionVersion:
    """The correction that a session's validations allow, as the newest version kept.

    A version that was kept already is used again; a new one is added only where the fit differs.

    Raises
    ------
    CorrectionRefusedError
        No validation, or none that allows a correction.
    DamagedFileError, NewerSchemaError
        The session's file is not one of ours, or of a newer program.
    """
    pieces = fitted_pieces(markers, screen)
    place = derivatives / "corrections" / f"{session_id}.json"
    known = _read(place, session_id)
    if known.versions and known.versions[-1].pieces == pieces:
        return known.versions[-1]
    version = CorrectionVersion(version=len(known.versions) + 1, made_utc=now_utc(), pieces=pieces)
    kept = known.model_copy(update={"versions": (*known.versions, version)})
    with put_in_place(place) as partial:
        partial.write_text(kept.model_dump_json(indent=1) + "\n", encoding="utf-8")
    return version


def fitted_pieces(markers: Sequence[AnyMarker], screen: Screen) -> tuple[CorrectionPiece, ...]:
    """A piece for each validation that allows a correction, in rising time.

    Raises
    ------
    CorrectionRefusedError
        There is no validation, or none allows one; the last reason is told.
    """
    turns = sorted(
        (m for m in markers if isinstance(m, ValidationDone | CalibrationDone)),
        key=lambda marker: marker.t_s,
    )
    pieces: list[CorrectionPiece] = []
    refusal = CorrectionRefusedError("the session has no validation")
    for index, marker in enumerate(turns):
        if not isinstance(marker, ValidationDone):
            continue
        to_s = turns[index + 1].t_s if index + 1 < len(turns) else np.inf
        try:
            pieces.append(_piece(marker, float(to_s), screen))
        except CorrectionRefusedError as error:
            refusal = error
    if not pieces:
        raise refusal
    return tuple(pieces)


def _piece(done: ValidationDone, to_s: float, screen: Screen) -> CorrectionPiece:
    mine = [target for target in done.targets if target.eye == done.eye]
    gaze = [(t.gaze_x_norm, t.gaze_y_norm) for t in mine if t.gaze_x_norm is not None]
    places = [(t.x_norm, t.y_norm) for t in mine if t.gaze_x_norm is not None]
    fit = fit_correction(np.array(gaze, dtype=np.float64), np.array(places), screen)
    return CorrectionPiece(
        from_s=done.t_s,
        to_s=to_s,
        elements=fit.elements,
        targets=len(places),
        eye=done.eye,
        error_before_deg=fit.error_before_deg,
        error_after_deg=fit.error_after_deg,
        error_left_out_deg=fit.error_left_out_deg,
    )


def _read(place: Path, session_id: str) -> SessionCorrections:
    document = read_document(place, SCHEMA_VERSION)
    if document is None:
        return SessionCorrections(session_id=session_id)
    try:
        return SessionCorrections.model_validate(document)
    except ValidationError as error:
        reason = "not corrections as this version writes them"
        raise DamagedFileError(place, reason) from error
