"""Two SDKs over one tracker on the bench: a clean-room copy, and Tobii's own Python layer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pytest

from tests.gazecore.devices.fake_interop import RealLayer, is_installed
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


SDKS = ("clean room", "real python layer") if is_installed() else ("clean room",)


@pytest.fixture(params=SDKS)
def tobii_bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    """Each test runs over both; no callback of ours may ever have raised."""
    world = FakeWorld()
    if request.param == "clean room":
        bench = Bench(FakeSdk(world), world)
    else:
        real_layer().extension.world = world
        bench = Bench(real_layer().sdk, world)
    yield bench
    for tracker in world.trackers:
        assert tracker.raised == []
        for event in tracker.hangs.values():
            event.set()
