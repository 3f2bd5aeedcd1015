"""The elements of a DICOM file up to its pixels, which stay in the file until one frame is read.

Nothing behind the pixels is looked at: paddings, signatures and vendors' notes there cannot
spoil an image, and a film of many frames takes no more memory than one of them.
"""

from __future__ import annotations

import io
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, cast

from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.filereader import read_dataset, read_partial
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

from gazecore.dicom import limits
from gazecore.dicom.reasons import reason_of
from gazecore.dicom.sequences import TOO_DEEP, check_sequences
from gazecore.dicom.values import FOREIGN_ERRORS
from gazecore.errors import DamagedFileError, NotAnImageError, UnsupportedImageError

if TYPE_CHECKING:
    from pathlib import Path

    from pydicom.tag import BaseTag

_PREAMBLE_BYTES = 132
_FLOAT_PIXELS, _DOUBLE_PIXELS, PIXEL_DATA = 0x7FE00008, 0x7FE00009, 0x7FE00010
_UNDEFINED = 0xFFFFFFFF
_MOST_ELEMENTS = 100_000
_MOST_ELEMENT_BYTES = 1 << 26
"""Of one element before the pixels: eight times the overlay of the largest mammogram."""
_MOST_READS = 300_000
"""Of one file: each costs pydicom microseconds, and a sequence may have millions of items."""
_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class PixelSource:
    """Where the value of Pixel Data lies: a stream, its first byte, and how many there are."""

    stream: BinaryIO
    at: int
    n_bytes: int
    vr: str


class BoundedFile(io.BufferedReader):
    """A file that takes no more memory for a read than there is left of it, nor endless reads.

    Python takes what was asked for: a length of 2 GB in a file of 2 kB would be 2 GB.

    Parameters
    ----------
    path : Path
        The file.
    content : BytesIO, optional
        What is read in place of the file's own bytes: these, inflated.
    """

    def __init__(self, path: Path, content: io.BytesIO | None = None) -> None:
        super().__init__(io.FileIO(path) if content is None else cast("io.RawIOBase", content))
        self._n_bytes = path.stat().st_size if content is None else content.getbuffer().nbytes
        self._path, self._reads = path, 0

    def read(self, size: int | None = -1, /) -> bytes:
        """The next bytes, at most `size` and at most what is left."""
        self._reads += 1
        if self._reads > _MOST_READS:
            raise UnsupportedImageError(
                self._path, f"more than {_MOST_READS} pieces to read, more than a radiograph has"
            )
        left = max(0, self._n_bytes - self.tell())
        return super().read(left if size is None or size < 0 else min(size, left))


