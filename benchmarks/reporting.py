"""What every benchmark here shares: interleaved timing, one table, one JSON document.

A benchmark is a file with a ``main``: it makes rows and hands them to `report`. Ours and the
peer take turns in one run, so that both meet the same machine; figures are medians.
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import sys
import time
from dataclasses import asdict, dataclass
from importlib import metadata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: ours, the peer's if there is one, and whether the goal is held."""

    case: str
    ours: float
    peer: float | None
    unit: str
    ratio: float | None
    goal: str
    holds: bool


def interleaved_cpu_s(*actions: Callable[[], object], rounds: int = 10) -> list[float]:
    """Median CPU seconds of each action; they take turns, after one round that does not count."""
    taken: list[list[float]] = [[] for _ in actions]
    for number in range(rounds + 1):
        for times, action in zip(taken, actions, strict=True):
            start_s = time.process_time()
            action()
            if number:
                times.append(time.process_time() - start_s)
    return [statistics.median(times) for times in taken]


def report(
    benchmark: str,
    packages: Sequence[str],
    make_rows: Callable[[], list[Row]],
    quick_rows: Callable[[], list[Row]] | None = None,
) -> None:
    """Run a benchmark and print its table, or one JSON document with ``--json``.

    With `quick_rows` there is ``--quick``, which makes those instead.
    """
    parser = argparse.ArgumentParser(description=f"FocusStation benchmark: {benchmark}")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    if quick_rows is not None:
        parser.add_argument("--quick", action="store_true", help="fewer rounds, fewer cases")
    asked = parser.parse_args()
    as_json = asked.json
    rows = quick_rows() if quick_rows is not None and asked.quick else make_rows()
    if as_json:
        document = {
            "benchmark": benchmark,
            "machine": f"{platform.machine()}, {platform.system()}, {platform.processor()}",
            "versions": {"python": platform.python_version(), **_versions(packages)},
            "rows": [asdict(row) for row in rows],
        }
        print(json.dumps(document, indent=1))
        return
    print(f"{'case':52} {'ours':>10} {'peer':>10} {'unit':9} {'ratio':>7}  goal")
    for row in rows:
        peer = "-" if row.peer is None else f"{row.peer:.4g}"
        ratio = "-" if row.ratio is None else f"{row.ratio:.3g}"
        held = "holds" if row.holds else "NOT HELD"
        print(
            f"{row.case:52} {row.ours:10.4g} {peer:>10} {row.unit:9} {ratio:>7}  {row.goal}: {held}"
        )


def missing(package: str) -> None:
    """Say that a peer cannot be measured here."""
    print(f"{package} is not installed; its rows have no peer", file=sys.stderr)


def _versions(packages: Sequence[str]) -> dict[str, str]:
    found = {}
    for package in packages:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            found[package] = "not installed"
    return found
