"""A display correction: one table from grey levels to driving levels, known by its hash.

It comes after the display table of an image (`gazecore.dicom.display_table`), which it leaves as
it is: levels stay what DICOM says, the correction says how to drive one screen to show them.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gazecore.display.curve import correction_table
from gazecore.errors import DisplayCorrectionError
from gazecore.messages import CorrectionState

if TYPE_CHECKING:
    from gazecore.display.curve import DisplayCurve, Levels

_SIZE = 256


@dataclass(frozen=True, slots=True)
class DisplayCorrection:
    """A name for people, and the driving level of each of the 256 grey levels."""

    name: str
    table: bytes

    @classmethod
    def of_curve(cls, curve: DisplayCurve) -> DisplayCorrection:
        """The correction that brings a measured screen to the standard grey scale."""
        return cls(curve.name, correction_table(curve).tobytes())

    @classmethod
    def of_state(cls, state: CorrectionState) -> DisplayCorrection:
        """The correction that a marker or a study holds.

        Raises
        ------
        DisplayCorrectionError
            Its table is not the one its hash was taken of.
        """
        try:
            table = bytes.fromhex(state.table)
        except ValueError:
            table = b""
        found = cls(state.name, table)
        if len(table) != _SIZE or found.sha256 != state.sha256:
            raise DisplayCorrectionError(state.sha256, found.sha256)
        return found

    @property
    def sha256(self) -> str:
        """The hash of the table, 64 hexadecimal digits."""
        return hashlib.sha256(self.table).hexdigest()

    @property
    def driving_levels(self) -> Levels:
        """The table as an array, (256,) uint8."""
        return np.frombuffer(self.table, dtype=np.uint8)

    def state(self) -> CorrectionState:
        """As markers and the study carry it."""
        return CorrectionState(name=self.name, sha256=self.sha256, table=self.table.hex())


def shown_levels(
    levels: Levels, *, white_level: int = 255, correction: DisplayCorrection | None = None
) -> Levels:
    """Grey levels as a screen is driven to show them: dimmed to a lower white, then corrected.

    Parameters
    ----------
    levels : uint8
        Grey levels 0..255, such as a display table; any shape.
    white_level : int
        The level that white is shown at; 255 leaves all as they are.
    correction : DisplayCorrection, optional
        Of the screen.

    Examples
    --------
    >>> shown_levels(np.array([0, 100, 255], np.uint8), white_level=51).tolist()
    [0, 20, 51]
    """
    if white_level == 255 and correction is None:
        return levels
    shown = dimmed_levels(white_level)
    if correction is not None:
        shown = correction.driving_levels[shown]
    return np.asarray(shown[levels], dtype=np.uint8)


def dimmed_levels(white_level: int) -> Levels:
    """The level each of the 256 grey levels is shown at when white is shown at `white_level`."""
    return np.asarray((np.arange(256) * white_level * 2 + 255) // 510, dtype=np.uint8)
