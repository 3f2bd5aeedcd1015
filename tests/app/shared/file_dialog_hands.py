"""Answers the file dialog that is about to open, as a person would."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def answer_dialog(path: Path | None, look: Callable[[QFileDialog], None] | None = None) -> None:
    """Choose `path` in the next file dialog, or close it; `look` sees it before."""

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, QFileDialog):
            QTimer.singleShot(20, answer)
            return
        if look is not None:
            look(dialog)
        if path is None:
            dialog.reject()
            return
        edit = dialog.findChild(QLineEdit, "fileNameEdit")
        assert isinstance(edit, QLineEdit)
        edit.setText(str(path))
        dialog.accept()

    QTimer.singleShot(0, answer)
