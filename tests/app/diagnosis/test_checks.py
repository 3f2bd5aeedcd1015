"""Each check tells what is there, and says in one line what is not."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

import pytest

from app.diagnosis import checks
from gazecore.devices.interpreter import INTERPRETER
from gazecore.processes import child_environment
from tests.gazecore.devices.lively_tobii import put_python, put_sdk

if TYPE_CHECKING:
    from pathlib import Path


def test_this_python_is_supported() -> None:
    assert checks.python().level == "ok"


def test_qt_starts_in_memory_and_names_the_screen() -> None:
    found = checks.qt({**child_environment(), "QT_QPA_PLATFORM": "offscreen"})
    assert found.level == "warn"
    assert "--offscreen" in found.detail
    assert found.values["screens"]


def test_qt_on_a_platform_that_is_not_there_is_bad_in_one_line() -> None:
    found = checks.qt({**child_environment(), "QT_QPA_PLATFORM": "nosuchplatform"})
    assert found.level == "bad"
    assert found.detail.startswith("does not start: ")
    assert "\n" not in found.detail


@pytest.mark.usefixtures("lsl_session")
def test_every_lsl_sample_comes_back() -> None:
    found = checks.lsl()
    assert found.level in ("ok", "warn"), found.detail
    assert found.values["gaze_streams"] == 0
    assert float(str(found.values["median_ms"])) > 0


def test_an_interpreter_without_torch_is_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = tmp_path / "python"
    fake.write_text("#!/bin/sh\necho 'ModuleNotFoundError: no torch' >&2\nexit 1\n")
    fake.chmod(0o755)
    monkeypatch.setenv("FOCUSSTATION_TRAINER_PYTHON", str(fake))
    found = checks.trainer()
    assert (found.level, found.detail) == (
        "warn",
        "torch does not start: ModuleNotFoundError: no torch",
    )
    monkeypatch.setenv("FOCUSSTATION_TRAINER_PYTHON", str(tmp_path / "none"))
    assert "path of a Python interpreter" in checks.trainer().detail


def test_the_drivers_gpus_are_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shell = shutil.which("sh")
    tool = tmp_path / "nvidia-smi"
    tool.write_text(f"#!{shell}\necho 'NVIDIA X, 80000 MiB, 550.1'\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert checks.gpus().detail == "NVIDIA X, 80000 MiB, 550.1"
    tool.write_text(f"#!{shell}\necho 'no driver' >&2; exit 9\n")
    assert (checks.gpus().level, checks.gpus().detail) == ("warn", "nvidia-smi: no driver")
    tool.unlink()
    assert checks.gpus().level == "warn"


def test_a_disk_with_room_is_ok(tmp_path: Path) -> None:
    free = shutil.disk_usage(tmp_path).free
    found = checks.disk(tmp_path)
    assert found.values["free_bytes"] == pytest.approx(free, rel=0.1)
    assert (found.level == "ok") is (free >= checks.LOW_DISK_BYTES)


def test_a_script_that_prints_nothing_useful_is_described() -> None:
    run = checks.run_python
    assert run("raise SystemExit(3)", child_environment()) == "exit status 3"
    assert run("raise ValueError('why')", child_environment()) == "ValueError: why"
    assert "No such file" in str(run("", child_environment(), f"{sys.executable}-none"))
    assert run("print('{\"a\": 1}')", child_environment()) == {"a": 1}


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script as the interpreter")
def test_the_python_configured_for_tobii_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(INTERPRETER, str(tmp_path / "none"))
    outcome = checks.tobii()
    assert (outcome.level, INTERPRETER in outcome.detail) == ("warn", True)
    python = put_python(tmp_path / "python3.10", put_sdk(tmp_path / "sdk"))
    monkeypatch.setenv(INTERPRETER, str(python))
    outcome = checks.tobii()
    assert (outcome.level, outcome.detail) == ("ok", f"in {python}")
