"""The main window: named pages, a bar to go between them, a footer; bare while reading."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QMainWindow,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.shared.blocks import label, named
from app.shared.icons import icon

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent

BAR_HEIGHT_PX = 56


class MainWindow(QMainWindow):
    """Holds pages by name; a page shown bare has neither bar nor footer and fills the screen.

    Signals
    -------
    page_shown : str
    closed
    """

    page_shown = Signal(str)
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("main_window")
        self.setWindowTitle("FocusStation")
        self.setMinimumSize(960, 640)
        self._pages: dict[str, QWidget] = {}
        self._tabs: dict[str, QPushButton] = {}
        self._footers: list[QWidget] = []
        self._staying: set[str] = set()
        self._was_maximized = False
        self._geometry_before = self.geometry()
        self._group = QButtonGroup(self)
        self._stack = named(QStackedWidget(), "pages")
        self._bar = named(QWidget(), "navigation_bar")
        self._bar_row = QHBoxLayout(self._bar)
        self._footer = named(QWidget(), "footer")
        self._footer_column = QVBoxLayout(self._footer)
        self._lay_out()

    @property
    def page_name(self) -> str:
        """The page that is shown; empty before the first."""
        shown = self._stack.currentWidget()
        return next((name for name, page in self._pages.items() if page is shown), "")

    def add_page(
        self,
        name: str,
        page: QWidget,
        *,
        tab: str = "",
        icon_name: str = "",
        stays: bool = False,
    ) -> None:
        """Add a page; with a tab it can be reached from the bar. The same name replaces.

        A page that `stays` is still there after `clear`.
        """
        self.remove_page(name)
        if stays:
            self._staying.add(name)
        self._pages[name] = page
        self._stack.addWidget(page)
        if tab:
            self._add_tab(name, tab, icon_name)

    def remove_page(self, name: str) -> None:
        """Take a page and its tab away."""
        page = self._pages.pop(name, None)
        if page is not None:
            self._stack.removeWidget(page)
            _discard(page)
        tab = self._tabs.pop(name, None)
        if tab is not None:
            self._group.removeButton(tab)
            _discard(tab)

    def show_page(self, name: str, *, bare: bool = False) -> None:
        """Show a page, bare or with bar and footer."""
        is_framed = not bare and name in self._tabs
        self._bar.setVisible(is_framed)
        self._footer.setVisible(is_framed and bool(self._footers))
        self._stack.setCurrentWidget(self._pages[name])
        if name in self._tabs:
            self._tabs[name].setChecked(True)
        self._pages[name].setFocus()
        self.setCursor(Qt.CursorShape.CrossCursor if bare else Qt.CursorShape.ArrowCursor)
        self.page_shown.emit(name)

    def add_footer(self, widget: QWidget) -> None:
        """Put a widget below all pages that are not bare."""
        self._footers.append(widget)
        self._footer_column.addWidget(widget)

    def clear(self) -> None:
        """Take all footers and all pages away but those that stay."""
        for name in set(self._pages) - self._staying:
            self.remove_page(name)
        for widget in self._footers:
            self._footer_column.removeWidget(widget)
            _discard(widget)
        self._footers.clear()
        self._footer.hide()
        self._bar.hide()

    def showFullScreen(self) -> None:
        """Fill the screen, and remember how the window was."""
        if not self.isFullScreen():
            self._was_maximized = self.isMaximized()
            self._geometry_before = self.geometry()
            # Where no window manager answers (a bare X server), the size alone must do.
            self.setGeometry(self.screen().geometry())
            super().showFullScreen()

    def leave_full_screen(self) -> None:
        """Go back to how the window was."""
        if self.isFullScreen():
            if self._was_maximized:
                self.showMaximized()
            else:
                self.showNormal()
                self.setGeometry(self._geometry_before)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Say that the window was closed."""
        super().closeEvent(event)
        self.closed.emit()

    def _add_tab(self, name: str, text: str, icon_name: str) -> None:
        tab = QPushButton(text)
        tab.setObjectName(f"{name}_tab")
        tab.setProperty("role", "tab")
        tab.setCheckable(True)
        if icon_name:
            tab.setIcon(icon(icon_name, "muted"))
            tab.setIconSize(QSize(18, 18))
        tab.clicked.connect(lambda _checked=False: self.show_page(name))
        self._group.addButton(tab)
        self._tabs[name] = tab
        self._bar_row.insertWidget(self._bar_row.count() - 1, tab)

    def _lay_out(self) -> None:
        self._bar.setFixedHeight(BAR_HEIGHT_PX)
        self._bar_row.setContentsMargins(40, 0, 40, 0)
        self._bar_row.setSpacing(8)
        self._bar_row.addWidget(label("FocusStation", "brand"))
        self._bar_row.addSpacing(28)
        self._bar_row.addStretch(1)
        self._footer_column.setContentsMargins(0, 0, 0, 0)
        self._footer_column.setSpacing(0)
        top = QWidget()
        column = QVBoxLayout(top)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar)
        column.addWidget(self._stack, 1)
        column.addWidget(self._footer)
        self._bar.hide()
        self._footer.hide()
        self.setCentralWidget(top)


def _discard(widget: QWidget) -> None:
    # Out of the tree at once, so that nobody finds it by name before it is deleted.
    widget.hide()
    widget.setParent(None)
    widget.deleteLater()
