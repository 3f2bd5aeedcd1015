"""The doctor's command: one line a check, or one JSON document."""

from __future__ import annotations

import json
import os
import subprocess

from gazecore.processes import child_environment, focusstation_command


def test_the_doctor_prints_one_json_document() -> None:
    environment = {k: v for k, v in child_environment().items() if "DISPLAY" not in k}
    environment.pop("QT_QPA_PLATFORM", None)
    finished = subprocess.run(
        focusstation_command("doctor", "--json"),
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert finished.returncode in (0, 1), finished.stderr
    document = json.loads(finished.stdout)
    checks = {check["name"]: check for check in document["checks"]}
    assert list(checks) == [
        *("Python", "Qt", "LSL", "Tobii SDK", "Trainer", "GPU driver", "Disk"),
        *("Screens", "Clocks", "LSL ports"),
    ]
    (screen,) = checks["Screens"]["values"]["screens"]
    assert len(screen["fingerprint"]) == 12
    assert document["works"] is (finished.returncode == 0)
    assert checks["Qt"]["level"] != "bad", checks["Qt"]["detail"]
    if os.name == "posix":
        assert "offscreen" in checks["Qt"]["detail"]


def test_a_study_that_is_not_there_ends_with_two_before_anything_is_checked() -> None:
    finished = subprocess.run(
        focusstation_command("doctor", "--study", "/nowhere/at/all"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (finished.returncode, finished.stdout) == (2, "")
    assert "no such study folder" in finished.stderr


def test_wrong_arguments_end_with_two_and_one_line() -> None:
    finished = subprocess.run(
        focusstation_command("doctor", "--nonsense"), capture_output=True, text=True, check=False
    )
    assert finished.returncode == 2
    assert len(finished.stderr.strip().splitlines()) == 1
