"""What was not measured is a dash."""

from __future__ import annotations

from app.pictures.figures import degrees, hertz, percent, seconds, square_degrees


def test_units_and_dashes() -> None:
    said = [
        degrees(0.5),
        square_degrees(0.1),
        percent(0.5),
        hertz(119.7),
        seconds(0.2),
        seconds(75),
    ]
    assert said == ["0.50°", "0.100 deg²", "50.0 %", "120 Hz", "0.20 s", "75 s"]
    assert {form(None) for form in (degrees, square_degrees, percent, hertz, seconds)} == {"–"}
