"""The imports go one way, and every module has its mirrored test."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted(
    path.relative_to(ROOT)
    for package in ("app", "gazecore", "training")
    for path in (ROOT / package).rglob("*.py")
    if path.name not in ("__init__.py", "__main__.py")
)


def test_import_contracts_hold() -> None:
    finished = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports; raise SystemExit(lint_imports())",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_module_has_its_mirrored_test(module: Path) -> None:
    mirrored = ROOT / "tests" / module.parent / f"test_{module.name}"
    assert mirrored.is_file(), f"{module} has no test at {mirrored.relative_to(ROOT)}"
