"""The demo's report: one page of HTML with its pictures inside, made of parts."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture (HTML or SVG text) with its caption."""

    content: str
    caption: str
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table of text cells with its heads and a caption."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter: a sentence or two, figures, tables."""

    title: str
    text: str
    figures: tuple[Figure, ...] = ()
    tables: tuple[Table, ...] = ()
    columns: int = 3


@dataclass(frozen=True, slots=True)
class Tile:
    """One key figure at the top; `good` is None where nothing is asked of it."""

    value: str
    name: str
    good: bool | None = None


def picture(uri: str, alternative: str) -> str:
    """An image as HTML."""
    return f'<img src="{uri}" alt="{escape(alternative)}"/>'


def write_report(
    path: Path, *, title: str, notice: str, tiles: Sequence[Tile], sections: Sequence[Section]
) -> None:
    """Write the page; it needs no network and no other file."""
    body = [
        f"<header><h1>{escape(title)}</h1><p class='notice'>{escape(notice)}</p></header>",
        f"<div class='tiles'>{''.join(map(_tile, tiles))}</div>",
        *map(_section, sections),
    ]
    page = (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f"<body><main>{''.join(body)}</main></body></html>"
    )
    path.write_text(page, encoding="utf-8")


def _tile(tile: Tile) -> str:
    kind = {None: "", True: " good", False: " bad"}[tile.good]
    return (
        f"<div class='tile{kind}'><b>{escape(tile.value)}</b><span>{escape(tile.name)}</span></div>"
    )


def _section(section: Section) -> str:
    figures = "".join(map(_figure, section.figures))
    tables = "".join(map(_table, section.tables))
    return (
        f"<section><h2>{escape(section.title)}</h2><p>{escape(section.text)}</p>"
        f"<div class='figures' style='--columns:{section.columns}'>{figures}</div>"
        f"{tables}</section>"
    )


def _figure(figure: Figure) -> str:
    kind = " class='wide'" if figure.wide else ""
    return (
        f"<figure{kind}>{figure.content}<figcaption>{escape(figure.caption)}</figcaption></figure>"
    )


def _table(table: Table) -> str:
    heads = "".join(f"<th>{escape(head)}</th>" for head in table.heads)
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in table.rows
    )
    return (
        f"<div class='table'><table><caption>{escape(table.caption)}</caption>"
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


_STYLE = """
:root { color-scheme: dark; --ink: #d7dde3; --dim: #8f9aa5; --line: #262d34; --card: #12171c; }
* { box-sizing: border-box; }
body { margin: 0; background: #0a0d10; color: var(--ink);
  font: 15px/1.55 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 40px 28px 80px; }
h1 { font-weight: 600; font-size: 30px; margin: 0 0 6px; letter-spacing: -.01em; }
h2 { font-weight: 600; font-size: 20px; margin: 0 0 6px; }
section { margin-top: 46px; border-top: 1px solid var(--line); padding-top: 26px; }
section > p { color: var(--dim); max-width: 78ch; margin: 0 0 18px; }
.notice { display: inline-block; margin: 8px 0 0; padding: 6px 12px; border-radius: 6px;
  background: #2a2210; color: #f0c869; border: 1px solid #4a3c18; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(165px, 1fr)); gap: 12px;
  margin-top: 26px; }
.tile { background: var(--card); border: 1px solid var(--line); border-radius: 10px;
  padding: 14px 16px; }
.tile b { display: block; font-size: 23px; font-weight: 600; font-variant-numeric: tabular-nums; }
.tile span { color: var(--dim); font-size: 13px; }
.tile.good { border-left: 3px solid #009e73; } .tile.bad { border-left: 3px solid #d55e00; }
.figures { display: grid; grid-template-columns: repeat(var(--columns), minmax(0, 1fr));
  gap: 18px; align-items: start; }
@media (max-width: 700px) { .figures { grid-template-columns: 1fr; } }
figure { margin: 0; background: var(--card); border: 1px solid var(--line); border-radius: 10px;
  padding: 12px; }
figure.wide { grid-column: 1 / -1; }
figure img, figure svg { display: block; width: 100%; height: auto; border-radius: 4px; }
figcaption { color: var(--dim); font-size: 13px; margin-top: 9px; }
.table { overflow-x: auto; margin-top: 20px; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--dim); font-size: 13px; padding-bottom: 8px; }
th { text-align: left; font-weight: 600; font-size: 13px; color: var(--dim); }
th, td { padding: 7px 14px 7px 0; border-bottom: 1px solid var(--line); }
.chart text { fill: var(--dim); font-size: 11px; } .chart .grid { stroke: var(--line); }
.scanpath polyline { fill: none; stroke: #56b4e9; stroke-opacity: .8; }
.scanpath circle { fill: #56b4e9; fill-opacity: .28; stroke: #56b4e9; }
.scanpath text { fill: #fff; text-anchor: middle; }
.empty { color: var(--dim); font-style: italic; }
"""