class _Stop:
    """Ends pydicom's reading at the pixels or after too many elements, and remembers where."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._elements = 0
        self.found: tuple[int, str, int, int] | None = None
        """Tag, VR, stated length and place of the value."""
        self.excess = ""
        """What there is too much of."""

    def __call__(self, tag: BaseTag, vr: str | None, length: int) -> bool:
        self._elements += 1
        if tag >= _FLOAT_PIXELS:
            self.found = (int(tag), vr or "OW", length, self._stream.tell())
            return True
        if self._elements > _MOST_ELEMENTS:
            self.excess = f"more than {_MOST_ELEMENTS} elements before its pixels"
        elif _MOST_ELEMENT_BYTES < length != _UNDEFINED:
            self.excess = f"an element of {length} bytes before its pixels"
        return bool(self.excess)


def parse(path: Path, stream: BinaryIO) -> tuple[FileDataset, PixelSource]:
    """The data set of a DICOM file without its pixels, and where these are.

    Raises
    ------
    NotAnImageError
        It has no pixels.
    UnsupportedImageError
        Floating-point pixels, or more to read than a radiograph has.
    DamagedFileError
        It cannot be parsed, or its pixel data are empty.
    """
    try:
        dataset, content, stop = _read(path, stream)
        _name_transfer_syntax(dataset)
        check_sequences(path, dataset)
        n_file_bytes = content.seek(0, io.SEEK_END)
    except RecursionError as error:
        raise UnsupportedImageError(path, TOO_DEEP) from error
    except FOREIGN_ERRORS as error:
        if behind := _refusal_behind(error):
            raise behind from error
        raise DamagedFileError(
            path, f"its DICOM structure is broken ({reason_of(error)})"
        ) from error
    if stop.excess:
        raise UnsupportedImageError(path, stop.excess)
    tag, vr, length, at = stop.found or (0, "", 0, 0)
    if tag in (_FLOAT_PIXELS, _DOUBLE_PIXELS):
        raise UnsupportedImageError(path, "floating-point pixels; up to 16 bits can be shown")
    if tag != PIXEL_DATA:
        raise NotAnImageError(path, "DICOM without pixel data")
    left = n_file_bytes - at
    n_bytes = left if length == _UNDEFINED else min(length, left)
    if n_bytes <= 0:
        raise DamagedFileError(path, "its pixel data are empty")
    return dataset, PixelSource(content, at, n_bytes, vr)


def _refusal_behind(error: BaseException) -> UnsupportedImageError | None:
    """Our own refusal to read on, which pydicom takes for the end of the file."""
    behind = error.__context__
    while behind is not None and not isinstance(behind, UnsupportedImageError):
        behind = behind.__context__
    return behind


def _read(path: Path, stream: BinaryIO) -> tuple[FileDataset, BinaryIO, _Stop]:
    deflated_meta = _deflated_meta(stream)
    if deflated_meta is None:
        stream.seek(0)
        stop = _Stop(stream)
        return read_partial(stream, stop, force=True), stream, stop
    content = _inflated(path, stream)
    stop = _Stop(content)
    dataset = read_dataset(content, False, True, stop_when=stop)
    whole = FileDataset(
        stream, dataset, file_meta=deflated_meta, is_implicit_VR=False, is_little_endian=True
    )
    return whole, content, stop


def _deflated_meta(stream: BinaryIO) -> FileMetaDataset | None:
    """The file meta of a deflated file, with the stream left at what is deflated; else None."""
    if stream.read(_PREAMBLE_BYTES)[128:] != b"DICM":
        return None
    found = read_dataset(
        stream,
        is_implicit_VR=False,
        is_little_endian=True,
        stop_when=lambda tag, _vr, _length: tag.group != 2,
    )
    deflated = found.get("TransferSyntaxUID") == DeflatedExplicitVRLittleEndian
    return FileMetaDataset(found) if deflated else None


def _inflated(path: Path, stream: BinaryIO) -> BoundedFile:
    """What follows, inflated in bounded memory: 714 KB have been seen to become 2 GB."""
    inflater, content = zlib.decompressobj(-zlib.MAX_WBITS), io.BytesIO()
    while not inflater.eof and (rest := stream.read(_CHUNK_BYTES)):
        while rest and not inflater.eof:
            content.write(inflater.decompress(rest, _CHUNK_BYTES))
            rest = inflater.unconsumed_tail
            if content.tell() > limits.MAX_INFLATED_BYTES:
                raise UnsupportedImageError(
                    path, f"deflated data grows beyond {limits.MAX_INFLATED_BYTES} bytes"
                )
    if not inflater.eof:
        raise zlib.error("incomplete deflated data")
    content.seek(0)
    return BoundedFile(path, content)


def _name_transfer_syntax(dataset: FileDataset) -> None:
    """Give a file without file meta the transfer syntax it was read by (PS3.10 7.1)."""
    if dataset.file_meta.get("TransferSyntaxUID"):
        return
    implicit, little = dataset.original_encoding
    plain = ImplicitVRLittleEndian if implicit else ExplicitVRLittleEndian
    dataset.file_meta.TransferSyntaxUID = plain if little else ExplicitVRBigEndian
