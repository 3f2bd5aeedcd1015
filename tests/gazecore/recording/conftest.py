"""Outlets and files for the tests of recordings."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import pytest

from tests.gazecore.recording.material import Sender, Written, running_senders, write_gaze

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def no_streams_of_earlier_tests() -> None:
    """Outlets that only a reference cycle keeps alive are gone before a test looks for streams."""
    gc.collect()


@pytest.fixture
def make_sender(lsl_session: str) -> Iterator[Callable[..., Sender]]:
    """A factory of running senders."""
    del lsl_session
    with running_senders() as make:
        yield make


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """A small closed file."""
    return write_gaze(tmp_path / "small.xdf")
