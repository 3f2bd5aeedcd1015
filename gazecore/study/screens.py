"""The screens of a study as they were checked: ``screens.json`` beside ``study.toml``.

Not part of the protocol: a study may be read on several screens, each is checked where it
stands. A record belongs to one display in one mode (`ScreenFingerprint.identity`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field, ValidationError, model_validator

from gazecore.display.correction import DisplayCorrection
from gazecore.display.curve import DisplayCurve
from gazecore.display.screen_light import ScreenLight
from gazecore.errors import DamagedFileError, DisplayCorrectionError
from gazecore.messages import CorrectionState
from gazecore.screens import ScreenFingerprint  # noqa: TC001 - pydantic reads it
from gazecore.study.durable import write_durably
from gazecore.study.json_document import read_document
from gazecore.study.protocol import Setting

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gazecore.study.protocol import ScreenSettings

SCREENS_FILE = "screens.json"
SCHEMA_VERSION = 1

SizeMethod = Literal["card", "ruler", "typed"]
DistanceSource = Literal["typed", "tracker"]


class MeasuredLatency(Setting):
    """From the end of painting to light, measured with a photodiode on the screen's corner.

    Attributes
    ----------
    latency_s, spread_s : float
        Median, and median absolute deviation from it.
    edges, toggles : int
        Edges of light that were matched, of those shown.
    """

    latency_s: float = Field(ge=-0.05, le=1)
    spread_s: float = Field(ge=0)
    edges: int = Field(ge=0)
    toggles: int = Field(ge=0)
    sensor: str
    simulated: bool = False
    refresh_hz: float = Field(0.0, ge=0)
    measured_utc: str


class KeptCorrection(Setting):
    """A display correction and the curve it was computed from.

    Attributes
    ----------
    sha256, table : str
        As in `gazecore.messages.CorrectionState`; another hash than the table's is an error.
    levels, cd_m2, ambient_cd_m2 : tuple, tuple, float
        The curve, as `gazecore.display.curve.DisplayCurve`.
    """

    name: str
    sha256: str
    table: str
    levels: tuple[int, ...]
    cd_m2: tuple[float, ...]
    ambient_cd_m2: float = Field(0.0, ge=0)
    added_utc: str = ""

    @model_validator(mode="after")
    def _table_is_the_hashs(self) -> KeptCorrection:
        try:
            self.correction()
        except DisplayCorrectionError:
            raise ValueError("the table of the display correction is not its hash's") from None
        return self

    @classmethod
    def of(cls, curve: DisplayCurve, added_utc: str) -> KeptCorrection:
        """What is kept of a measured curve."""
        state = DisplayCorrection.of_curve(curve).state()
        return cls(
            **state.model_dump(),
            levels=curve.levels,
            cd_m2=curve.cd_m2,
            ambient_cd_m2=curve.ambient_cd_m2,
            added_utc=added_utc,
        )

    def curve(self) -> DisplayCurve:
        """The curve as measured."""
        return DisplayCurve(self.name, self.levels, self.cd_m2, self.ambient_cd_m2)

    def correction(self) -> DisplayCorrection:
        """The correction as it is applied."""
        state = CorrectionState(name=self.name, sha256=self.sha256, table=self.table)
        return DisplayCorrection.of_state(state)


class ScreenRecord(Setting):
    """What was measured on one screen; None where it was not."""

    fingerprint: ScreenFingerprint
    width_mm: float | None = Field(None, gt=0)
    height_mm: float | None = Field(None, gt=0)
    size_method: SizeMethod | None = None
    distance_mm: float | None = Field(None, gt=0)
    distance_source: DistanceSource | None = None
    checked_utc: str = ""
    latency: MeasuredLatency | None = None
    correction: KeptCorrection | None = None

    def correction_for(self, settings: ScreenSettings) -> DisplayCorrection | None:
        """The correction that a protocol lets this screen have."""
        if self.correction is None or settings.correction == "off":
            return None
        return self.correction.correction()


class _ScreensFile(Setting):
    schema_version: int = SCHEMA_VERSION
    screens: tuple[ScreenRecord, ...] = ()


def read_screens(folder: Path) -> tuple[ScreenRecord, ...]:
    """The screens known to the study in `folder`.

    Raises
    ------
    DamagedFileError, NewerSchemaError
        The file is not as it was written, or of a newer program.
    """
    path = folder / SCREENS_FILE
    document = read_document(path, SCHEMA_VERSION)
    if document is None:
        return ()
    try:
        found = _ScreensFile.model_validate(document)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise DamagedFileError(path, f"{where}: {first['msg']}") from error
    return found.screens


def record_for(
    records: Sequence[ScreenRecord], fingerprint: ScreenFingerprint
) -> ScreenRecord | None:
    """What is known about a screen, None if it was never checked."""
    same = [r for r in records if r.fingerprint.identity == fingerprint.identity]
    return same[-1] if same else None


def light_of(record: ScreenRecord | None, settings: ScreenSettings) -> ScreenLight:
    """What a screen makes of grey levels under a protocol; an unmeasured one has gamma 2.2."""
    kept = record.correction if record else None
    correction = record.correction_for(settings) if record else None
    light = kept.curve().light() if kept else None
    return ScreenLight(settings.max_mean_luminance, correction, light)


def write_screens(folder: Path, records: Sequence[ScreenRecord]) -> None:
    """Write all records, whole or not at all."""
    text = _ScreensFile(screens=tuple(records)).model_dump_json(indent=2)
    write_durably(folder / SCREENS_FILE, text.encode() + b"\n")
