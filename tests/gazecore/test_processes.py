"""Children find our packages from anywhere, and outlive nothing they should not."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from gazecore.processes import (
    child_environment,
    focusstation_command,
    package_root,
    start_detached,
)

if TYPE_CHECKING:
    from pathlib import Path


def finished_output(command: list[str], tmp_path: Path, cwd: Path | None = None) -> str:
    finished = subprocess.run(
        command,
        cwd=cwd or tmp_path,
        env=child_environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    return finished.stdout


def test_the_root_holds_the_packages() -> None:
    assert all((package_root() / name / "__init__.py").is_file() for name in ("app", "gazecore"))


def test_the_command_runs_from_any_folder(tmp_path: Path) -> None:
    assert "focusstation" in finished_output(focusstation_command("--version"), tmp_path)


@pytest.mark.skipif(sys.version_info < (3, 11), reason="Python 3.10 has no PYTHONSAFEPATH")
def test_a_folder_with_the_name_of_ours_does_not_come_first(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "__init__.py").write_text("raise SystemExit('the wrong app')")
    assert "focusstation" in finished_output(focusstation_command("--version"), tmp_path)


def test_what_was_on_the_path_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert child_environment()["PYTHONPATH"].endswith(str(tmp_path))
    monkeypatch.delenv("PYTHONPATH")
    assert child_environment()["PYTHONPATH"] == str(package_root())


def test_a_detached_child_writes_to_its_log_in_a_session_of_its_own(tmp_path: Path) -> None:
    log = tmp_path / "logs" / "child.log"
    code = "import os, sys; print(os.getsid(0) == os.getpid()); print('err', file=sys.stderr)"
    child = start_detached([sys.executable, "-c", code], log=log)
    assert child.wait(20) == 0
    assert sorted(log.read_text().split()) == ["True", "err"]


def test_a_log_is_continued(tmp_path: Path) -> None:
    log = tmp_path / "child.log"
    for word in ("one", "two"):
        child = start_detached([sys.executable, "-c", f"print('{word}')"], log=log)
        assert child.wait(20) == 0
    assert log.read_text().split() == ["one", "two"]


def test_a_detached_child_outlives_its_starter(tmp_path: Path) -> None:
    log, done = tmp_path / "child.log", tmp_path / "done"
    child_code = f"import time, pathlib; time.sleep(.5); pathlib.Path({str(done)!r}).touch()"
    starter = (
        "import pathlib, sys; from gazecore.processes import start_detached; "
        f"start_detached([sys.executable, '-c', {child_code!r}], log=pathlib.Path({str(log)!r}))"
    )
    finished_output([sys.executable, "-c", starter], tmp_path)
    deadline = time.monotonic() + 20
    while not done.exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
