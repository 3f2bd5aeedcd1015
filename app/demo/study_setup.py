"""The demo study: synthetic knees, two real radiographs, readers, what attracts their gaze."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path
from typing import TYPE_CHECKING

from gazecore.errors import MissingExtraError

if TYPE_CHECKING:
    from app.demo.plan import DemoPlan
    from gazecore.study import Case, Study
    from gazecore.synthetic.knees import SyntheticKnee
    from gazecore.synthetic.scene import Scene

RADIOGRAPHS = ("RG1_UNCI.dcm", "RG3_UNCI.dcm")


@dataclass(frozen=True, slots=True)
class DemoCase:
    """A case with what attracts gaze in it; `grade` is None for the real radiographs."""

    case_id: str
    scene: Scene
    grade: int | None
    size_px: tuple[int, int]
    focus_px: tuple[float, float]


@dataclass(frozen=True, slots=True)
class DemoStudy:
    """The study's folder, its cases, and the file that tells the simulated readers of scenes."""

    path: Path
    scenes_file: Path
    cases: tuple[DemoCase, ...]


def radiograph_files() -> list[Path]:
    """RG1 (chest) and RG3 (leg) of the pydicom-data package.

    Raises
    ------
    MissingExtraError
        The package is not installed.
    """
    try:
        listed = files("pydicom-data") or []
    except PackageNotFoundError as error:
        raise MissingExtraError("the demo's real radiographs", "demo") from error
    found = {path.name: path for path in listed if path.name in RADIOGRAPHS}
    if len(found) != len(RADIOGRAPHS):
        raise MissingExtraError("the demo's real radiographs", "demo")
    return [Path(str(found[name].locate())) for name in RADIOGRAPHS]


def make_study(folder: Path, sources: Path, plan: DemoPlan) -> DemoStudy:
    """Create the study with its cases, readers and scenes; DICOM sources are kept in `sources`."""
    from gazecore.study import Protocol, Study
    from gazecore.synthetic.scene import write_scenes

    protocol = Protocol(
        instructions="Simulated readers grade simulated knees.", consent_level="raw"
    )
    sources.mkdir(parents=True, exist_ok=True)
    with Study.create(folder, name="FocusStation demo (simulated)", protocol=protocol) as study:
        cases = [_knee_case(study, sources, plan, number) for number in range(plan.knees)]
        cases += [_radiograph_case(study, path) for path in radiograph_files()]
        for reader_id in plan.readers:
            study.add_reader(reader_id)
    scenes_file = sources / "scenes.json"
    write_scenes(scenes_file, {case.case_id: case.scene for case in cases})
    return DemoStudy(folder, scenes_file, tuple(cases))


def _knee_case(study: Study, sources: Path, plan: DemoPlan, number: int) -> DemoCase:
    from gazecore.synthetic.knees import make_knee, write_dicom

    grade = number % 5
    knee = make_knee(plan.seed * 1000 + number, grade, size_px=plan.knee_size_px)
    source = sources / f"knee-{number:02d}.dcm"
    write_dicom(source, knee)
    (case,) = study.import_images([source], reference={source.name: str(grade)}, simulated=True)
    return _demo_case(case, knee_scene(knee), grade)


def knee_scene(knee: SyntheticKnee) -> Scene:
    """What attracts a simulated reader in a knee: the finding most, then the landmarks."""
    from gazecore.synthetic.scene import Scene, Target

    landmarks = tuple(Target(x, y, sigma, weight) for x, y, sigma, weight in knee.landmarks)
    if knee.finding_xy_px is None:
        return Scene(landmarks)
    x, y = knee.finding_xy_px
    share = 1.5 * sum(target.weight for target in landmarks)
    return Scene((Target(x, y, knee.finding_radius_px, share), *landmarks))


def _radiograph_case(study: Study, path: Path) -> DemoCase:
    from gazecore.synthetic.scene import generic_scene

    (case,) = study.import_images([path])
    return _demo_case(case, generic_scene(case.width_px, case.height_px), None)


def _demo_case(case: Case, scene: Scene, grade: int | None) -> DemoCase:
    strongest = max(scene.targets, key=lambda target: target.weight)
    return DemoCase(
        case_id=case.case_id,
        scene=scene,
        grade=grade,
        size_px=(case.width_px, case.height_px),
        focus_px=(strongest.x_px, strongest.y_px),
    )
