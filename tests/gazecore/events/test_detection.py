"""The one function: contract, presets, and every odd input with every detector."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from gazecore.errors import InvalidSettingError
from gazecore.events import PRESETS, Label, detect_events, preset_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from gazecore.geometry import Screen

every_preset = pytest.mark.parametrize("preset", PRESETS)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("focusstation", "focusstation"),
        ("tobii-pro-lab-fixation", "Tobii Pro Lab fixation"),
        ("TOBII PRO LAB ATTENTION", "Tobii Pro Lab attention"),
        ("idt", "I-DT"),
        ("engbert_kliegl", "Engbert-Kliegl"),
    ],
)
def test_presets_by_name(given: str, name: str) -> None:
    assert preset_name(given) == name


def test_an_unknown_preset_names_the_known_ones() -> None:
    with pytest.raises(InvalidSettingError, match="focusstation, Tobii Pro Lab fixation"):
        preset_name("remodnav")


@every_preset
@pytest.mark.parametrize("n", [0, 1, 2, 3, 5, 50])
def test_few_lost_or_constant_samples(screen: Screen, preset: str, n: int) -> None:
    t_s = np.arange(n) / 500
    still = detect_events(t_s, np.full((n, 2), 500.0), screen, preset=preset)
    assert still.labels.shape == (n,)
    assert still.labels.dtype == np.uint8
    assert still.saccades.height == 0
    lost = detect_events(t_s, np.full((n, 2), np.nan), screen, preset=preset)
    assert (lost.labels == Label.LOSS).all()
    assert lost.fixations.height == lost.saccades.height == 0
    assert lost.fixations.columns == still.fixations.columns
    timeless = detect_events(np.full(n, np.nan), np.full((n, 2), 500.0), screen, preset=preset)
    assert (timeless.labels == Label.UNDEFINED).all()


@every_preset
def test_order_of_samples_does_not_matter(
    make_gaze: Callable[..., Any], screen: Screen, preset: str
) -> None:
    gaze = make_gaze([(300.0, 300.0), (900.0, 500.0), (300.0, 700.0)], noise_px=0.5)
    eye_mm = np.random.default_rng(1).normal([0, 0, 600], 5, (len(gaze.t_s), 3))
    order = np.random.default_rng(0).permutation(len(gaze.t_s))
    straight = detect_events(gaze.t_s, gaze.xy_px, screen, eye_mm=eye_mm, preset=preset)
    mixed = detect_events(
        gaze.t_s[order], gaze.xy_px[order], screen, eye_mm=eye_mm[order], preset=preset
    )
    assert np.array_equal(mixed.labels, straight.labels[order])
    assert mixed.fixations.equals(straight.fixations)
    assert mixed.saccades.equals(straight.saccades)


@every_preset
def test_a_pause_cuts_events(make_gaze: Callable[..., Any], screen: Screen, preset: str) -> None:
    gaze = make_gaze([(900.0, 500.0)], still_s=1.0, noise_px=0.5)
    t_s = gaze.t_s.copy()
    t_s[250:] += 1.0
    table = detect_events(t_s, gaze.xy_px, screen, preset=preset).fixations
    assert table.height == 2
    assert max(table["duration_s"].to_list()) < 0.6
    assert table["offset_s"][0] == pytest.approx(0.5, abs=0.015)


@every_preset
def test_a_short_burst_of_loss_takes_the_label_around_it(
    make_gaze: Callable[..., Any], screen: Screen, preset: str
) -> None:
    gaze = make_gaze([(900.0, 500.0)], still_s=1.0, noise_px=0.5)
    xy_px = gaze.xy_px.copy()
    xy_px[100:105] = np.nan
    events = detect_events(gaze.t_s, xy_px, screen, preset=preset)
    assert (events.labels[90:115] == Label.FIXATION).all()


@every_preset
def test_repeated_and_missing_times(
    make_gaze: Callable[..., Any], screen: Screen, preset: str
) -> None:
    gaze = make_gaze([(300.0, 300.0), (900.0, 500.0)], noise_px=0.5)
    t_s = gaze.t_s.copy()
    t_s[40] = t_s[39]
    t_s[60] = np.nan
    t_s[80] = np.inf
    events = detect_events(t_s, gaze.xy_px, screen, preset=preset)
    assert events.labels[40] == events.labels[39]
    assert events.labels[60] == events.labels[80] == Label.UNDEFINED
    assert events.fixations.height == 2


def test_the_header_rate_does_not_count(make_gaze: Callable[..., Any], screen: Screen) -> None:
    slow = make_gaze([(300.0, 300.0), (900.0, 500.0)], rate_hz=200.0)
    assert detect_events(slow.t_s, slow.xy_px, screen).saccades.height == 1
    stretched = detect_events(slow.t_s * 20, slow.xy_px, screen)
    assert stretched.saccades.height == 0


@every_preset
def test_input_is_left_alone(make_gaze: Callable[..., Any], screen: Screen, preset: str) -> None:
    gaze = make_gaze([(300.0, 300.0), (900.0, 500.0)])
    xy_px = gaze.xy_px.copy()
    xy_px[10:12] = np.nan
    before = (gaze.t_s.copy(), xy_px.copy())
    detect_events(gaze.t_s, xy_px, screen, preset=preset)
    assert np.array_equal(before[0], gaze.t_s)
    assert np.array_equal(before[1], xy_px, equal_nan=True)


@every_preset
@pytest.mark.parametrize("lost", [25, 30, 37, 100, 250])
def test_samples_of_a_blink_are_losses(
    make_gaze: Callable[..., Any], screen: Screen, preset: str, lost: int
) -> None:
    gaze = make_gaze([(900.0, 500.0)], still_s=1.0, noise_px=0.5)
    gaze.xy_px[200 : 200 + lost] = np.nan
    events = detect_events(gaze.t_s, gaze.xy_px, screen, preset=preset)
    assert events.blinks.height == 1
    assert (events.labels[200 : 200 + lost] == Label.LOSS).all()


@every_preset
@pytest.mark.parametrize("lost", [1, 10, 15])
def test_gaps_up_to_30_ms_are_part_of_the_event(
    make_gaze: Callable[..., Any], screen: Screen, preset: str, lost: int
) -> None:
    gaze = make_gaze([(900.0, 500.0)], still_s=1.0, noise_px=0.5)
    gaze.xy_px[200 : 200 + lost] = np.nan
    events = detect_events(gaze.t_s, gaze.xy_px, screen, preset=preset)
    assert (events.labels[200 : 200 + lost] == Label.FIXATION).all()
    assert events.fixations["samples_lost"].sum() == lost
    assert events.blinks.height == 0


@every_preset
@pytest.mark.parametrize("rate_hz", [30.0, 62.5, 120.0, 250.0, 1000.0, 2000.0])
def test_any_rate(
    make_gaze: Callable[..., Any], screen: Screen, preset: str, rate_hz: float
) -> None:
    stops = [(300.0, 300.0), (900.0, 500.0), (700.0, 800.0)]
    gaze = make_gaze(stops, rate_hz=rate_hz, still_s=0.5, noise_px=0.3)
    events = detect_events(gaze.t_s, gaze.xy_px, screen, preset=preset)
    long = events.fixations.filter(events.fixations["duration_s"] > 0.3)
    assert long["x_px"].to_list() == pytest.approx([300, 900, 700], abs=12)
    assert long["y_px"].to_list() == pytest.approx([300, 500, 800], abs=12)


@every_preset
def test_single_precision_is_taken_as_it_is(
    make_gaze: Callable[..., Any], screen: Screen, preset: str
) -> None:
    gaze = make_gaze([(300.0, 300.0), (900.0, 500.0), (300.0, 300.0)], noise_px=0.5)
    double = detect_events(gaze.t_s, gaze.xy_px, screen, preset=preset)
    single = detect_events(gaze.t_s, gaze.xy_px.astype(np.float32), screen, preset=preset)
    assert np.mean(double.labels == single.labels) > 0.995


@every_preset
def test_a_clock_that_jumps_back_and_forth(
    make_gaze: Callable[..., Any], screen: Screen, preset: str
) -> None:
    gaze = make_gaze([(300.0, 300.0), (900.0, 500.0)], still_s=0.6, noise_px=0.5)
    t_s = gaze.t_s.copy()
    t_s[400:] += 3600.0
    t_s[500:] -= 7200.0
    events = detect_events(t_s, gaze.xy_px, screen, preset=preset)
    assert len(events.labels) == len(t_s)
    for table in (events.fixations, events.saccades):
        assert (table["duration_s"] >= 0).all()
        assert (table["duration_s"] < 1.3).all()
        assert table["onset_s"].is_sorted()


@every_preset
def test_irregular_times(make_gaze: Callable[..., Any], screen: Screen, preset: str) -> None:
    gaze = make_gaze([(300.0, 300.0), (900.0, 500.0)], still_s=0.6, noise_px=0.3, rate_hz=1000.0)
    kept = np.sort(np.random.default_rng(0).choice(len(gaze.t_s), len(gaze.t_s) // 2, False))
    t_s = gaze.t_s[kept] + np.random.default_rng(1).uniform(0, 4e-4, len(kept))
    events = detect_events(t_s, gaze.xy_px[kept], screen, preset=preset)
    long = events.fixations.filter(events.fixations["duration_s"] > 0.3)
    assert long["x_px"].to_list() == pytest.approx([300, 900], abs=12)


@every_preset
def test_events_never_overlap_and_lie_in_time(screen: Screen, preset: str) -> None:
    random = np.random.default_rng(0)
    xy_px = np.cumsum(random.normal(0, 20, (3000, 2)), axis=0) + 800
    xy_px[random.random(3000) < 0.1] = np.nan
    t_s = np.cumsum(random.choice([0.002, 0.004, 0.3], 3000, p=[0.8, 0.19, 0.01]))
    events = detect_events(t_s, xy_px, screen, preset=preset)
    onsets = np.concatenate([events.fixations["onset_s"], events.saccades["onset_s"]])
    offsets = np.concatenate([events.fixations["offset_s"], events.saccades["offset_s"]])
    order = np.argsort(onsets)
    assert (offsets[order][:-1] <= onsets[order][1:] + 1e-12).all()
    assert (offsets >= onsets).all()


@every_preset
@pytest.mark.parametrize("value", [1e12, -1e30, 1e200, 1e300, -np.inf])
def test_gaze_that_cannot_be_is_lost(
    make_gaze: Callable[..., Any], screen: Screen, preset: str, value: float
) -> None:
    gaze = make_gaze([(900.0, 500.0)], still_s=1.0, noise_px=0.5)
    gaze.xy_px[200] = value
    gaze.xy_px[300, 1] = value
    events = detect_events(gaze.t_s, gaze.xy_px, screen, preset=preset)
    assert (events.labels[150:350] == Label.FIXATION).all()
    assert events.fixations["samples_lost"].to_list() == [2]
    assert events.fixations["x_px"][0] == pytest.approx(900, abs=0.2)


@every_preset
@pytest.mark.parametrize("scale", [1e-45, 1e-9, 1e9, 1e299])
def test_times_of_another_world_end_nothing_badly(
    make_gaze: Callable[..., Any], screen: Screen, preset: str, scale: float
) -> None:
    gaze = make_gaze([(300.0, 300.0), (900.0, 500.0)], noise_px=0.5)
    events = detect_events(gaze.t_s * scale, gaze.xy_px, screen, preset=preset)
    assert len(events.labels) == len(gaze.t_s)
    assert (events.fixations["duration_s"] >= 0).all()
