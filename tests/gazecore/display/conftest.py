"""Simulated screens: light by a power of the driving level, over a black and in a room."""

from __future__ import annotations

from gazecore.display.curve import DisplayCurve


def power_curve(
    gamma: float,
    *,
    black_cd_m2: float = 0.3,
    white_cd_m2: float = 300.0,
    ambient_cd_m2: float = 0.0,
    levels: tuple[int, ...] = tuple(range(0, 256, 15)),
) -> DisplayCurve:
    """A screen of this gamma as 18 measured levels."""
    light = tuple(
        black_cd_m2 + (white_cd_m2 - black_cd_m2) * (level / 255) ** gamma for level in levels
    )
    return DisplayCurve(f"gamma {gamma:g}", levels, light, ambient_cd_m2)


GAMMA_22 = power_curve(2.2)
GAMMA_18_LIT = power_curve(1.8, ambient_cd_m2=1.5)
