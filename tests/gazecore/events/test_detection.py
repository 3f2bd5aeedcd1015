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
