"""Bytes turned over and files cut off: the decoder answers each within its limits, and lives."""

from __future__ import annotations

import re
import time
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import imagecodecs
import numpy as np
import numpy.typing as npt
import psutil
import pydicom
import pytest
from pydicom import uid
from pydicom.encaps import encapsulate

from gazecore.dicom import XrayImage, display_table, limits
from gazecore.dicom.decoder import Decoder
from gazecore.errors import FocusStationError
from gazecore.synthetic.knees import make_knee, write_dicom
from tests.gazecore.dicom.tiff import tiff

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TIMEOUT_S = 10.0
SLACK_S = 10.0
"""For a busy machine, and for starting the process again."""
RESIDENT_BYTES = 1 << 30
HEADER_BYTES = 2000
REAL = ("odd/*", "nema_wg04/RG2_J*", "nema_wg04/RG2_RLE", "fuzzed/*.dcm")
MOST_REAL_BYTES = 3 << 20

Bytes = npt.NDArray[np.uint8]
_CODINGS: dict[str, Callable[[npt.NDArray[np.uint16]], bytes | bytearray]] = {
    uid.JPEGLosslessSV1: lambda a: imagecodecs.jpeg8_encode(a, lossless=True, bitspersample=12),
    uid.JPEGExtended12Bit: lambda a: imagecodecs.jpeg8_encode(a, level=90, bitspersample=12),
    uid.JPEGLSLossless: imagecodecs.jpegls_encode,
    uid.JPEG2000Lossless: lambda a: imagecodecs.jpeg2k_encode(a, codecformat="J2K", level=0),
    uid.HTJ2KLossless: imagecodecs.htj2k_encode,
}


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """Sound files of every coding, small enough that a header is hit often."""
    folder = tmp_path_factory.mktemp("seeds")
    plain = folder / "plain.dcm"
    knee = make_knee(1, 3, (96, 64))
    write_dicom(plain, knee)
    found = [plain.read_bytes()]
    for syntax, encode in _CODINGS.items():
        dataset = pydicom.dcmread(plain)
        dataset.PixelData = encapsulate([bytes(encode(knee.pixels))])
        dataset["PixelData"].VR = "OB"
        dataset.file_meta.TransferSyntaxUID = uid.UID(syntax)
        dataset.save_as(folder / syntax)
        found.append((folder / syntax).read_bytes())
    for syntax in (uid.RLELossless, uid.DeflatedExplicitVRLittleEndian):
        dataset = pydicom.dcmread(plain)
        if syntax == uid.RLELossless:
            dataset.compress(syntax)
        dataset.file_meta.TransferSyntaxUID = syntax
        dataset.save_as(folder / syntax)
        found.append((folder / syntax).read_bytes())
    gray = (knee.pixels >> 4).astype(np.uint8)
    return [
        *found,
        bytes(imagecodecs.png_encode(knee.pixels)),
        bytes(imagecodecs.jpeg8_encode(gray)),
        tiff(knee.pixels),
    ]


def _spoilt(data: bytes, rng: np.random.Generator) -> bytes:
    """Bytes turned over, most of them in the header, or a file cut off, or both."""
    spoilt: Bytes = np.frombuffer(data, np.uint8).copy()
    kind = rng.integers(4)
    if kind != 0:
        reach = len(spoilt) if kind == 1 else min(len(spoilt), HEADER_BYTES)
        at = rng.integers(0, reach, int(2 ** rng.uniform(0, 6)))
        spoilt[at] ^= rng.integers(1, 256, len(at)).astype(np.uint8)
    if kind in (0, 3):
        spoilt = spoilt[: int(rng.integers(1, len(spoilt)))]
    return spoilt.tobytes()


def _judge(decoder: Decoder, path: Path) -> str:
    """Open a file; it must be shown or refused in one line, in time. Returns which."""
    started = time.monotonic()
    try:
        image = decoder.request(path).result(TIMEOUT_S + 2 * SLACK_S)
    except FocusStationError as error:
        lines = str(error).splitlines()
        outcome = "died" if "died on it" in lines[0] else type(error).__name__
    else:
        assert isinstance(image, XrayImage)
        assert image.stored.size <= limits.MAX_PIXELS
        assert display_table(image, image.default_window).shape == (65536,)
        for plane in image.overlays:
            assert plane.mask.shape == (plane.rows, plane.columns)
        lines, outcome = [], "shown"
    assert len(lines) <= 1
    assert time.monotonic() - started < TIMEOUT_S + SLACK_S
    return outcome


