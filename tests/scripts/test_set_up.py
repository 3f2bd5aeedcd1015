"""Setting up a machine: what is missing, who installs it, and when nothing is to do."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from scripts import set_up


def test_a_library_every_machine_has_is_not_missing_and_an_invented_one_is() -> None:
    wanted = {"libc.so.6": "libc6", "libno-such-thing.so.9": "libno-such-thing9"}
    assert set_up.missing_libraries(wanted) == ["libno-such-thing9"]


def test_without_apt_the_message_names_the_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(set_up.SetUpError, match="libgl1 libegl1"):
        set_up.install_system_packages(["libgl1", "libegl1"])


def test_a_failing_apt_names_the_packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("apt-get", "sudo", "env"):
        tool = tmp_path / name
        tool.write_text("#!/bin/sh\nexit 100\n")
        tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(set_up.SetUpError, match=r"failed; install these .*: libegl1"):
        set_up.install_system_packages(["libegl1"])


def test_torch_comes_first_and_all_is_constrained() -> None:
    first, second = set_up.pip_commands(Path("python"), {})
    assert first[-1] == "torch"
    assert second[-2:] == ["-e", ".[training,demo,test]"]
    assert all("constraints.txt" in command for command in (first, second))
    assert "--extra-index-url" not in first


def test_an_extra_index_serves_torch_alone() -> None:
    first, second = set_up.pip_commands(Path("python"), {"FOCUSSTATION_TORCH_INDEX": "https://x/"})
    assert first[-2:] == ["--extra-index-url", "https://x/"]
    assert "https://x/" not in second


def test_the_fingerprint_follows_content_not_time(tmp_path: Path) -> None:
    file = tmp_path / "pyproject.toml"
    file.write_text("a")
    before = set_up.fingerprint([file])
    file.write_text("a")
    assert set_up.fingerprint([file]) == before
    file.write_text("b")
    assert set_up.fingerprint([file]) != before


def test_a_set_up_tree_has_nothing_to_do_and_a_changed_one_starts_over(tmp_path: Path) -> None:
    for name in ("pyproject.toml", "constraints.txt"):
        (tmp_path / name).write_text(name)
    stamp = tmp_path / ".venv" / "installed"
    stamp.parent.mkdir()
    files = [tmp_path / "pyproject.toml", tmp_path / "constraints.txt", Path(set_up.__file__)]
    stamp.write_text(set_up.fingerprint(files))
    assert set_up.set_up(tmp_path) is False


def test_a_failing_command_is_named(tmp_path: Path) -> None:
    with pytest.raises(set_up.SetUpError, match="raise SystemExit"):
        set_up.run([sys.executable, "-c", "raise SystemExit(3)"], tmp_path)


def test_another_python_is_refused_in_one_line(tmp_path: Path) -> None:
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]); from scripts import set_up\n"
        "set_up.PYTHON_RANGE = ((4, 0), (4, 1)); sys.exit(set_up.main())"
    )
    root = Path(set_up.__file__).parents[1]
    copy = tmp_path / "scripts"
    copy.mkdir()
    (copy / "set_up.py").write_text(Path(set_up.__file__).read_text())
    for name in ("pyproject.toml", "constraints.txt"):
        (tmp_path / name).write_text((root / name).read_text())
    finished = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert finished.returncode == 1
    assert finished.stderr.startswith("set-up: Python 3.10 to 3.12 is needed")
    assert len(finished.stderr.splitlines()) == 1
