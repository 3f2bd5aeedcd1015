from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pylsl
import pytest

from gazecore import lsl
from gazecore.recording.binding import bound_info, find_outlet
from tests.gazecore.recording.test_inlet import resolved

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.gazecore.recording.material import Sender


def pulled(inlet: pylsl.StreamInlet, seconds: float) -> list[float]:
    """First values of all samples that come within some seconds."""
    values: list[float] = []
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        sample, _ = inlet.pull_sample(0.0)
        if sample is None:
            time.sleep(0.01)
        else:
            values.append(sample[0])
    return values


def bound_inlet(name: str) -> pylsl.StreamInlet:
    info = resolved(name)
    outlet = find_outlet(info)
    assert outlet is not None
    inlet = pylsl.StreamInlet(bound_info(info, outlet), recover=True)
    inlet.info(5.0)
    inlet.open_stream(5.0)
    return inlet


def test_a_bound_inlet_receives_its_outlet(make_sender: Callable[..., Sender]) -> None:
    make_sender("bound one", "same")
    inlet = bound_inlet("bound one")
    assert inlet.info(1.0).name() == "bound one"
    assert len(pulled(inlet, 0.5)) > 20


def test_a_bound_inlet_never_switches_to_a_successor(make_sender: Callable[..., Sender]) -> None:
    """LSL's own recovery would within 2 s, as the control shows."""
    first = make_sender("mortal", "same")
    inlet = bound_inlet("mortal")
    free = pylsl.StreamInlet(resolved("mortal"), recover=True)
    free.info(5.0)
    free.open_stream(5.0)
    first.vanish()
    assert max(pulled(inlet, 0.3)) < 1000
    pulled(free, 0.1)
    make_sender("mortal", "same", first=1_000_000)
    switched: list[float] = []
    deadline = time.monotonic() + 10
    while not switched and time.monotonic() < deadline:
        switched = [value for value in pulled(free, 0.3) if value >= 1_000_000]
    assert switched
    assert pulled(inlet, 1.0) == []


@pytest.mark.parametrize("name", ["it's", "x' or '1'='1", "眼动仪 <&>"])
def test_hostile_names_bind_as_well(make_sender: Callable[..., Sender], name: str) -> None:
    make_sender(name, "q'")
    (info,) = (i for i in pylsl.resolve_streams(1.0) if i.name() == name)
    outlet = find_outlet(info)
    assert outlet is not None
    inlet = pylsl.StreamInlet(bound_info(info, outlet), recover=True)
    inlet.open_stream(5.0)
    assert pulled(inlet, 0.3)


def test_an_outlet_that_is_gone_is_not_found(lsl_session: str) -> None:
    del lsl_session
    outlet = pylsl.StreamOutlet(lsl.marker_stream_info("x", "short-lived"))
    info = resolved("short-lived")
    del outlet
    assert find_outlet(info) is None


def test_a_description_made_here_has_no_outlet() -> None:
    assert find_outlet(lsl.marker_stream_info("x", "made here")) is None
