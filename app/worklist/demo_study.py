"""A study of synthetic knees to try the station with: no patient, no network, no tracker."""

from __future__ import annotations

import tempfile
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal

from gazecore.errors import FocusStationError
from gazecore.study import Study

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
    from gazecore.synthetic.knees import make_knee, write_dicom

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


class DemoMaker(QObject):
    """Makes the demo study on a thread of its own; a study already there is taken as it is.

    Signals
    -------
    made : Path
    failed : str
    """

    made = Signal(object)
    failed = Signal(str)
    _done = Signal(object, object)

    def __init__(self, parent: QObject | None = None, *, cases: int = CASES) -> None:
        super().__init__(parent)
        self._cases = cases
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="demo-study")
        self._done.connect(self._on_done, Qt.ConnectionType.QueuedConnection)

    def make(self, folder: Path) -> None:
        """Start; `made` or `failed` follows."""
        future = self._worker.submit(self._make, folder)
        future.add_done_callback(lambda done: self._done.emit(folder, done))

    def close(self) -> None:
        """Wait for what is being made."""
        self._worker.shutdown(wait=True)

    def _make(self, folder: Path) -> None:
        if not (folder / "study.toml").exists():
            make_demo_study(folder, cases=self._cases)

    def _on_done(self, folder: Path, future: Future[None]) -> None:
        try:
            future.result()
        except FocusStationError as error:
            self.failed.emit(str(error))
        else:
            self.made.emit(folder)
