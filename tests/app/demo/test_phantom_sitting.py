"""From a grabbed screen to a transform without asking the station; samples join their truth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from app.demo.geometry_check import MAX_RESIDUAL_PX
from app.demo.phantom_sitting import PhantomSitting, grabbed_states, with_truth
from app.demo.pictures import png
from app.pilot.log import LOG_NAME, LoggedAction, append
from gazecore.geometry import Transform
from gazecore.messages import ViewportChanged, WindowState
from gazecore.synthetic.phantom import Phantom, make_phantom

if TYPE_CHECKING:
    from pathlib import Path

SHOWN = (0.0, 0.0, 1200.0, 1000.0)


def _screen(phantom: Phantom, transform: Transform) -> bytes:
    """The phantom on a screen of 1300 x 1100, by sampling each screen pixel's centre."""
    y, x = np.mgrid[0:1000, 0:1200] + 0.5
    image_px = transform.to_image(np.stack([x, y], axis=-1).reshape(-1, 2))
    column, row = np.floor(image_px).astype(int).T
    h, w = phantom.pixels.shape
    inside = (row >= 0) & (row < h) & (column >= 0) & (column < w)
    values = phantom.pixels[np.clip(row, 0, h - 1), np.clip(column, 0, w - 1)] * inside
    screen = np.zeros((1100, 1300, 3), np.uint8)
    screen[:1000, :1200] = (values / phantom.pixels.max() * 250).reshape(1000, 1200, 1)
    screen[1050:1060, 600:700] = 255
    return png(screen)


def _changed(transform: Transform) -> ViewportChanged:
    return ViewportChanged(
        t_s=0.0,
        serial=1,
        reading_id="r",
        case_id="c",
        cause="zoom",
        transform=transform.elements,
        shown_screen_px=SHOWN,
        window=WindowState(center=1, width=1),
    )


def _sitting(folder: Path, picture: bytes) -> PhantomSitting:
    (folder / "grab.png").write_bytes(picture)
    for do, began, ended in (("wait", 0.0, 1.0), ("grab", 1.0, 1.1), ("key", 2.0, 2.1)):
        more = {"name": "grab"} if do == "grab" else {}
        append(folder / LOG_NAME, LoggedAction("c", {"do": do, **more}, began, ended))
    return PhantomSitting(folder, folder / "truth.csv", folder, folder / "none.xdf")


def test_the_fit_finds_where_the_image_really_was(tmp_path: Path) -> None:
    phantom = make_phantom()
    shown = Transform.affine((1.3, 1.3), (40.0, -60.0))
    announced = Transform.affine((1.3, 1.3), (43.0, -58.0))
    sitting = _sitting(tmp_path, _screen(phantom, shown))
    (state,) = grabbed_states(sitting, [_changed(announced)], phantom)
    assert state.residual_px < MAX_RESIDUAL_PX
    points = np.array([[100.0, 100.0], [600.0, 500.0]])
    off_px = state.fitted.to_screen(points) - shown.to_screen(points)
    assert np.abs(off_px).max() < 0.3
    assert (state.from_s, state.to_s) == (0.0, 2.0)


def test_a_screen_without_the_phantom_does_not_fit(tmp_path: Path) -> None:
    phantom = make_phantom()
    here = Transform.affine((1.0, 1.0), (0.0, 0.0))
    elsewhere = Transform.affine((1.0, 1.0), (2000.0, 0.0))
    sitting = _sitting(tmp_path, _screen(phantom, elsewhere))
    (state,) = grabbed_states(sitting, [_changed(here)], phantom)
    assert not state.residual_px <= MAX_RESIDUAL_PX


def test_truth_joins_by_sequence() -> None:
    mapped = pl.DataFrame(
        {
            "sequence": [3, 4, 9],
            "t_s": [0.0, 0.1, 0.2],
            "x_image_px": [1.0, 2.0, 3.0],
            "y_image_px": [1.0, 2.0, 3.0],
        }
    )
    truth = pl.DataFrame({"sequence": [4, 3], "x_norm": [0.5, 1.0], "y_norm": [0.5, 0.0]})
    joined = with_truth(mapped, truth)
    assert sorted(joined.t_s.tolist()) == [0.0, 0.1]
    by_time = joined.true_screen_px[np.argsort(joined.t_s)]
    np.testing.assert_allclose(by_time, [[1920.0, 0.0], [960.0, 540.0]])
