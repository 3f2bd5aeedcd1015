"""``focusstation train`` hands everything on to the trainer."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import numpy as np
import pytest

from app.cli import run
from app.commands.train import INTERPRETER
from gazecore.processes import child_environment
from tests.app.conftest import needs_training

if TYPE_CHECKING:
    from pathlib import Path


@needs_training
def test_arguments_output_and_status_are_the_trainers(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(INTERPRETER, raising=False)
    assert run(["train", "--help"]) == 0
    assert "compare" in capfd.readouterr().out
    assert run(["train", "pretrain", "--data", "none.npz", "--out", "x"]) == 2
    assert capfd.readouterr().err.startswith("training: no such")


@needs_training
def test_relative_paths_are_the_users_and_their_folders_are_not_imported(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "training").mkdir()
    (tmp_path / "training" / "__main__.py").write_text("raise SystemExit(77)")
    (tmp_path / "set.npz").write_text("no arrays")
    monkeypatch.chdir(tmp_path)
    assert run(["train", "pretrain", "--data", "set.npz", "--out", "x"]) == 2
    assert "damaged file: set.npz" in capfd.readouterr().err


@needs_training
def test_json_is_the_trainers(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    images = np.random.default_rng(0).integers(0, 255, (6, 32, 32), dtype=np.uint8)
    np.savez(tmp_path / "set.npz", images=images, maps=images.astype(np.float32))
    monkeypatch.chdir(tmp_path)
    learn = ["--data", "set.npz", "--size", "32", "--epochs", "1", "--out", "model"]
    assert run(["train", "predictor", *learn, "--json"]) == 0
    document = json.loads(capfd.readouterr().out)
    assert document["task"] == "predictor"
    assert document["result"] == json.loads((tmp_path / "model" / "metrics.json").read_text())


def test_an_interpreter_that_is_none_is_named(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(INTERPRETER, "/no/such/python")
    assert run(["train", "compare"]) == 2
    assert "/no/such/python" in capfd.readouterr().err


def test_without_torch_it_says_how_to_add_it(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # A real interpreter without site-packages: torch is not there, the trainer says so itself.
    bare = tmp_path / "bare-python"
    bare.write_text(f'#!/bin/sh\nexec "{sys.executable}" -S "$@"\n')
    bare.chmod(0o755)
    monkeypatch.setenv(INTERPRETER, str(bare))
    assert run(["train", "compare"]) == 2
    error = capfd.readouterr().err
    assert "focusstation[training]" in error
    assert error.count("\n") == 1


@pytest.mark.skipif(os.name != "posix", reason="SIGTERM is a POSIX signal")
def test_sigterm_reaches_the_trainer(tmp_path: Path) -> None:
    waiting = tmp_path / "waiting-python"
    script = f"trap 'exit 9' TERM\ntouch {tmp_path}/up\nwhile :; do sleep .05; done\n"
    waiting.write_text("#!/bin/sh\n" + script)
    waiting.chmod(0o755)
    process = subprocess.Popen(
        [sys.executable, "-m", "app.cli", "train", "compare"],
        env={**child_environment(), INTERPRETER: str(waiting)},
    )
    deadline = time.monotonic() + 30
    while not (tmp_path / "up").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) == 9
