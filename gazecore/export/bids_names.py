"""File names of BIDS: labels are letters and digits only."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gazecore.samples import Eye

RECORDING_OF_EYE: dict[Eye, str] = {"left": "eye1", "right": "eye2"}


def subject_labels(reader_ids: Sequence[str]) -> dict[str, str]:
    """A label per reader: the pseudonym without other signs, numbered where two would be equal.

    Examples
    --------
    >>> subject_labels(["r-1", "r1", "anna_2"])
    {'r-1': 'r1', 'r1': 'r1x2', 'anna_2': 'anna2'}
    """
    labels: dict[str, str] = {}
    for reader_id in reader_ids:
        plain = label = re.sub(r"[^A-Za-z0-9]", "", reader_id)
        number = 1
        while label.lower() in (used.lower() for used in labels.values()):
            number += 1
            label = f"{plain}x{number}"
        labels[reader_id] = label
    return labels


@dataclass(frozen=True, slots=True)
class BidsRun:
    """Where the files of one reading go."""

    root: Path
    subject: str
    session_id: str
    number: int

    @property
    def session(self) -> str:
        """The session's label: the digits of its id."""
        return self.session_id.rpartition("-")[2]

    @property
    def folder(self) -> Path:
        """The folder of the session's behavioural data."""
        return self.root / f"sub-{self.subject}" / f"ses-{self.session}" / "beh"

    def file(self, ending: str) -> Path:
        """A file of the run, for example ``events.tsv``."""
        start = f"sub-{self.subject}_ses-{self.session}_task-reading_run-{self.number:03d}"
        return self.folder / f"{start}_{ending}"

    def physio(self, eye: Eye, suffix: str) -> Path:
        """The physio file of one eye."""
        return self.file(f"recording-{RECORDING_OF_EYE[eye]}_physio{suffix}")
