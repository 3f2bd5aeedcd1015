"""The first guess is right for every outlet of the wild, though it knows none of them."""

from __future__ import annotations

import numpy as np
import pytest

from gazecore.streams import EyeMapping, StreamProfile, match_profile
from gazecore.streams.guess import guess_profile
from tests.gazecore.streams.wild import OUTLETS, SCREEN_PX, About, Gaze, Outlet, about

RNG = np.random.default_rng(1)
N = 300
XY = RNG.uniform(0.02, 0.98, (N, 2))
GAZE = Gaze(XY, XY + 0.01, np.full(N, 3.1), np.full(N, 3.2), np.arange(N) % 9 == 0)


@pytest.mark.parametrize("outlet", OUTLETS, ids=lambda o: o.profile_id)
def test_gaze_is_found_where_it_is(outlet: Outlet) -> None:
    values = outlet.encode(GAZE).astype(outlet.dtype)
    guess = guess_profile(outlet.about, values)
    truth = match_profile(outlet.about)
    assert guess is not None
    assert isinstance(truth, StreamProfile)
    for side in ("left", "right", "both"):
        guessed, true = getattr(guess, side), getattr(truth, side)
        assert (guessed is None) == (true is None)
        if true is not None:
            assert (guessed.x, guessed.y) == (true.x, true.y)
            assert guessed.valid == true.valid
    assert guess.unit == truth.unit
    samples = guess.with_resolution(*SCREEN_PX).to_samples(np.arange(N), values)
    assert samples.left_valid.tolist() == (~GAZE.lost).tolist()
    assert np.nanmax(np.abs(samples.left_xy_norm - XY)) < 0.02


@pytest.mark.parametrize(
    ("values", "unit"),
    [
        (XY, "norm"),
        (100 * XY, "percent"),
        (2 * XY - 1, "centred"),
        (XY * SCREEN_PX, "px"),
        ((XY - 0.5) * SCREEN_PX, "px_centred"),
        (np.empty((0, 2)), "norm"),
    ],
)
def test_the_unit_is_guessed_from_the_values(values: np.ndarray, unit: str) -> None:
    guess = guess_profile(about("lab", "Gaze", ("gx", "gy")), values)
    assert guess is not None
    assert guess.unit == unit
    assert guess.both == EyeMapping(x=0, y=1)
    assert ("zero" in guess.missing) == (unit not in ("centred", "px_centred"))
    assert "outside" in guess.missing


def test_many_zeros_in_the_middle_of_the_screen_are_loss() -> None:
    values = (XY - 0.5) * SCREEN_PX
    values[::9] = 0
    guess = guess_profile(about("lab", "Gaze", ("gx", "gy")), values)
    assert guess is not None
    assert guess.unit == "px_centred"
    assert "zero" in guess.missing


def test_without_labels_the_first_channels_that_vary_are_taken() -> None:
    values = np.column_stack([np.full(N, 7.0), XY, np.zeros(N)])
    guess = guess_profile(About("bare", "ET", ("",) * 4), values)
    assert guess is not None
    assert guess.both == EyeMapping(x=1, y=2)


@pytest.mark.parametrize(
    ("labels", "left", "right"),
    [
        (("LX", "LY", "RX", "RY"), (0, 1), (2, 3)),
        (("Gaze.Right.X", "Gaze.Right.Y", "Gaze.Left.X", "Gaze.Left.Y"), (2, 3), (0, 1)),
        (("leftGazeX", "rightGazeX", "leftGazeY", "rightGazeY"), (0, 2), (1, 3)),
        (("l_origin_x", "l_origin_y", "l_x", "l_y", "r_x", "r_y"), (2, 3), (4, 5)),
    ],
)
def test_labels_of_many_tongues(
    labels: tuple[str, ...], left: tuple[int, int], right: tuple[int, int]
) -> None:
    guess = guess_profile(about("lab", "Gaze", labels), np.empty((0, len(labels))))
    assert guess is not None
    assert guess.left is not None
    assert guess.right is not None
    assert (guess.left.x, guess.left.y) == left
    assert (guess.right.x, guess.right.y) == right


def test_one_eye_alone_and_codes_for_loss_are_seen() -> None:
    values = np.column_stack([XY * SCREEN_PX, np.full(N, 3.3), np.ones(N)])
    values[::7, :2] = -32768
    values[::11, :2] = 0
    said = about("lab", "Gaze", ("right_x", "right_y", "right_pupil", "right_valid"))
    guess = guess_profile(said, values)
    assert guess is not None
    assert guess.left is None
    assert guess.right == EyeMapping(x=0, y=1, pupil=2, valid=3)
    assert guess.unit == "px"
    assert guess.pupil_unit == "mm"
    assert set(guess.missing) == {"nan", "zero", "flag", "outside"}


def test_a_single_channel_is_no_gaze() -> None:
    assert guess_profile(about("lab", "Gaze", ("x",)), np.empty((0, 1))) is None
