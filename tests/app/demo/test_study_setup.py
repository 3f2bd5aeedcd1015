"""The demo study: simulated knees with grades, two real radiographs, scenes on the image."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.demo.plan import DemoPlan
from app.demo.study_setup import knee_scene, make_study, radiograph_files
from gazecore.study import Study
from gazecore.synthetic.knees import make_knee
from gazecore.synthetic.scene import read_scenes

if TYPE_CHECKING:
    from pathlib import Path


def test_study_holds_knees_and_radiographs(tmp_path: Path) -> None:
    plan = DemoPlan(knees=2, knee_size_px=(160, 128))
    made = make_study(tmp_path / "study", tmp_path / "sources", plan)
    assert [case.grade for case in made.cases] == [0, 1, None, None]
    with Study.open(made.path, read_only=True) as study:
        cases = study.cases()
        assert [case.simulated for case in cases] == [True, True, False, False]
        assert [case.reference_answer for case in cases] == ["0", "1", None, None]
        assert [reader.reader_id for reader in study.readers()] == ["R1", "R2"]
        assert study.protocol.consent_level == "raw"
    scenes = read_scenes(made.scenes_file)
    assert set(scenes) == {case.case_id for case in cases}
    for case in cases:
        for target in scenes[case.case_id].targets:
            assert 0 <= target.x_px <= case.width_px
            assert 0 <= target.y_px <= case.height_px


def test_the_finding_attracts_most() -> None:
    knee = make_knee(3, 4)
    strongest = max(knee_scene(knee).targets, key=lambda target: target.weight)
    assert (strongest.x_px, strongest.y_px) == knee.finding_xy_px
    assert len(knee_scene(make_knee(3, 0)).targets) == len(make_knee(3, 0).landmarks)


def test_radiographs_come_with_the_package() -> None:
    assert [path.name for path in radiograph_files()] == ["RG1_UNCI.dcm", "RG3_UNCI.dcm"]
    assert all(path.is_file() for path in radiograph_files())
