"""All pictures of a study as PNG files in its derivatives.

::

    derivatives/pictures/<reading_id>-scanpath.png    over the image as its reader last saw it
    derivatives/pictures/<reading_id>-attention.png
    derivatives/pictures/case-<case_id>-attention.png mean over the readers that can be used
    derivatives/pictures/<session_id>-quality.png
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.pictures.canvas import SHEET_PX, painting, write_png
from app.pictures.case_image import CaseImage
from app.pictures.offscreen import gui_application
from app.pictures.quality_page import paint_quality_page
from app.pictures.reading_sheets import About, attention_sheet, scanpath_sheet
from app.pictures.results import StudyResults
from app.pictures.scanpath import Scanpath
from gazecore.dicom.decoder import Decoder
from gazecore.errors import FocusStationError

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QImage

    from gazecore.analysis.finished import FinishedReading
    from gazecore.messages import WindowState
    from gazecore.study import Study

    Progress = Callable[[int, int, str], None]
    """Called with cases and sessions done, how many there are, and the one at hand."""


def write_pictures(study: Study, progress: Progress | None = None) -> tuple[int, tuple[str, ...]]:
    """Draw every reading, case and session that was analysed.

    Returns
    -------
    int
        Pictures written.
    tuple of str
        What could not be drawn, a sentence each.

    Raises
    ------
    MissingDerivativesError
        The study was not analysed.
    """
    gui = gui_application()
    results = StudyResults(study.derivatives)
    run = _Run(study, results, progress)
    with Decoder() as decoder:
        for case_id in results.cases:
            run.draw_case(case_id, decoder)
    for row in results.sessions:
        run.draw_session(str(row["session_id"]))
    del gui
    return run.written, tuple(run.problems)


class _Run:
    """One pass over a study."""

    def __init__(self, study: Study, results: StudyResults, progress: Progress | None) -> None:
        self._study, self._results, self._progress = study, results, progress
        self._folder = results.folder / "pictures"
        self._total = len(results.cases) + len(results.sessions)
        self._done = 0
        self.written = 0
        self.problems: list[str] = []

    def draw_case(self, case_id: str, decoder: Decoder) -> None:
        """The readings of a case, and their mean."""
        self._tell(case_id)
        try:
            path = self._study.case(case_id).path
            image = CaseImage(decoder.request(path).result())
            for reading in self._results.of_case(case_id):
                self._draw_reading(reading, image)
            mean = self._results.case_attention(case_id)
        except FocusStationError as error:
            self.problems.append(f"{case_id}: {error}")
            return
        if mean is not None:
            about = About("Attention, mean", (case_id,), mean.simulated)
            self._keep(attention_sheet(image, mean, about), f"case-{case_id}-attention.png")

    def draw_session(self, session_id: str) -> None:
        """The quality page of a session."""
        self._tell(session_id)
        try:
            session = self._results.session(session_id)
        except FocusStationError as error:
            self.problems.append(f"{session_id}: {error}")
            return
        with painting(*SHEET_PX) as (sheet, painter):
            paint_quality_page(painter, session, self._study.protocol.calibration)
        self._keep(sheet, f"{session_id}-quality.png")

    def _draw_reading(self, reading: FinishedReading, image: CaseImage) -> None:
        fixations = self._results.fixations(reading)
        scanpath = Scanpath.of_reading(fixations, image.width_px, image.height_px)
        window = last_window(self._results, reading)
        about = about_reading("Scanpath", reading, window)
        self._keep(scanpath_sheet(image, scanpath, about), f"{reading.reading_id}-scanpath.png")
        about = about_reading("Attention", reading, window)
        sheet = attention_sheet(image, self._results.attention(reading), about)
        self._keep(sheet, f"{reading.reading_id}-attention.png")

    def _keep(self, sheet: QImage, name: str) -> None:
        write_png(sheet, self._folder / name)
        self.written += 1

    def _tell(self, what: str) -> None:
        if self._progress is not None:
            self._progress(self._done, self._total, what)
        self._done += 1


def about_reading(title: str, reading: FinishedReading, window: WindowState | None) -> About:
    """What the sheet of a reading says of it."""
    facts = [
        f"{reading.case_id} · {reading.reader_id}",
        f"{reading.reading_id}, {reading.session_id}",
    ]
    if not reading.usable:
        facts.append("left out of the analysis by the protocol's rules")
    return About(title, tuple(facts), reading.simulated, window)


def last_window(results: StudyResults, reading: FinishedReading) -> WindowState | None:
    """The window through which a reader last saw the case; None where that is not known."""
    view = results.checks(reading.session_id).last_view(reading.reading_id)
    return None if view is None else view.window
