"""A study of synthetic knees to try the station with: no patient, no network, no tracker."""

from __future__ import annotations

import tempfile
from pathlib import Path

from gazecore.study import Study
from gazecore.synthetic.knees import make_knee, write_dicom

CASES = 12
SIZE_PX = (1536, 1280)
GRADES = 5


def make_demo_study(folder: Path, *, cases: int = CASES, seed: int = 0) -> None:
    """Make a study of `cases` synthetic knees in `folder`, each grade about equally often.

    Raises
    ------
    FocusStationError
        The folder cannot be written or holds something else.
    """
    with (
        tempfile.TemporaryDirectory(prefix="focusstation-") as made,
        Study.create(folder, name="Demo: synthetic knees") as study,
    ):
        reference = {}
        for number in range(cases):
            grade = number % GRADES
            path = Path(made) / f"knee-{number:02d}.dcm"
            write_dicom(path, make_knee(seed + number, grade, size_px=SIZE_PX))
            reference[path.name] = str(grade)
        study.import_images([Path(made)], reference=reference, simulated=True)
