"""A hostile file ends at most the decoder's own process, and nothing is left behind."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import CancelledError
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import psutil
import pytest

from gazecore.dicom import memory_watch, open_image
from gazecore.dicom.decoder import TIMEOUT_S, Decoder
from gazecore.errors import (
    DamagedFileError,
    FocusStationError,
    MissingPathError,
    NotAnImageError,
    UnsupportedImageError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

WAIT_S = 60.0


@pytest.fixture
def decoder() -> Iterator[Decoder]:
    with Decoder() as decoder:
        yield decoder


def _buffers() -> set[str]:
    folder = Path("/dev/shm")
    return {p.name for p in folder.glob("focusstation-*")} if folder.is_dir() else set()


def test_images_are_those_of_open_image(decoder: Decoder, make_dicom: Any, lut_item: Any) -> None:
    before = _buffers()
    luts = [lut_item([0, 9, 255], -1, 8, "HARD")]
    signed = np.random.default_rng(0).integers(-900, 900, (21, 13)).astype(np.int16)
    paths = [
        make_dicom(name="a.dcm", VOILUTSequence=luts, WindowCenter="5", WindowWidth="9"),
        make_dicom(signed, name="b.dcm", PixelPaddingValue=("SS", -900), RescaleSlope="2"),
        make_dicom(name="名前 c.dcm"),
    ]
    for path, future in [(path, decoder.request(path)) for path in paths]:
        image, expected = future.result(WAIT_S), open_image(path)
        assert image.header() == expected.header()
        np.testing.assert_array_equal(image.stored, expected.stored)
        assert image.stored.dtype == expected.stored.dtype
    assert _buffers() == before


def test_layers_and_frames_cross(decoder: Decoder, make_dicom: Any) -> None:
    frames = np.arange(96, dtype=np.uint16).reshape(2, 6, 8)
    path = make_dicom(
        frames[0],
        NumberOfFrames=2,
        PixelData=frames.tobytes(),
        ShutterShape="CIRCULAR",
        CenterOfCircularShutter=[3, 4],
        RadiusOfCircularShutter=2,
        overlay={(0x60000010): ("US", 2), (0x60000011): ("US", 4), (0x60003000): ("OB", b"\xff\0")},
    )
    image, expected = decoder.request(path, frame=1).result(WAIT_S), open_image(path, frame=1)
    assert image.header() == expected.header()
    np.testing.assert_array_equal(image.stored, frames[1])
    assert image.shutter is not None
    assert image.overlays[0].mask.all()
    with pytest.raises(UnsupportedImageError, match="frame 3 of 2"):
        decoder.request(path, frame=2).result(WAIT_S)


def test_colors_cross(decoder: Decoder, make_dicom: Any) -> None:
    color = np.random.default_rng(1).integers(0, 256, (7, 9, 3)).astype(np.uint8)
    image = decoder.request(make_dicom(color)).result()
    np.testing.assert_array_equal(image.colors, color)
    np.testing.assert_array_equal(image.stored, open_image(make_dicom(color)).stored)


def test_an_image_does_not_change_with_the_next(decoder: Decoder, make_dicom: Any) -> None:
    first = decoder.request(make_dicom(np.full((4, 4), 1, np.uint16), name="1")).result(WAIT_S)
    decoder.request(make_dicom(np.full((4, 4), 2, np.uint16), name="2")).result(WAIT_S)
    assert (first.stored == 1).all()


def test_refusals_keep_their_kind(decoder: Decoder, tmp_path: Path, make_dicom: Any) -> None:
    text = tmp_path / "text.dcm"
    text.write_text("no image")
    cases = [
        (tmp_path / "missing", MissingPathError),
        (text, NotAnImageError),
        (make_dicom(BitsAllocated=32), UnsupportedImageError),
        (make_dicom(Columns=4000, name="c"), DamagedFileError),
    ]
    for path, kind in cases:
        with pytest.raises(kind) as caught:
            decoder.request(path).result(WAIT_S)
        assert str(path) in str(caught.value)
        assert "\n" not in str(caught.value)


def _child() -> psutil.Process:
    (child,) = (
        p for p in psutil.Process().children() if "resource_tracker" not in " ".join(p.cmdline())
    )
    return child


def test_death_of_the_process_costs_one_file(decoder: Decoder, make_dicom: Any) -> None:
    path = make_dicom()
    decoder.request(path).result(WAIT_S)
    _child().kill()
    with pytest.raises(UnsupportedImageError, match="died"):
        decoder.request(path).result(WAIT_S)
    assert decoder.request(path).result(WAIT_S).width_px == 8


def test_a_file_that_hangs_is_given_up(tmp_path: Path, make_dicom: Any) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)  # refused as no regular file; the process itself is stopped to hang
    with Decoder(timeout_s=0.5) as decoder:
        with pytest.raises(NotAnImageError):
            decoder.request(pipe).result(WAIT_S)
        _child().suspend()
        with pytest.raises(UnsupportedImageError, match=r"more than 0\.5 s"):
            decoder.request(make_dicom()).result(WAIT_S)
        assert decoder.request(make_dicom()).result(WAIT_S).width_px == 8


def test_the_wanted_file_does_not_wait_for_one_that_hangs(
    decoder: Decoder, make_dicom: Any
) -> None:
    path = make_dicom()
    decoder.request(path).result(WAIT_S)
    hanging = _child()
    hanging.suspend()
    stuck, unbegun, wanted = (decoder.request(path) for _ in range(3))
    while not stuck.running():
        time.sleep(0.01)
    started = time.monotonic()
    decoder.drop(stuck)
    decoder.drop(unbegun)
    assert wanted.result(WAIT_S).width_px == 8
    assert time.monotonic() - started < TIMEOUT_S / 2
    assert unbegun.cancelled()
    with pytest.raises(UnsupportedImageError, match="another image was wanted first"):
        stuck.result(WAIT_S)
    assert not hanging.is_running()
    assert _child().is_running()


def test_a_dropped_file_that_is_nearly_open_costs_no_process(
    decoder: Decoder, make_dicom: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory_watch, "GRACE_S", WAIT_S)
    path = make_dicom()
    decoder.request(path).result(WAIT_S)
    before = _child().pid
    for _ in range(5):
        decoder.drop(decoder.request(path))
    done = decoder.request(path)
    done.result(WAIT_S)
    decoder.drop(done)
    assert _child().pid == before
    assert not decoder._unwanted


def test_memory_is_limited(make_dicom: Any) -> None:
    path = make_dicom(np.zeros((6000, 6000), dtype=np.uint16))
    with Decoder(memory_bytes=64 << 20) as decoder:
        with pytest.raises(FocusStationError):
            decoder.request(path).result(WAIT_S)
        assert decoder.request(make_dicom(name="small")).result(WAIT_S).width_px == 8


def test_closing_cancels_and_is_quick(make_dicom: Any) -> None:
    decoder = Decoder()
    paths = [make_dicom(name=str(n)) for n in range(20)]
    futures = [decoder.request(path) for path in paths]
    futures[0].result(WAIT_S)
    started = time.monotonic()
    decoder.close()
    assert time.monotonic() - started < 20
    for future in futures:
        assert future.done()
        if not future.cancelled() and (error := future.exception()):
            assert isinstance(error, (UnsupportedImageError, CancelledError))


STATION = """
import sys, time
from gazecore.dicom.decoder import Decoder
if __name__ == "__main__":
    decoder = Decoder()
    future = decoder.request(sys.argv[2])
    if sys.argv[1] == "idle":
        future.result()
    while sys.argv[1] != "starting" and decoder._child is None:
        time.sleep(0.01)
    print("here", flush=True)
    time.sleep(60)
