from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QWidget

from app.shared.file_dialogs import choose_file, choose_folder
from tests.app.shared.file_dialog_hands import answer_dialog

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot


def test_a_file_is_chosen_in_a_dialog_of_our_own(qtbot: QtBot, tmp_path: Path) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    file = tmp_path / "curve.csv"
    file.write_text("0,1")
    seen: list[tuple[bool, list[str]]] = []

    def look(dialog: QFileDialog) -> None:
        is_own = dialog.testOption(QFileDialog.Option.DontUseNativeDialog)
        seen.append((is_own, dialog.nameFilters()))

    answer_dialog(file, look)
    assert choose_file(parent, "A curve", str(file), "Curves (*.csv)") == file
    assert seen == [(True, ["Curves (*.csv)"])]


def test_a_folder_is_chosen_or_none(qtbot: QtBot, tmp_path: Path) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    (tmp_path / "study").mkdir()
    answer_dialog(tmp_path / "study")
    assert choose_folder(parent, "A study", str(tmp_path)) == tmp_path / "study"
    answer_dialog(None)
    assert choose_folder(parent, "A study") is None
