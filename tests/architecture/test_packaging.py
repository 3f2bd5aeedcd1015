"""The package's figures come from one place and the pins satisfy what the package asks for."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import tomlkit
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import gazecore

ROOT = Path(__file__).resolve().parents[2]
PROJECT: dict[str, Any] = tomlkit.parse((ROOT / "pyproject.toml").read_text()).unwrap()
INSTALLED_EXTRAS = ("training", "demo", "test")


def _pins() -> dict[str, Requirement]:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pins = [Requirement(line) for line in lines if line and not line.startswith("#")]
    return {canonicalize_name(pin.name): pin for pin in pins}


def _wanted() -> list[Requirement]:
    project = PROJECT["project"]
    texts = list(project["dependencies"])
    for extra in INSTALLED_EXTRAS:
        texts += project["optional-dependencies"][extra]
    return [Requirement(text) for text in texts]


def test_the_version_has_one_source() -> None:
    assert PROJECT["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "gazecore.__version__"}
    assert "version" not in PROJECT["project"]
    assert re.fullmatch(r"\d+\.\d+\.\d+(\.?(dev|a|b|rc)\d+)?", gazecore.__version__)
    citation = (ROOT / "CITATION.cff").read_text()
    assert f"\nversion: {gazecore.__version__}\n" in citation
    assert f"## {gazecore.__version__}" in (ROOT / "CHANGELOG.md").read_text()


@pytest.mark.parametrize("requirement", _wanted(), ids=str)
def test_every_requirement_is_pinned_within_its_bounds(requirement: Requirement) -> None:
    if requirement.marker and not requirement.marker.evaluate():
        pytest.skip("not for this Python")
    pin = _pins()[canonicalize_name(requirement.name)]
    (exact,) = pin.specifier
    assert exact.operator == "=="
    assert requirement.specifier.contains(exact.version)


def test_qt_stays_below_the_release_that_crashes() -> None:
    (qt,) = [r for r in _wanted() if r.name == "PySide6-Essentials"]
    assert not qt.specifier.contains("6.12.0")


def test_no_requirement_is_gpl_or_replaces_torch() -> None:
    names = set(_pins())
    assert not names & {"pylibjpeg-libjpeg", "psychopy", "torchvision"}
