"""The process's side of the conversation, run in a thread over a real connection."""

from __future__ import annotations

import logging
import multiprocessing
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from gazecore import errors
from gazecore.dicom import decoder_process, open_image, process_limits
from gazecore.dicom.decoder_process import (
    ANSWER,
    BUFFER_BYTES,
    STOP,
    Answer,
    raise_refusal,
    request_of,
)
from gazecore.dicom.shared_pixels import SharedPixels

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def unlimited(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The limits are for a process of its own; here they would bind the tests."""
    monkeypatch.setattr(process_limits, "_limit", lambda _name, _most: None)
    monkeypatch.setattr(process_limits, "_die_with_parent", lambda: None)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.usefixtures("unlimited")
def test_conversation(make_dicom: Any) -> None:
    buffer = SharedPixels(BUFFER_BYTES)
    ours, theirs = multiprocessing.Pipe()
    thread = threading.Thread(target=decoder_process.serve, args=(theirs, 0, 9.0))
    thread.start()
    buffer.give(ours, os.getpid())
    assert ours.recv_bytes() == b"ready"
    path = make_dicom()
    ours.send_bytes(request_of(path, 0))
    answer = ANSWER.validate_json(ours.recv_bytes())
    ours.send_bytes(request_of(Path("/nowhere"), 0))
    refused = ANSWER.validate_json(ours.recv_bytes())
    ours.send_bytes(STOP)
    thread.join()
    expected = open_image(path)
    assert answer == Answer(header=expected.header(), shape=(6, 8))
    pixels = np.frombuffer(buffer.map[:96], dtype=np.uint16)
    np.testing.assert_array_equal(pixels, expected.stored.ravel())
    buffer.close()
    assert refused.error == "MissingPathError"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("MissingPathError", errors.MissingPathError),
        ("NotAnImageError", errors.NotAnImageError),
        ("UnsupportedImageError", errors.UnsupportedImageError),
        ("DamagedFileError", errors.DamagedFileError),
        ("SystemExit", errors.DamagedFileError),
    ],
)
def test_only_known_errors_are_raised(name: str, kind: type[Exception]) -> None:
    with pytest.raises(kind):
        raise_refusal(Answer(error=name, reason="why"), Path("x"))


def test_no_error_raises_nothing() -> None:
    raise_refusal(Answer(), Path("x"))
