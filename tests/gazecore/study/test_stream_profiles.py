"""Mappings of foreign streams in a study: kept, replaced, whole or not at all."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from gazecore.errors import DamagedFileError, NewerSchemaError, ReadOnlyStudyError
from gazecore.streams import EyeMapping, StreamMatch, StreamProfile
from gazecore.study import Study
from gazecore.study.stream_profiles import (
    PROFILES_FILE,
    read_stream_profiles,
    with_profile,
    write_stream_profiles,
)

if TYPE_CHECKING:
    from pathlib import Path


def profile(name: str, x: int = 0) -> StreamProfile:
    match = StreamMatch(name=name, type="Gaze", labels=("a", "ä"), channels=4)
    return StreamProfile(profile_id=f"{name} {x}", match=match, both=EyeMapping(x=x, y=1))


def test_mappings_come_back_as_they_were_written(tmp_path: Path) -> None:
    assert read_stream_profiles(tmp_path) == ()
    written = (profile("one"), profile("two"))
    write_stream_profiles(tmp_path, written)
    assert read_stream_profiles(tmp_path) == written
    assert [path.name for path in tmp_path.iterdir()] == [PROFILES_FILE]
    assert json.loads((tmp_path / PROFILES_FILE).read_text("utf-8"))["schema_version"] == 1


def test_a_new_mapping_takes_the_place_of_the_one_for_the_same_stream() -> None:
    kept = with_profile((profile("one"), profile("two")), profile("one", x=2))
    assert [p.profile_id for p in kept] == ["two 0", "one 2"]


def test_a_study_keeps_mappings_with_its_audit(tmp_path: Path) -> None:
    with Study.create(tmp_path / "study") as study:
        assert study.stream_profiles() == ()
        study.save_stream_profile(profile("one"))
        study.save_stream_profile(profile("one", x=3))
        assert study.audit()[-1].action == "stream mapped"
        assert study.audit()[-1].detail == {"stream": "one"}
    with Study.open(tmp_path / "study", read_only=True) as study:
        assert [p.profile_id for p in study.stream_profiles()] == ["one 3"]
        with pytest.raises(ReadOnlyStudyError):
            study.save_stream_profile(profile("two"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"schema_version": 1}',
        '{"schema_version": 1, "profiles": [{}]}',
        '{"schema_version": 1, "profiles": 3}',
        "\x00",
    ],
)
def test_a_damaged_file_is_one_line(tmp_path: Path, text: str) -> None:
    (tmp_path / PROFILES_FILE).write_text(text)
    with pytest.raises(DamagedFileError, match=PROFILES_FILE):
        read_stream_profiles(tmp_path)


def test_a_newer_file_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / PROFILES_FILE).write_text('{"schema_version": 9, "profiles": []}')
    with pytest.raises(NewerSchemaError):
        read_stream_profiles(tmp_path)
