"""The report is one self-contained page and escapes what it is given."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING

from app.demo.report import Figure, Section, Table, Tile, picture, write_report

if TYPE_CHECKING:
    from pathlib import Path


class _Balance(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag == "img"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_page_is_balanced_self_contained_and_escaped(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    section = Section(
        title="A < B",
        text="x & y",
        figures=(
            Figure(picture("data:image/png;base64,AA==", 'say "hi"'), "caption <i>", wide=True),
        ),
        tables=(Table(("a", "b"), (("1", "<script>"),), "c"),),
    )
    write_report(
        path, title="T", notice="simulated", tiles=[Tile("1", "n", good=False)], sections=[section]
    )
    text = path.read_text(encoding="utf-8")
    parser = _Balance()
    parser.feed(text)
    assert parser.open == []
    assert "<script>" not in text
    assert "A &lt; B" in text
    assert "http" not in text.replace("http-equiv", "")
    assert "tile bad" in text
