"""The errors of FocusStation: each says what is wrong, with which thing, and what to do.

::

    FocusStationError
    ├── InputError                what the user gave cannot be used
    │   ├── MissingPathError
    │   ├── UnwritablePathError
    │   ├── TargetExistsError
    │   ├── NotAnImageError
    │   ├── UnsupportedImageError
    │   ├── DamagedFileError
    │   ├── LayoutError
    │   ├── MissingDerivativesError
    │   ├── MissingRecordingError
    │   ├── CorrectionRefusedError
    │   ├── DisplayCorrectionError
    │   └── InvalidSettingError
    ├── StudyError
    │   ├── NotAStudyError
    │   ├── NewerSchemaError
    │   ├── StudyOccupiedError
    │   ├── ReadOnlyStudyError
    │   ├── UnknownRecordError
    │   └── ConsentError
    ├── AcquisitionError
    │   ├── NoStreamError
    │   ├── AmbiguousStreamError
    │   ├── UnmappedStreamError
    │   ├── RefusedStreamError
    │   ├── NoLightError
    │   ├── TrackerError
    │   ├── CalibrationFailedError
    │   └── ControlError
    ├── AnalysisStoppedError
    ├── TrainingError
    ├── NoDisplayError
    ├── MissingExtraError
    └── NotYetError
"""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar


class FocusStationError(Exception):
    """Anything FocusStation can explain in one line; commands print it and exit with status 2."""


class InputError(FocusStationError):
    """What the user gave cannot be used."""


class MissingPathError(InputError):
    """A file or folder that should be there is not."""

    def __init__(self, path: Path | str, what: str = "file") -> None:
        super().__init__(f"no such {what}: {path}; check the spelling of the path")
        self.path = Path(path)


class UnwritablePathError(InputError):
    """A place where output should go cannot be written."""

    def __init__(
        self, path: Path | str, reason: str, advice: str = "choose another place with --out"
    ) -> None:
        super().__init__(f"cannot write {path}: {reason}; {advice}")
        self.path = Path(path)


class TargetExistsError(InputError):
    """Output would go where something lies already; nothing is ever overwritten."""

    def __init__(self, path: Path | str) -> None:
        super().__init__(f"{path} exists already and is left as it is; choose another place")
        self.path = Path(path)


class NotAnImageError(InputError):
    """A file that was given as an image is none."""

    def __init__(self, path: Path | str, reason: str) -> None:
        super().__init__(f"not an image: {path}: {reason}; give a DICOM, PNG, JPEG or TIFF file")
        self.path = Path(path)
        self.reason = reason


class UnsupportedImageError(InputError):
    """An image that is sound but cannot be shown faithfully, or is refused as too large."""

    def __init__(self, path: Path | str, reason: str) -> None:
        super().__init__(f"image refused: {path}: {reason}")
        self.path = Path(path)
        self.reason = reason


class DamagedFileError(InputError):
    """A file whose content is damaged beyond use."""

    def __init__(self, path: Path | str, reason: str) -> None:
        super().__init__(f"damaged file: {path}: {reason}; restore it from a copy")
        self.path = Path(path)
        self.reason = reason


class LayoutError(InputError):
    """A sound file or folder that does not hold what is needed; it says what would."""

    def __init__(self, path: Path | str, reason: str, expected: str) -> None:
        super().__init__(f"{path}: {reason}; expected {expected}")
        self.path = Path(path)
        self.reason = reason


class MissingDerivativesError(InputError):
    """Something was asked that the analysis has to make first."""

    def __init__(self, what: str, study: Path | str) -> None:
        super().__init__(f"no {what} in {study}; run 'focusstation analyse {study}' first")


class MissingRecordingError(InputError):
    """Sessions without any recording; one is named."""

    def __init__(self, session_id: str) -> None:
        super().__init__(
            f"{session_id} has no recording; put its file back into the study's recordings folder"
        )


