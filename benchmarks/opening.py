"""Opening a 14 Mpx radiograph of each coding: the station's decoder beside plain pydicom.

``python benchmarks/opening.py [--json] [--quick]``. Ours is the whole way a case takes: request,
checks, decoding in the other process, pixels here. The peer is ``dcmread(...).pixel_array`` in
this process with the plugins pydicom finds by itself; a coding it has none for has no peer.
Then the most memory the decoder held, and the change to a case that was fetched ahead.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import imagecodecs
import numpy as np
import psutil
import pydicom
from pydicom import uid
from pydicom.encaps import encapsulate

from benchmarks.reporting import Row, report
from gazecore.dicom.decoder import Decoder
from gazecore.synthetic.knees import make_knee, write_dicom

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

SHAPE = (4096, 3328)
MOST_MIB = 1024.0
LONGEST_MS = 2000.0
FRAME_MS = 16.7


def stored() -> npt.NDArray[np.uint16]:
    """12-bit values with the noise of a detector, (4096, 3328)."""
    rng = np.random.default_rng(0)
    ramp = np.add.outer(np.arange(SHAPE[0]), np.arange(SHAPE[1])) % 3500
    return (ramp + rng.integers(0, 60, SHAPE)).astype(np.uint16)


def _run_lengths(pixels: npt.NDArray[np.uint16]) -> bytes:
    """RLE of PS3.5 annex G: the high bytes, then the low ones, each row by itself."""
    planes = [np.ascontiguousarray(pixels >> 8, np.uint8), (pixels & 0xFF).astype(np.uint8)]
    packed = [bytes(imagecodecs.packbits_encode(plane, axis=-1)) for plane in planes]
    packed = [part + b"\0" * (len(part) % 2) for part in packed]
    head = np.array([2, 64, 64 + len(packed[0]), *[0] * 13], "<u4").tobytes()
    return head + packed[0] + packed[1]


CODINGS: dict[str, tuple[str, Callable[[Any], bytes | bytearray] | None]] = {
    "native": (uid.ExplicitVRLittleEndian, None),
    "deflated": (uid.DeflatedExplicitVRLittleEndian, None),
    "RLE": (uid.RLELossless, _run_lengths),
    "JPEG baseline, 8 bit": (
        uid.JPEGBaseline8Bit,
        lambda a: imagecodecs.jpeg8_encode((a >> 4).astype(np.uint8), level=90),
    ),
    "JPEG extended, 12 bit": (
        uid.JPEGExtended12Bit,
        lambda a: imagecodecs.jpeg8_encode(a, level=90, bitspersample=12),
    ),
    "JPEG lossless SV1": (
        uid.JPEGLosslessSV1,
        lambda a: imagecodecs.jpeg8_encode(a, lossless=True, bitspersample=12),
    ),
    "JPEG-LS lossless": (uid.JPEGLSLossless, imagecodecs.jpegls_encode),
    "JPEG-LS near-lossless": (
        uid.JPEGLSNearLossless,
        lambda a: imagecodecs.jpegls_encode(a, level=3),
    ),
    "JPEG 2000 lossless": (
        uid.JPEG2000Lossless,
        lambda a: imagecodecs.jpeg2k_encode(a, codecformat="J2K", level=0, bitspersample=12),
    ),
    "HTJ2K lossless": (uid.HTJ2KLossless, imagecodecs.htj2k_encode),
}


def write_files(folder: Path) -> dict[str, Path]:
    """One file of each coding, and PNG and TIFF."""
    pixels, plain = stored(), folder / "plain.dcm"
    write_dicom(plain, make_knee(1, 2, (96, 64)))
    found = {}
    for name, (syntax, encode) in CODINGS.items():
        dataset = pydicom.dcmread(plain)
        dataset.Rows, dataset.Columns = SHAPE
        if encode is None:
            dataset.PixelData = pixels.tobytes()
        else:
            dataset.PixelData = encapsulate([bytes(encode(pixels))])
            dataset["PixelData"].VR = "OB"
            dataset["PixelData"].is_undefined_length = True
        if syntax == uid.JPEGBaseline8Bit:
            dataset.BitsAllocated = dataset.BitsStored = 8
            dataset.HighBit = 7
        dataset.file_meta.TransferSyntaxUID = uid.UID(syntax)
        found[name] = folder / f"{syntax}.dcm"
        dataset.save_as(found[name])
    found["PNG, 16 bit"], found["TIFF, 16 bit"] = folder / "image.png", folder / "image.tif"
    found["PNG, 16 bit"].write_bytes(imagecodecs.png_encode(pixels))
    found["TIFF, 16 bit"].write_bytes(_tiff(pixels))
    return found


def _tiff(pixels: npt.NDArray[np.uint16]) -> bytes:
    """An uncompressed grey TIFF of one strip."""
    rows, columns = pixels.shape
    fields = (
        (256, columns), (257, rows), (258, 16), (259, 1), (262, 1), (273, 122), (277, 1),
        (278, rows), (279, pixels.nbytes),
    )  # fmt: skip
    entries = b"".join(
        np.array([tag, 4], "<u2").tobytes() + np.array([1, value], "<u4").tobytes()
        for tag, value in fields
    )
    head = b"II*\0" + np.array([8], "<u4").tobytes() + np.array([len(fields)], "<u2").tobytes()
    return head + entries + bytes(4) + pixels.astype("<u2").tobytes()


def _spent_ms(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return 1e3 * (time.perf_counter() - started)


def plain_pydicom(path: Path) -> Callable[[], object] | None:
    """What reads the pixels with pydicom alone; None where it has nothing to do that with."""

    def read() -> object:
        return pydicom.dcmread(path).pixel_array

    try:
        read()
    except (RuntimeError, NotImplementedError, pydicom.errors.InvalidDicomError):
        return None
    return read


def coding_rows(decoder: Decoder, files: dict[str, Path], rounds: int) -> list[Row]:
    """Milliseconds to open each file, ours and pydicom's in turn."""
    rows = []
    for name, path in files.items():
        peer = plain_pydicom(path)
        if peer is None and path.suffix == ".dcm":
            print(f"{name}: pydicom has no plugin for it here; no peer", file=sys.stderr)
        ours_ms, peer_ms = [], []
        decoder.request(path).result()
        for _ in range(rounds):
            ours_ms.append(_spent_ms(lambda: decoder.request(path).result()))  # noqa: B023
            if peer is not None:
                peer_ms.append(_spent_ms(peer))
        ours = statistics.median(ours_ms)
        beside = statistics.median(peer_ms) if peer_ms else None
        ratio = None if beside is None else beside / ours
        goal = f"<= {LONGEST_MS:g} ms"
        rows.append(Row(f"open {name}", ours, beside, "ms", ratio, goal, ours <= LONGEST_MS))
    return rows


