"""A screen crosses with its correction; a change of screen says what differs."""

from __future__ import annotations

from gazecore.messages import CorrectionState, PatchToggled, ScreenChanged, parse_marker
from tests.gazecore.messages.example_markers import SCREEN


def test_a_screen_crosses_with_its_correction() -> None:
    correction = CorrectionState(name="gsdf", sha256="ab", table="00" * 256)
    corrected = SCREEN.model_copy(update={"correction": correction, "x": -1920})
    marker = ScreenChanged(t_s=1.0, screen=corrected, differences=("width_px",))
    assert parse_marker(marker.to_json()) == marker


def test_a_patch_of_the_photodiode_crosses() -> None:
    marker = PatchToggled(t_s=1.0, serial=3, is_light=True)
    assert parse_marker(marker.to_json()) == marker
