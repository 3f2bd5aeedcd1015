"""How the pixels of a DICOM file lie, checked for sense before anything is decoded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydicom.uid import UID

from gazecore.dicom import limits
from gazecore.dicom.values import code, whole
from gazecore.errors import DamagedFileError, UnsupportedImageError

if TYPE_CHECKING:
    from pathlib import Path

    from pydicom.dataset import FileDataset

_PALETTE = "PALETTE COLOR"
_COLOR = ("RGB", "YBR_FULL", "YBR_FULL_422", "YBR_ICT", "YBR_RCT")


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
    shift_bits: int = 0
    """Unused bits below the value in each word of an old file."""

    @property
    def is_palette(self) -> bool:
        """Whether the samples are indices of a palette."""
        return self.photometric == _PALETTE

    @property
    def is_color(self) -> bool:
        """Whether the pixels come as colours, be they only greys."""
        return self.samples == 3 or self.is_palette


def read_layout(path: Path, dataset: FileDataset, frame: int) -> PixelLayout:
    """The layout of a file's pixels.

    Raises
    ------
    DamagedFileError
        A value that decoding needs is missing or contradicts another.
    UnsupportedImageError
        Too large, over 16 bits, of other channels, or a frame that is not there.
    """
    values = {k: whole(dataset, k) for k in ("Rows", "Columns", "BitsAllocated", "BitsStored")}
    missing = [name for name, value in values.items() if value is None]
    if missing:
        raise DamagedFileError(path, f"no usable value for {', '.join(missing)}")
    rows, columns, allocated, stored = (int(v or 0) for v in values.values())
    samples = _samples(path, dataset)
    limits.check_size(path, columns, rows, samples)
    syntax = _transfer_syntax(path, dataset)
    _check_bits(path, allocated, stored)
    movable = samples == 1 and not UID(syntax).is_encapsulated
    shift_bits = _shift_bits(path, (allocated, stored), whole(dataset, "HighBit"), movable=movable)
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
        samples=samples,
        photometric=code(dataset, "PhotometricInterpretation"),
        frame=frame,
        frames=frames,
        transfer_syntax=syntax,
        shift_bits=shift_bits,
    )


def _check_bits(path: Path, allocated: int, stored: int) -> None:
    if allocated not in (8, 16):
        raise UnsupportedImageError(path, f"{allocated} bits a pixel; 8 or 16 can be shown")
    if not 1 <= stored <= allocated:
        raise DamagedFileError(path, f"{stored} bits stored in {allocated}")


def _shift_bits(path: Path, bits: tuple[int, int], high_bit: int | None, *, movable: bool) -> int:
    """How far above the lowest bit values lie; 0 in files made since PS3.5 forbade more."""
    allocated, stored = bits
    if high_bit is None or high_bit == stored - 1:
        return 0
    if not movable or not stored - 1 < high_bit < allocated:
        raise UnsupportedImageError(path, f"high bit {high_bit} for {stored} bits stored")
    return high_bit - stored + 1


def _samples(path: Path, dataset: FileDataset) -> int:
    photometric = code(dataset, "PhotometricInterpretation")
    samples = whole(dataset, "SamplesPerPixel") or 1
    expected = 1 if photometric in ("MONOCHROME1", "MONOCHROME2", _PALETTE) else 3
    if expected == 3 and photometric not in _COLOR:
        named = photometric or "missing or no code"
        raise UnsupportedImageError(path, f"photometric interpretation {named}; grey or RGB only")
    if samples != expected:
        raise DamagedFileError(path, f"{samples} samples a pixel for {photometric}")
    return samples


def _transfer_syntax(path: Path, dataset: FileDataset) -> str:
    syntax = UID(str(dataset.file_meta.TransferSyntaxUID))
    if syntax.is_private or not syntax.is_transfer_syntax:
        raise UnsupportedImageError(path, "unknown transfer syntax")
    return str(syntax)
