"""A study that was analysed, open, with a decoder for its images."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from app.results.controller import ResultsController
from gazecore.study import Study
from tests.app.analysed import make_analysed_study

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from gazecore.dicom.decoder import Decoder


@pytest.fixture(scope="session")
def analysed_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The analysed study; not to be changed."""
    return make_analysed_study(tmp_path_factory.mktemp("results"))


@pytest.fixture
def study(analysed_once: Path, tmp_path: Path) -> Iterator[Study]:
    """A copy of it, open."""
    with Study.open(shutil.copytree(analysed_once, tmp_path / "study"), read_only=True) as opened:
        yield opened


@pytest.fixture
def controller(study: Study, shared_decoder: Decoder, qtbot: QtBot) -> Iterator[ResultsController]:
    """The controller of its results."""
    made = ResultsController(study, shared_decoder)
    yield made
    made.close()
    qtbot.wait(1)
