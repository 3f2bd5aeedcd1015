"""A simulated photodiode: reads the station's markers and answers each patch after a set delay.

``python -m gazecore.devices.simulated_photodiode --delay-s S`` streams until it is stopped.
It says of itself that it is simulated, and so does every latency measured with it.
"""

from __future__ import annotations

import argparse
import time
from typing import TYPE_CHECKING

import numpy as np
import pylsl

from gazecore import lsl
from gazecore.devices.station_view import MarkerFeed
from gazecore.messages import PatchToggled

if TYPE_CHECKING:
    from collections.abc import Sequence

NAME = "Simulated photodiode"
RATE_HZ = 1000.0
DARK, LIGHT, NOISE = 0.1, 2.4, 0.02
BEHIND_S = 0.1
"""Samples are sent so late with their true times, so that all markers before them have come."""


class SimulatedPhotodiode:
    """Voltage of a photodiode at 1 kHz, a function of the markers seen so far.

    Parameters
    ----------
    delay_s : float
        From the end of painting to light.
    rise_s : float
        The display's response: the level goes over linearly in this time, middle at the delay.
    seed : int
        Of the noise.
    """

    def __init__(self, delay_s: float, *, rise_s: float = 0.004, seed: int = 0) -> None:
        self._delay_s = delay_s
        self._rise_s = rise_s
        self._random = np.random.default_rng(seed)
        self._toggles: list[tuple[float, bool]] = []

    def show(self, marker: object) -> None:
        """Take in a marker."""
        if isinstance(marker, PatchToggled):
            self._toggles.append((marker.t_s, marker.is_light))

    def level(self, t_s: float) -> float:
        """The voltage at a time, volts."""
        light = 0.0
        for shown_s, is_light in self._toggles:
            part = np.clip((t_s - shown_s - self._delay_s) / self._rise_s + 0.5, 0.0, 1.0)
            light += (float(is_light) - light) * float(part)
        noise = self._random.normal(scale=NOISE)
        return float(DARK + (LIGHT - DARK) * light + noise)


def run(name: str, diode: SimulatedPhotodiode, seconds: float) -> None:
    """Stream until `seconds` are over."""
    info = pylsl.StreamInfo(name, "Photodiode", 1, RATE_HZ, "float32", f"focusstation-{name}")
    info.desc().append_child_value("simulated", "true")
    outlet = pylsl.StreamOutlet(info)
    feed = MarkerFeed()
    began_s = lsl.clock_s() - BEHIND_S
    sent = 0
    while lsl.clock_s() - began_s < seconds:
        for marker in feed.poll():
            diode.show(marker)
        while began_s + sent / RATE_HZ <= lsl.clock_s() - BEHIND_S:
            t_s = began_s + sent / RATE_HZ
            outlet.push_sample([diode.level(t_s)], t_s)
            sent += 1
        time.sleep(0.005)
    feed.close()


def main(arguments: Sequence[str] | None = None) -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--name", default=NAME)
    parser.add_argument("--delay-s", type=float, default=0.025)
    parser.add_argument("--seconds", type=float, default=600.0)
    chosen = parser.parse_args(arguments)
    lsl.configure()
    run(chosen.name, SimulatedPhotodiode(chosen.delay_s), chosen.seconds)


if __name__ == "__main__":
    main()
