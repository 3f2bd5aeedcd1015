"""A calm card for something the reader should know once; it goes away when it was read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.shared.blocks import button, label

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_SHOWN = 2


class NoticeCard(QFrame):
    """Shows notices until they are dismissed; hidden while there are none."""

    def __init__(self, heading: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice_card")
        self.setProperty("role", "card")
        self._text = label("", "", "notice_text")
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.dismiss_button = button("Dismiss", "dismiss_notice_button", self.dismiss, role="quiet")
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 14, 22, 20)
        column.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(label(heading, "eyebrow"), 1)
        head.addWidget(self.dismiss_button)
        column.addLayout(head)
        column.addWidget(self._text)
        self.hide()

    def show_notices(self, notices: Sequence[str]) -> None:
        """Show these notices, a paragraph each; of many the last ones, and how many more."""
        shown = list(notices[-MOST_SHOWN:])
        if len(notices) > len(shown):
            shown.append(f"And {len(notices) - len(shown)} more, see 'focusstation study info'.")
        self._text.setText("\n\n".join(shown))
        self.setVisible(bool(notices))

    def dismiss(self) -> None:
        """Take the notices away."""
        self.hide()
