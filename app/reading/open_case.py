"""The case on the screen: fetched, opened, answered, closed, each in the study and on record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.reading.frame_source import FrameSource
from app.reading.image_source import ImageSource
from app.reading.shown_case import ShownCase
from app.reading.viewports import Viewports
from gazecore.errors import FocusStationError
from gazecore.lsl import clock_s
from gazecore.messages import AnswerGiven, CaseClosed, CaseOpened, FaultFound

if TYPE_CHECKING:
    from typing import Literal

    from app.reading.frame import FrameRenderer
    from app.reading.viewmodel import Answer, ReadingProgress
    from gazecore.dicom.decoder import Decoder
    from gazecore.study import Case, Study

    ReadingEnd = Literal["answered", "stopped", "skipped"]


class OpenCase(QObject):
    """Brings one case at a time on the screen, where `viewports` show it, and takes it away.

    Signals
    -------
    marker_made : `gazecore.messages.Marker`
        Everything to publish, in order; the viewports' markers as well.
    opened : `CaseOpened`
        A case is about to be painted.
    closed : `CaseClosed`
        A case has left the screen.
    left_out
        The case that was wanted cannot be shown; `problem_found` has said why.
    problem_found : str
        Something to show to the reader in one line.
    """

    marker_made = Signal(object)
    opened = Signal(object)
    closed = Signal(object)
    left_out = Signal()
    problem_found = Signal(str)

    def __init__(self, study: Study, decoder: Decoder, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.viewports = Viewports(self)
        self._study = study
        self._images = ImageSource(decoder, self)
        self._frames = FrameSource(decoder, self)
        self._cases: dict[str, Case] = {}
        self._wanted: ReadingProgress | None = None
        self._reading_id: str | None = None
        self._images.image_ready.connect(self._on_image_ready)
        self._images.image_failed.connect(self._on_image_failed)
        self._frames.frame_ready.connect(self.viewports.show_frame)
        self._frames.frame_failed.connect(self.viewports.refuse_frame)
        self.viewports.frame_wanted.connect(self._on_frame_wanted)
        self.viewports.viewport_changed.connect(self.marker_made)
        self.viewports.frame_shown.connect(self.marker_made)

    @property
    def reading_id(self) -> str | None:
        """The reading whose case is on the screen; None between cases."""
        return self._reading_id

    def learn_cases(self) -> None:
        """Read anew which cases the study has."""
        self._cases = {case.case_id: case for case in self._study.cases()}

    def prefetch(self, case_id: str) -> None:
        """Start to decode a case that will be wanted soon."""
        self._images.prefetch(self._cases[case_id])

    def want(self, progress: ReadingProgress) -> None:
        """Ask for the case to be read now: `opened` or `left_out` follows, maybe at once."""
        if progress.case_id is not None:
            self._wanted = progress
            self._images.want(self._cases[progress.case_id])

    def forget(self) -> None:
        """Want nothing any more and let all images go."""
        self._wanted = None
        self._images.forget()

    def save(self, answer: Answer) -> AnswerGiven | None:
        """Store an answer about the case on the screen; None if there is none, or it failed."""
        if self._wanted is None or self._reading_id is None:
            return None
        try:
            self._study.save_answer(self._reading_id, answer.field, answer.value)
        except FocusStationError as error:
            self.report(str(error))
            return None
        return AnswerGiven(
            t_s=clock_s(),
            reading_id=self._reading_id,
            case_id=str(self._wanted.case_id),
            field=answer.field,
            value=answer.value,
        )

    def close(self, reason: ReadingEnd) -> None:
        """Take the case from the screen and end its reading, if there is one."""
        if self._wanted is None or self._reading_id is None:
            return
        reading_id, case_id = self._reading_id, str(self._wanted.case_id)
        self._reading_id = None
        closed = CaseClosed(t_s=clock_s(), reading_id=reading_id, case_id=case_id, reason=reason)
        self._frames.forget()
        self.viewports.clear()
        self.marker_made.emit(closed)
        self.closed.emit(closed)
        try:
            self._study.finish_reading(reading_id, reason)
        except FocusStationError as error:
            self.report(str(error))

    def report(self, problem: str) -> None:
        """Say to the reader, and on record, what went wrong."""
        self.marker_made.emit(FaultFound(t_s=clock_s(), source="station", detail=problem))
        self.problem_found.emit(problem)

    def _on_image_ready(self, case_id: str, renderer: FrameRenderer) -> None:
        progress = self._wanted
        if progress is None:
            return
        try:
            reading = self._study.start_reading(progress.plan.session_id, case_id)
        except FocusStationError as error:
            self.report(str(error))
            return
        self._reading_id = reading.reading_id
        height_px, width_px = renderer.image.stored.shape
        opened = CaseOpened(
            t_s=clock_s(),
            reading_id=reading.reading_id,
            case_id=case_id,
            image_width_px=width_px,
            image_height_px=height_px,
            position=progress.position,
            frames=renderer.image.frames,
        )
        self.marker_made.emit(opened)
        self.opened.emit(opened)
        overlaid = self._study.protocol.image_overlays == "on"
        shown = ShownCase(renderer, reading.reading_id, case_id, image_overlays=overlaid)
        self.viewports.open((shown,))
        if progress.next_case_id is not None:
            self.prefetch(progress.next_case_id)

    def _on_image_failed(self, case_id: str, reason: str) -> None:
        if self._wanted is not None:
            self.report(f"{case_id} cannot be shown and is left out: {reason}")
            self.left_out.emit()

    def _on_frame_wanted(self, frame: int) -> None:
        image = self.viewports.active.image
        if self._wanted is not None and image is not None:
            self._frames.want(self._cases[str(self._wanted.case_id)], frame, image.frames)
