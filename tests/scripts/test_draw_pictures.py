from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QImage

from app.application import StationApplication, StationSettings
from gazecore.processes import child_environment
from scripts.draw_pictures import PICTURES, TRACKER, Camera, PictureError
from scripts.small_png import MOST_BYTES

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

ROOT = Path(__file__).resolve().parents[2]
MOST_BYTES_OF_ALL = 3_000_000


def shown_in(page: str) -> set[str]:
    return set(re.findall(r"\(pictures/([\w-]+)\.png\)", (ROOT / "docs" / page).read_text("utf-8")))


def test_every_picture_of_the_page_is_there_and_small() -> None:
    there = {path.stem: path.stat().st_size for path in PICTURES.glob("*.png")}
    assert shown_in("display.md") <= set(there)
    assert len(shown_in("display.md")) >= 15
    assert max(there.values()) <= 1.1 * MOST_BYTES
    assert sum(there.values()) <= MOST_BYTES_OF_ALL


def test_the_camera_leads_the_real_station(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scripts.draw_pictures.LIMIT_S", 0.3)
    application = StationApplication(qapp, StationSettings(tracker=TRACKER))
    qtbot.addWidget(application.window)
    camera = Camera(application, tmp_path)
    application.start()
    camera.take("start")
    with pytest.raises(PictureError, match="did not come to 'the button nowhere'"):
        camera.press("nowhere")
    application.close()
    application.window.close()
    picture = QImage(str(tmp_path / "start.png"))
    assert picture.size() == application.window.geometry().size()
    assert camera.sizes["start"] > 1000


@pytest.mark.long
def test_all_pictures_are_drawn(tmp_path: Path) -> None:
    drawn = subprocess.run(
        [sys.executable, "-m", "scripts.draw_pictures", str(tmp_path)],
        cwd=ROOT,
        env=child_environment(),
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )
    assert drawn.returncode == 0, drawn.stderr
    assert {path.stem for path in tmp_path.glob("*.png")} >= shown_in("display.md")
