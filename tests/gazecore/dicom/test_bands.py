from __future__ import annotations

import threading

import numpy as np
import pytest

from gazecore.dicom import bands
from gazecore.dicom.bands import LEAST_PX, MOST_BANDS, in_bands, usable_cores
from gazecore.dicom.resampling import bilinear_grid, nearest_grid


@pytest.mark.parametrize("n_rows", [1, 2, 3, 1000, 1003])
@pytest.mark.parametrize("cores", [1, 2, 8])
def test_every_row_is_done_once(monkeypatch: pytest.MonkeyPatch, n_rows: int, cores: int) -> None:
    monkeypatch.setattr(bands, "usable_cores", lambda: cores)
    done, called = np.zeros(n_rows, dtype=int), []

    def work(rows: slice) -> None:
        done[rows] += 1
        called.append(rows)

    in_bands(work, n_rows, 100 * LEAST_PX)
    assert (done == 1).all()
    assert len(called) == min(n_rows, cores, MOST_BANDS)


def test_little_work_stays_in_this_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bands, "usable_cores", lambda: 8)
    threads: list[int] = []
    in_bands(lambda _rows: threads.append(threading.get_ident()), 1000, 2 * LEAST_PX - 1)
    assert threads == [threading.get_ident()]


def test_what_fails_in_a_band_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bands, "usable_cores", lambda: 2)

    def work(rows: slice) -> None:
        if rows.start:
            raise ValueError("lower half")

    with pytest.raises(ValueError, match="lower half"):
        in_bands(work, 10, 4 * LEAST_PX)


def test_bands_give_the_pixels_of_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    source = np.random.default_rng(6).integers(0, 65536, (700, 600)).astype(np.uint16)
    y, x = np.linspace(0.2, 699.9, 1501), np.linspace(599.0, 0.1, 1400)
    found = []
    for cores in (1, 4):
        monkeypatch.setattr(bands, "usable_cores", lambda cores=cores: cores)
        found.append([pick(source, y, x) for pick in (nearest_grid, bilinear_grid)])
    np.testing.assert_array_equal(found[0], found[1])


def test_this_process_may_use_a_core() -> None:
    assert usable_cores() >= 1
