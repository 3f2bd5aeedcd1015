"""A viewport's state is whole, and tells whether it is gone."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from tests.gazecore.messages.example_markers import viewport


def test_a_transform_has_nine_elements() -> None:
    with pytest.raises(ValidationError):
        viewport(transform=(1.0, 0.0))


@pytest.mark.parametrize("level", [-1, 256])
def test_white_is_a_level_of_the_screen(level: int) -> None:
    with pytest.raises(ValidationError):
        viewport(white_level=level)


def test_a_viewport_without_a_size_is_gone() -> None:
    assert not viewport().is_gone
    assert viewport(shown_screen_px=(0.0, 0.0, 0.0, 0.0)).is_gone
    assert viewport(shown_screen_px=(10.0, 10.0, 5.0, 0.0)).is_gone