class CorrectionRefusedError(InputError):
    """A correction of gaze that cannot be fitted, or would not help."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"no correction of gaze: {reason}; gaze is used as it is")
        self.reason = reason


class DisplayCorrectionError(InputError):
    """A frame was shown through another display correction than the one at hand."""

    def __init__(self, recorded: str, given: str) -> None:
        names = [f"correction {sha[:12]}" if sha else "no correction" for sha in (recorded, given)]
        super().__init__(
            f"the display correction is not the one on record: recorded {names[0]}, given "
            f"{names[1]}; take the one in the session's session_started or screen_changed marker"
        )
        self.recorded = recorded
        self.given = given


class InvalidSettingError(InputError):
    """A setting or argument with a value outside what is possible."""

    def __init__(self, name: str, value: object, expected: str) -> None:
        super().__init__(f"{name} is {value!r}; expected {expected}")
        self.name = name
        self.value = value


class StudyError(FocusStationError):
    """Something about a research study on disk."""


class NotAStudyError(StudyError):
    """A folder that holds no study."""

    def __init__(self, path: Path | str) -> None:
        super().__init__(
            f"not a study: {path} has no study.toml; make one with 'focusstation study create'"
        )
        self.path = Path(path)


class NewerSchemaError(StudyError):
    """A file written by a newer FocusStation than this one."""

    def __init__(self, path: Path | str, found: int, known: int) -> None:
        super().__init__(
            f"{path} has schema version {found}, this program knows up to {known}; "
            "update FocusStation (nothing was changed)"
        )
        self.path = Path(path)
        self.found = found
        self.known = known


class StudyOccupiedError(StudyError):
    """A study that another program holds open for writing."""

    def __init__(self, path: Path | str, holder: str) -> None:
        super().__init__(
            f"study {path} is in use by {holder}; close it there, or open it read-only"
        )
        self.path = Path(path)


class ReadOnlyStudyError(StudyError):
    """A change was asked of a study that is open read-only."""

    def __init__(self, path: Path | str) -> None:
        super().__init__(f"study {path} is open read-only; open it for writing to change it")
        self.path = Path(path)


class UnknownRecordError(StudyError):
    """A case, reader, session or reading that the study does not know."""

    def __init__(self, kind: str, name: str, known: str) -> None:
        super().__init__(f"no {kind} {name!r} in this study; {known}")
        self.name = name


class ConsentError(StudyError):
    """An export that the readers did not consent to."""

    def __init__(self, level: str, allowed: str) -> None:
        super().__init__(
            f"no reader consented to an export of {level}; the most allowed is {allowed}; once "
            f"they do, 'focusstation study protocol STUDY --set consent_level={level}'"
        )


class AcquisitionError(FocusStationError):
    """Something between the tracker and the recording."""


class NoStreamError(AcquisitionError):
    """No Lab Streaming Layer stream of the wanted kind appeared in time."""

    def __init__(self, what: str, waited_s: float) -> None:
        super().__init__(
            f"no LSL stream {what} within {waited_s:g} s; start the tracker "
            "(try 'focusstation tracker simulated') or see 'focusstation devices'"
        )


class AmbiguousStreamError(AcquisitionError):
    """Two streams answer to one name, and only a person can tell which is meant."""

    def __init__(self, name: str, where: list[str]) -> None:
        super().__init__(
            f"{len(where)} LSL streams are called {name!r} ({', '.join(where)}); stop all but one"
        )


class UnmappedStreamError(AcquisitionError):
    """A gaze stream whose channels nobody has told the meaning of."""

    def __init__(self, name: str, labels: tuple[str, ...], channels: int) -> None:
        listed = ", ".join(label for label in labels if label) or "without labels"
        super().__init__(
            f"LSL stream {name!r} is none we know ({channels} channels: {listed}); "
            "say what its channels mean in the station under Streams"
        )
        self.name = name


class RefusedStreamError(AcquisitionError):
    """A gaze stream that cannot be used, known by its kind."""

    def __init__(self, name: str, sentence: str) -> None:
        super().__init__(f"LSL stream {name!r} cannot be used: {sentence}")
        self.name = name


class NoLightError(AcquisitionError):
    """The sensor did not see the patch."""

    def __init__(self, sensor: str, reason: str) -> None:
        super().__init__(
            f"{sensor!r} does not see the patch: {reason}; stick the photodiode flat on it, shade "
            "it from the room, and see that the stream's first channel is its voltage"
        )


class TrackerError(AcquisitionError):
    """The tracker cannot do what was asked."""


class CalibrationFailedError(AcquisitionError):
    """A calibration that broke off; it says which one the tracker goes on with."""

    ACTIVE: ClassVar[dict[str, str]] = {
        "new": "the new calibration is active",
        "previous": "the previous calibration stays active",
        "none": "no calibration is active",
        "unknown": "the calibration from before, if any, stays active",
    }

    def __init__(self, what: str, reason: str, active: str) -> None:
        super().__init__(f"{what}: {reason} ({self.ACTIVE[active]})")
        self.active = active


class ControlError(AcquisitionError):
    """A process of the station cannot be reached or refuses a command."""


class AnalysisStoppedError(FocusStationError):
    """An analysis that was asked to stop before its end."""

    def __init__(self, done: int, total: int) -> None:
        super().__init__(
            f"the analysis was stopped with {done} of {total} sessions done; "
            "run it again to go on where it was"
        )


class TrainingError(FocusStationError):
    """A training run that cannot go on."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"training stopped: {reason}; start it again to go on where it was")


class NoDisplayError(FocusStationError):
    """The station was asked to show its window where there is no screen."""

    def __init__(self) -> None:
        super().__init__(
            "no display: set DISPLAY (or WAYLAND_DISPLAY), "
            "or draw to memory with 'focusstation --offscreen'"
        )


class MissingExtraError(FocusStationError):
    """A part that needs packages which are not installed."""

    def __init__(self, purpose: str, extra: str) -> None:
        super().__init__(
            f"{purpose} needs packages that are missing; pip install 'focusstation[{extra}]'"
        )
        self.extra = extra


class NotYetError(FocusStationError):
    """A part of the program that is announced but not there yet."""

    def __init__(self, what: str, instead: str) -> None:
        super().__init__(f"{what} is not there yet; {instead}")
