"""The checks before a sitting, from the shell: what is in the way of reading a study here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.diagnosis.checks import Check, Level
from app.diagnosis.surroundings import fingerprints
from gazecore import preflight_probe as probe
from gazecore.errors import FocusStationError
from gazecore.preflight import CheckResult, Found, ScreenFound, SittingPlan, check_screen, judged
from gazecore.study import Study
from gazecore.study.screens import read_screens, record_for

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from gazecore.study.screens import ScreenRecord

GAZE_WAIT_S = 1.0


def study_checks(
    folder: Path, *, environment: Mapping[str, str] | None = None
) -> tuple[Check, ...]:
    """Gaze, recording's place, disk room and screens for a whole sitting of this study.

    A station that is open is not disturbed: the study is only read. Without a tracker that runs
    already, that is a remark: the station starts its own.

    Raises
    ------
    MissingPathError, NotAStudyError, NewerSchemaError, DamagedFileError
    """
    with Study.open(folder, read_only=True) as study:
        protocol = study.protocol
        plan = SittingPlan(len(study.cases()), protocol.tracking.expected_minutes_per_case)
        records, problems = _known_screens(study)
        recordings = study.recordings
    gaze = probe.look_at_gaze(protocol.tracking.stream, wait_s=GAZE_WAIT_S)
    place = probe.look_at_place(recordings)
    results = judged(Found(plan, gaze if gaze.outlets else None, place=place))
    if not gaze.outlets:
        results = (_no_tracker_yet(gaze.name), *results)
    all_results = (*results, *problems, *_screens(records, environment))
    return tuple(_check(result) for result in all_results)


def _known_screens(study: Study) -> tuple[tuple[ScreenRecord, ...], list[CheckResult]]:
    """What was measured on screens; a damaged file is as good as none, and a remark."""
    try:
        return read_screens(study.path), []
    except FocusStationError as error:
        return (), [CheckResult("Screens", "warn", str(error))]


def _no_tracker_yet(name: str) -> CheckResult:
    return CheckResult(
        "Tracker", "warn", f"no stream {name!r} now", "the station starts its tracker by itself"
    )


def _screens(
    records: tuple[ScreenRecord, ...], environment: Mapping[str, str] | None
) -> list[CheckResult]:
    """One result for each screen of this machine."""
    found = fingerprints(environment)
    if isinstance(found, str):
        return [CheckResult("Screen", "warn", f"cannot be asked: {found}")]
    results = []
    for fingerprint in found:
        record = record_for(records, fingerprint)
        seen = ScreenFound(
            fingerprint.called(),
            is_sized=record is not None and record.width_mm is not None,
            differences=fingerprint.changes_from(record.fingerprint) if record else (),
        )
        results.append(check_screen(seen))
    return results


def _check(result: CheckResult) -> Check:
    level: Level = "bad" if result.level == "stop" else result.level
    detail = f"{result.detail}; {result.to_do}" if result.to_do else result.detail
    return Check(f"Study: {result.what}", level, detail)
