"""What a study is about: its cases and its readers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, get_args

from gazecore.errors import (
    DamagedFileError,
    InputError,
    InvalidSettingError,
    UnknownRecordError,
    UnwritablePathError,
)
from gazecore.study.database import StudyDatabase, now_utc
from gazecore.study.durable import copy_durably, sha256_of
from gazecore.study.importing import SUFFIXES, image_facts, image_files, unreadable_error
from gazecore.study.protocol import CONSENT_LEVELS
from gazecore.study.records import Case, DominantEye, Reader

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from gazecore.dicom import XrayImage
    from gazecore.study.importing import ImageFacts
    from gazecore.study.protocol import ConsentLevel

_READER_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")


class Catalogue:
    """The cases and readers of a `Study`."""

    def __init__(self, path: Path, database: StudyDatabase) -> None:
        self.path = path
        self._database = database

    def import_images(
        self,
        paths: Iterable[Path],
        *,
        reference: Mapping[str, str] | None = None,
        simulated: bool = False,
        on_refused: Callable[[Path, InputError], None] | None = None,
        open_with: Callable[[Path], XrayImage] | None = None,
    ) -> list[Case]:
        """Copy images into the study under pseudonymous names; an image known already is kept once.

        Parameters
        ----------
        paths : iterable of Path
            Images, or folders that hold them at any depth.
        reference : mapping, optional
            The reference answer of an image by its file name (``{"knee7.dcm": "2"}``).
        simulated : bool
            The images are synthetic; those that say so themselves are marked anyway.
        on_refused : callable, optional
            Called for each file that is no usable image; without it the first such file raises.
            What was imported before it stays, so the same call may be made again.
        open_with : callable, optional
            What opens an image; for files of unknown origin, a `gazecore.dicom.decoder.Decoder`.

        Returns
        -------
        list of Case
            The case of each image taken, in the order given.
        """
        cases = []
        for path in image_files(paths):
            answer = (reference or {}).get(path.name)
            try:
                facts = _facts(path, open_with)
                cases.append(self._import_image(path, facts, answer, simulated=simulated))
            except InputError as error:
                if on_refused is None or isinstance(error, UnwritablePathError):
                    raise
                on_refused(path, error)
        return cases

    def _import_image(
        self, path: Path, facts: ImageFacts, reference: str | None, *, simulated: bool
    ) -> Case:
        sha256 = sha256_of(path)
        known = self._database.rows("SELECT * FROM cases WHERE sha256 = ?", (sha256,))
        if known:
            return self._with_reference(self._case(known[0]), reference)
        folder = self.path / "cases"
        case_id = self._free_case_id(folder)
        file = f"{case_id}{facts.suffix}"
        simulated = simulated or facts.simulated
        with self._database.change("case imported", case_id, sha256=sha256) as connection:
            connection.execute(
                "INSERT INTO cases VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    case_id,
                    file,
                    facts.width_px,
                    facts.height_px,
                    sha256,
                    reference,
                    simulated,
                    now_utc(),
                ),
            )
            _copy_checked(path, folder / file, sha256)
        return self.case(case_id)

    def _with_reference(self, case: Case, reference: str | None) -> Case:
        """Give a known case the reference answer it lacks; another answer is never replaced."""
        if reference is None or reference == case.reference_answer:
            return case
        if case.reference_answer is not None:
            name = f"reference answer of {case.case_id}"
            raise InvalidSettingError(name, reference, f"{case.reference_answer}, as imported")
        with self._database.change("reference added", case.case_id) as connection:
            connection.execute(
                "UPDATE cases SET reference_answer = ? WHERE case_id = ?",
                (reference, case.case_id),
            )
        return self.case(case.case_id)

    def _free_case_id(self, folder: Path) -> str:
        """A case id that neither the database nor a file left by a crash has."""
        row = self._database.rows("SELECT case_id FROM cases ORDER BY rowid DESC LIMIT 1")
        number = next_number(case["case_id"] for case in row)
        while any((folder / f"case-{number:04d}{suffix}").exists() for suffix in SUFFIXES):
            number += 1
        return f"case-{number:04d}"

    def cases(self) -> list[Case]:
        """All cases in the order they were imported."""
        return [
            self._case(row) for row in self._database.rows("SELECT * FROM cases ORDER BY rowid")
        ]

    def case(self, case_id: str) -> Case:
        """One case."""
        rows = self._database.rows("SELECT * FROM cases WHERE case_id = ?", (case_id,))
        if not rows:
            raise UnknownRecordError("case", case_id, "see 'focusstation study cases'")
        return self._case(rows[0])

    def _case(self, row: sqlite3.Row) -> Case:
        return Case(
            case_id=row["case_id"],
            path=self.path / "cases" / row["file"],
            width_px=row["width_px"],
            height_px=row["height_px"],
            sha256=row["sha256"],
            reference_answer=row["reference_answer"],
            simulated=bool(row["simulated"]),
        )

    def add_reader(
        self,
        reader_id: str,
        *,
        dominant_eye: DominantEye = "unknown",
        glasses: bool = False,
        consent_level: ConsentLevel | None = None,
    ) -> Reader:
        """Add a reader under a pseudonym.

        Raises
        ------
        InvalidSettingError
            The pseudonym is taken or not plain letters, digits, hyphens; another wrong value.
        """
        if not _READER_ID.fullmatch(reader_id):
            expected = "a pseudonym of 1 to 32 letters (a-z), digits, - or _"
            raise InvalidSettingError("reader", reader_id, expected)
        if any(reader.reader_id.lower() == reader_id.lower() for reader in self.readers()):
            raise InvalidSettingError("reader", reader_id, "a pseudonym that is not taken yet")
        if dominant_eye not in get_args(DominantEye):
            raise InvalidSettingError("dominant_eye", dominant_eye, "left, right or unknown")
        _check_consent(consent_level)
        with self._database.change("reader added", reader_id) as connection:
            connection.execute(
                "INSERT INTO readers VALUES (?, ?, ?, ?, ?)",
                (reader_id, dominant_eye, glasses, consent_level, now_utc()),
            )
        return Reader(reader_id, dominant_eye, glasses, consent_level)

    def set_consent(self, reader_id: str, level: ConsentLevel | None) -> None:
        """Change what a reader lets out; None follows the protocol. Exports made stay as they are.

        Raises
        ------
        UnknownRecordError, InvalidSettingError
        """
        _check_consent(level)
        if reader_id not in [reader.reader_id for reader in self.readers()]:
            raise UnknownRecordError("reader", reader_id, "add them with 'study readers'")
        with self._database.change("consent changed", reader_id, level=level) as connection:
            connection.execute(
                "UPDATE readers SET consent_level = ? WHERE reader_id = ?", (level, reader_id)
            )

    def set_dominant_eye(self, reader_id: str, eye: DominantEye) -> None:
        """Note which eye leads; recordings made before keep what they were judged by.

        Raises
        ------
        UnknownRecordError, InvalidSettingError
        """
        if eye not in get_args(DominantEye):
            raise InvalidSettingError("dominant_eye", eye, "left, right or unknown")
        self.reader(reader_id)
        with self._database.change("dominant eye changed", reader_id, eye=eye) as connection:
            connection.execute(
                "UPDATE readers SET dominant_eye = ? WHERE reader_id = ?", (eye, reader_id)
            )

    def reader(self, reader_id: str) -> Reader:
        """One reader.

        Raises
        ------
        UnknownRecordError
        """
        for reader in self.readers():
            if reader.reader_id == reader_id:
                return reader
        raise UnknownRecordError("reader", reader_id, "add them with 'study readers'")

    def readers(self) -> list[Reader]:
        """All readers in the order they were added."""
        return [
            Reader(
                row["reader_id"], row["dominant_eye"], bool(row["glasses"]), row["consent_level"]
            )
            for row in self._database.rows("SELECT * FROM readers ORDER BY rowid")
        ]


def _check_consent(level: str | None) -> None:
    if level not in (None, *CONSENT_LEVELS):
        raise InvalidSettingError("consent_level", level, ", ".join(CONSENT_LEVELS))


def _facts(path: Path, open_with: Callable[[Path], XrayImage] | None) -> ImageFacts:
    try:
        return image_facts(path, open_with)
    except OSError as error:
        raise unreadable_error(path, error) from error


def _copy_checked(source: Path, target: Path, sha256: str) -> None:
    try:
        copied = copy_durably(source, target)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UnwritablePathError(target, reason, "make room or check its rights") from error
    if copied != sha256:
        target.unlink()
        raise DamagedFileError(source, "it changed while it was copied")


def next_number(names: Iterable[str]) -> int:
    """One more than the highest number that ends any of the names.

    Examples
    --------
    >>> next_number(["case-0003", "case-0001"]), next_number([])
    (4, 1)
    """
    found = (re.search(r"-(\d+)$", name) for name in names)
    return 1 + max((int(match[1]) for match in found if match), default=0)