def _fuzz(folder: Path, sources: list[bytes], count: int, first_seed: int) -> dict[str, int]:
    """How many of `count` spoilt files ended how; no leftovers, memory within bounds."""
    outcomes: dict[str, int] = {}
    path, ours_before = folder / "spoilt", psutil.Process().memory_info().rss
    with Decoder(timeout_s=TIMEOUT_S) as decoder:
        for index in range(count):
            rng = np.random.default_rng(first_seed + index)
            path.write_bytes(_spoilt(sources[index % len(sources)], rng))
            outcome = _judge(decoder, path)
            outcomes[outcome] = outcomes.get(outcome, 0) + 1
            if index % 50 == 0:
                assert max(_resident_bytes(ours_before)) < RESIDENT_BYTES
    return outcomes


def _resident_bytes(ours_before: int) -> Iterator[int]:
    """The most memory each decoder ever held, where the system tells, and what we grew by."""
    ourselves = psutil.Process()
    yield ourselves.memory_info().rss - ours_before
    for process in ourselves.children():
        status = Path(f"/proc/{process.pid}/status")
        if status.exists():
            (peak,) = re.findall(r"VmHWM:\s+(\d+) kB", status.read_text(encoding="ascii"))
            yield 1024 * int(peak)
        else:
            yield process.memory_info().rss


def test_spoilt_files(tmp_path: Path, seeds: list[bytes]) -> None:
    outcomes = _fuzz(tmp_path, seeds, 55, first_seed=0)
    assert sum(outcomes.values()) == 55
    assert outcomes["shown"] >= 10
    assert outcomes["DamagedFileError"] >= 10
    assert "died" not in outcomes


@pytest.mark.long
def test_more_spoilt_files(tmp_path: Path, seeds: list[bytes]) -> None:
    outcomes = _fuzz(tmp_path, seeds, 1100, first_seed=100_000)
    assert sum(outcomes.values()) == 1100
    assert "died" not in outcomes


@pytest.mark.long
@pytest.mark.data
def test_many_spoilt_files(tmp_path: Path, seeds: list[bytes], local_data: Path) -> None:
    real = [p for pattern in REAL for p in sorted((local_data / "dicom").glob(pattern))]
    sources = seeds + [p.read_bytes() for p in real if p.stat().st_size <= MOST_REAL_BYTES]
    outcomes = _fuzz(tmp_path, sources, 1200, first_seed=1000)
    print(len(sources), outcomes)
    assert sum(outcomes.values()) == 1200
    assert outcomes["shown"] >= 100
    # a codec may fall over, the station may not; none is known to
    assert outcomes.get("died", 0) <= 2


