"""Several viewports without a window: what is on record, what tools act on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from app.reading.frame import FrameRenderer
from app.reading.page_layout import LAYOUT_BY_TOOL, SINGLE, PageLayout
from app.reading.shown_case import ShownCase
from app.reading.viewports import Viewports
from gazecore.dicom import Window, auto_window, open_image
from gazecore.dicom.image import NamedWindow, XrayImage
from gazecore.messages import FrameShown, ViewportChanged
from tests.app.conftest import gray_image, write_frames, write_png

if TYPE_CHECKING:
    from pathlib import Path

NARROW = Window(60.0, 20.0)
BESIDE, STACKED = PageLayout(1, 2), PageLayout(2, 1)
FOUR = PageLayout(2, 2)
PAGE_PX = (1000, 600)


class Page:
    """Viewports that lie where their layout says, as on a real page, and all that they said."""

    def __init__(self, path: Path) -> None:
        self.viewports = Viewports()
        self.said: list[Any] = []
        self.viewports.viewport_changed.connect(self.said.append)
        self.viewports.frame_shown.connect(self.said.append)
        self.viewports.layout_changed.connect(lambda _layout: self.place())
        image = open_image(path)
        windows = (NamedWindow("plain", image.default_window), NamedWindow("narrow", NARROW))
        self.image = XrayImage(**{**_fields(image), "windows": windows})
        self.viewports.begin_session(frozenset())
        self.place()

    def place(self) -> None:
        cells = self.viewports.layout.cells(*PAGE_PX)
        for viewport, (x, y, width, height) in zip(self.viewports.shown, cells, strict=True):
            viewport.place((float(x), float(y), float(width), float(height)), 1.0)

    def open(self, reading: str = "reading-000001") -> None:
        self.viewports.open((ShownCase(FrameRenderer(self.image), reading, "case-0001"),))

    def paint(self) -> None:
        for viewport in self.viewports.shown:
            viewport.note_painted(viewport.serial)

    @property
    def changes(self) -> list[ViewportChanged]:
        return [marker for marker in self.said if isinstance(marker, ViewportChanged)]

    def since(self, count: int) -> list[tuple[int, str, bool]]:
        return [(c.viewport, c.cause, c.is_gone) for c in self.changes[count:]]


def _fields(image: XrayImage) -> dict[str, Any]:
    return {name: getattr(image, name) for name in image.__dataclass_fields__}


@pytest.fixture
def page(tmp_path: Path) -> Page:
    made = Page(write_png(tmp_path / "a.png", gray_image(1)))
    made.open()
    return made


def test_states_are_counted_over_all_viewports(page: Page) -> None:
    page.viewports.use("four_viewports")
    page.viewports.use("next_viewport")
    page.viewports.use("invert")
    page.viewports.use("next_viewport")
    page.viewports.use("rotate_left")
    assert [change.serial for change in page.changes] == list(range(len(page.changes)))
    assert page.since(len(page.changes) - 2) == [(1, "invert", False), (2, "rotate", False)]
    page.viewports.clear()
    page.viewports.begin_session(frozenset(), 1_000_000)
    page.open()
    assert page.changes[-1].serial == 1_000_000


def test_one_image_comes_again_through_its_next_window(page: Page) -> None:
    page.viewports.use("four_viewports")
    default = page.image.default_window
    assert [(c.viewport, c.cause) for c in page.changes[-3:]] == [
        (1, "open"),
        (2, "open"),
        (3, "open"),
    ]
    shown = [each.state.window for each in page.viewports.all if each.state]
    assert shown == [default, NARROW, auto_window(page.image), default]
    page.viewports.activate(1)
    page.viewports.use("invert")
    page.viewports.use("restart")
    assert page.viewports.active.state is not None
    assert page.viewports.active.state.window == NARROW


def test_where_a_study_locks_the_window_none_shows_another(page: Page) -> None:
    page.viewports.begin_session(frozenset({"window"}))
    page.open()
    page.viewports.use("four_viewports")
    shown = [each.state.window for each in page.viewports.all if each.state]
    assert shown == [page.image.default_window] * 4


def test_viewports_of_one_image_share_its_pyramid(page: Page) -> None:
    page.viewports.use("four_viewports")
    renderers = [each.renderer for each in page.viewports.all]
    assert len({id(renderer) for renderer in renderers}) == 4
    assert len({id(renderer._drawable) for renderer in renderers if renderer}) == 1


def test_a_viewport_that_goes_says_so_and_is_gone_from_the_next_frame_on(page: Page) -> None:
    page.viewports.use("side_by_side")
    page.paint()
    count, frames = len(page.changes), len(page.said)
    page.viewports.use("one_viewport")
    assert page.since(count) == [(1, "layout", True), (0, "resize", False)]
    gone = page.changes[count]
    assert gone.shown_screen_px == (0.0, 0.0, 0.0, 0.0)
    page.paint()
    shown = [marker for marker in page.said[frames:] if isinstance(marker, FrameShown)]
    assert [frame.serial for frame in shown] == [page.changes[-1].serial, gone.serial]
    assert shown[0].t_s == shown[1].t_s
    page.paint()
    assert len([m for m in page.said[frames:] if isinstance(m, FrameShown)]) == 3


def test_what_comes_back_is_as_it_was(page: Page) -> None:
    page.viewports.use("side_by_side")
    page.viewports.activate(1)
    page.viewports.use("rotate_right")
    page.viewports.use("zoom_in")
    page.viewports.activate(0)
    before = page.changes[-1]
    page.viewports.use("side_by_side")  # the same key again goes back to one
    assert page.viewports.layout == SINGLE
    count = len(page.changes)
    page.viewports.use("side_by_side")
    assert page.since(count) == [(0, "resize", False), (1, "layout", False)]
    after = page.changes[-1]
    assert (after.transform, after.window) == (before.transform, before.window)
    assert after.shown_screen_px == before.shown_screen_px


def test_a_fitted_viewport_comes_back_fitted_into_another_place(page: Page) -> None:
    page.viewports.use("side_by_side")
    page.viewports.use("one_viewport")
    page.viewports.use("stacked")
    state = page.viewports.all[1].state
    assert state is not None
    assert state.shown_screen_px[1] > 300
    assert state == state.fitted()


def test_one_viewport_is_the_active_one_until_the_next_case(page: Page) -> None:
    page.viewports.use("four_viewports")
    page.viewports.activate(2)
    page.viewports.use("one_viewport")
    assert [each.index for each in page.viewports.shown] == [2]
    page.viewports.use("next_viewport")
    assert page.viewports.active.index == 2
    page.viewports.clear()
    count = len(page.changes)
    page.open("reading-000002")
    assert page.since(count) == [(0, "open", False)]
    assert [each.index for each in page.viewports.shown] == [0]


def test_an_active_viewport_that_goes_hands_over_to_the_first(page: Page) -> None:
    told: list[int] = []
    page.viewports.active_changed.connect(told.append)
    page.viewports.use("four_viewports")
    page.viewports.activate(3)
    page.viewports.use("stacked")
    assert told == [3, 0]
    page.viewports.use("previous_viewport")
    page.viewports.use("next_viewport")
    assert told == [3, 0, 1, 0]


def test_a_layout_stays_over_cases(page: Page) -> None:
    page.viewports.use("stacked")
    page.viewports.clear()
    count = len(page.changes)
    page.open("reading-000002")
    assert page.since(count) == [(0, "open", False), (1, "open", False)]
    assert {change.reading_id for change in page.changes[count:]} == {"reading-000002"}
    page.viewports.begin_session(frozenset())
    assert page.viewports.layout == SINGLE


def test_without_a_case_or_with_a_lock_the_layout_stays(page: Page) -> None:
    page.viewports.clear()
    page.viewports.use("side_by_side")
    assert page.viewports.layout == SINGLE
    page.viewports.begin_session(frozenset({"layout"}))
    page.open()
    for tool in LAYOUT_BY_TOOL:
        page.viewports.use(tool)
    assert page.viewports.layout == SINGLE


def test_a_case_of_two_images_shows_each_once(page: Page) -> None:
    first = ShownCase(FrameRenderer(page.image), "reading-000002", "case-0002")
    prior = ShownCase(FrameRenderer(page.image), "reading-000002", "prior-1")
    page.viewports.clear()
    page.viewports.open((first, prior))
    page.viewports.use("four_viewports")
    shown = page.changes[-4:]
    assert [(c.viewport, c.case_id) for c in shown] == [
        (0, "case-0002"),
        (1, "prior-1"),
        (2, "case-0002"),
        (3, "prior-1"),
    ]
    assert page.viewports.all[1].renderer is prior.renderer
    assert shown[2].window.center == shown[3].window.center == NARROW.center


def test_what_was_not_painted_before_the_case_went_is_not_said_later(page: Page) -> None:
    page.viewports.use("side_by_side")
    page.viewports.use("one_viewport")
    page.viewports.clear()
    count = len(page.said)
    page.open("reading-000002")
    page.paint()
    assert [marker.kind for marker in page.said[count:]] == ["viewport_changed", "frame_shown"]


def test_each_viewport_shows_a_frame_of_its_own(page: Page, tmp_path: Path) -> None:
    path = write_frames(tmp_path / "frames.dcm", 4)
    page.image = open_image(path)
    page.open()
    page.viewports.lay_out(BESIDE)
    wanted: list[int] = []
    page.viewports.frame_wanted.connect(wanted.append)
    page.viewports.use("next_frame")
    page.viewports.activate(1)
    page.viewports.use("last_frame")
    count = len(page.changes)
    page.viewports.show_frame(FrameRenderer(open_image(path, frame=1)))
    assert page.since(count) == []  # given up for what the other viewport wants
    last = FrameRenderer(open_image(path, frame=3))
    page.viewports.show_frame(last)
    page.viewports.activate(0)
    page.viewports.use("last_frame")
    page.viewports.show_frame(last)
    assert wanted == [1, 3, 3]
    assert [(c.viewport, c.cause, c.window.frame) for c in page.changes[count:]] == [
        (1, "frame", 3),
        (0, "frame", 3),
    ]
    first, second = (viewport.renderer for viewport in page.viewports.shown)
    assert first is not second
