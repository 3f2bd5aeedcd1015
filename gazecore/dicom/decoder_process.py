"""The decoder's own process: opens one file after the other into a mapped buffer it was given.

Messages are JSON, never pickles: what a hostile file made of this process cannot make the
parent run code.
"""

from __future__ import annotations

import contextlib
import logging
import os
from typing import TYPE_CHECKING

import numpy as np
from pydantic import ConfigDict, TypeAdapter
from pydantic.dataclasses import dataclass

from gazecore import errors
from gazecore.dicom import limits
from gazecore.dicom.image import XrayHeader
from gazecore.dicom.opening import open_image
from gazecore.dicom.process_limits import ProcessLimits
from gazecore.dicom.shared_pixels import take

if TYPE_CHECKING:
    import mmap
    from multiprocessing.connection import Connection
    from pathlib import Path

BUFFER_BYTES = 2 * limits.MAX_PIXELS
"""Size of the shared memory: the largest image that can be shown."""

STOP = b""
"""The request that ends the process."""


@dataclass(
    frozen=True, slots=True, config=ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")
)
class Answer:
    """What the process says of one file: its header and shape, or the error that refused it."""

    header: XrayHeader | None = None
    shape: tuple[int, int] | None = None
    error: str | None = None
    reason: str = ""


ANSWER: TypeAdapter[Answer] = TypeAdapter(Answer)

_REFUSALS = {
    kind.__name__: kind
    for kind in (errors.NotAnImageError, errors.UnsupportedImageError, errors.DamagedFileError)
}


def raise_refusal(answer: Answer, path: Path) -> None:
    """Raise the error an answer names, if it names one."""
    if answer.error is None:
        return
    if answer.error == errors.MissingPathError.__name__:
        raise errors.MissingPathError(path)
    kind = _REFUSALS.get(answer.error, errors.DamagedFileError)
    raise kind(path, answer.reason)


def serve(requests: Connection, memory_bytes: int, time_s: float) -> None:
    """Answer requests until told to stop or until the parent is gone.

    Parameters
    ----------
    requests : Connection
        The memory for pixels comes first, as `SharedPixels` gives it. Then a frame's number and
        a path as the file system spells it come in, as `request_of` joins them; answers go out
        as JSON.
    memory_bytes : int
        Memory this process may add to what it needs to start.
    time_s : float
        Processor time for one file, on each thread.
    """
    logging.disable(logging.CRITICAL)  # pydicom's remarks may quote patient data
    with contextlib.suppress(EOFError, OSError, KeyboardInterrupt):
        buffer = take(requests, BUFFER_BYTES)
        allowed = ProcessLimits(memory_bytes)
        requests.send_bytes(b"ready")
        while (request := requests.recv_bytes()) != STOP:
            allowed.allow_s(time_s)
            requests.send_bytes(ANSWER.dump_json(_answer(request, buffer)))
        buffer.close()


def request_of(path: Path, frame: int) -> bytes:
    """The request for one frame of a file; paths need not be text."""
    return b"%d %s" % (frame, os.fsencode(path.absolute()))


def _answer(request: bytes, buffer: mmap.mmap) -> Answer:
    frame, _, path = request.partition(b" ")
    try:
        image = open_image(os.fsdecode(path), frame=int(frame))
    except errors.FocusStationError as error:
        return Answer(error=type(error).__name__, reason=getattr(error, "reason", ""))
    except Exception as error:  # noqa: BLE001  the door of this process: one bad file, one answer
        return Answer(error="DamagedFileError", reason=f"unforeseen {type(error).__name__}")
    target = np.frombuffer(buffer, dtype=image.stored.dtype, count=image.stored.size)
    target[:] = image.stored.ravel()
    if image.colors is not None:
        colors = np.frombuffer(buffer, np.uint8, image.colors.size, image.stored.nbytes)
        colors[:] = image.colors.ravel()
    return Answer(header=image.header(), shape=(image.height_px, image.width_px))
