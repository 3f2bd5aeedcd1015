from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gazecore.errors import (
    DamagedFileError,
    InvalidSettingError,
    NewerSchemaError,
    NotAStudyError,
)
from gazecore.study.migrations import SETTINGS_VERSION
from gazecore.study.protocol import changed_protocol
from gazecore.study.settings import (
    SETTINGS_FILE,
    StudySettings,
    read_settings,
    settings_text,
    validated_settings,
    write_settings,
)

if TYPE_CHECKING:
    from pathlib import Path


def test_settings_survive_the_round_trip(tmp_path: Path) -> None:
    protocol = changed_protocol(
        None,
        {
            "order.seed": "3",
            "locked_tools": "pan",
            "instructions": '引号 " \\ 膝\n#',
            "environment.room_lux": ".5",
        },
    )
    settings = StudySettings(name="膝", protocol=protocol)
    write_settings(tmp_path, settings)
    assert read_settings(tmp_path) == settings


def test_comments_of_a_user_stay(tmp_path: Path) -> None:
    settings = StudySettings(name="knees")
    write_settings(tmp_path, settings)
    path = tmp_path / SETTINGS_FILE
    path.write_text(path.read_text().replace("seed = 0", "seed = 0 # drawn by lot"))
    changed = settings.model_copy(
        update={"protocol": changed_protocol(settings.protocol, {"breaks.minutes": "5"})}
    )
    write_settings(tmp_path, changed)
    assert "seed = 0 # drawn by lot" in path.read_text()
    assert read_settings(tmp_path) == changed


def _broken(tmp_path: Path, old: str, new: str) -> None:
    write_settings(tmp_path, StudySettings(name="knees"))
    path = tmp_path / SETTINGS_FILE
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("points = 5", "points = 6", "study.toml.protocol.calibration.points is 6; expected 5"),
        ("seed = 0", "sead = 0", "study.toml.protocol.order.sead is 0; expected no setting of"),
        ('name = "knees"\n', "", "study.toml.name is None; expected a value; it is missing"),
        ("schema_version = 1", "schema_version = true", "study.toml: schema_version is True"),
        ("schema_version = 1", "", "study.toml: schema_version is None"),
        ('keys = ["2"]', 'keys = ["1"]', "study.toml.protocol.form.0 is 'inconsistent'; expected "
         "each key once, but 1 stands twice"),
    ],
)  # fmt: skip
def test_a_wrong_setting_is_one_line(tmp_path: Path, old: str, new: str, line: str) -> None:
    _broken(tmp_path, old, new)
    with pytest.raises(InvalidSettingError) as caught:
        read_settings(tmp_path)
    assert str(caught.value).startswith(line)
    assert "\n" not in str(caught.value)


def test_a_newer_file_is_refused_and_left_alone(tmp_path: Path) -> None:
    _broken(tmp_path, "schema_version = 1", f"schema_version = {SETTINGS_VERSION + 1}")
    before = (tmp_path / SETTINGS_FILE).read_bytes()
    with pytest.raises(NewerSchemaError, match="nothing was changed"):
        read_settings(tmp_path, may_migrate=True)
    assert (tmp_path / SETTINGS_FILE).read_bytes() == before


@pytest.mark.parametrize("content", [b"name = ", b"\xff\xfe", b"a = 1\na = 2"])
def test_what_is_no_toml_is_called_damaged(tmp_path: Path, content: bytes) -> None:
    (tmp_path / SETTINGS_FILE).write_bytes(content)
    with pytest.raises(DamagedFileError, match="not TOML"):
        read_settings(tmp_path)


def test_a_folder_without_the_file_is_no_study(tmp_path: Path) -> None:
    with pytest.raises(NotAStudyError, match="study create"):
        read_settings(tmp_path)


def test_settings_can_be_shown_and_made_of_plain_values() -> None:
    settings = validated_settings({"name": "knees"})
    assert 'name = "knees"' in settings_text(settings)
    assert len(settings.study_id) == 32
