"""An X-ray as the station holds it: stored values, and all that is needed to show them right."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import Literal

import numpy as np
import numpy.typing as npt

from gazecore.dicom.badges import Badge  # noqa: TC001  read by pydantic
from gazecore.dicom.overlays import OverlayPlane  # noqa: TC001  read by pydantic
from gazecore.dicom.shutter import Shutter  # noqa: TC001  read by pydantic
from gazecore.errors import InvalidSettingError

VoiFunction = Literal["LINEAR", "LINEAR_EXACT", "SIGMOID"]
VOI_FUNCTIONS: tuple[VoiFunction, ...] = ("LINEAR", "LINEAR_EXACT", "SIGMOID")
Stored = npt.NDArray[np.uint16] | npt.NDArray[np.int16]
Colors = npt.NDArray[np.uint8]
"""Red, green and blue, (rows, columns, 3)."""


@dataclass(frozen=True, slots=True)
class Window:
    """How modality values become grey levels (PS3.3 C.11.2): a window, or a VOI LUT of the file.

    Parameters
    ----------
    center, width : float
        In modality values, as (0028,1050) and (0028,1051). With `voi_index` they describe the
        span of that table, from which a drag starts.
    function : str
        ``LINEAR``, ``LINEAR_EXACT`` or ``SIGMOID``, as (0028,1056).
    voi_index : int, optional
        Which item of the file's VOI LUT Sequence to apply in place of centre and width.
    invert : bool
        The reader's inversion, on top of the image's own polarity.
    frame : int
        Frame of a multi-frame image, from 0.
    """

    center: float
    width: float
    function: VoiFunction = "LINEAR"
    voi_index: int | None = None
    invert: bool = False
    frame: int = 0

    def __post_init__(self) -> None:
        if self.function not in VOI_FUNCTIONS:
            raise InvalidSettingError("VOI LUT function", self.function, " or ".join(VOI_FUNCTIONS))
        if not math.isfinite(self.center):
            raise InvalidSettingError("window center", self.center, "a finite number")
        if not (math.isfinite(self.width) and self.width >= self.least_width(self.function)):
            least = "1 or more" if self.function == "LINEAR" else "more than 0"
            raise InvalidSettingError("window width", self.width, least)

    @staticmethod
    def least_width(function: VoiFunction) -> float:
        """The smallest width the standard allows for a function (PS3.3 C.11.2.1.2)."""
        return 1.0 if function == "LINEAR" else float(np.finfo(np.float32).tiny)


@dataclass(frozen=True, slots=True)
class NamedWindow:
    """A preset of the file: its explanation, or what it is where the file gives none."""

    name: str
    window: Window


@dataclass(frozen=True, slots=True)
class LookupTable:
    """A modality or VOI LUT with sane values: as many entries as it says, none below 0.

    `nominal_max` is the level that counts as full white: 2^bits - 1 of the descriptor, or the
    table's real maximum where the descriptor overstates its depth at least twofold.
    """

    first_mapped: int
    bits: int
    entries: tuple[int, ...]
    nominal_max: int
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class XrayHeader:
    """What a file says about its image, checked and sanitised; never a patient's identity.

    Attributes
    ----------
    source_format : str
        ``dicom``, ``png``, ``jpeg`` or ``tiff``.
    photometric : str
        ``MONOCHROME1`` (lowest value white) or ``MONOCHROME2``.
    is_color : bool
        The image has colours, which are shown as they are: no window applies to them. Its stored
        values are their luminance.
    windows : tuple of NamedWindow
        The file's own VOI LUTs, then its windows; may be empty.
    default_window : Window
        The first of them, else the 0.1 % percentiles.
    padding_range : (int, int), optional
        Stored values, both inclusive, that stand for no image; always shown black.
    spacing_mm : (float, float), optional
        Millimetres between rows and between columns; None where the file gives none to trust.
    spacing_source : str
        How lengths are calibrated: ``fiducial``, ``geometry``, ``calibrated`` (not said how),
        ``ERMF``, ``at detector``, ``unspecified`` or ``none``.
    pixel_aspect : float
        Height of a pixel over its width.
    shutter : Shutter, optional
        What hides part of the image on the screen; the stored values stay whole.
    overlays : tuple of OverlayPlane
        Bit layers that came beside the pixels.
    patient_orientation : (str, str)
        Where in the patient a row and a column of pixels lead, as (0020,0020): letters of
        A, P, R, L, H, F; empty where not known.
    simulated : bool
        The file's own text says that the image is simulated.
    badges : tuple of Badge
        What a viewer should say beside the image.
    """

    source_format: str = "dicom"
    bits_stored: int
    signed: bool = False
    photometric: Literal["MONOCHROME1", "MONOCHROME2"] = "MONOCHROME2"
    is_color: bool = False
    frame: int = 0
    frames: int = 1
    slope: float | None = None
    intercept: float | None = None
    modality_lut: LookupTable | None = None
    voi_luts: tuple[LookupTable, ...] = ()
    windows: tuple[NamedWindow, ...] = ()
    default_window: Window
    padding_range: tuple[int, int] | None = None
    spacing_mm: tuple[float, float] | None = None
    spacing_source: str = "none"
    pixel_aspect: float = 1.0
    modality: str = ""
    laterality: str = ""
    view_position: str = ""
    patient_orientation: tuple[str, str] = ("", "")
    sop_instance_uid: str = ""
    transfer_syntax: str = ""
    shutter: Shutter | None = None
    overlays: tuple[OverlayPlane, ...] = ()
    simulated: bool = False
    badges: tuple[Badge, ...] = ()

    @property
    def warnings(self) -> tuple[str, ...]:
        """The badges as lines for people."""
        return tuple(badge.text for badge in self.badges)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class XrayImage(XrayHeader):
    """An image ready to be shown: its header and its stored values.

    `stored` is (rows, columns), C-contiguous, uint16 or int16, unused high bits cleared.
    `colors` is there where `is_color`: C-contiguous, uint8, as the screen shows them.
    """

    stored: Stored
    colors: Colors | None = None

    @property
    def height_px(self) -> int:
        """Rows."""
        return int(self.stored.shape[0])

    @property
    def width_px(self) -> int:
        """Columns."""
        return int(self.stored.shape[1])

    @classmethod
    def from_header(
        cls, header: XrayHeader, stored: Stored, colors: Colors | None = None
    ) -> XrayImage:
        """Join a header with its pixels."""
        named = {f.name: getattr(header, f.name) for f in fields(XrayHeader)}
        return cls(stored=stored, colors=colors, **named)

    def header(self) -> XrayHeader:
        """Everything but the pixels."""
        return XrayHeader(**{f.name: getattr(self, f.name) for f in fields(XrayHeader)})
