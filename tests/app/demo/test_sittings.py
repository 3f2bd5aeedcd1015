"""Each reader's script covers every case; enough of them are zoomed, onto what matters."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.demo.plan import DemoPlan
from app.demo.sittings import VIEWPORT_PX, focus_in_viewport, reader_script, station_arguments
from app.demo.study_setup import DemoCase
from app.pilot.script import Grab, Wheel
from gazecore.synthetic.scene import Scene


def _cases(n: int = 14) -> list[DemoCase]:
    return [
        DemoCase(f"case-{i:04d}", Scene(), i % 5, (720, 900), (180.0 + i, 450.0)) for i in range(n)
    ]


def test_every_case_is_read_and_at_least_five_are_zoomed() -> None:
    script = reader_script(_cases(), DemoPlan(), 0)
    assert len(script) == 14
    assert sum(any(isinstance(a, Wheel) for a in actions) for actions in script.values()) >= 5
    grabs = [a.name for actions in script.values() for a in actions if isinstance(a, Grab)]
    assert sorted(grabs) == ["fitted", "fitted-2", "zoomed"]


def test_readers_differ_and_the_seed_fixes_them() -> None:
    first, again, second = (reader_script(_cases(), DemoPlan(), n) for n in (0, 0, 1))
    assert first == again
    assert first != second


def test_focus_is_where_the_fitted_image_shows_it() -> None:
    centre = DemoCase("c", Scene(), 0, (720, 900), (360.0, 450.0))
    assert focus_in_viewport(centre) == pytest.approx((0.5, 0.5))
    corner = DemoCase("c", Scene(), 0, (720, 900), (0.0, 0.0))
    scale = VIEWPORT_PX[1] / 900
    assert focus_in_viewport(corner) == pytest.approx((0.5 - 360 * scale / VIEWPORT_PX[0], 0.0))


def test_tracker_arguments_stay_one_word() -> None:
    arguments = station_arguments(Path("s"), "R1", Path("p.json"), ["--truth", "a b.csv"])
    assert "--truth 'a b.csv'" in arguments
