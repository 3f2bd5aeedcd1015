"""A measured display curve: the light a screen gives for each driving level, and how good that is.

How well steps of the grey scale can be told apart is judged as AAPM's Task Group 18 does (Online
Report 03, 2005, 4.3.2: contrast response at 18 levels). It says what a measurement says; it makes
no display one for diagnosis.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gazecore.display.grayscale_standard import jnd_of, luminance_of

Levels = npt.NDArray[np.uint8]
Float = npt.NDArray[np.float64]

FEWEST_POINTS = 17
_CHECKED = np.arange(0, 256, 15)
"""The 18 levels of TG18's luminance patterns."""


@dataclass(frozen=True, slots=True)
class DisplayCurve:
    """Luminance by driving level, as measured; made by `gazecore.display.curve_file.read_curve`.

    Attributes
    ----------
    name : str
        What the screen or measurement is called.
    levels : tuple of int
        Driving levels, rising from 0 to 255.
    cd_m2 : tuple of float
        The screen's own luminance at each, rising.
    ambient_cd_m2 : float
        What the room's light adds by reflection; 0 where the measurement holds it already.
    """

    name: str
    levels: tuple[int, ...]
    cd_m2: tuple[float, ...]
    ambient_cd_m2: float = 0.0

    def luminance(self) -> Float:
        """What the eye meets at each of the 256 driving levels, ambient light with it, cd/m2.

        Between measured points a monotonic cubic of the luminance. With 18 levels of an ordinary
        screen it errs by up to 5 JND between the first two, from the third on by less than half a
        JND: the dark end is worth measuring finely.
        """
        # loaded where it is needed: most screens are not measured, and it is a fifth of the start
        from scipy.interpolate import PchipInterpolator

        met = np.asarray(self.cd_m2) + self.ambient_cd_m2
        between = PchipInterpolator(np.asarray(self.levels), met)
        return np.asarray(between(np.arange(256)), dtype=np.float64)

    def light(self) -> Float:
        """The screen's own light at each driving level as a share of its white, (256,)."""
        own = self.luminance() - self.ambient_cd_m2
        return np.asarray(own / own[-1], dtype=np.float64)


@dataclass(frozen=True, slots=True)
class ContrastResponse:
    """How far the steps of a grey scale are from equally visible.

    Attributes
    ----------
    max_deviation : float
        The largest relative deviation of the contrast per JND from the standard's, of the 17
        steps between 18 levels; 0 is perfect.
    at_level : int
        The upper level of that step, 0..255.
    distinct_levels : int
        Of the 256 levels, how many are shown apart.
    """

    max_deviation: float
    at_level: int
    distinct_levels: int

    def sentence(self) -> str:
        """One line for people."""
        return (
            f"contrast per JND off by at most {100 * self.max_deviation:.0f} % "
            f"(at level {self.at_level}); {self.distinct_levels} of 256 levels apart"
        )


def correction_table(curve: DisplayCurve) -> Levels:
    """The driving level whose light is nearest to the standard's for each level, (256,) uint8.

    Level p of 255 is to have the JND index that lies p/255 of the way from the screen's black to
    its white (PS3.14 Annex D). Black stays 0 and white 255.
    """
    reached = jnd_of(curve.luminance())
    wanted = np.linspace(reached[0], reached[-1], 256)
    above = np.searchsorted(reached, wanted).clip(1, 255)
    is_below_nearer = wanted - reached[above - 1] < reached[above] - wanted
    return np.where(is_below_nearer, above - 1, above).astype(np.uint8)


def contrast_response(curve: DisplayCurve, table: Levels | None = None) -> ContrastResponse:
    """Contrast per JND of a screen against the standard's, through a correction or without."""
    driven = np.arange(256, dtype=np.uint8) if table is None else table
    met = curve.luminance()[driven[_CHECKED]]
    first, last = jnd_of([met[0], met[-1]])
    ideal = luminance_of(np.linspace(first, last, len(_CHECKED)))
    deviation = np.abs(_contrast(met) / _contrast(ideal) - 1)
    worst = int(np.argmax(deviation))
    return ContrastResponse(
        float(deviation[worst]), int(_CHECKED[worst + 1]), len(np.unique(driven))
    )


def _contrast(luminance: Float) -> Float:
    """Michelson-like contrast of neighbours; the JND step is the same for all and cancels."""
    return np.asarray(2 * np.diff(luminance) / (luminance[1:] + luminance[:-1]))
