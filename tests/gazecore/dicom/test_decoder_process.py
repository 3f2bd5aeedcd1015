"""The process's side of the conversation, run in a thread over a real connection."""

from __future__ import annotations

import logging
import multiprocessing
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from gazecore import errors
from gazecore.dicom import decoder_process, open_image
from gazecore.dicom.decoder_process import ANSWER, STOP, Answer, raise_refusal, request_of

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def unlimited(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The limits are for a process of its own; here they would bind the tests."""
    monkeypatch.setattr(decoder_process, "_limit_memory", lambda _bytes: None)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.usefixtures("unlimited")
def test_conversation(tmp_path: Path, make_dicom: Any) -> None:
    buffer = tmp_path / "buffer"
    buffer.write_bytes(bytes(4096))
    ours, theirs = multiprocessing.Pipe()
    thread = threading.Thread(target=decoder_process.serve, args=(theirs, str(buffer), 0))
    thread.start()
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
    pixels = np.frombuffer(buffer.read_bytes(), dtype=np.uint16, count=48)
    np.testing.assert_array_equal(pixels, expected.stored.ravel())
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
