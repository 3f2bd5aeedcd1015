"""Each source of a foreign channel can be worked out from a sample."""

from __future__ import annotations

import pytest

from gazecore.devices.outlet_channels import OutletChannel, scene_px, titta_eye


def test_scene_pixels_span_the_camera() -> None:
    x, y = scene_px((1600.0, 1200.0))
    assert (x.scale, y.scale, x.unit) == (1600.0, 1200.0, "pixels")


@pytest.mark.parametrize("eye", ["left", "right"])
def test_an_eye_of_titta_speaks_of_that_eye_alone(eye: str) -> None:
    for channel in titta_eye(eye):
        assert channel.label.endswith(f".{eye}_eye")
        assert channel.eye == eye
        assert channel.source.split(".")[0] in (eye, "constant")


def test_a_channel_is_sent_as_it_is_unless_it_says_otherwise() -> None:
    channel = OutletChannel("x", "left.gaze_x")
    assert (channel.scale, channel.offset) == (1.0, 0.0)