def _bombs(folder: Path) -> dict[str, Path]:
    """Small files that claim much."""
    plain = folder / "plain.dcm"
    write_dicom(plain, make_knee(1, 3, (96, 64)))
    made = {}

    def keep(name: str, dataset: pydicom.Dataset) -> None:
        made[name] = folder / name
        dataset.save_as(made[name])

    huge = bytes(imagecodecs.jpeg2k_encode(np.zeros((64, 64), np.uint16), codecformat="J2K"))
    claim = (20_000).to_bytes(4, "big")
    huge = huge[:8] + claim * 2 + huge[16:24] + claim * 2 + huge[32:]
    for name, side in (("j2k behind its header", 64), ("j2k", 20_000)):
        dataset = pydicom.dcmread(plain)
        dataset.Rows = dataset.Columns = side
        dataset.PixelData = encapsulate([huge])
        dataset["PixelData"].VR = "OB"
        dataset.file_meta.TransferSyntaxUID = uid.JPEG2000Lossless
        keep(name, dataset)
    dataset = pydicom.dcmread(plain)
    dataset.Rows = dataset.Columns = 8000
    runs = b"\x81\x00" * 20_000
    head = np.array([2, 64, 64 + len(runs), *[0] * 13], "<u4").tobytes()
    dataset.PixelData = encapsulate([head + runs + runs])
    dataset["PixelData"].VR = "OB"
    dataset.file_meta.TransferSyntaxUID = uid.RLELossless
    keep("rle", dataset)
    runs *= 100
    head = np.array([2, 64, 64 + len(runs), *[0] * 13], "<u4").tobytes()
    dataset.Rows = dataset.Columns = 800
    dataset.PixelData = encapsulate([head + runs + runs])
    keep("run lengths", dataset)
    dataset = pydicom.dcmread(plain)
    dataset.NumberOfFrames = 90_000
    keep("frames", dataset)
    dataset.NumberOfFrames = 2_000_000_000
    keep("two thousand million frames", dataset)
    dataset = pydicom.dcmread(plain)
    dataset.Rows = dataset.Columns = 65_535
    keep("sides", dataset)
    dataset = pydicom.dcmread(plain)
    dataset.add_new(0x00091001, "OB", b"ab")
    keep("length", dataset)
    data = made["length"].read_bytes()
    stated = bytes.fromhex("09000110") + b"OB\0\0\x02\0\0\0"
    assert stated in data
    made["length"].write_bytes(data.replace(stated, stated[:8] + b"\xfe\xff\xff\x7f"))
    made["png"] = folder / "png"
    claimed = bytearray(imagecodecs.png_encode(np.zeros((8, 8), np.uint8)))
    claimed[16:24] = (40_000).to_bytes(4, "big") * 2
    made["png"].write_bytes(claimed)
    dataset = pydicom.dcmread(plain)
    dataset.ReferencedImageSequence = []
    keep("deep", dataset)
    start, item = bytes.fromhex("0800401153510000 ffffffff"), bytes.fromhex("feff00e0 ffffffff")
    empty = start[:-4] + bytes(4)
    deep = made["deep"].read_bytes()
    assert empty in deep
    made["deep"].write_bytes(deep.replace(empty, start + (item + start) * 240))
    items = start[:-4] + (8 * 200_000).to_bytes(4, "little")
    made["items"] = folder / "items"
    made["items"].write_bytes(
        deep.replace(empty, items + bytes.fromhex("feff00e0 00000000") * 200_000)
    )
    lines = bytes(imagecodecs.jpeg8_encode(np.zeros((4000, 4000), np.uint8)))
    made["scans"] = folder / "scans"
    made["scans"].write_bytes(lines[:-2] + lines[lines.index(b"\xff\xda") : -2] * 500)
    made["deflate"] = _deflated(folder, plain)
    return made


def _deflated(folder: Path, plain: Path) -> Path:
    data = plain.read_bytes()
    dataset = pydicom.dcmread(plain)
    dataset.file_meta.TransferSyntaxUID = uid.DeflatedExplicitVRLittleEndian
    path = folder / "deflate"
    dataset.save_as(path)
    start = path.read_bytes()
    meta_end = 144 + int.from_bytes(start[140:144], "little")
    deflater = zlib.compressobj(1, wbits=-zlib.MAX_WBITS)
    body = deflater.compress(data[meta_end:])
    body += b"".join(deflater.compress(bytes(1 << 24)) for _ in range(17)) + deflater.flush()
    path.write_bytes(start[:meta_end] + body)
    return path


def test_bombs_are_refused_with_the_reason(tmp_path: Path) -> None:
    reasons = {
        "j2k": "400000000|20000 x 20000",
        "j2k behind its header": "20000 x 20000",
        "rle": "decoded",
        "frames": "asks for",
        "deflate": "deflated data grows",
        "two thousand million frames": "2000000000 frames",
        "sides": "65535 x 65535",
        "length": "2147483646 bytes before its pixels",
        "deep": "nested more than 32 deep",
        "items": "more than 100000 items",
        "run lengths": "OUTPUT_TOO_SMALL",
        "scans": "scans of 4000 x 4000 pixels",
        "png": "40000 x 40000",
    }
    bombs, ours_before = _bombs(tmp_path), psutil.Process().memory_info().rss
    with Decoder(timeout_s=TIMEOUT_S) as decoder:
        for name, reason in reasons.items():
            with pytest.raises(FocusStationError, match=reason):
                decoder.request(bombs[name]).result(TIMEOUT_S + SLACK_S)
        assert max(_resident_bytes(ours_before)) < RESIDENT_BYTES
