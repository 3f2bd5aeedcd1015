"""The simulated reader: seeded, reacting in time, on the main sequence."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from gazecore.geometry import Screen, Transform
from gazecore.synthetic.eye_model import EyeModel
from gazecore.synthetic.kinematics import saccade_duration_s
from gazecore.synthetic.reader import Label, SimulatedReader, TrueGaze
from gazecore.synthetic.scene import Scene, Target
from gazecore.synthetic.stimulus import (
    DEFAULT_SCREEN,
    ImageOnScreen,
    Rest,
    Stimulus,
    TargetOnScreen,
    generic_image,
)

RATE_HZ = 1000.0


def watch(
    reader: SimulatedReader, start_s: float, stop_s: float, rate_hz: float = RATE_HZ
) -> list[TrueGaze]:
    first, last = round(start_s * rate_hz), round(stop_s * rate_hz)
    return [reader.at(k / rate_hz) for k in range(first, last)]


def offset_deg(gaze: TrueGaze, x_norm: float, y_norm: float) -> float:
    screen = DEFAULT_SCREEN
    return float(
        screen.angle_deg(
            screen.from_norm([gaze.x_norm, gaze.y_norm]), screen.from_norm([x_norm, y_norm])
        )
    )


def image(transform: Transform, case_id: str = "c") -> ImageOnScreen:
    scene = Scene((Target(300, 300, 20, 1.0), Target(700, 600, 20, 1.0)))
    return ImageOnScreen(case_id, scene, 1000, 1000, transform, (400, 40, 1000, 1000))


FIT = Transform.affine((1.0, 1.0), (400.0, 40.0))
ZOOMED = Transform.affine((2.0, 2.0), (0.0, -400.0))


def test_the_same_seed_gives_the_same_gaze_and_another_another() -> None:
    def path(seed: int) -> list[TrueGaze]:
        reader = SimulatedReader(seed)
        reader.look(generic_image(DEFAULT_SCREEN), 0.0)
        return watch(reader, 0.0, 3.0, 100.0)

    assert path(1) == path(1)
    assert path(1) != path(2)


@pytest.mark.parametrize(
    "change",
    [TargetOnScreen(0.9, 0.1), image(FIT, "d"), image(ZOOMED), Rest()],
    ids=["target", "case", "viewport", "rest"],
)
@pytest.mark.parametrize("at_s", [2.0, 2.137, 2.21, 2.3])
def test_a_change_is_answered_within_200_ms(change: Stimulus, at_s: float) -> None:
    for seed in range(10):
        reader = SimulatedReader(seed, blinks=False)
        reader.look(image(FIT), 0.0)
        watch(reader, 0.0, at_s)
        reader.look(change, at_s)
        after = watch(reader, at_s, at_s + 0.4)
        onsets = [
            b.t_s
            for a, b in itertools.pairwise(after)
            if a.label is Label.FIXATION and b.label is Label.SACCADE and b.t_s > at_s + 0.1
        ]
        small = isinstance(change, Rest)  # the new place may be where the eye is already
        assert small or (onsets and onsets[0] - at_s < 0.23)


def test_targets_are_reached_and_held() -> None:
    reader = SimulatedReader(3, blinks=False)
    for i, (x, y) in enumerate([(0.1, 0.1), (0.9, 0.1), (0.5, 0.5), (0.1, 0.9)]):
        reader.look(TargetOnScreen(x, y), 1.0 * i)
        held = watch(reader, i + 0.4, i + 1.0)
        offsets = [offset_deg(gaze, x, y) for gaze in held if gaze.label is Label.FIXATION]
        assert np.median(offsets) < 0.3
        assert max(offsets) < 0.6
        watch(reader, i + 0.999, i + 1.0)


def test_gaze_lies_on_the_targets_of_the_scene_through_the_viewport() -> None:
    reader = SimulatedReader(5, blinks=False)
    stimulus = image(ZOOMED)
    reader.look(stimulus, 0.0)
    fixated = [g for g in watch(reader, 1.0, 30.0, 200.0) if g.label is Label.FIXATION]
    on_screen = DEFAULT_SCREEN.from_norm([[g.x_norm, g.y_norm] for g in fixated])
    on_image = stimulus.transform.to_image(on_screen)
    distances = np.min(
        [np.hypot(*(on_image - place).T) for place in ((300, 300), (700, 600))], axis=0
    )
    assert (distances < 80).mean() > 0.6


def test_saccades_follow_the_main_sequence() -> None:
    reader = SimulatedReader(7, blinks=False)
    reader.look(generic_image(DEFAULT_SCREEN), 0.0)
    path = watch(reader, 0.5, 40.0)
    labels = np.array([gaze.label for gaze in path])
    edges = np.flatnonzero(np.diff(labels)) + 1
    moves = [part for part in np.split(np.arange(len(path)), edges) if labels[part[0]] == 2]
    assert len(moves) > 60
    for part in moves[1:-1]:
        before, after = path[part[0] - 1], path[part[-1] + 1]
        amplitude_deg = offset_deg(before, after.x_norm, after.y_norm)
        expected_s = saccade_duration_s(amplitude_deg)
        assert len(part) / RATE_HZ == pytest.approx(expected_s, abs=0.0025)


def test_gaze_moves_without_jumps() -> None:
    reader = SimulatedReader(9)
    reader.look(image(FIT), 0.0)
    path = watch(reader, 0.0, 5.0)
    reader.look(image(ZOOMED), 5.0)
    path += watch(reader, 5.0, 10.0)
    steps = [offset_deg(a, b.x_norm, b.y_norm) for a, b in itertools.pairwise(path)]
    assert max(steps) < 0.8  # degrees per ms: the peak of the largest saccade possible here


def test_a_blink_is_lost_but_its_true_gaze_is_known() -> None:
    path = watch(SimulatedReader(1), 0.0, 20.0, 100.0)
    lost = [gaze for gaze in path if gaze.is_lost]
    assert 0.02 < len(lost) / len(path) < 0.1
    assert all(np.isfinite([gaze.x_norm, gaze.y_norm]).all() for gaze in lost)
    assert {gaze.label for gaze in lost} == {Label.BLINK}


def test_a_reader_who_does_not_blink_is_never_lost() -> None:
    path = watch(SimulatedReader(1, blinks=False), 0.0, 20.0, 100.0)
    assert not any(gaze.is_lost for gaze in path)


FULL = EyeModel()


def test_without_options_the_eye_neither_settles_nor_closes_visibly() -> None:
    path = watch(SimulatedReader(1), 0.0, 20.0, 500.0)
    assert {gaze.label for gaze in path} == {Label.FIXATION, Label.SACCADE, Label.BLINK}
    assert {gaze.closure for gaze in path} == {0.0, 1.0}


def test_oscillations_follow_half_of_the_saccades_for_24_ms() -> None:
    reader = SimulatedReader(7, blinks=False, model=FULL)
    reader.look(generic_image(DEFAULT_SCREEN), 0.0)
    labels = np.array([gaze.label for gaze in watch(reader, 0.5, 60.0)])
    starts = np.flatnonzero((labels[1:] == 3) & (labels[:-1] != 3)) + 1
    stops = np.flatnonzero((labels[1:] != 3) & (labels[:-1] == 3)) + 1
    assert (labels[starts - 1] == 2).all()
    assert (labels[stops[stops < len(labels)]] == 1).all()
    saccades = np.count_nonzero((labels[1:] == 2) & (labels[:-1] != 2))
    assert 0.3 < len(starts) / saccades < 0.7
    assert np.median(stops[: len(starts)] - starts[: len(stops)]) == pytest.approx(24, abs=1)


def test_the_lid_is_labelled_blink_while_the_eye_is_still_seen() -> None:
    path = watch(SimulatedReader(1, model=FULL), 0.0, 20.0, 500.0)
    flanks = [gaze for gaze in path if 0 < gaze.closure < 1]
    assert {gaze.label for gaze in flanks} == {Label.BLINK}
    assert not any(gaze.is_lost for gaze in flanks)
    lost = [gaze for gaze in path if gaze.is_lost]
    assert len(flanks) / len(lost) == pytest.approx(0.08 / 0.2, rel=0.4)


def test_the_full_eye_moves_without_jumps_too() -> None:
    reader = SimulatedReader(9, model=FULL)
    reader.look(image(FIT), 0.0)
    path = watch(reader, 0.0, 10.0)
    steps = [offset_deg(a, b.x_norm, b.y_norm) for a, b in itertools.pairwise(path)]
    assert max(steps) < 0.8


def test_fixations_have_the_published_median() -> None:
    reader = SimulatedReader(11, blinks=False, model=FULL)
    reader.look(generic_image(DEFAULT_SCREEN), 0.0)
    labels = np.array([gaze.label for gaze in watch(reader, 1.0, 300.0, 250.0)])
    edges = np.flatnonzero(np.diff((labels == 2).astype(int)))
    between = np.diff(edges)[1::2] if labels[edges[0]] != 2 else np.diff(edges)[::2]
    assert np.median(between) / 250 == pytest.approx(0.283, rel=0.1)


def test_a_hole_in_the_asking_is_gone_through() -> None:
    reader = SimulatedReader(1)
    reader.look(generic_image(DEFAULT_SCREEN), 0.0)
    assert reader.at(0.1).t_s == 0.1
    assert np.isfinite(reader.at(600.0).x_norm)


def test_another_screen_keeps_gaze_where_it_was() -> None:
    reader = SimulatedReader(1, blinks=False)
    reader.look(TargetOnScreen(0.25, 0.75), 0.0)
    watch(reader, 0.0, 1.0)
    reader.set_screen(Screen(3840, 2160, 700, 400, 600))
    gaze = reader.at(1.0)
    assert (gaze.x_norm, gaze.y_norm) == pytest.approx((0.25, 0.75), abs=0.03)
    assert reader.screen.width_px == 3840
