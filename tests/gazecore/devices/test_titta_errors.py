"""TittaPy's one error, told apart by the code in its text."""

from __future__ import annotations

import pytest

from gazecore.devices import titta_errors
from gazecore.devices.titta_errors import called, raise_for


def failing(code: int) -> None:
    raise RuntimeError(
        'Titta::cpp Error: Cannot get eye tracker "tet-tcp://9"\n'
        f"Error code: {code}: TOBII_RESEARCH_STATUS_SE_X (Some explanation)"
    )


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (200, titta_errors.EyeTrackerInternalError),
        (201, titta_errors.EyeTrackerLicenseError),
        (202, titta_errors.EyeTrackerFeatureNotSupportedError),
        (204, titta_errors.EyeTrackerConnectionFailedError),
        (210, titta_errors.EyeTrackerInvalidOperationError),
        (214, titta_errors.EyeTrackerOperationFailedError),
        (10, ValueError),
        (999, titta_errors.EyeTrackerInternalError),
    ],
)
def test_each_code_has_its_kind(code: int, kind: type[Exception]) -> None:
    with pytest.raises(kind, match=rf"^Some explanation \({code}\)$"):
        called(failing, code)
    with pytest.raises(kind):
        raise_for(code, "said")


def test_a_time_out_gives_nothing_and_no_error() -> None:
    assert called(failing, 205) is None
    assert called(int, "5") == 5
    raise_for(0, "ok")


def test_a_text_without_a_code_stays_in_one_line() -> None:
    def other() -> None:
        raise RuntimeError("Titta::cpp::x:\n  no")

    with pytest.raises(titta_errors.EyeTrackerInternalError, match="Titta::cpp::x: no"):
        called(other)
