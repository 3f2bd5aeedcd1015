"""Qt for drawing, and a study to draw."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from app.pictures.results import StudyResults
from tests.app.analysed import make_analysed_study

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QApplication


@pytest.fixture(autouse=True)
def gui(qapp: QApplication) -> QApplication:
    """Texts need the fonts of an application."""
    return qapp


@pytest.fixture(scope="session")
def analysed_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The analysed study; not to be changed."""
    return make_analysed_study(tmp_path_factory.mktemp("analysed"))


@pytest.fixture
def analysed(analysed_once: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return shutil.copytree(analysed_once, tmp_path / "study")


@pytest.fixture
def results(analysed_once: Path) -> StudyResults:
    """Its results."""
    return StudyResults(analysed_once / "derivatives")
