"""Signs readers in and keeps the worklist up to date with the study."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.worklist.viewmodel import Worklist, rows_of_reader
from gazecore.errors import FocusStationError

if TYPE_CHECKING:
    from gazecore.study import Study


class WorklistController(QObject):
    """The worklist of one open study.

    Signals
    -------
    worklist_changed : `Worklist`
    reader_signed_in : str
    reader_signed_out
    reading_requested : str
        The signed-in reader wants to read the cases that are left.
    problem_found : str
        Something to show in one line.
    """

    worklist_changed = Signal(object)
    reader_signed_in = Signal(str)
    reader_signed_out = Signal()
    reading_requested = Signal(str)
    problem_found = Signal(str)

    def __init__(self, study: Study, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._study = study
        self._reader_id: str | None = None

    @property
    def reader_id(self) -> str | None:
        """The reader who is signed in."""
        return self._reader_id

    def worklist(self) -> Worklist:
        """The worklist now."""
        study = self._study
        cases = study.cases()
        reader_id = self._reader_id
        order = study.case_order(reader_id) if reader_id else [case.case_id for case in cases]
        return Worklist(
            study_name=study.name,
            readers=tuple(reader.reader_id for reader in study.readers()),
            reader_id=reader_id,
            rows=rows_of_reader(order, cases, study.readings(), reader_id),
        )

    def refresh(self) -> None:
        """Read the study again."""
        self.worklist_changed.emit(self.worklist())

    def sign_in(self, reader_id: str) -> None:
        """Sign a reader in; one who is new to the study is added."""
        reader_id = reader_id.strip()
        if not reader_id:
            self.problem_found.emit("Give a reader's pseudonym, not a name")
            return
        try:
            if reader_id not in {reader.reader_id for reader in self._study.readers()}:
                self._study.add_reader(reader_id)
        except FocusStationError as error:
            self.problem_found.emit(str(error))
            return
        self._reader_id = reader_id
        self.reader_signed_in.emit(reader_id)
        self.refresh()

    def sign_out(self) -> None:
        """Sign the reader out."""
        if self._reader_id is not None:
            self._reader_id = None
            self.reader_signed_out.emit()
            self.refresh()

    def request_reading(self) -> None:
        """Ask to start reading; needs a reader and a case that is left."""
        if self._reader_id is None:
            self.problem_found.emit("Sign in first")
        elif not self.worklist().unread:
            self.problem_found.emit("Every case is read")
        else:
            self.reading_requested.emit(self._reader_id)
