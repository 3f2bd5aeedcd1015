"""Small building blocks of every page: labels by role, cards, buttons, the recording light."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.shared.icons import icon
from app.shared.theme import COLOURS

if TYPE_CHECKING:
    from collections.abc import Callable

AnyWidget = TypeVar("AnyWidget", bound=QWidget)


def named(widget: AnyWidget, name: str) -> AnyWidget:
    """The widget, now findable by its object name."""
    widget.setObjectName(name)
    return widget


def label(text: str, role: str = "", name: str = "") -> QLabel:
    """A label in one of the style sheet's roles: title, heading, muted, eyebrow, figure, alarm."""
    made = QLabel(text)
    made.setProperty("role", role)
    made.setObjectName(name)
    made.setTextFormat(Qt.TextFormat.PlainText)
    return made


class Paragraph(QLabel):
    """A label that wraps and takes the height its text needs, in whatever layout it is."""

    def __init__(self, text: str = "", role: str = "", name: str = "") -> None:
        super().__init__()
        self.setProperty("role", role)
        self.setObjectName(name)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setText(text)

    def setText(self, text: str) -> None:
        """Show another text."""
        super().setText(text)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the height of the new width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.ensurePolished()
        self.setMinimumHeight(0)  # what was needed before counts in what is asked for now
        self.setMinimumHeight(self.heightForWidth(self.width()) if self.text() else 0)


def button(
    text: str,
    name: str,
    on_click: Callable[[], object],
    *,
    role: str = "",
    icon_name: str = "",
) -> QPushButton:
    """A push button that calls `on_click`, findable by its object name."""
    made = QPushButton(text)
    made.setObjectName(name)
    made.setProperty("role", role)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    if icon_name:
        made.setIcon(icon(icon_name))
        made.setIconSize(QSize(18, 18))
    made.clicked.connect(lambda _checked=False: on_click())
    return made


def card(*, spacing: int = 12, margin: int = 22) -> tuple[QFrame, QVBoxLayout]:
    """A framed surface and the column inside it."""
    frame = QFrame()
    frame.setProperty("role", "card")
    column = QVBoxLayout(frame)
    column.setContentsMargins(margin, margin, margin, margin)
    column.setSpacing(spacing)
    return frame, column


def scrolling(shown: QWidget) -> QScrollArea:
    """What is taller than its place, to be scrolled there; it has no frame and takes no keys."""
    area = QScrollArea()
    area.setWidget(shown)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    for clear in (area.viewport(), shown):
        clear.setAutoFillBackground(False)
    return area


class RecordingLight(QWidget):
    """A small dot: dark red while gaze is recorded, grey otherwise; it never blinks."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("recording_light")
        self.setFixedSize(10, 10)
        self._is_recording = False

    @property
    def is_recording(self) -> bool:
        """Whether the light shows a recording."""
        return self._is_recording

    def show_recording(self, is_recording: bool) -> None:
        """Show whether gaze is recorded."""
        self._is_recording = is_recording
        self.setToolTip("Gaze is being recorded" if is_recording else "Gaze is not recorded")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the dot."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(COLOURS["alarm" if self._is_recording else "line"]))
        painter.drawEllipse(self.rect().adjusted(1, 1, -1, -1))
        painter.end()
