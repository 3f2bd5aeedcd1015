"""One step of the window, from the reader's drag to the painted widget: ours against pyqtgraph.

``python benchmarks/display.py [--json] [--repeats N]``. A 12-bit image of 4096 x 3328 pixels in
the station's own viewport and in pyqtgraph's ImageItem, in turn in one process for each screen:
drawn to memory (offscreen) at 1080p, and on Xvfb, both windows side by side, at 1080p and 5 MP.
A step of ours holds all the station does: state, marker, brightness, table, look-up, painting.
The ratios are of the image alone, which is what the peer shows; the same step with the texts that
a reader has over the image stands beside it, as all other rows have them. Then an image that is
padding for two thirds, the time until an image can be drawn, memory, and the event loop while a
large image is decoded.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

FRAME_MS = 16.7
HALT_MS = 15.0
READY_MS = 500.0
"""Between two cases the next one is made ready while the first is read; not to be noticed."""
FIGURES = (("median", "", 50), ("median of CPU time", " cpu", 50), ("p95", "", 95))
MOVES = (("pan", "pan step, dragging"), ("rest", "smooth frame at rest"))
FULL_HD, FIVE_MP = (1920, 1080), (2048, 2560)
HERE = Path(__file__).resolve().parent
GOALS = {
    ("offscreen", FULL_HD, "fit"): 6.0,
    ("Xvfb", FULL_HD, "fit"): 4.0,
    ("Xvfb", FIVE_MP, "1:1"): 2.0,
}
"""How many times quicker than pyqtgraph; where none is named, quicker at all."""


def row(
    case: str, ours: float, peer: float | None, goal: float, *, by_ratio: bool
) -> dict[str, Any]:
    """A row whose goal is a ratio to the peer, or milliseconds."""
    ratio = None if peer is None else peer / ours
    holds = (ratio is not None and ratio >= goal) if by_ratio else ours <= goal
    return {
        "case": case, "ours": round(ours, 3), "peer": None if peer is None else round(peer, 3),
        "unit": "ms", "ratio": None if ratio is None else round(ratio, 2), "goal": goal,
        "holds": bool(holds),
    }  # fmt: skip


@contextlib.contextmanager
def x_server(size_px: tuple[int, int]) -> Iterator[str]:
    """A virtual X screen wide enough for two windows; gives its display."""
    reading, writing = os.pipe()
    width, height = size_px
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{2 * width}x{height}x24"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as said:
            yield ":" + said.readline().strip()
    finally:
        server.terminate()
        server.wait()


def run(script: str, *arguments: str, **environment: str) -> dict[str, Any]:
    """What another benchmark prints."""
    finished = subprocess.run(
        [sys.executable, str(HERE / script), *arguments],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(finished.stdout)
    return found


def scene(where: str, size_px: tuple[int, int], repeats: int) -> dict[str, dict[str, list[float]]]:
    """Milliseconds of all steps on one screen."""
    arguments = (*(str(size) for size in size_px), str(repeats))
    if where == "offscreen":
        return run("display_scene.py", *arguments, QT_QPA_PLATFORM="offscreen")
    with x_server(size_px) as display:
        return run("display_scene.py", *arguments, QT_QPA_PLATFORM="xcb", DISPLAY=display)


def scene_rows(where: str, size_px: tuple[int, int], repeats: int) -> list[dict[str, Any]]:
    """The rows of one screen, at fit and at 1:1."""
    spent = scene(where, size_px, repeats)
    rows = []
    on = f"{where} {'1080p' if size_px == FULL_HD else '5 MP'}"
    for zoom in ("fit", "1:1"):
        step = spent[f"{zoom}, window"]
        goal = GOALS.get((where, size_px, zoom), 1.0)
        for name, clock, percent in FIGURES:
            ours = float(np.percentile(step["ours" + clock], percent))
            peer = float(np.percentile(step["peer" + clock], percent)) if "peer" in step else None
            case = f"{on} {zoom}, window step, {name}"
            if name != "p95":
                rows.append(row(case, ours, peer, goal, by_ratio=True))
            else:
                # the frame's time is the bar at 1080p; at 5 MP none is set, so twice that
                limit_ms = FRAME_MS if size_px == FULL_HD else 2 * FRAME_MS
                rows.append(row(case, ours, peer, limit_ms, by_ratio=False))
        rows += texts_rows(f"{on} {zoom}, window step with texts", spent, zoom, size_px)
        rows += [moved_row(f"{on} {zoom}, {how}", spent[f"{zoom}, {kind}"]) for kind, how in MOVES]
    padded = (("window", "window step"), *MOVES)
    rows += [
        moved_row(f"{on} fit, padding, {how}", spent[f"padded, {kind}"]) for kind, how in padded
    ]
    if where == "offscreen":
        for kind in ("plain", "padded"):
            ours = float(np.median(spent[f"{kind}, ready"]["ours"]))
            what = "14 Mpx made ready to be drawn" + (", padding" if kind == "padded" else "")
            rows.append(row(what, ours, None, READY_MS, by_ratio=False))
    return rows


def texts_rows(
    case: str, spent: dict[str, dict[str, list[float]]], zoom: str, size_px: tuple[int, int]
) -> list[dict[str, Any]]:
    """A step of the window with all that a reader has over the image, against a frame's time."""
    step = spent[f"{zoom}, window with texts"]
    limit_ms = FRAME_MS if size_px == FULL_HD else 2 * FRAME_MS
    rows = []
    for name, percent in (("median", 50), ("p95", 95)):
        ours = float(np.percentile(step["ours"], percent))
        peer = float(np.percentile(step["peer"], percent)) if "peer" in step else None
        rows.append(row(f"{case}, {name}", ours, peer, limit_ms, by_ratio=False))
    return rows


