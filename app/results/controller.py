"""Reads what an analysis left of the open study, and opens the image of the chosen case."""

from __future__ import annotations

from concurrent.futures import CancelledError
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from app.pictures.case_image import CaseImage
from app.pictures.results import StudyResults
from app.pictures.scanpath import Scanpath
from app.results.viewmodel import ResultsState, View
from gazecore.errors import FocusStationError, MissingDerivativesError

if TYPE_CHECKING:
    from concurrent.futures import Future

    from app.pictures.results import Row, SessionQuality
    from gazecore.attention import CaseAttention
    from gazecore.dicom import XrayImage
    from gazecore.dicom.decoder import Decoder
    from gazecore.messages import WindowState
    from gazecore.study import Study
    from gazecore.study.protocol import Calibration


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """What is shown of the choices; None where it does not exist or is still to come.

    Attributes
    ----------
    image : CaseImage, optional
    window : WindowState, optional
        Through which the reader last saw it; None: the default window.
    white_level : int
        What white was shown at.
    scanpath : Scanpath, optional
        Of one reader alone.
    attention : CaseAttention, optional
        Of one reader, or the mean.
    session : SessionQuality, optional
    row : dict
        Figures of the reading, empty for the mean.
    simulated : bool
    message : str
        What is missing, in one line.
    """

    image: CaseImage | None = None
    window: WindowState | None = None
    white_level: int = 255
    scanpath: Scanpath | None = None
    attention: CaseAttention | None = None
    session: SessionQuality | None = None
    row: Row | None = None
    simulated: bool = False
    message: str = ""


class ResultsController(QObject):
    """Holds the choices and what they show.

    Parameters
    ----------
    study : Study
    decoder : Decoder
        Opens images in its own process.

    Signals
    -------
    state_changed : ResultsState
    shown_changed : Shown
    """

    state_changed = Signal(object)
    shown_changed = Signal(object)
    _opened = Signal(str, object)

    def __init__(self, study: Study, decoder: Decoder, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._study, self._decoder = study, decoder
        self._results: StudyResults | None = None
        self._image: tuple[str, CaseImage | str] = ("", "")
        self._wanted = ""
        self.state = ResultsState(problem="Not looked at yet.")
        self.shown = Shown()
        # Images are opened on the decoder's thread; the queue brings them to this object's.
        self._opened.connect(self._on_opened, Qt.ConnectionType.QueuedConnection)

    @property
    def limits(self) -> Calibration:
        """What the protocol asks of accuracy and drift."""
        return self._study.protocol.calibration

    def refresh(self) -> None:
        """Read the results anew; called whenever the page is shown."""
        try:
            self._results = StudyResults(self._study.derivatives)
        except MissingDerivativesError:
            self._results = None
            told = f"In a terminal: focusstation analyse {self._study.path}"
            self._set(ResultsState(problem=f"This study has not been analysed yet. {told}"))
            return
        except FocusStationError as error:
            self._results = None
            self._set(ResultsState(problem=str(error)))
            return
        self._set(self.state.of(self._results))

    def choose_case(self, case_id: str) -> None:
        """Show another case."""
        if self._results is not None and case_id != self.state.case_id:
            self._set(self.state.with_case(case_id, self._results))

    def choose_reading(self, reading_id: str) -> None:
        """Show one reading of the case, or the mean over all."""
        self._set(replace(self.state, reading_id=reading_id))

    def choose_session(self, session_id: str) -> None:
        """Show the quality of another session."""
        self._set(replace(self.state, session_id=session_id))

    def choose_view(self, view: View) -> None:
        """Show cases, or the quality of sessions."""
        self._set(replace(self.state, view=view))

    def choose_layers(self, *, scanpath: bool, attention: bool, opacity: float) -> None:
        """What lies over the image."""
        state = replace(
            self.state, shows_scanpath=scanpath, shows_attention=attention, opacity=opacity
        )
        self._set(state, is_same_data=True)

    def close(self) -> None:
        """Let go of the image that may still come."""
        self._wanted = ""
        self._results = None

    def _set(self, state: ResultsState, *, is_same_data: bool = False) -> None:
        if state != self.state:
            self.state = state
            self.state_changed.emit(state)
        if not is_same_data:
            self._show()

    def _show(self) -> None:
        try:
            self.shown = self._gathered()
        except FocusStationError as error:
            self.shown = Shown(message=str(error))
        self.shown_changed.emit(self.shown)

    def _gathered(self) -> Shown:
        results, state = self._results, self.state
        if results is None or state.problem:
            return Shown(message=state.problem)
        if state.view == "session":
            session = results.session(state.session_id) if state.session_id else None
            return Shown(session=session, simulated=bool(session and session.row["simulated"]))
        image = self._case_image(state.case_id)
        reading = state.reading
        if reading is None:
            mean = results.case_attention(state.case_id)
            message = "" if mean else "No reading of this case can be used."
            shown = Shown(attention=mean, simulated=bool(mean and mean.simulated), message=message)
        else:
            view = results.checks(reading.session_id).last_view(reading.reading_id)
            shown = Shown(
                window=None if view is None else view.window,
                white_level=255 if view is None else view.white_level,
                attention=results.attention(reading),
                row=results.reading_row(reading.reading_id),
                simulated=reading.simulated,
            )
        if isinstance(image, str):
            return replace(shown, message=image)
        if reading is None or image is None:
            return replace(shown, image=image)
        fixations = results.fixations(reading)
        scanpath = Scanpath.of_reading(fixations, image.width_px, image.height_px)
        return replace(shown, image=image, scanpath=scanpath)

    def _case_image(self, case_id: str) -> CaseImage | str | None:
        """The image, or why there is none; None: it is being opened."""
        if self._image[0] == case_id:
            return self._image[1]
        if self._wanted != case_id:
            self._wanted = case_id
            future = self._decoder.request(self._study.case(case_id).path)
            future.add_done_callback(lambda done: self._on_decoded(case_id, done))
        return None

    def _on_decoded(self, case_id: str, done: Future[XrayImage]) -> None:
        """On the decoder's thread: make the image ready to be drawn."""
        try:
            self._opened.emit(case_id, CaseImage(done.result()))
        except (FocusStationError, CancelledError) as error:
            self._opened.emit(case_id, str(error))

    def _on_opened(self, case_id: str, image: CaseImage | str) -> None:
        if case_id == self._wanted:
            self._image, self._wanted = (case_id, image), ""
            self._show()
