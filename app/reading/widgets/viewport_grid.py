"""The viewports of the page in their rows and columns; a calm border shows the active one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.reading.page_layout import BORDER_PX
from app.reading.widgets.overlay import Overlay
from app.reading.widgets.viewport import Viewport
from app.reading.widgets.window_entry import WindowEntry
from app.shared.theme import COLOURS

if TYPE_CHECKING:
    from collections.abc import Collection

    from app.reading.viewport_controller import ViewportController
    from app.reading.viewports import Viewports
    from app.reading.window_tools import DragManner

LINE_PX = 1
"""Thickness of the border that is drawn, in the middle of the room for it."""


@dataclass(frozen=True, slots=True)
class ViewportParts:
    """A viewport with what lies over it."""

    viewport: Viewport
    overlay: Overlay
    window_entry: WindowEntry


class ViewportGrid(QWidget):
    """Places the viewports that the layout shows; working in one makes it active.

    Signals
    -------
    window_entry_closed
        The line over one of them is gone.
    """

    window_entry_closed = Signal()

    def __init__(self, viewports: Viewports, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("viewport_grid")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._viewports = viewports
        self._parts = tuple(self._made(each) for each in viewports.all)
        viewports.layout_changed.connect(lambda _layout: self._place())
        viewports.active_changed.connect(lambda _index: self._draw_borders())
        self._place()

    @property
    def active(self) -> ViewportParts:
        """The viewport that tools act on."""
        return self._parts[self._viewports.active.index]

    @property
    def shown(self) -> tuple[Viewport, ...]:
        """The viewports on the page, row by row."""
        return tuple(self._parts[each.index].viewport for each in self._viewports.shown)

    def show_layers(self, layers: Collection[str]) -> None:
        """Write these over every image, and nothing else."""
        for parts in self._parts:
            parts.overlay.show_layers(layers)

    def set_drag(self, manner: DragManner, *, coarse: float, fine: float) -> None:
        """Window in this manner in every viewport."""
        for parts in self._parts:
            parts.viewport.set_drag(manner, coarse=coarse, fine=fine)

    def set_gestures(self, gestures: dict[str, str]) -> None:
        """Bind the mouse like this in every viewport."""
        for parts in self._parts:
            parts.viewport.set_gestures(gestures)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the new size among the viewports."""
        super().resizeEvent(event)
        self._place()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the room between the viewports, and the border of each."""
        del event
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(COLOURS["room"]))
        if self._viewports.layout.count > 1:
            for viewport in self.shown:
                is_active = viewport is self.active.viewport
                self._draw_border(painter, viewport.geometry(), is_active=is_active)
        painter.end()

    def _made(self, controller: ViewportController) -> ViewportParts:
        viewport = Viewport(controller, self)
        if controller.index:
            viewport.setObjectName(f"viewport_{controller.index}")
        viewport.hide()
        viewport.worked_in.connect(lambda: self._viewports.activate(controller.index))
        entry = WindowEntry(controller, viewport)
        entry.closed.connect(self.window_entry_closed)
        return ViewportParts(viewport, Overlay(controller, viewport), entry)

    def _place(self) -> None:
        shown = self.shown
        cells = self._viewports.layout.cells(self.width(), self.height())
        for parts in self._parts:
            if parts.viewport not in shown:
                parts.viewport.hide()
        for viewport, cell in zip(shown, cells, strict=True):
            viewport.setGeometry(*cell)
            viewport.show()
        self.update()

    def _draw_borders(self) -> None:
        # not the images: they stay as they are
        room = QRegion(self.rect())
        for viewport in self.shown:
            room -= QRegion(viewport.geometry())
        self.update(room)

    def _draw_border(self, painter: QPainter, inner: QRect, *, is_active: bool) -> None:
        room = (BORDER_PX - LINE_PX) // 2
        outer = inner.adjusted(-room - LINE_PX, -room - LINE_PX, room + LINE_PX, room + LINE_PX)
        line = QRegion(outer) - QRegion(inner.adjusted(-room, -room, room, room))
        painter.setClipRegion(line)
        painter.fillRect(outer, QColor(COLOURS["accent_line" if is_active else "raised"]))
        painter.setClipping(False)
