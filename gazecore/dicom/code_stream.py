"""Sizes that compressed images state about themselves, read without decoding a pixel."""

from __future__ import annotations

import struct
from dataclasses import dataclass

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
JPEG_SIGNATURE = b"\xff\xd8\xff"
J2K_SIGNATURE = b"\xff\x4f\xff\x51"
JP2_SIGNATURE = b"\x00\x00\x00\x0cjP  "
TIFF_SIGNATURES = (b"II*\x00", b"MM\x00*")

_FRAME_MARKERS = {*range(0xC0, 0xD0), 0xF7} - {0xC4, 0xC8, 0xCC}
"""Start-of-frame markers of JPEG (ITU T.81 table B.1) and JPEG-LS (T.87: F7)."""
_TIFF_TYPES = {1: "B", 3: "H", 4: "I"}
_TIFF_INKS = {3: "palette", 5: "CMYK", 8: "CIELab", 9: "CIELab", 10: "CIELab"}
"""By PhotometricInterpretation (TIFF 6.0)."""
_MAX_TIFF_FIELDS = 4096
_START_OF_SCAN, _START_OF_DATA, _END = b"\xff\xda", b"\xff\x93", b"\xff\xd9"
"""SOS and EOI of JPEG (ITU T.81 table B.1); SOD and EOC of JPEG 2000 (ITU T.800 table A.2)."""
_MOST_SCANS = 64
"""Progressive radiographs have about ten; libjpeg goes over all pixels for each."""
_MOST_SCANNED = 1 << 30
_MOST_PNG_CHUNKS = 100_000


@dataclass(frozen=True, slots=True)
class StreamSize:
    """What a code-stream says it decodes to."""

    width_px: int
    height_px: int
    components: int
    bits: int
    white_is_zero: bool = False
    inks: str = ""
    """What its channels are where they are neither grey, RGB nor YCbCr: ``CMYK``..."""
    more_pages: bool = False


def read_size(data: bytes) -> StreamSize | None:
    """The size stated by PNG, JPEG, JPEG-LS, JPEG 2000 or TIFF bytes; None if it states none."""
    try:
        if data.startswith(PNG_SIGNATURE):
            return _png(data)
        if data.startswith(JPEG_SIGNATURE):
            return _jpeg(data)
        if data.startswith((J2K_SIGNATURE, JP2_SIGNATURE)):
            return _jpeg2000(data)
        if data.startswith(TIFF_SIGNATURES):
            return _tiff(data)
    except (struct.error, IndexError):
        return None
    return None


def check_work(data: bytes, size: StreamSize) -> None:
    """Refuse what takes far longer to decode than its pixels need.

    Raises
    ------
    ValueError
        A JPEG of countless scans, or a PNG that holds more than its pixels.
    """
    if data.startswith(JPEG_SIGNATURE):
        # bytes of a scan never spell a marker: 0xFF is followed by 0 there (ITU T.81 B.1.1.5)
        scans = data.count(_START_OF_SCAN)
        if scans > _MOST_SCANS or scans * size.width_px * size.height_px > _MOST_SCANNED:
            raise ValueError(f"{scans} scans of {size.width_px} x {size.height_px} pixels")
    if data.startswith(PNG_SIGNATURE):
        row_bytes = (size.width_px * size.components * size.bits + 7) // 8 + 8
        most = 2 * row_bytes * size.height_px + 65_536
        if (stated := _png_pixel_bytes(data)) > most:
            raise ValueError(f"{stated} compressed bytes for at most {most} of pixels")


def check_end(data: bytes) -> None:
    """Refuse a JPEG, JPEG-LS or HTJ2K stream cut short: codecs fill up what they miss, silently.

    Raises
    ------
    ValueError
        No end marker after the last start of pixels; none of these occurs within pixels.
    """
    start = max(data.rfind(_START_OF_SCAN), data.rfind(_START_OF_DATA))
    if data.find(_END, start + 2) < 0:
        raise ValueError("the code-stream is cut short")


def _png_pixel_bytes(data: bytes) -> int:
    """Compressed bytes that all IDAT chunks state."""
    at, found, chunks = len(PNG_SIGNATURE), 0, 0
    while at + 8 <= len(data):
        chunks += 1
        if chunks > _MOST_PNG_CHUNKS:
            raise ValueError(f"more than {_MOST_PNG_CHUNKS} chunks")
        length, kind = struct.unpack_from(">I4s", data, at)
        found += length if kind == b"IDAT" else 0
        at += 12 + length
    return found


def _png(data: bytes) -> StreamSize | None:
    if data[12:16] != b"IHDR":
        return None
    width, height, bits, color = struct.unpack_from(">IIBB", data, 16)
    components = {0: 1, 2: 3, 3: 3, 4: 2, 6: 4}.get(color)
    return StreamSize(width, height, components, bits) if components else None


def _jpeg(data: bytes) -> StreamSize | None:
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            return None
        marker = data[at + 1]
        if marker == 0xFF:  # fill byte
            at += 1
            continue
        if marker in _FRAME_MARKERS:
            bits, height, width, components = struct.unpack_from(">BHHB", data, at + 4)
            inks = "CMYK" if components == 4 else ""
            return StreamSize(width, height, components, bits, inks=inks)
        if marker == 0x01 or 0xD0 <= marker <= 0xD8:  # no payload
            at += 2
            continue
        if marker in (0xD9, 0xDA):
            return None
        (length,) = struct.unpack_from(">H", data, at + 2)
        at += 2 + length
    return None


def _jpeg2000(data: bytes) -> StreamSize | None:
    start = _code_stream_box(data) if data.startswith(JP2_SIGNATURE) else 0
    if data[start : start + 4] != J2K_SIGNATURE:
        return None
    x1, y1, x0, y0 = struct.unpack_from(">IIII", data, start + 8)
    components, precision = struct.unpack_from(">HB", data, start + 40)
    return StreamSize(x1 - x0, y1 - y0, components, (precision & 0x7F) + 1)


def _code_stream_box(data: bytes) -> int:
    """Where the ``jp2c`` box of a JP2 file has its content (ITU T.800 annex I), or -1."""
    at = 0
    while at + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        if kind == b"jp2c":
            return at + (16 if length == 1 else 8)
        if length == 1:
            (length,) = struct.unpack_from(">Q", data, at + 8)
        if length < 8:
            break
        at += length
    return -1


def _tiff(data: bytes) -> StreamSize | None:
    order = "<" if data[:2] == b"II" else ">"
    (directory,) = struct.unpack_from(order + "I", data, 4)
    (count,) = struct.unpack_from(order + "H", data, directory)
    values = {256: 0, 257: 0, 258: 1, 277: 1, 262: 1}
    for field in range(min(count, _MAX_TIFF_FIELDS)):
        at = directory + 2 + 12 * field
        tag, kind, n = struct.unpack_from(order + "HHI", data, at)
        if tag in values and kind in _TIFF_TYPES and n >= 1:
            code = order + _TIFF_TYPES[kind]
            inline = n * struct.calcsize(code) <= 4
            where = at + 8 if inline else struct.unpack_from(order + "I", data, at + 8)[0]
            (values[tag],) = struct.unpack_from(code, data, where)
    if not (values[256] and values[257]):
        return None
    after = directory + 2 + 12 * count
    more = any(data[after : after + 4])
    inks = _TIFF_INKS.get(values[262], "")
    white_is_zero = values[262] == 0
    return StreamSize(values[256], values[257], values[277], values[258], white_is_zero, inks, more)
