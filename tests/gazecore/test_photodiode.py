from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from gazecore.errors import NoLightError
from gazecore.photodiode import LEAST_EDGES, Toggle, display_latency, light_edges

DELAY_S = 0.0312


def shown(count: int = 40, seed: int = 1) -> list[Toggle]:
    random = np.random.default_rng(seed)
    times = 100.0 + np.cumsum(random.uniform(0.3, 0.5, count))
    return [Toggle(float(t_s), k % 2 == 0) for k, t_s in enumerate(times)]


def sensed(
    toggles: list[Toggle], *, gain: float = 1.0, jitter_s: float = 0.0, noise: float = 0.02
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """A kilohertz of light that follows each toggle after the delay."""
    random = np.random.default_rng(2)
    t_s = np.arange(99.8, toggles[-1].t_s + 0.5, 1e-3)
    late = DELAY_S + random.normal(scale=jitter_s, size=len(toggles)) if jitter_s else DELAY_S
    flips = np.array([toggle.t_s for toggle in toggles]) + late
    light = np.searchsorted(flips, t_s) % 2
    return t_s, gain * light + random.normal(scale=noise, size=len(t_s))


def test_a_known_delay_is_found() -> None:
    toggles = shown()
    found = display_latency(toggles, *sensed(toggles))
    assert found.latency_s == pytest.approx(DELAY_S, abs=1e-3)
    assert found.rise_s == pytest.approx(DELAY_S, abs=1e-3)
    assert found.fall_s == pytest.approx(DELAY_S, abs=1e-3)
    assert (found.edges, found.toggles) == (40, 40)
    assert found.spread_s < 1e-3


def test_a_sensor_that_falls_with_light_is_as_good() -> None:
    toggles = shown()
    found = display_latency(toggles, *sensed(toggles, gain=-3.0))
    assert found.latency_s == pytest.approx(DELAY_S, abs=1e-3)
    assert found.edges == 40


def test_the_spread_is_the_displays() -> None:
    toggles = shown(200)
    found = display_latency(toggles, *sensed(toggles, jitter_s=0.004))
    assert found.spread_s == pytest.approx(0.004 * 0.6745, rel=0.25)


def test_edges_lie_between_samples_and_noise_makes_none() -> None:
    t_s = np.array([0.0, 1.0, 2.0, 3.0, 4.0, 5.0])
    edges, rises = light_edges(t_s, np.array([0.0, 0.0, 1.0, 1.0, 0.0, 0.0]))
    assert edges.tolist() == [1.5, 3.5]
    assert rises.tolist() == [True, False]
    wavering = np.array([0.0, 0.0, 0.45, 0.55, 0.45, 0.55, 1.0, 1.0])
    edges, rises = light_edges(np.arange(8.0), wavering)
    assert (len(edges), rises.tolist()) == (1, [True])


@pytest.mark.parametrize(
    ("gain", "count", "words"),
    [(0.0, 40, "only goes from"), (1.0, LEAST_EDGES - 2, "changes were seen")],
)
def test_a_sensor_that_sees_nothing_says_what_is_needed(
    gain: float, count: int, words: str
) -> None:
    toggles = shown(count)
    with pytest.raises(NoLightError, match=words) as error:
        display_latency(toggles, *sensed(toggles, gain=gain), sensor="Diode")
    assert "'Diode'" in str(error.value)
    assert "stick the photodiode" in str(error.value)


def test_light_that_is_not_ours_does_not_count() -> None:
    toggles = shown()
    t_s, level = sensed(toggles)
    with pytest.raises(NoLightError, match="of 40"):
        display_latency([Toggle(t.t_s + 100.0, t.is_light) for t in toggles], t_s, level)


def test_no_samples_are_said() -> None:
    with pytest.raises(NoLightError, match="only 0 samples"):
        display_latency(shown(), [], [])
    t_s, level = sensed(shown())
    level[::7] = np.nan
    assert display_latency(shown(), t_s, level).edges == 40
