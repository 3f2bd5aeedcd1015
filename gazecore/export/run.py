"""Running an export: consent first, then a partial folder that becomes the target or vanishes."""

from __future__ import annotations

import glob
import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psutil

from gazecore.errors import TargetExistsError, UnwritablePathError
from gazecore.export.exporter import find_exporter
from gazecore.export.manifest import write_manifest
from gazecore.export.source import ExportSource
from gazecore.study.durable import sync_folder

if TYPE_CHECKING:
    from pathlib import Path

    from gazecore.export.exporter import Exporter
    from gazecore.study import Study
    from gazecore.study.protocol import ConsentLevel


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What an export wrote."""

    format: str
    level: str
    folder: str
    files: int
    bytes: int
    readings: int
    readers: tuple[str, ...]
    excluded: tuple[str, ...]
    """Readers whose consent does not go that far."""
    unrecorded: tuple[str, ...]
    """Sessions left out because their recording is missing."""
    simulated: bool
    """Whether a recording says that its gaze is simulated."""


def export_study(
    study: Study, *, format_name: str, level: ConsentLevel, target: Path
) -> ExportReport:
    """Write a study's gaze to a new folder; after a crash it is complete or absent.

    Raises
    ------
    InvalidSettingError
        The format does not exist or does not have the level.
    ConsentError
        No reader consented to the level.
    TargetExistsError, UnwritablePathError
        The target is there already, or cannot be made.
    InputError
        Something to export is not there yet; the message says how to make it.
    """
    exporter = find_exporter(format_name, level)
    source = ExportSource(study, level)
    if target.exists():
        raise TargetExistsError(target)
    partial = target.with_name(f".{target.name}.partial-{os.getpid()}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _sweep(target)
        partial.mkdir()
        report = _write(exporter, source, partial, target, format_name)
        partial.rename(target)
        sync_folder(target.parent)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UnwritablePathError(target, reason) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return report


def _sweep(target: Path) -> None:
    """Remove what exports to the same target left aside when they were killed."""
    for left in target.parent.glob(f".{glob.escape(target.name)}.partial-*"):
        pid = left.name.rpartition("-")[2]
        if pid == str(os.getpid()) or (pid.isdecimal() and not psutil.pid_exists(int(pid))):
            shutil.rmtree(left, ignore_errors=True)


def _write(
    exporter: Exporter, source: ExportSource, partial: Path, target: Path, format_name: str
) -> ExportReport:
    readings = exporter.write(source, partial)
    names = tuple(reader.reader_id for reader in source.readers)
    manifest = write_manifest(
        partial,
        format=format_name,
        level=source.level,
        study_id=source.study.study_id,
        readers=names,
        readings=readings,
        excluded_for_consent=len(source.excluded),
        sessions_without_recording=source.unrecorded,
    )
    files = manifest["files"].values()
    for folder in [partial, *(path for path in partial.rglob("*") if path.is_dir())]:
        sync_folder(folder)
    return ExportReport(
        format=format_name,
        level=source.level,
        folder=str(target),
        files=len(files) + 1,
        bytes=sum(entry["bytes"] for entry in files),
        readings=readings,
        readers=names,
        excluded=source.excluded,
        unrecorded=source.unrecorded,
        simulated=source.simulated,
    )
