"""The recorder's question which of several outlets a stream is, and the keys that answer it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence, QShortcut

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget  # noqa: TID251 - only its type

    from app.acquisition.viewmodel import OutletClaim, OutletQuestion, RecorderStatus

KEY = "Alt"
MOST_CLAIMS = 9


class OutletAsker(QObject):
    """Holds the first open question; ``Alt+1``, ``Alt+2`` ... on a page answer it.

    Parameters
    ----------
    page : QWidget
        Where the keys count, its children included.
    record_outlet : callable
        Tells the recorder the choice.
    """

    def __init__(
        self,
        page: QWidget,
        record_outlet: Callable[[OutletClaim], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._record_outlet = record_outlet
        self._question: OutletQuestion | None = None
        for number in range(1, MOST_CLAIMS + 1):
            QShortcut(QKeySequence(f"{KEY}+{number}"), page, lambda n=number: self.answer(n))

    @property
    def sentence(self) -> str:
        """The question with its keys, empty where none is open."""
        return "" if self._question is None else self._question.sentence(KEY)

    @property
    def is_recorded(self) -> bool:
        """Whether gaze is recorded while the question is open."""
        return self._question is None or self._question.is_recorded

    def note(self, recorder: RecorderStatus | None) -> None:
        """Take in what the recorder asks."""
        questions = () if recorder is None else recorder.questions
        self._question = questions[0] if questions else None

    def answer(self, number: int) -> None:
        """Record the outlet of this number, from 1; without a question nothing happens."""
        if self._question is not None and number <= len(self._question.claims):
            question, self._question = self._question, None
            self._record_outlet(question.claims[number - 1])
