"""A research study on disk: its folder, its protocol, its cases and readers."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from gazecore.errors import (
    MissingPathError,
    ReadOnlyStudyError,
    TargetExistsError,
    UnknownRecordError,
    UnwritablePathError,
)
from gazecore.study import settings as toml
from gazecore.study.database import StudyDatabase, now_utc
from gazecore.study.lock import StudyLock
from gazecore.study.order import case_order
from gazecore.study.protocol import ConsentLevel, Protocol, lowest_consent
from gazecore.study.records import AuditEntry
from gazecore.study.screens import ScreenRecord, read_screens, record_for, write_screens
from gazecore.study.sittings import Sittings
from gazecore.study.stream_profiles import (
    PROFILES_FILE,
    read_stream_profiles,
    with_profile,
    write_stream_profiles,
)

if TYPE_CHECKING:
    from types import TracebackType

    from gazecore.screens import ScreenFingerprint
    from gazecore.streams import StreamProfile
    from gazecore.study.settings import StudySettings

FOLDERS = ("cases", "recordings", "derivatives", "models", "exports")
_READER_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")
_NETWORK_SYSTEMS = ("nfs", "cifs", "smb", "afs", "fuse.sshfs", "davfs")


class Study(Sittings):
    """A study that is open; made by `create` or `open`, a context manager.

    One program writes at a time; any number may read. Nothing is ever overwritten: answers keep
    their history, recordings get fresh numbers, and each change leaves a row in the audit.
    """

    def __init__(
        self,
        path: Path,
        settings: StudySettings,
        database: StudyDatabase,
        lock: StudyLock | None,
    ) -> None:
        super().__init__(path, database)
        self._settings = settings
        self._lock = lock

    @classmethod
    def create(
        cls, folder: Path | str, *, name: str = "", protocol: Protocol | None = None
    ) -> Study:
        """Make a study in a folder that does not exist or is empty, and open it.

        Raises
        ------
        TargetExistsError, UnwritablePathError, InvalidSettingError
        """
        folder = Path(folder)
        settings = toml.validated_settings(
            {
                "name": name or folder.absolute().name,
                "created_utc": now_utc(),
                "protocol": protocol or Protocol(),
            }
        )
        try:
            if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
                raise TargetExistsError(folder)
            _refuse_network_share(folder)
            folder.mkdir(parents=True, exist_ok=True)
            for part in FOLDERS:
                (folder / part).mkdir()
            database = StudyDatabase.create(folder)
            with database.change("study created", settings.study_id):
                pass
            database.close()
            toml.write_settings(folder, settings)
        except OSError as error:
            reason = error.strerror or str(error)
            raise UnwritablePathError(folder, reason, "choose another folder") from error
        return cls.open(folder)

    @classmethod
    def open(cls, folder: Path | str, *, read_only: bool = False) -> Study:
        """Open the study in `folder`, for writing unless `read_only`.

        Raises
        ------
        MissingPathError, NotAStudyError, NewerSchemaError, DamagedFileError,
        InvalidSettingError, StudyOccupiedError, UnwritablePathError
        """
        folder = Path(folder)
        if not folder.is_dir():
            raise MissingPathError(folder, "study folder")
        settings = toml.read_settings(folder)
        if read_only:
            return cls(folder, settings, StudyDatabase.open(folder, read_only=True), None)
        _refuse_network_share(folder)
        lock = StudyLock(folder)
        dead = lock.acquire()
        try:
            settings = toml.read_settings(folder, may_migrate=True)
            database = StudyDatabase.open(folder, read_only=False)
            if dead is not None:
                with database.change("lock taken over", "study.lock", dead_holder=str(dead)):
                    pass
        except BaseException:
            lock.release()
            raise
        return cls(folder, settings, database, lock)

    def close(self) -> None:
        """Close the study and let others write; closing twice does no harm."""
        self._database.close()
        if self._lock is not None:
            self._lock.release()

    def __enter__(self) -> Study:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def derivatives(self) -> Path:
        """What is computed from the recordings and may be rebuilt at any time."""
        return self.path / "derivatives"

    @property
    def read_only(self) -> bool:
        """Whether changes are refused."""
        return self._lock is None

    @property
    def name(self) -> str:
        """The study's name."""
        return self._settings.name

    @property
    def study_id(self) -> str:
        """The study's random identity, 32 hexadecimal digits."""
        return self._settings.study_id

    @property
    def settings(self) -> StudySettings:
        """All of ``study.toml``."""
        return self._settings

    @property
    def protocol(self) -> Protocol:
        """What was fixed beforehand."""
        return self._settings.protocol

    def set_protocol(self, protocol: Protocol) -> None:
        """Change the protocol on disk; the audit keeps which parts changed."""
        if self.read_only:
            raise ReadOnlyStudyError(self.path)
        before, after = self.protocol.model_dump(), protocol.model_dump()
        changed = [name for name in after if before[name] != after[name]]
        if changed:
            settings = self._settings.model_copy(update={"protocol": protocol})
            with self._database.change("protocol changed", "study.toml", parts=changed):
                toml.write_settings(self.path, settings)
            self._settings = settings

    def stream_profiles(self) -> tuple[StreamProfile, ...]:
        """What the channels of foreign gaze streams mean, mapped by hand in this study."""
        return read_stream_profiles(self.path)

    def save_stream_profile(self, profile: StreamProfile) -> None:
        """Keep a mapping, in the place of earlier ones for the same stream."""
        if self.read_only:
            raise ReadOnlyStudyError(self.path)
        profiles = with_profile(self.stream_profiles(), profile)
        stream = profile.match.name
        with self._database.change("stream mapped", PROFILES_FILE, stream=stream):
            write_stream_profiles(self.path, profiles)

    def screen_record(self, fingerprint: ScreenFingerprint) -> ScreenRecord | None:
        """What was measured on a screen; None if it was never checked.

        Raises
        ------
        DamagedFileError, NewerSchemaError
        """
        return record_for(read_screens(self.path), fingerprint)

    def save_screen(self, record: ScreenRecord) -> None:
        """Keep what was measured on a screen in place of what was known about it."""
        if self.read_only:
            raise ReadOnlyStudyError(self.path)
        identity = record.fingerprint.identity
        others = [r for r in read_screens(self.path) if r.fingerprint.identity != identity]
        measured = record.model_dump(mode="json", exclude={"fingerprint"}, exclude_none=True)
        with self._database.change("screen measured", identity, **measured):
            write_screens(self.path, (*others, record))

    def consent_of(self, reader_id: str) -> ConsentLevel:
        """What may be exported of a reader: the lower of the protocol's level and their own."""
        for reader in self.readers():
            if reader.reader_id == reader_id:
                return lowest_consent(self.protocol.consent_level, reader.consent_level)
        raise UnknownRecordError("reader", reader_id, "add them with 'study readers'")

    def case_order(self, reader_id: str) -> list[str]:
        """All case ids in the order in which this reader meets them."""
        cases = (case.case_id for case in self.cases())
        return case_order(self.protocol.order, cases, reader_id)

    def unread_cases(self, reader_id: str) -> list[str]:
        """The case ids this reader has not answered yet, in their order; skipped ones come last."""
        mine = [reading for reading in self.readings() if reading.reader_id == reader_id]
        answered = {reading.case_id for reading in mine if reading.state == "answered"}
        skipped = {reading.case_id for reading in mine if reading.state == "skipped"}
        unread = [case for case in self.case_order(reader_id) if case not in answered]
        return sorted(unread, key=skipped.__contains__)

    def save_answer(self, reading_id: str, field: str, value: str) -> None:
        """Store an answer of the form; it is on the disk when this returns.

        Raises
        ------
        InvalidSettingError
            The form has no such field or does not offer this value.
        """
        self.protocol.check_answer(field, value)
        self._store_answer(reading_id, field, value)

    def audit(self) -> list[AuditEntry]:
        """Every change of the study, oldest first."""
        return [
            AuditEntry(
                row["audit_id"],
                row["at_utc"],
                row["program"],
                row["action"],
                row["subject"],
                json.loads(row["detail"]),
            )
            for row in self._database.rows("SELECT * FROM audit ORDER BY audit_id")
        ]


def _refuse_network_share(folder: Path) -> None:
    """SQLite's journal is not safe on network shares (sqlite.org/wal.html, "Disadvantages")."""
    place = folder.absolute()
    mounts = [
        disk for disk in psutil.disk_partitions(all=True) if place.is_relative_to(disk.mountpoint)
    ]
    nearest = max(mounts, key=lambda disk: len(disk.mountpoint), default=None)
    if nearest is not None and nearest.fstype.lower().startswith(_NETWORK_SYSTEMS):
        reason = f"it lies on a network share ({nearest.fstype}), where a database loses data"
        raise UnwritablePathError(folder, reason, "keep studies on a disk of this machine")
