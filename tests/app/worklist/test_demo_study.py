from __future__ import annotations

from typing import TYPE_CHECKING

from app.worklist.demo_study import DemoMaker, make_demo_study
from gazecore.study import Study

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot


def test_the_demo_study_has_simulated_knees_of_all_grades(tmp_path: Path) -> None:
    make_demo_study(tmp_path / "demo", cases=5)
    with Study.open(tmp_path / "demo") as study:
        cases = study.cases()
    assert len(cases) == 5
    assert all(case.simulated for case in cases)
    assert {case.reference_answer for case in cases} == {"0", "1", "2", "3", "4"}


def test_the_maker_works_beside_the_window_and_takes_what_is_there(
    qtbot: QtBot, tmp_path: Path
) -> None:
    maker = DemoMaker(cases=1)
    for _ in range(2):
        with qtbot.waitSignal(maker.made, timeout=60_000) as made:
            maker.make(tmp_path / "demo")
        assert made.args == [tmp_path / "demo"]
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.txt").write_text("mine")
    with qtbot.waitSignal(maker.failed, timeout=60_000) as failed:
        maker.make(tmp_path / "full")
    assert failed.args is not None
    assert "full" in failed.args[0]
    maker.close()
