"""A tracker of another lab on the bus whose reader looks where a target is."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pylsl
import pytest

from gazecore.lsl import clock_s
from gazecore.messages import AnyMarker, TargetHidden, TargetShown
from gazecore.study import Study

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

RATE_HZ = 100.0
Point = tuple[float, float]


def outlet(name: str, labels: tuple[str, ...]) -> pylsl.StreamOutlet:
    info = pylsl.StreamInfo(name, "Gaze", len(labels), RATE_HZ, "float32", f"of {name}")
    listed = info.desc().append_child("channels")
    for text in labels:
        listed.append_child("channel").append_child_value("label", text)
    return pylsl.StreamOutlet(info)


@dataclass
class Lab:
    """Sends gaze at `looks_at` as `encode` lies about it, until closed."""

    name: str
    labels: tuple[str, ...]
    encode: Callable[[float, float], list[float]]
    looks_at: Point = (0.4, 0.6)
    markers: list[AnyMarker] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._outlet = outlet(self.name, self.labels)
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._send, name=f"lab {self.name}")
        self._thread.start()

    def publish(self, marker: AnyMarker) -> None:
        """Take a marker of the station: the reader looks at the target."""
        self.markers.append(marker)
        if isinstance(marker, TargetShown):
            self.looks_at = (marker.x_norm, marker.y_norm)
        elif isinstance(marker, TargetHidden):
            self.looks_at = (0.5, 0.5)

    def close(self) -> None:
        self._ending.set()
        self._thread.join()

    def _send(self) -> None:
        k, start_s = 0, clock_s()
        while not self._ending.wait(0.005):
            while (t_s := start_s + k / RATE_HZ) <= clock_s():
                wiggle = 0.002 * (k % 5)
                x, y = self.looks_at
                self._outlet.push_sample(self.encode(x + wiggle, y - wiggle), t_s)
                k += 1


@pytest.fixture
def lab(lsl_session: str) -> Iterator[Lab]:
    """Percent, y upwards, under labels nobody knows."""
    del lsl_session
    made = Lab("our lab", ("gx", "gy", "ok"), lambda x, y: [100 * x, 100 * (1 - y), 1.0])
    yield made
    made.close()


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    with Study.create(tmp_path / "study") as made:
        yield made
