"""Three SDKs over one tracker on the bench.

A clean-room copy of Tobii's, TittaPy's behind the same names, and, where the wheel is installed,
Tobii's own Python layer.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pytest

from gazecore.devices.titta_sdk import TittaSdk
from tests.gazecore.devices.fake_interop import RealLayer, is_installed
from tests.gazecore.devices.fake_titta import FakeTitta
from tests.gazecore.devices.fake_tobii import FakeSdk
from tests.gazecore.devices.fake_tracker import FakeTracker, FakeWorld

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class Bench:
    """An SDK and what it reaches."""

    sdk: Any
    world: FakeWorld

    @property
    def device(self) -> FakeTracker:
        return self.world.tracker

    def connect(self) -> Any:
        """The tracker as the SDK gives it."""
        return self.sdk.EyeTracker(self.device.address)


@lru_cache(maxsize=1)
def real_layer() -> RealLayer:
    """Loaded once: it registers what it does at exit."""
    return RealLayer()


OWN_SDKS = ("clean room", "real python layer") if is_installed() else ("clean room",)
SDKS = (*OWN_SDKS, "titta")


class PumpedTitta(TittaSdk):
    """TittaPy's buffers, emptied after each thing that is sent, as the others call back at once."""

    def __init__(self, world: FakeWorld) -> None:
        super().__init__(FakeTitta(world))
        self._world = world

    def EyeTracker(self, address: str) -> Any:
        tracker = super().EyeTracker(address)
        for device in self._world.trackers:
            device.after_emit.append(lambda: pumped(tracker))
        return tracker


def pumped(tracker: Any) -> None:
    """Malformed data is for `TobiiStreams.pump` to tell."""
    with contextlib.suppress(TypeError, KeyError):
        tracker.pump()


@pytest.fixture(params=SDKS)
def tobii_bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    """Each test runs over all of them; no callback of ours may ever have raised."""
    yield from bench_of(request.param)


@pytest.fixture(params=OWN_SDKS)
def own_bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    """What is peculiar to Tobii's own layer, and what TittaPy does not give."""
    yield from bench_of(request.param)


def bench_of(name: str) -> Iterator[Bench]:
    world = FakeWorld()
    if name == "clean room":
        bench = Bench(FakeSdk(world), world)
    elif name == "titta":
        bench = Bench(PumpedTitta(world), world)
    else:
        real_layer().extension.world = world
        bench = Bench(real_layer().sdk, world)
    yield bench
    for tracker in world.trackers:
        assert tracker.raised == []
        for event in tracker.hangs.values():
            event.set()
