"""The watch on the platform's one screen; with two screens in tests/app/shared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QWidget

from app.screen_setup.watch import NOT_FULL_SCREEN, ScreenSeen, ScreenWatch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[QWidget]:
    made = QWidget()
    qtbot.addWidget(made)
    made.showFullScreen()
    yield made
    made.hide()


def test_nothing_changed_says_nothing(qtbot: QtBot, window: QWidget) -> None:
    watch = ScreenWatch(window)
    seen: list[ScreenSeen] = []
    watch.screen_changed.connect(seen.append)
    watch.look()
    watch.keep()
    window.showNormal()
    window.move(50, 40)
    qtbot.wait(50)
    assert seen == []
    assert watch.differences == ()
    watch.close()


def test_without_a_place_on_the_desktop_the_window_must_fill_the_screen(
    qtbot: QtBot, window: QWidget
) -> None:
    watch = ScreenWatch(window, platform="wayland")
    watch.keep()
    watch.expect_full_screen()
    with qtbot.waitSignal(watch.screen_changed) as changed:
        window.showNormal()
    assert changed.args is not None
    assert changed.args[0].differences == (NOT_FULL_SCREEN,)
    with qtbot.waitSignal(watch.screen_changed) as changed:
        window.showFullScreen()
    assert changed.args is not None
    assert changed.args[0].differences == ()
    watch.close()


def test_a_forgotten_screen_is_not_compared(qtbot: QtBot, window: QWidget) -> None:
    del qtbot
    watch = ScreenWatch(window, platform="wayland")
    watch.keep()
    watch.expect_full_screen()
    watch.forget()
    window.showNormal()
    watch.look()
    assert watch.differences == ()
    watch.close()
