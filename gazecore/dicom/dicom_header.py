"""The header of a DICOM image: all that its display needs, sanitised."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pydicom.uid import UID

from gazecore.dicom.badges import Badge, badges_of
from gazecore.dicom.identity import identifying_words
from gazecore.dicom.image import LookupTable, NamedWindow, Window, XrayHeader
from gazecore.dicom.lookup import read_luts
from gazecore.dicom.orientation import read_orientation
from gazecore.dicom.presets import lut_presets, window_presets
from gazecore.dicom.shutter import read_shutter
from gazecore.dicom.spacing import UNKNOWN_SPACING, Spacing, read_spacing
from gazecore.dicom.values import code, number, text, whole

if TYPE_CHECKING:
    from pydicom.dataset import FileDataset

    from gazecore.dicom.pixel_layout import PixelLayout


_LARGEST_VALUE = 1e30
"""Modality values beyond are no quantity of an image, and their sums are no numbers."""
_SIMULATED = "SIMULATED"
_TWO_POLARITIES = "presentation LUT shape contradicts the photometric interpretation; ignored"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Steps:
    """From stored values to grey levels as a file states it; nothing of that for colour."""

    rescaling: tuple[float, float] | None = None
    modality_lut: LookupTable | None = None
    voi_luts: tuple[LookupTable, ...] = ()
    windows: tuple[NamedWindow, ...] = ()
    badges: tuple[Badge, ...] = ()


def read_header(dataset: FileDataset, layout: PixelLayout) -> XrayHeader:
    """All that showing the image needs, with what is missing or wrong replaced and named."""
    gray = not layout.is_color
    steps = _read_steps(dataset, layout) if gray else _Steps()
    spacing = read_spacing(dataset)
    shutter, shutter_notes = read_shutter(dataset)
    return XrayHeader(
        bits_stored=layout.bits_stored,
        signed=layout.signed,
        photometric=_polarity(layout),
        frame=layout.frame,
        frames=layout.frames,
        slope=steps.rescaling[0] if steps.rescaling else None,
        intercept=steps.rescaling[1] if steps.rescaling else None,
        modality_lut=steps.modality_lut,
        voi_luts=steps.voi_luts,
        windows=steps.windows,
        default_window=_default(steps.windows, layout),
        padding_range=_padding(dataset, layout) if gray else None,
        spacing_mm=spacing.spacing_mm,
        spacing_source=spacing.source,
        pixel_aspect=spacing.pixel_aspect,
        modality=code(dataset, "Modality"),
        laterality=code(dataset, "ImageLaterality")[:1] or code(dataset, "Laterality")[:1],
        view_position=code(dataset, "ViewPosition"),
        patient_orientation=read_orientation(dataset),
        sop_instance_uid=text(dataset, "SOPInstanceUID"),
        transfer_syntax=layout.transfer_syntax,
        shutter=shutter,
        simulated=_is_simulated(dataset),
        badges=(
            *steps.badges,
            *badges_of("shutter", shutter_notes),
            *_remarks(dataset, layout, spacing),
        ),
    )


def _read_steps(dataset: FileDataset, layout: PixelLayout) -> _Steps:
    little_endian = bool(UID(layout.transfer_syntax).is_little_endian)
    order = {"little_endian": little_endian, "signed": layout.signed}
    modality, modality_notes = read_luts(dataset, "ModalityLUTSequence", **order)
    modality_lut = next(iter(modality), None)
    rescaling, rescale_notes = (None, []) if modality_lut else _rescaling(dataset, layout)
    # VOI LUTs are indexed by modality values: signed there means first mapped may be negative
    voi, voi_notes = read_luts(dataset, "VOILUTSequence", **order)
    voi_luts = tuple(table for table in voi if table is not None)
    identifying = identifying_words(dataset)
    presets, preset_notes = window_presets(dataset, layout.frame, identifying)
    return _Steps(
        rescaling=rescaling,
        modality_lut=modality_lut,
        voi_luts=voi_luts,
        windows=(*lut_presets(voi_luts, layout.frame, identifying), *presets),
        badges=(
            *badges_of("modality_lut", modality_notes),
            *badges_of("rescale", rescale_notes),
            *badges_of("voi_lut", voi_notes),
            *badges_of("window", preset_notes),
        ),
    )


def _rescaling(
    dataset: FileDataset, layout: PixelLayout
) -> tuple[tuple[float, float] | None, list[str]]:
    """Slope and intercept; none, and a remark, where they leave no values to tell apart."""
    slope, intercept = number(dataset, "RescaleSlope"), number(dataset, "RescaleIntercept")
    if slope is None or intercept is None:
        return None, []
    lowest = -(1 << layout.bits_stored - 1) if layout.signed else 0
    highest = lowest + (1 << layout.bits_stored) - 1
    first, last = lowest * slope + intercept, highest * slope + intercept
    if first == last or max(abs(first), abs(last)) > _LARGEST_VALUE:
        return None, [f"rescale slope {slope:g} ignored"]
    return (slope, intercept), []


def _polarity(layout: PixelLayout) -> Literal["MONOCHROME1", "MONOCHROME2"]:
    """By photometric interpretation alone: Presentation LUT Shape states the same, not more."""
    return "MONOCHROME1" if layout.photometric == "MONOCHROME1" else "MONOCHROME2"


def _default(windows: tuple[NamedWindow, ...], layout: PixelLayout) -> Window:
    if windows:
        return windows[0].window
    full = 1 << layout.bits_stored
    return Window(0.0 if layout.signed else full / 2, float(full), frame=layout.frame)


def _padding(dataset: FileDataset, layout: PixelLayout) -> tuple[int, int] | None:
    """Pixel Padding Value and Range Limit as stored values, ascending (PS3.3 C.7.5.1.1.2)."""
    value = whole(dataset, "PixelPaddingValue")
    if value is None:
        return None
    limit = whole(dataset, "PixelPaddingRangeLimit")
    ends = sorted(_as_stored(v, layout.signed) for v in (value, value if limit is None else limit))
    return ends[0], ends[1]


def _as_stored(value: int, signed: bool) -> int:
    """A padding value written with the wrong sign, as the stored value of the same 16 bits."""
    pattern = value & 0xFFFF
    return pattern - (1 << 16) if signed and pattern >= 1 << 15 else pattern


def _is_simulated(dataset: FileDataset) -> bool:
    return any(
        _SIMULATED in text(dataset, keyword, 10240).upper()
        for keyword in ("ImageComments", "SeriesDescription")
    )


def _remarks(dataset: FileDataset, layout: PixelLayout, spacing: Spacing) -> list[Badge]:
    badges = []
    if layout.frames > 1:
        badges.append(Badge("frames", f"frame {layout.frame + 1} of {layout.frames}"))
    if layout.shift_bits:
        lie = f"stored values lie {layout.shift_bits} bits up in their words; brought down"
        badges.append(Badge("high_bit", lie))
    if not layout.is_color and _contradicts(dataset, layout):
        badges.append(Badge("polarity", _TWO_POLARITIES))
    if spacing.spacing_mm is None:
        badges.append(Badge("spacing", UNKNOWN_SPACING))
    return badges


def _contradicts(dataset: FileDataset, layout: PixelLayout) -> bool:
    """Whether the file states two polarities (PS3.3 C.8.11.3.1.2 asks for the same twice)."""
    shape = text(dataset, "PresentationLUTShape")
    return (shape, layout.photometric) in (("INVERSE", "MONOCHROME2"), ("IDENTITY", "MONOCHROME1"))
