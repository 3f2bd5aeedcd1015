"""What libraries say of a file never repeats its text nor drives a terminal."""

from __future__ import annotations

import pytest

from gazecore.dicom.reasons import plain_reason, reason_of


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ValueError("bad 'DOE^JANE' in (0010,0010)"), "ValueError: bad ... in (0010,0010)"),
        (ValueError("bad value 'DOE^JANE"), "ValueError: bad value ..."),
        (ValueError("bad \"O'NEIL\" or b'x' here"), "ValueError: bad ... here"),
        (RuntimeError("all available plugins:\n own: failed"), "RuntimeError: own: failed"),
        (RuntimeError("a\r\nb\x1b]0;title\x07\u202ec"), "RuntimeError: a b ]0;title c"),
        (KeyError(5), "KeyError"),
        (ValueError(), "ValueError"),
    ],
)
def test_reasons(error: Exception, reason: str) -> None:
    assert reason_of(error) == reason


def test_long_reasons_are_cut() -> None:
    assert len(plain_reason("word " * 200)) <= 140
