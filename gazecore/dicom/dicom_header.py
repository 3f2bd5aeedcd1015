"""The header of a DICOM image: layout checked before decoding, then all that display needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pydicom.uid import UID

from gazecore.dicom import limits
from gazecore.dicom.image import NamedWindow, Window, XrayHeader
from gazecore.dicom.lookup import read_luts
from gazecore.dicom.presets import lut_presets, window_presets
from gazecore.dicom.spacing import read_spacing
from gazecore.dicom.values import number, text, value_of, whole
from gazecore.errors import DamagedFileError, UnsupportedImageError

if TYPE_CHECKING:
    from pathlib import Path

    from pydicom.dataset import FileDataset


_COLOR = ("RGB", "YBR_FULL", "YBR_FULL_422", "YBR_ICT", "YBR_RCT")
_SIMULATED = "SIMULATED"


@dataclass(frozen=True, slots=True)
class PixelLayout:
    """How pixel data lie in a file, checked for sense."""

    rows: int
    columns: int
    bits_allocated: int
    bits_stored: int
    signed: bool
    samples: int
    photometric: str
    frame: int
    frames: int
    transfer_syntax: str


def read_layout(path: Path, dataset: FileDataset, frame: int) -> PixelLayout:
    """The layout of a file's pixels.

    Raises
    ------
    DamagedFileError
        A value that decoding needs is missing or contradicts another.
    UnsupportedImageError
        Too large, over 16 bits, a palette, or a frame that is not there.
    """
    values = {k: whole(dataset, k) for k in ("Rows", "Columns", "BitsAllocated", "BitsStored")}
    missing = [name for name, value in values.items() if value is None]
    if missing:
        raise DamagedFileError(path, f"no usable value for {', '.join(missing)}")
    rows, columns, allocated, stored = (int(v or 0) for v in values.values())
    limits.check_size(path, columns, rows)
    _check_bits(path, allocated, stored, whole(dataset, "HighBit"))
    frames = whole(dataset, "NumberOfFrames") or 1
    if frames > limits.MAX_FRAMES:
        raise UnsupportedImageError(path, f"{frames} frames, more than {limits.MAX_FRAMES}")
    if not 0 <= frame < frames:
        raise UnsupportedImageError(path, f"frame {frame + 1} of {frames} was asked for")
    return PixelLayout(
        rows=rows,
        columns=columns,
        bits_allocated=allocated,
        bits_stored=stored,
        signed=whole(dataset, "PixelRepresentation") == 1,
        samples=_samples(path, dataset),
        photometric=text(dataset, "PhotometricInterpretation"),
        frame=frame,
        frames=frames,
        transfer_syntax=_transfer_syntax(path, dataset),
    )


def read_header(dataset: FileDataset, layout: PixelLayout) -> XrayHeader:
    """All that showing the image needs, with what is missing or wrong replaced and named."""
    gray = layout.samples == 1
    little_endian = bool(UID(layout.transfer_syntax).is_little_endian)
    order = {"little_endian": little_endian, "signed": layout.signed}
    modality, notes = read_luts(dataset, "ModalityLUTSequence", **order) if gray else ([], [])
    modality_lut = next(iter(modality), None)
    rescaling, rescale_notes = (
        _rescaling(dataset, layout) if gray and not modality_lut else (None, [])
    )
    # VOI LUTs are indexed by modality values: signed there means first mapped may be negative
    voi, voi_notes = read_luts(dataset, "VOILUTSequence", **order) if gray else ([], [])
    voi_luts = tuple(table for table in voi if table is not None)
    presets, preset_notes = window_presets(dataset, layout.frame) if gray else ([], [])
    windows = (*lut_presets(voi_luts, layout.frame), *presets)
    spacing = read_spacing(dataset)
    notes += rescale_notes + voi_notes + preset_notes + _remarks(dataset, layout)
    return XrayHeader(
        bits_stored=layout.bits_stored,
        signed=layout.signed,
        photometric=_polarity(layout),
        frame=layout.frame,
        frames=layout.frames,
        slope=rescaling[0] if rescaling else None,
        intercept=rescaling[1] if rescaling else None,
        modality_lut=modality_lut,
        voi_luts=voi_luts,
        windows=windows,
        default_window=_default(windows, layout),
        padding_range=_padding(dataset, layout) if gray else None,
        spacing_mm=spacing.spacing_mm,
        spacing_source=spacing.source,
        pixel_aspect=spacing.pixel_aspect,
        modality=text(dataset, "Modality", 16),
        laterality=text(dataset, "ImageLaterality", 1) or text(dataset, "Laterality", 1),
        view_position=text(dataset, "ViewPosition", 16),
        sop_instance_uid=text(dataset, "SOPInstanceUID"),
        transfer_syntax=layout.transfer_syntax,
        simulated=_is_simulated(dataset),
        warnings=tuple(notes),
    )


def _check_bits(path: Path, allocated: int, stored: int, high_bit: int | None) -> None:
    if allocated not in (8, 16):
        raise UnsupportedImageError(path, f"{allocated} bits a pixel; 8 or 16 can be shown")
    if not 1 <= stored <= allocated:
        raise DamagedFileError(path, f"{stored} bits stored in {allocated}")
    if high_bit is not None and high_bit != stored - 1:
        raise UnsupportedImageError(path, f"high bit {high_bit} for {stored} bits stored")


def _samples(path: Path, dataset: FileDataset) -> int:
    photometric = text(dataset, "PhotometricInterpretation")
    samples = whole(dataset, "SamplesPerPixel") or 1
    expected = 1 if photometric in ("MONOCHROME1", "MONOCHROME2") else 3
    if expected == 3 and photometric not in _COLOR:
        named = photometric or "missing"
        raise UnsupportedImageError(path, f"photometric interpretation {named}; grey or RGB only")
    if samples != expected:
        raise DamagedFileError(path, f"{samples} samples a pixel for {photometric}")
    return samples


def _transfer_syntax(path: Path, dataset: FileDataset) -> str:
    syntax = UID(str(dataset.file_meta.TransferSyntaxUID))
    if syntax.is_private or not syntax.is_transfer_syntax:
        raise UnsupportedImageError(path, "unknown transfer syntax")
    return str(syntax)


def _rescaling(
    dataset: FileDataset, layout: PixelLayout
) -> tuple[tuple[float, float] | None, list[str]]:
    """Slope and intercept; none, and a remark, where they make all stored values the same."""
    slope, intercept = number(dataset, "RescaleSlope"), number(dataset, "RescaleIntercept")
    if slope is None or intercept is None:
        return None, []
    lowest = -(1 << layout.bits_stored - 1) if layout.signed else 0
    highest = lowest + (1 << layout.bits_stored) - 1
    if lowest * slope + intercept == highest * slope + intercept:
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


def _remarks(dataset: FileDataset, layout: PixelLayout) -> list[str]:
    notes = []
    if layout.frames > 1:
        notes.append(f"frame {layout.frame + 1} of {layout.frames}")
    if layout.samples == 1 and _contradicts(dataset, layout):
        notes.append("presentation LUT shape contradicts the photometric interpretation; ignored")
    if value_of(dataset, "ShutterShape") is not None:
        notes.append("display shutter not applied")
    if any(element.tag.elem == 0x3000 for element in dataset.group_dataset(0x6000)):
        notes.append("overlay not shown")
    return notes


def _contradicts(dataset: FileDataset, layout: PixelLayout) -> bool:
    shape = text(dataset, "PresentationLUTShape")
    return shape == "INVERSE" and layout.photometric == "MONOCHROME2"
