"""The page of results: choices and figures at the left, the picture at the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from app.results.viewmodel import ALL_READERS, figures, reading_name
from app.results.widgets.picture_view import PictureView
from app.shared.blocks import Paragraph, label, named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QShowEvent

    from app.results.controller import ResultsController, Shown
    from app.results.viewmodel import ResultsState

COLUMN_PX = 330


class ResultsPage(QWidget):
    """Shows a controller's state and forwards what is chosen."""

    def __init__(self, controller: ResultsController) -> None:
        super().__init__()
        self.setObjectName("results_page")
        self._controller = controller
        views = [("case", "Cases"), ("session", "Quality of sessions")]
        self._views = _choice("result_view", views)
        self._cases, self._readings = _choice("result_case"), _choice("result_reading")
        self._sessions = _choice("result_session")
        self._scanpath = named(QCheckBox("Scanpath (one reader)"), "result_scanpath")
        self._attention = named(QCheckBox("Attention"), "result_attention")
        self._opacity = named(QSlider(Qt.Orientation.Horizontal), "result_opacity")
        self._opacity.setRange(10, 100)
        self._problem = Paragraph("", "notice", "result_problem")
        self._figures = QGridLayout()
        self._rows: list[tuple[QLabel, QLabel]] = []
        self._of_case, self._of_session = QWidget(), QWidget()
        self._lay_out()
        self._connect()
        controller.state_changed.connect(self._on_state)
        controller.shown_changed.connect(self._on_shown)
        self._on_state(controller.state)

    def showEvent(self, event: QShowEvent) -> None:
        """Read the results anew."""
        super().showEvent(event)
        self._controller.refresh()

    def _connect(self) -> None:
        c = self._controller
        self._views.activated.connect(lambda _i: c.choose_view(self._views.currentData()))
        self._cases.activated.connect(lambda _i: c.choose_case(self._cases.currentData()))
        self._readings.activated.connect(lambda _i: c.choose_reading(self._readings.currentData()))
        self._sessions.activated.connect(lambda _i: c.choose_session(self._sessions.currentData()))
        self._scanpath.toggled.connect(lambda _on: self._on_layers())
        self._attention.toggled.connect(lambda _on: self._on_layers())
        self._opacity.valueChanged.connect(lambda _value: self._on_layers())

    def _on_layers(self) -> None:
        self._controller.choose_layers(
            scanpath=self._scanpath.isChecked(),
            attention=self._attention.isChecked(),
            opacity=self._opacity.value() / 100,
        )

    def _on_state(self, state: ResultsState) -> None:
        readers = [(ALL_READERS, "all readers, mean")]
        readers += [(r.reading_id, reading_name(r)) for r in state.readings]
        _fill(self._views, None, state.view)
        _fill(self._cases, [(name, name) for name in state.cases], state.case_id)
        _fill(self._readings, readers, state.reading_id)
        _fill(self._sessions, [(name, name) for name in state.sessions], state.session_id)
        values = (
            (self._scanpath, state.shows_scanpath),
            (self._attention, state.shows_attention),
        )
        for box, is_on in values:
            with QSignalBlocker(box):
                box.setChecked(is_on)
        with QSignalBlocker(self._opacity):
            self._opacity.setValue(round(100 * state.opacity))
        self._scanpath.setEnabled(state.reading is not None)
        self._opacity.setEnabled(state.shows_attention)
        self._of_case.setVisible(not state.problem and state.view == "case")
        self._of_session.setVisible(not state.problem and state.view == "session")
        self._views.setVisible(not state.problem)

    def _on_shown(self, shown: Shown) -> None:
        self._problem.setText(shown.message)
        self._problem.setVisible(bool(shown.message))
        said = figures(shown.row or {})
        for name, value in said[len(self._rows) :]:
            self._add_row(name, value)
        for row, (name_label, value_label) in enumerate(self._rows):
            name, value = said[row] if row < len(said) else ("", "")
            name_label.setText(name)
            value_label.setText(value)

    def _add_row(self, name: str, value: str) -> None:
        row = len(self._rows)
        self._rows.append((label(name, "muted"), Paragraph(value, "", f"figure_{row}")))
        self._figures.addWidget(self._rows[row][0], row, 0, Qt.AlignmentFlag.AlignTop)
        self._figures.addWidget(self._rows[row][1], row, 1)

    def _lay_out(self) -> None:
        case = QVBoxLayout(self._of_case)
        session = QVBoxLayout(self._of_session)
        for column in (case, session):
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(8)
        for text, widget in (("Case", self._cases), ("Reader", self._readings)):
            case.addWidget(label(text, "muted"))
            case.addWidget(widget)
        for layer in (self._scanpath, self._attention):
            case.addWidget(layer)
        case.addWidget(label("Opacity of attention", "muted"))
        case.addWidget(self._opacity)
        case.addSpacing(10)
        self._figures.setColumnStretch(1, 1)
        self._figures.setHorizontalSpacing(18)
        case.addLayout(self._figures)
        session.addWidget(label("Session", "muted"))
        session.addWidget(self._sessions)
        left = QWidget()
        left.setFixedWidth(COLUMN_PX)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        column.addWidget(label("Results", "title"))
        for part in (self._views, self._problem, self._of_case, self._of_session):
            column.addWidget(part)
        column.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(40, 30, 40, 30)
        row.setSpacing(26)
        row.addWidget(left)
        row.addWidget(PictureView(self._controller), 1)


def _choice(name: str, items: Sequence[tuple[str, str]] = ()) -> QComboBox:
    made = named(QComboBox(), name)
    for value, text in items:
        made.addItem(text, value)
    return made


def _fill(box: QComboBox, items: Sequence[tuple[str, str]] | None, chosen: str) -> None:
    """Show these choices and the one that counts, without saying that something was chosen."""
    with QSignalBlocker(box):
        if items is not None:
            box.clear()
            for value, text in items:
                box.addItem(text, value)
        box.setCurrentIndex(box.findData(chosen))
