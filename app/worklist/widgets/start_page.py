"""The page without a study: open one, make one, or try the demo."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from app.shared.blocks import button, card, label, named
from app.shared.file_dialogs import choose_folder
from app.shared.icons import icon

PAGE_WIDTH_PX = 1040


class StartPage(QWidget):
    """Three ways into a study.

    Signals
    -------
    open_requested, create_requested, demo_requested : Path, (Path, str), Path
    """

    open_requested = Signal(object)
    create_requested = Signal(object, str)
    demo_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("start_page")
        self._problem = label("", "alarm", "start_problem")
        self._problem.setWordWrap(True)
        self._note = label("", "muted", "start_note")
        self.folder_edit = named(QLineEdit(), "study_folder_edit")
        self.folder_edit.setPlaceholderText("Folder of a study")
        self.folder_edit.returnPressed.connect(self._open)
        self.name_edit = named(QLineEdit(), "study_name_edit")
        self.name_edit.setPlaceholderText("Name of the new study")
        self.new_folder_edit = named(QLineEdit(), "new_study_folder_edit")
        self.new_folder_edit.setPlaceholderText("New, empty folder")
        self.new_folder_edit.returnPressed.connect(self._create)
        self.demo_folder_edit = QLineEdit(str(Path.home() / "FocusStation demo study"))
        self.demo_folder_edit.setObjectName("demo_folder_edit")
        self._lay_out()

    def show_problem(self, problem: str) -> None:
        """Show one line of trouble."""
        self._note.clear()
        self._problem.setText(problem)

    def show_note(self, note: str) -> None:
        """Show what is being waited for."""
        self._problem.clear()
        self._note.setText(note)

    def _lay_out(self) -> None:
        middle = QVBoxLayout()
        middle.setSpacing(10)
        middle.addWidget(label("FocusStation", "title"))
        middle.addWidget(
            label("Read X-rays while gaze is recorded; learn from where readers look.", "muted")
        )
        middle.addSpacing(26)
        tiles = QHBoxLayout()
        tiles.setSpacing(22)
        tiles.addWidget(self._open_tile(), 1)
        tiles.addWidget(self._create_tile(), 1)
        tiles.addWidget(self._demo_tile(), 1)
        middle.addLayout(tiles)
        middle.addSpacing(6)
        middle.addWidget(self._problem)
        middle.addWidget(self._note)
        holder = QWidget()
        holder.setFixedWidth(PAGE_WIDTH_PX)
        holder.setLayout(middle)
        column = QVBoxLayout(self)
        column.addStretch(2)
        column.addWidget(holder, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)

    def _open_tile(self) -> QFrame:
        frame, column = _tile("folder", "Open a study", "Cases, readers and recordings in a folder")
        row = QHBoxLayout()
        row.addWidget(self.folder_edit, 1)
        row.addWidget(button("Browse", "browse_study_button", self._browse, role="quiet"))
        column.addLayout(row)
        column.addStretch(1)
        column.addWidget(button("Open", "open_study_button", self._open, role="primary"))
        return frame

    def _create_tile(self) -> QFrame:
        frame, column = _tile("plus", "New study", "An empty folder for images you import")
        column.addWidget(self.name_edit)
        column.addWidget(self.new_folder_edit)
        column.addStretch(1)
        column.addWidget(button("Create", "create_study_button", self._create, role="primary"))
        return frame

    def _demo_tile(self) -> QFrame:
        frame, column = _tile(
            "flask", "Try the demo", "Synthetic knees and a simulated eye tracker, offline"
        )
        column.addWidget(self.demo_folder_edit)
        column.addStretch(1)
        column.addWidget(button("Make demo study", "try_demo_button", self._demo, role="primary"))
        return frame

    def _browse(self) -> None:
        chosen = choose_folder(self, "Open a study", self.folder_edit.text())
        if chosen is not None:
            self.folder_edit.setText(str(chosen))
            self._open()

    def _open(self) -> None:
        if self.folder_edit.text().strip():
            self.open_requested.emit(Path(self.folder_edit.text().strip()))

    def _create(self) -> None:
        name, folder = self.name_edit.text().strip(), self.new_folder_edit.text().strip()
        if name and folder:
            self.create_requested.emit(Path(folder), name)
        else:
            self.show_problem("A new study needs a name and a folder")

    def _demo(self) -> None:
        self.demo_requested.emit(Path(self.demo_folder_edit.text().strip()))


def _tile(icon_name: str, title: str, text: str) -> tuple[QFrame, QVBoxLayout]:
    frame, column = card(spacing=12, margin=26)
    frame.setMinimumHeight(286)
    picture = QLabel()
    picture.setPixmap(icon(icon_name, "accent", 34).pixmap(34, 34))
    column.addWidget(picture)
    column.addSpacing(6)
    column.addWidget(label(title, "heading"))
    explanation = label(text, "muted")
    explanation.setWordWrap(True)
    column.addWidget(explanation)
    column.addSpacing(8)
    return frame, column