def memory_row() -> list[Row]:
    """The most resident memory the decoder's process ever held, where the system tells."""
    if sys.platform != "linux":
        return []
    most_mib = 0.0
    for child in psutil.Process().children():
        status = Path(f"/proc/{child.pid}/status").read_text(encoding="ascii", errors="replace")
        peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
        most_mib = max(most_mib, int(peak.split()[1]) / 1024)
    goal = f"< {MOST_MIB:g} MiB"
    name = "most memory of the decoder, all of these"
    return [Row(name, most_mib, None, "MiB", None, goal, most_mib < MOST_MIB)]


def change_rows(decoder: Decoder, folder: Path, path: Path, rounds: int) -> list[Row]:
    """From wanting a case that was fetched ahead to its image ready to be drawn."""
    from PySide6.QtCore import QCoreApplication, QEventLoop

    from app.reading.image_source import ImageSource
    from gazecore.study import Study

    application = QCoreApplication.instance() or QCoreApplication([])
    images = folder / "images"
    images.mkdir()
    (images / path.name).write_bytes(path.read_bytes())
    spent: dict[str, list[float]] = {"fetched ahead": [], "not fetched ahead": []}
    with Study.create(folder / "study", name="opening") as study:
        study.import_images([images], simulated=True)
        case = study.cases()[0]
        for _ in range(rounds):
            for how, times in spent.items():
                source, loop = ImageSource(decoder), QEventLoop()
                if how == "fetched ahead":
                    source.prefetch(case)
                    source._futures[case.case_id].result()  # noqa: SLF001  until it is there
                arrived: list[str] = []
                source.image_ready.connect(lambda case_id, _: arrived.append(case_id))  # noqa: B023
                source.image_ready.connect(loop.quit)
                started = time.perf_counter()
                source.want(case)
                if not arrived:
                    loop.exec()
                times.append(1e3 * (time.perf_counter() - started))
    del application
    p95, cold = (float(np.percentile(spent[how], 95)) for how in spent)
    return [
        Row("change to a 14 Mpx JPEG 2000 case fetched ahead, p95", p95, cold, "ms", cold / p95,
            f"<= {FRAME_MS} ms; beside: not fetched", p95 <= FRAME_MS),
    ]  # fmt: skip


def measure(rounds: int) -> list[Row]:
    """All rows."""
    with tempfile.TemporaryDirectory() as made, warnings.catch_warnings(), Decoder() as decoder:
        warnings.simplefilter("ignore")  # of pydicom, about the peer's own ways
        folder = Path(made)
        files = write_files(folder)
        rows = coding_rows(decoder, files, rounds)
        rows += memory_row()
        return rows + change_rows(decoder, folder, files["JPEG 2000 lossless"], rounds)


if __name__ == "__main__":
    report(
        "opening",
        ("pydicom", "imagecodecs", "numpy", "pillow"),
        lambda: measure(10),
        lambda: measure(3),
    )
