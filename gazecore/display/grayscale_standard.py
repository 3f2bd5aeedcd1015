"""DICOM's Grayscale Standard Display Function: just-noticeable steps of luminance (PS3.14).

One step of the index is one just-noticeable difference (JND) of Barten's standard observer for a
standard target. Defined for the indices 1 to 1023, 0.05 to 3993.404 cd/m2.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Float = npt.NDArray[np.float64]

LUMINANCE_RANGE_CD_M2 = (0.05, 3993.404)
"""Where the function is defined (PS3.14 Table B-1)."""
JND_RANGE = (1.0, 1023.0)

_NUMERATOR = (-1.3011877, 8.0242636e-2, 1.3646699e-1, -2.5468404e-2, 1.3635334e-3)
_DENOMINATOR = (1.0, -2.5840191e-2, -1.0320229e-1, 2.8745620e-2, -3.1978977e-3, 1.2992634e-4)
"""Coefficients over ln(j), rising powers: a, c, e, g, m and 1, b, d, f, h, k (PS3.14 7.1)."""
_INVERSE = (
    *(71.498068, 94.593053, 41.912053, 9.8247004, 0.28175407),
    *(-1.1878455, -0.18014349, 0.14710899, -0.017046845),
)
"""Coefficients over log10(L), rising powers: A to I (PS3.14 7.1)."""


def luminance_of(jnd: npt.ArrayLike) -> Float:
    """The luminance of JND indices, cd/m2; NaN outside 1 to 1023.

    Examples
    --------
    >>> luminance_of([1, 512, 1023]).round(2).tolist()
    [0.05, 130.07, 3993.33]
    """
    index = np.asarray(jnd, dtype=np.float64)
    inside = (index >= JND_RANGE[0]) & (index <= JND_RANGE[1])
    x = np.log(np.where(inside, index, 1.0))
    exponent = _polynomial(_NUMERATOR, x) / _polynomial(_DENOMINATOR, x)
    return np.asarray(np.where(inside, 10.0**exponent, np.nan), dtype=np.float64)


def jnd_of(luminance_cd_m2: npt.ArrayLike) -> Float:
    """The JND index of luminances in cd/m2; NaN outside 0.05 to 3993.404.

    The standard's own inverse, within 0.1 of an index of `luminance_of` everywhere.
    """
    luminance = np.asarray(luminance_cd_m2, dtype=np.float64)
    low, high = LUMINANCE_RANGE_CD_M2
    inside = (luminance >= low) & (luminance <= high)
    x = np.log10(np.where(inside, luminance, 1.0))
    return np.asarray(np.where(inside, _polynomial(_INVERSE, x), np.nan), dtype=np.float64)


def _polynomial(coefficients: tuple[float, ...], x: Float) -> Float:
    return np.asarray(np.polynomial.polynomial.polyval(x, coefficients), dtype=np.float64)
