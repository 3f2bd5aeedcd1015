"""The demo's command refuses bad places with status 2 and one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.cli import run

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_out_is_needed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["demo"]) == 2
    assert "--out" in capsys.readouterr().err


def test_a_folder_in_use_is_refused_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "precious").write_text("data")
    assert run(["demo", "--out", str(tmp_path)]) == 2
    error = capsys.readouterr().err
    assert error.startswith("focusstation: cannot write")
    assert error.count("\n") == 1
