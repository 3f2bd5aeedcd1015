"""The Python configured for Tobii trackers: taken, refused in one line, gone on in."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from gazecore.devices.interpreter import INTERPRETER, environment_there, tobii_python
from gazecore.errors import InvalidSettingError
from gazecore.processes import child_environment
from tests.gazecore.devices.lively_tobii import put_python, put_sdk

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="shell scripts as interpreters")


def script(path: Path, text: str) -> str:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


def test_none_is_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    for value in ("", "  "):
        monkeypatch.setenv(INTERPRETER, value)
        assert tobii_python() is None
    monkeypatch.delenv(INTERPRETER)
    assert tobii_python() is None


def test_this_python_is_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(INTERPRETER, sys.executable)
    assert tobii_python() is None


def test_a_python_with_all_it_needs_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = put_python(tmp_path / "python", put_sdk(tmp_path / "sdk"))
    monkeypatch.setenv(INTERPRETER, str(python))
    assert tobii_python() == str(python)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "the path of a Python 3.10 interpreter"),
        ("exit 3", "CalledProcessError"),
        ("echo hello", "JSONDecodeError"),
        ("echo '{}'", "KeyError"),
        ('echo \'{"version": [3, 9], "missing": []}\'', "it is Python 3.9"),
        ('echo \'{"version": [3, 14], "missing": []}\'', "it is Python 3.14"),
        (
            'echo \'{"version": [3, 10], "missing": ["pylsl", "tobii-research"]}\'',
            r"pylsl, tobii-research: .*-m pip install 'focusstation\[tobii\]'",
        ),
    ],
)
def test_what_cannot_run_a_tracker_is_refused_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str | None, said: str
) -> None:
    python = str(tmp_path / "python") if text is None else script(tmp_path / "python", text)
    monkeypatch.setenv(INTERPRETER, python)
    with pytest.raises(InvalidSettingError, match=said) as caught:
        tobii_python()
    assert str(caught.value).startswith(f"{INTERPRETER} is ")
    assert len(str(caught.value).splitlines()) == 1


def test_it_is_not_configured_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(INTERPRETER, "/somewhere/python")
    environment = environment_there()
    assert INTERPRETER not in environment
    assert environment["PYTHONPATH"] == child_environment()["PYTHONPATH"]


def test_the_process_stays_the_same(tmp_path: Path) -> None:
    """Its number is that of the one that was started, so signals and parents find it."""
    python = script(tmp_path / "python", f'echo "$$ $@"; exec {sys.executable} -c pass')
    code = (
        "import os\nfrom gazecore.devices.interpreter import go_on_in\n"
        f"print(os.getpid(), flush=True)\ngo_on_in({python!r}, ['tracker', 'tobii'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env=child_environment(),
    )
    first, second = done.stdout.splitlines()
    assert second == f"{first} -m app.cli tracker tobii"


def test_the_probe_sees_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bare interpreter, without site packages, lacks everything."""
    python = script(tmp_path / "python", f'exec "{sys.executable}" -S -E "$@"')
    monkeypatch.setenv(INTERPRETER, python)
    with pytest.raises(InvalidSettingError, match="numpy, psutil, pydantic, pylsl, typer"):
        tobii_python()
