"""The diode itself; what the station measures with it in tests/app/screen_setup."""

from __future__ import annotations

import numpy as np
import pytest

from gazecore.devices.simulated_photodiode import DARK, LIGHT, SimulatedPhotodiode, main
from gazecore.messages import PatchToggled
from gazecore.photodiode import Toggle, display_latency


def test_light_comes_after_the_delay_and_goes_again() -> None:
    diode = SimulatedPhotodiode(0.03)
    diode.show(PatchToggled(t_s=10.0, serial=0, is_light=True))
    diode.show(PatchToggled(t_s=10.5, serial=1, is_light=False))
    for t_s, expected in ((9.0, DARK), (10.02, DARK), (10.04, LIGHT), (10.52, LIGHT), (11, DARK)):
        assert diode.level(t_s) == pytest.approx(expected, abs=0.1)


def test_its_delay_is_what_is_measured() -> None:
    diode = SimulatedPhotodiode(0.0215)
    toggles = [Toggle(10.0 + 0.4 * k, k % 2 == 0) for k in range(30)]
    for k, toggle in enumerate(toggles):
        diode.show(PatchToggled(t_s=toggle.t_s, serial=k, is_light=toggle.is_light))
    t_s = np.arange(9.8, 22.0, 1e-3)
    found = display_latency(toggles, t_s, [diode.level(float(t)) for t in t_s])
    assert found.latency_s == pytest.approx(0.0215, abs=1e-3)


def test_a_delay_that_is_no_number_is_refused() -> None:
    with pytest.raises(SystemExit):
        main(["--delay-s", "soon"])