"""


def _held_files(pids: list[int]) -> set[str]:
    return {area.path for pid in pids for area in psutil.Process(pid).memory_maps()}


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc and /dev/shm")
@pytest.mark.parametrize("state", ["starting", "decoding", "idle"])
def test_nothing_is_left_of_a_killed_station(tmp_path: Path, make_dicom: Any, state: str) -> None:
    script = tmp_path / "station.py"
    script.write_text(STATION)
    files = tmp_path / "files"
    files.mkdir()
    station = subprocess.Popen(
        [sys.executable, str(script), state, str(make_dicom())],
        stdout=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(files), "PYTHONPATH": os.getcwd()},
    )
    assert station.stdout is not None
    assert station.stdout.readline() == b"here\n"
    children = psutil.Process(station.pid).children(recursive=True)
    # other stations may run here, so it is told by what these processes hold
    held = _held_files([station.pid, *(child.pid for child in children)])
    if state == "decoding":
        children[-1].suspend()
    station.kill()
    station.wait()
    station.stdout.close()
    psutil.wait_procs(children, timeout=WAIT_S)
    assert not [c for c in children if c.is_running() and c.status() != psutil.STATUS_ZOMBIE]
    assert not [path for path in held if path.startswith(("/dev/shm", str(files)))]
    assert not list(files.iterdir())


def test_closing_unused() -> None:
    Decoder().close()
