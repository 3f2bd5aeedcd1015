"""The card about the display's curve: what its correction does, give measurements, remove."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.shared.blocks import Paragraph, button, card, label
from app.shared.file_dialogs import choose_file

if TYPE_CHECKING:
    from app.screen_setup.controller import ScreenSetupController
    from app.screen_setup.viewmodel import ScreenSetup

ABOUT = (
    "Give luminances (cd/m2) of 17 or more driving levels, as CSV or TOML: images then have "
    "equally visible steps. It makes the screen no display for diagnosis."
)
KINDS = "Luminance measurements (*.csv *.toml)"


class CorrectionPanel(QWidget):
    """Shows the display correction of a `ScreenSetupController` and forwards its buttons."""

    def __init__(self, setup: ScreenSetupController, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("correction_panel")
        self._setup = setup
        self._state = Paragraph("", "muted", "correction_state")
        self._about = Paragraph(ABOUT, "muted", "correction_about")
        self._give = button("Measurements …", "give_curve_button", self._on_give)
        self._remove = button("Remove", "remove_curve_button", setup.remove_curve)
        self._lay_out()
        setup.state_changed.connect(self._on_state_changed)
        self._on_state_changed(setup.state)

    def _on_give(self) -> None:
        path = choose_file(self, "Luminance measurements of this screen", kinds=KINDS)
        if path is not None:
            self._setup.use_curve(path)

    def _on_state_changed(self, state: ScreenSetup) -> None:
        self._state.setText(state.correction_text())
        is_corrected = bool(state.record and state.record.correction)
        self._remove.setEnabled(is_corrected)
        self._about.setVisible(not is_corrected)

    def _lay_out(self) -> None:
        frame, column = card(spacing=10)
        column.addWidget(label("DISPLAY CURVE", "eyebrow"))
        column.addWidget(self._state)
        column.addWidget(self._about)
        row = QHBoxLayout()
        row.addWidget(self._give)
        row.addWidget(self._remove)
        row.addStretch(1)
        column.addLayout(row)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame)
