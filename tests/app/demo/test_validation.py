"""The validator's verdict is read as it is given."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from app.demo.validation import read_verdict, validate
from tests.app.conftest import needs_validator

if TYPE_CHECKING:
    from pathlib import Path


def _output(*issues: tuple[str, str]) -> str:
    return json.dumps(
        {"issues": {"issues": [{"code": code, "severity": severity} for code, severity in issues]}}
    )


def test_warnings_leave_it_valid() -> None:
    verdict = read_verdict(_output(("A", "warning"), ("B", "warning")), 0)
    assert (verdict.text, verdict.warnings, verdict.is_valid) == ("valid", 2, True)


def test_errors_are_named_once() -> None:
    verdict = read_verdict(_output(("X", "error"), ("X", "error"), ("Y", "error")), 16)
    assert verdict.text == "invalid: X, Y"
    assert not verdict.is_valid


def test_a_crash_is_not_valid() -> None:
    assert read_verdict("", 1).text == "invalid: exit status 1"


@needs_validator
def test_the_real_validator_refuses_an_empty_folder(tmp_path: Path) -> None:
    assert not validate(tmp_path).is_valid
