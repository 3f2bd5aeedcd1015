"""Asks for a file or folder in a window of our own theme: a system's own may be white."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


def choose_file(parent: QWidget, title: str, start: str = "", kinds: str = "") -> Path | None:
    """The file that was chosen, None for none; `kinds` as in ``"Curves (*.csv *.toml)"``."""
    dialog = _dialog(parent, title, start, QFileDialog.FileMode.ExistingFile)
    if kinds:
        dialog.setNameFilter(kinds)
    return _chosen(dialog)


def choose_folder(parent: QWidget, title: str, start: str = "") -> Path | None:
    """The folder that was chosen, None for none."""
    dialog = _dialog(parent, title, start, QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    return _chosen(dialog)


def _dialog(parent: QWidget, title: str, start: str, mode: QFileDialog.FileMode) -> QFileDialog:
    dialog = QFileDialog(parent, title)
    dialog.setObjectName("file_dialog")
    # A native one follows the system's theme, and floods a dark room where that is light.
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.setFileMode(mode)
    folder = Path(start).expanduser() if start else Path.home()
    dialog.setDirectory(str(folder if folder.is_dir() else folder.parent))
    return dialog


def _chosen(dialog: QFileDialog) -> Path | None:
    try:
        files = dialog.selectedFiles() if dialog.exec() else []
    finally:
        dialog.deleteLater()
    return Path(files[0]) if files else None
