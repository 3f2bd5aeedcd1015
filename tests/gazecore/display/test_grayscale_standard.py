"""The Grayscale Standard Display Function against values printed in PS3.14."""

from __future__ import annotations

import numpy as np
import pytest

from gazecore.display.grayscale_standard import (
    JND_RANGE,
    LUMINANCE_RANGE_CD_M2,
    jnd_of,
    luminance_of,
)

# PS3.14 Table B-1
PRINTED = {1: 0.0500, 2: 0.0547, 3: 0.0594, 4: 0.0643, 5: 0.0696, 10: 0.0991, 1023: 3993.4040}

# PS3.14 Table D.2-1: optical densities of P-values 0, 15 ... 255 on a film of 0.2 to 3.0 in front
# of 2000 cd/m2 with 10 cd/m2 of ambient light; the range starts at j = 233.32 (D.2)
PRINTED_DENSITIES = (
    *(3.000, 2.429, 2.135, 1.920, 1.742, 1.586, 1.444, 1.311, 1.186),
    *(1.066, 0.951, 0.838, 0.728, 0.620, 0.513, 0.408, 0.304, 0.200),
)
LIGHT_BOX_CD_M2, AMBIENT_CD_M2 = 2000.0, 10.0


@pytest.mark.parametrize(("index", "printed_cd_m2"), PRINTED.items())
def test_luminances_are_those_of_table_b_1(index: int, printed_cd_m2: float) -> None:
    # the coefficients as printed give the last value of the table to 2 parts in 100,000
    assert luminance_of(index) == pytest.approx(printed_cd_m2, abs=5.1e-5, rel=2e-5)


def test_the_standards_own_film_comes_out_both_ways() -> None:
    brightest, darkest = (AMBIENT_CD_M2 + LIGHT_BOX_CD_M2 * 10**-d for d in (0.2, 3.0))
    low, high = jnd_of([darkest, brightest])
    assert low == pytest.approx(233.32, abs=0.05)
    wanted = luminance_of(np.linspace(low, high, 18))
    densities = -np.log10((wanted - AMBIENT_CD_M2) / LIGHT_BOX_CD_M2)
    np.testing.assert_allclose(densities, PRINTED_DENSITIES, atol=1.5e-3)


def test_the_inverse_comes_back_within_a_tenth_of_a_step() -> None:
    indices = np.arange(JND_RANGE[0], JND_RANGE[1] + 1)
    luminance = luminance_of(indices)
    assert (np.diff(luminance) > 0).all()
    np.testing.assert_allclose(jnd_of(luminance.clip(*LUMINANCE_RANGE_CD_M2)), indices, atol=0.1)


def test_outside_its_range_the_function_is_not_defined() -> None:
    assert np.isnan(luminance_of([0.5, 1024.0, np.nan])).all()
    assert np.isnan(jnd_of([0.0, 0.049, 4000.0, -1.0, np.nan])).all()
    assert np.isfinite(jnd_of(LUMINANCE_RANGE_CD_M2)).all()
