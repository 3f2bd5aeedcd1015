"""The SDKs of this Python and of the configured one."""

from __future__ import annotations

import importlib.util
import sys
import time
from typing import TYPE_CHECKING

import pytest

from gazecore.devices.interpreter import INTERPRETER
from gazecore.devices.sdks import TrackerSearch, sdk_states
from gazecore.errors import InvalidSettingError
from tests.gazecore.devices.lively_tobii import put_python, put_sdk

if TYPE_CHECKING:
    from pathlib import Path


def test_each_sdk_is_said_to_be_there_or_how_to_get_it() -> None:
    states = {state.module: state for state in sdk_states()}
    assert set(states) == {"tobii_research", "TittaPy_v2"}
    for module, state in states.items():
        assert state.installed is (importlib.util.find_spec(module) is not None)
        if not state.installed:
            assert "pip install" in state.note


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script as the interpreter")
def test_the_configured_python_is_searched_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = put_python(tmp_path / "python", put_sdk(tmp_path / "sdk"))
    monkeypatch.setenv(INTERPRETER, str(python))
    with TrackerSearch() as search:
        states = search.states()
    there = states[2]
    assert (there.module, there.installed, there.version) == ("tobii_research", True, "2.1.0")
    assert str(python) in there.note
    assert there.trackers == ("Tobii Pro Fusion FS-1 at tet-tcp://10.0.0.1",)


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script as the interpreter")
def test_a_search_nobody_waits_for_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sdk = put_sdk(tmp_path / "sdk", "import time; time.sleep(60)")
    monkeypatch.setenv(INTERPRETER, str(put_python(tmp_path / "python", sdk)))
    before_s = time.monotonic()
    with pytest.raises(ZeroDivisionError), TrackerSearch():
        raise ZeroDivisionError
    assert time.monotonic() - before_s < 30


def test_a_configured_python_that_is_none_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(INTERPRETER, "/none/python")
    with pytest.raises(InvalidSettingError, match=INTERPRETER):
        TrackerSearch()
