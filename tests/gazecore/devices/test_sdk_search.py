"""Searching for trackers in a process of its own: found, nothing, hung, dead."""

from __future__ import annotations

import importlib.util
import time
from typing import TYPE_CHECKING

from gazecore.devices import sdk_search
from gazecore.devices.sdk_search import SdkFound, SdkSearch, search_here, tobii_trackers
from tests.gazecore.devices.fake_tracker import FakeTracker
from tests.gazecore.devices.lively_tobii import put_sdk

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.gazecore.devices.conftest import Bench


def search_with(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> SdkSearch:
    monkeypatch.setenv("PYTHONPATH", str(put_sdk(folder, script)))
    return SdkSearch()


def of_tobii(found: tuple[SdkFound, ...]) -> SdkFound:
    return next(one for one in found if one.module == "tobii_research")


def test_trackers_are_named_by_model_number_and_address(tobii_bench: Bench) -> None:
    tobii_bench.world.trackers.append(FakeTracker("tet-tcp://10.0.0.2", serial_number="FS-2"))
    assert tobii_trackers(tobii_bench.sdk) == (
        "Tobii Pro Fusion FS-1 at tet-tcp://10.0.0.1",
        "Tobii Pro Fusion FS-2 at tet-tcp://10.0.0.2",
    )


def test_a_process_finds_what_an_sdk_finds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = of_tobii(search_with(tmp_path / "sdk", monkeypatch, "").results())
    assert found.trackers == ("Tobii Pro Fusion FS-1 at tet-tcp://10.0.0.1",)
    assert found.problem == ""


def test_a_search_that_fails_is_a_problem_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = (
        "from tests.gazecore.devices.fake_tobii import FakeSdk, EyeTrackerInternalError\n"
        "def fails(self):\n    raise EyeTrackerInternalError('se_internal')\n"
        "FakeSdk.find_all_eyetrackers = fails"
    )
    found = of_tobii(search_with(tmp_path / "sdk", monkeypatch, script).results())
    assert "refused the search: se_internal" in found.problem


def test_an_sdk_that_kills_its_process_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    (found,) = search_with(tmp_path / "sdk", monkeypatch, script).results()
    assert "died" in found.problem


def test_an_sdk_that_hangs_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sdk_search, "_LIMIT_S", 1.0)
    search = search_with(tmp_path / "sdk", monkeypatch, "import time; time.sleep(60)")
    before_s = time.monotonic()
    (found,) = search.results()
    assert "does not come back" in found.problem
    assert time.monotonic() - before_s < 20


def test_what_is_not_installed_is_not_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    assert search_here() == []
