"""Tobii's I-VT against its published steps in loops, and each step by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from gazecore.events import Label, detect_events

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from gazecore.geometry import Screen

    Array = npt.NDArray[np.float64]

PRESET, ATTENTION = "Tobii Pro Lab fixation", "Tobii Pro Lab attention"


def angle_deg(a: Array, b: Array) -> float:
    cosine = a @ b / (np.linalg.norm(a) * np.linalg.norm(b))
    return float(np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))))


def by_loop(t_s: Array, vectors: Array, threshold_deg_s: float) -> list[int]:
    """The I-VT filter of Olsen (2012), sample by sample, at 500 Hz: windows of 20 ms.

    `vectors` are gaze vectors, NaN where lost: gap fill-in is left out.
    """
    n, half = len(t_s), 5
    labels = [Label.LOSS if np.isnan(v[0]) else Label.UNDEFINED for v in vectors]
    for i in range(half, n - half):
        if not np.isnan(vectors[i - half : i + half + 1]).any():
            angle = angle_deg(vectors[i - half], vectors[i + half])
            slow = angle / (t_s[i + half] - t_s[i - half]) < threshold_deg_s
            labels[i] = Label.FIXATION if slow else Label.SACCADE
    fixations: list[list[int]] = []
    for i, label in enumerate(labels):
        if label == Label.FIXATION and i and labels[i - 1] == Label.FIXATION:
            fixations[-1][1] = i
        elif label == Label.FIXATION:
            fixations.append([i, i])
    merged = fixations[:1]
    seen = [[vectors[i] for i in range(a, b + 1)] for a, b in fixations]
    centre = seen[:1]
    for (a, b), points in zip(fixations[1:], seen[1:], strict=True):
        near = t_s[a] - t_s[merged[-1][1]] <= 0.075 and Label.LOSS not in labels[merged[-1][1] : a]
        if near and angle_deg(np.mean(centre[-1], axis=0), np.mean(points, axis=0)) <= 0.5:
            merged[-1][1] = b
            centre[-1] = centre[-1] + points
        else:
            merged.append([a, b])
            centre.append(points)
    labels = [Label.UNDEFINED if x == Label.FIXATION else x for x in labels]
    for a, b in merged:
        kept = t_s[b] - t_s[a] + 0.002 >= 0.060 - 1e-9
        labels[a : b + 1] = [Label.FIXATION if kept else Label.UNDEFINED] * (b + 1 - a)
    return [int(label) for label in labels]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("preset", "threshold_deg_s"), [(PRESET, 30.0), (ATTENTION, 100.0)])
def test_labels_are_those_of_the_loop(
    make_gaze: Callable[..., Any],
    screen: Screen,
    seed: int,
    preset: str,
    threshold_deg_s: float,
) -> None:
    random = np.random.default_rng(seed)
    stops = [(float(x), float(y)) for x, y in random.uniform((200, 200), (1700, 900), (12, 2))]
    stops[5] = (stops[4][0] + 12.0, stops[4][1])
    gaze = make_gaze(stops, still_s=0.08, noise_px=2.5, seed=seed)
    xy_px = gaze.xy_px.copy()
    xy_px[300:360] = np.nan
    xy_px[:3] = np.nan
    found = detect_events(gaze.t_s, xy_px, screen, preset=preset).labels
    expected = by_loop(gaze.t_s, screen.gaze_vectors(xy_px), threshold_deg_s)
    assert found.tolist() == expected
    assert {Label.FIXATION, Label.SACCADE, Label.UNDEFINED} <= set(expected)


def test_a_saccade_parts_two_fixations(make_gaze: Callable[..., Any], screen: Screen) -> None:
    gaze = make_gaze([(300.0, 300.0), (900.0, 500.0)])
    events = detect_events(gaze.t_s, gaze.xy_px, screen, preset=PRESET)
    assert events.fixations.height == 2
    assert events.saccades.height == 1
    assert events.fixations["x_px"].to_list() == pytest.approx([300, 900], abs=5)


def test_short_interruptions_at_one_place_merge(
    make_gaze: Callable[..., Any], screen: Screen
) -> None:
    gaze = make_gaze([(900.0, 500.0)], still_s=0.5)
    xy_px = gaze.xy_px.copy()
    xy_px[120:130] += 60  # there and back within 20 ms
    merged = detect_events(gaze.t_s, xy_px, screen, preset=PRESET)
    assert merged.fixations.height == 1
    assert (merged.labels[100:150] == Label.FIXATION).all()


def test_places_more_than_half_a_degree_apart_do_not_merge(
    make_gaze: Callable[..., Any], screen: Screen
) -> None:
    gaze = make_gaze([(900.0, 500.0), (940.0, 500.0)], saccade_s=0.02)
    assert screen.angle_deg(gaze.xy_px[0], gaze.xy_px[-1]) > 0.5
    assert detect_events(gaze.t_s, gaze.xy_px, screen, preset=PRESET).fixations.height == 2


def test_fixations_under_60_ms_are_discarded(make_gaze: Callable[..., Any], screen: Screen) -> None:
    gaze = make_gaze([(300.0, 300.0), (900.0, 300.0), (1500.0, 300.0)], still_s=0.05)
    events = detect_events(gaze.t_s, gaze.xy_px, screen, preset=PRESET)
    assert events.fixations.height == 0
    assert not (events.labels == Label.FIXATION).any()


def test_gaps_shorter_than_a_blink_are_filled(
    make_gaze: Callable[..., Any], screen: Screen
) -> None:
    gaze = make_gaze([(900.0, 500.0)], still_s=0.5)
    for gap, fixations in ((24, 1), (25, 2), (60, 2)):
        xy_px = gaze.xy_px.copy()
        xy_px[100 : 100 + gap] = np.nan
        events = detect_events(gaze.t_s, xy_px, screen, preset=PRESET)
        assert events.fixations.height == fixations


def test_attention_threshold_passes_slow_movement(screen: Screen) -> None:
    t_s = np.arange(500) / 500
    px_per_deg = float(screen.px_per_deg()[0, 0])
    x_px = 700 + 50 * px_per_deg * (t_s % 0.1)  # 50 deg/s, starting over ten times
    xy_px = np.stack([x_px, np.full(500, 540.0)], axis=1)
    by_fixation = detect_events(t_s, xy_px, screen, preset=PRESET)
    by_attention = detect_events(t_s, xy_px, screen, preset=ATTENTION)
    assert by_fixation.fixations.height == 0
    assert by_attention.fixations.height == 1  # ten sweeps around one place merge