def moved_row(case: str, spent: dict[str, list[float]]) -> dict[str, Any]:
    """The median of a step against the time of a frame."""
    peer = float(np.median(spent["peer"])) if "peer" in spent else None
    ours = float(np.median(spent["ours"]))
    return row(f"{case}, median", ours, peer, FRAME_MS, by_ratio=False)


def memory_rows(*, with_peer: bool) -> list[dict[str, Any]]:
    """What an image of 4096 x 3328 adds to the memory of a process, shown and stepped through."""
    added = []
    for which in ("ours", "peer") if with_peer else ("ours",):
        found = run("display_memory.py", which, QT_QPA_PLATFORM="offscreen")
        added.append(found["most_mb"] - found["before_mb"])
    ours, peer = added[0], added[1] if with_peer else None
    made = row("memory for 4096 x 3328 on the screen", ours, peer, 1.0, by_ratio=with_peer)
    return [{**made, "unit": "MB"}]


def halt_rows() -> list[dict[str, Any]]:
    """The event loop while a large image is decoded, beside its own halts without."""
    found = run("display_halt.py", QT_QPA_PLATFORM="offscreen")
    return [
        row("14 Mpx JPEG 2000 decoded: longest halt of the GUI, median", found["halt_ms"], None,
            HALT_MS, by_ratio=False),
        row("14 Mpx JPEG 2000 decoded: longest halt, worst of 10", found["worst_halt_ms"], None,
            HALT_MS, by_ratio=False),
        row("nothing to do for as long: longest halt, median", found["idle_ms"], None, HALT_MS,
            by_ratio=False),
        row("14 Mpx JPEG 2000 opened, ready to be drawn", found["opened_ms"], None, 20_000.0,
            by_ratio=False),
    ]  # fmt: skip


def measure(repeats: int, *, with_peer: bool) -> list[dict[str, Any]]:
    """All rows that this machine can give."""
    rows = scene_rows("offscreen", FULL_HD, repeats)
    if shutil.which("Xvfb") is None:
        print("Xvfb is not installed: no rows of a real X screen", file=sys.stderr)
    else:
        rows += scene_rows("Xvfb", FULL_HD, repeats) + scene_rows("Xvfb", FIVE_MP, repeats)
    return rows + memory_rows(with_peer=with_peer) + halt_rows()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--repeats", type=int, default=60, help="steps measured, at least 10")
    arguments = parser.parse_args()
    with_peer = importlib.util.find_spec("pyqtgraph") is not None
    if not with_peer:
        print("pyqtgraph is missing: rows have no peer", file=sys.stderr)
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    rows = measure(max(10, arguments.repeats), with_peer=with_peer)
    packages = ("numpy", "pydicom", "PySide6-Essentials", *(["pyqtgraph"] if with_peer else []))
    document = {
        "benchmark": "display",
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, load {load:.1f} at the start",
        "versions": {
            "python": platform.python_version(),
            **{name: metadata.version(name) for name in packages},
        },
        "rows": rows,
    }
    if arguments.json:
        print(json.dumps(document))
        return
    print(document["machine"])
    for r in rows:
        unit = r["unit"]
        peer = "" if r["peer"] is None else f"pyqtgraph {r['peer']:7.2f} {unit}, {r['ratio']:.1f} x"
        held = "holds" if r["holds"] else "FAILS"
        print(f"{r['case']:58} {r['ours']:8.2f} {unit}  {peer:30} goal {r['goal']:g}: {held}")


if __name__ == "__main__":
    main()
