"""What every test shares: data sets, an LSL session of its own, and no leftovers."""

from __future__ import annotations

import gc
import os
import time
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests import leftovers

if TYPE_CHECKING:
    from collections.abc import Iterator

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["FOCUSSTATION_LSL_SESSION"] = f"test-{uuid.uuid4().hex}"
os.environ.setdefault("OMP_NUM_THREADS", "1")


def pytest_collection_finish() -> None:
    """Take what the imports made out of later garbage collections: each took half a second."""
    gc.collect()
    gc.freeze()


def data_root() -> Path:
    """The local data sets: never part of the project."""
    named = os.environ.get("FOCUSSTATION_DATA")
    return Path(named) if named else Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def local_data() -> Path:
    """The folder of local data sets; the test is skipped, saying so, where it is absent."""
    root = data_root()
    if not root.is_dir():
        pytest.skip(f"local data sets not found at {root} (set FOCUSSTATION_DATA)")
    return root


@pytest.fixture(scope="session", autouse=True)
def lsl_session() -> str:
    """Configure LSL for this test process, in a session of its own; returns the session's id.

    Before any test: the first use of LSL, be it a look at its clock, settles its configuration.
    """
    from gazecore import lsl

    lsl.configure()
    return os.environ["FOCUSSTATION_LSL_SESSION"]


@pytest.fixture(autouse=True)
def no_leftovers() -> Iterator[None]:
    """Fail a test that leaves a thread, process, timer or visible widget alive."""
    threads_before, children_before = leftovers.threads(), leftovers.children()
    yield
    deadline = time.monotonic() + 3.0
    while left := leftovers.alive_since(threads_before, children_before):
        if time.monotonic() > deadline:
            pytest.fail(f"left alive: {left}")
        time.sleep(0.02)
    if qt := leftovers.active_qt():
        pytest.fail("left alive: " + ", ".join(qt))
