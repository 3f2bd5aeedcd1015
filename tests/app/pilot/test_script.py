"""Pilot scripts survive a round trip; a wrong one is refused in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.pilot.script import Drag, Grab, Key, PilotScript, Wait, Wheel, read_script, write_script
from gazecore.errors import InputError, InvalidSettingError, MissingPathError

if TYPE_CHECKING:
    from pathlib import Path


def test_round_trip(tmp_path: Path) -> None:
    drag = Drag(button="middle", from_x=0.1, from_y=0.2, to_x=0.3, to_y=0.4)
    script = PilotScript(
        out="o",
        cases={
            "case-0001": (Wait(seconds=1), Wheel(notches=-3), drag, Grab(name="a"), Key(key="1"))
        },
    )
    write_script(tmp_path / "sub" / "s.json", script)
    assert read_script(tmp_path / "sub" / "s.json") == script


def test_missing_and_wrong_scripts(tmp_path: Path) -> None:
    with pytest.raises(MissingPathError):
        read_script(tmp_path / "none.json")
    wrong = tmp_path / "wrong.json"
    wrong.write_text('{"out": "o", "default_case": [{"do": "grab", "name": "../x"}]}')
    with pytest.raises(InvalidSettingError, match=r"default_case\.0\.grab\.name") as caught:
        read_script(wrong)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("junk", [b"", b"\x00\xff\n junk", b"out: o\n"])
def test_a_script_that_is_no_json_is_said_to_be_none(junk: bytes, tmp_path: Path) -> None:
    path = tmp_path / "junk.json"
    path.write_bytes(junk)
    with pytest.raises(InputError, match=r"junk\.json: expected JSON") as caught:
        read_script(path)
    assert "\n" not in str(caught.value)
