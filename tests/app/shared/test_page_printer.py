from __future__ import annotations

import os
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QApplication, QWidget

from app.shared.page_printer import ask_and_print, print_page
from gazecore.study import Protocol
from gazecore.study.key_sheet import sheet_html

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot


def test_a_sheet_is_one_page_of_a4(qtbot: QtBot, tmp_path: Path) -> None:
    del qtbot
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(os.fspath(tmp_path / "keys.pdf"))
    print_page(sheet_html(Protocol(), "Knees"), printer)
    pdf = (tmp_path / "keys.pdf").read_bytes()
    assert pdf.startswith(b"%PDF-")
    assert pdf.count(b"/Type /Page\n") == 1
    box = pdf.split(b"/MediaBox [", 1)[1].split(b"]", 1)[0]
    assert [round(float(part)) for part in box.split()[2:]] == [595, 842]


def test_a_dialog_that_is_left_prints_nothing(qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    seen: list[str] = []

    def leave() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QPrintDialog)
        seen.append(dialog.objectName())
        dialog.reject()

    QTimer.singleShot(0, leave)
    ask_and_print("<p>keys</p>", holder)
    assert seen == ["print_dialog"]
