"""A read study with recordings, all of it made by formulas."""

from __future__ import annotations

from typing import TYPE_CHECKING

import imagecodecs
import numpy as np
import pytest

from gazecore.export.recorded_session import RecordedSession, read_session
from gazecore.study import Study
from gazecore.study.protocol import changed_protocol

from .derivatives import make_derivatives
from .recordings import read_cases

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    """A study of three cases read by r1 (three readings) and r2 (two), consent raw."""
    protocol = changed_protocol(None, {"consent_level": "raw"})
    with Study.create(tmp_path / "study", name="knees", protocol=protocol) as made:
        for seed in range(3):
            image = tmp_path / f"{seed}.png"
            pixels = np.random.default_rng(seed).integers(0, 255, (40, 60), dtype=np.uint8)
            image.write_bytes(imagecodecs.png_encode(pixels))
            made.import_images([image], reference={"1.png": "2"}, simulated=True)
        for reader_id, cases in (("r-1", 3), ("r2", 2)):
            made.add_reader(reader_id, dominant_eye="left")
            read_cases(made, reader_id, cases)
        yield made


@pytest.fixture
def recorded(study: Study) -> RecordedSession:
    """The first session of the study as exporters see it."""
    return read_session(study.sessions()[0].recording_path)


@pytest.fixture
def analysed(study: Study) -> Study:
    """The study with its derivatives."""
    make_derivatives(study)
    return study
