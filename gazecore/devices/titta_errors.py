"""TittaPy's errors by kind, named as in `tobii_research`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_CODE = re.compile(r"Error code: (\d+): \w+ \((.*)\)")
_TIMED_OUT = 205


class EyeTrackerConnectionFailedError(Exception):
    """The connection failed or was lost."""


class EyeTrackerFeatureNotSupportedError(Exception):
    """The model has no such feature."""


class EyeTrackerInternalError(Exception):
    """Something else."""


class EyeTrackerInvalidOperationError(Exception):
    """Not now: another calibration, another program."""


class EyeTrackerLicenseError(Exception):
    """The licence does not allow it."""


class EyeTrackerOperationFailedError(Exception):
    """It was tried and did not succeed."""


_ERROR_OF_CODE: dict[int, type[Exception]] = {
    10: ValueError,
    11: EyeTrackerInvalidOperationError,
    13: ValueError,
    201: EyeTrackerLicenseError,
    202: EyeTrackerFeatureNotSupportedError,
    204: EyeTrackerConnectionFailedError,
    210: EyeTrackerInvalidOperationError,
    211: EyeTrackerInvalidOperationError,
    214: EyeTrackerOperationFailedError,
    216: EyeTrackerOperationFailedError,
}


def called(call: Callable[..., Any], *arguments: Any) -> Any:
    """What a call gives; None where it timed out, as Tobii's Python layer has it.

    Raises
    ------
    EyeTracker...Error
        One class a kind, for TittaPy's single one, whose text holds the SDK's code.
    """
    try:
        return call(*arguments)
    except RuntimeError as error:
        text = str(error)
        found = _CODE.search(text)
        code = int(found.group(1)) if found else 0
        if code == _TIMED_OUT:
            return None
        said = found.group(2) if found else " ".join(text.split())
        raise _ERROR_OF_CODE.get(code, EyeTrackerInternalError)(f"{said} ({code})") from error


def raise_for(status: int, said: str) -> None:
    """Raise the error of a status other than 0, with its text in one line."""
    if status != 0:
        raise _ERROR_OF_CODE.get(status, EyeTrackerInternalError)(" ".join(said.split()))
