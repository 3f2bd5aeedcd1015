"""All viewport states at once are each of them by itself."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gazecore.analysis.history import session_history
from gazecore.analysis.shown_states import ShownStates


def test_the_same_as_state_by_state(sitting: Any) -> None:
    history = session_history(sitting.markers)
    states = ShownStates.of(history)
    xy_px = np.random.default_rng(0).uniform(0, 1500, (40, 2))
    index = np.arange(40) % len(history.timeline.states)
    for row, number in enumerate(index):
        state = history.timeline.states[number]
        point = xy_px[row : row + 1]
        there = states.to_image(index[row : row + 1], point)
        assert there == pytest.approx(state.transform.to_image(point))
        assert states.in_viewport(index, xy_px)[row] == state.contains(point)[0]
        assert states.image_px[number] == pytest.approx(state.shown_image_px(600, 400))


def test_degrees_are_those_of_the_transform(sitting: Any) -> None:
    states = ShownStates.of(session_history(sitting.markers))
    xy_px = np.array([[300.0, 200.0]])
    for number, scale in enumerate((2, 4)):
        state = np.array([number])
        on_screen = xy_px @ states.matrices[number, :2, :2].T + states.matrices[number, :2, 2]
        expected = sitting.screen.px_per_deg(on_screen) / scale
        found = states.px_per_deg(state, xy_px, sitting.screen)
        assert found == pytest.approx(expected, rel=1e-6)


def test_the_part_shown_lies_in_the_viewport(sitting: Any) -> None:
    states = ShownStates.of(session_history(sitting.markers))
    # Fitted, all of the image: 600 x 400 px doubled at (100, 50).
    assert states.image_px[0] == pytest.approx([0, 0, 600, 400])
    assert states.image_on_screen_px[0] == pytest.approx([100, 50, 1300, 850])
    # Zoomed, the viewport is full.
    assert states.image_on_screen_px[1] == pytest.approx([0, 0, 1600, 1080])
    assert states.windows[:2].tolist() == [[128, 256], [128, 256]]


def test_none_is_nan(sitting: Any) -> None:
    states = ShownStates.of(session_history(sitting.markers))
    none, point = np.array([-1]), np.array([[1.0, 1.0]])
    assert np.isnan(states.to_image(none, point)).all()
    assert np.isnan(states.px_per_deg(none, point, sitting.screen)).all()
    assert not states.in_viewport(none, point).any()
    empty = ShownStates.of(session_history(()))
    assert empty.image_px.shape == (1, 4)
    assert np.isnan(empty.to_image(none, point)).all()
