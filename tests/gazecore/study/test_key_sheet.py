from __future__ import annotations

from html.parser import HTMLParser

from gazecore.study import Protocol
from gazecore.study.key_sheet import mouse_column, sheet_html, sheet_text, tool_column
from gazecore.study.protocol import changed_protocol

KNEE = Protocol()


class Cells(HTMLParser):
    """The texts of a page's table cells."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._is_cell = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        del attrs
        self._is_cell = tag == "td"

    def handle_endtag(self, tag: str) -> None:
        del tag
        self._is_cell = False

    def handle_data(self, data: str) -> None:
        if self._is_cell:
            self.texts.append(data)


def test_the_sheet_says_the_keys_of_this_study() -> None:
    mine = changed_protocol(None, {"keys.invert": "N,Ctrl+I", "keys.flip_vertical": ""})
    lines = sheet_text(mine).splitlines()
    assert ["N", "or", "Ctrl+I", "invert"] in [line.split() for line in lines]
    assert not any("mirror ↕" in line for line in lines)
    assert ["3", "moderate"] in [line.split() for line in lines]
    assert [line for line in lines if line and not line.startswith(" ")] == [
        "Answers",
        "Tools",
        "Mouse",
    ]


def test_the_page_says_the_same_as_the_text() -> None:
    cells = Cells()
    page = sheet_html(KNEE, "Knees <b>")
    cells.feed(page)
    text = sheet_text(KNEE)
    assert "Knees &lt;b&gt;" in page
    assert len(cells.texts) == 2 * sum(line.startswith("  ") for line in text.splitlines())
    assert all(cell in text for cell in cells.texts)
    assert "http" not in page


def test_what_is_locked_stands_on_no_sheet() -> None:
    locked = KNEE.model_copy(update={"locked_tools": ("window", "zoom")})
    assert [gesture for gesture, _ in mouse_column(locked)] == ["Middle drag"]
    assert "window" not in sheet_text(locked)


def test_the_mouse_is_described_as_the_protocol_sets_it() -> None:
    mine = changed_protocol(None, {"windowing.up": "darker", "windowing.across": "center"})
    assert mouse_column(mine)[0] == ("Left drag", "window: darker upwards, centre to the right")


def test_the_short_sheet_fits_beside_the_worklist() -> None:
    assert len(tool_column(KNEE, brief=True)) <= 14
    assert len(tool_column(KNEE)) > 25
