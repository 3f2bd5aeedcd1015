"""Scenes survive their file; damaged files are refused with one line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazecore.errors import (
    DamagedFileError,
    InvalidSettingError,
    MissingPathError,
    NewerSchemaError,
)
from gazecore.synthetic.scene import Scene, Target, generic_scene, read_scenes, write_scenes

if TYPE_CHECKING:
    from pathlib import Path

places = st.floats(-1e5, 1e5)
targets = st.builds(Target, places, places, st.floats(0, 1e4), st.floats(1e-3, 1e3))
scenes = st.dictionaries(
    st.text(min_size=1, max_size=10), st.lists(targets, max_size=4).map(lambda t: Scene(tuple(t)))
)


@given(scenes)
def test_scenes_survive_their_file(
    tmp_path_factory: pytest.TempPathFactory, given_scenes: dict[str, Scene]
) -> None:
    path = tmp_path_factory.mktemp("scenes") / "scenes.json"
    write_scenes(path, given_scenes)
    assert read_scenes(path) == given_scenes


def test_the_generic_scene_is_centred() -> None:
    scene = generic_scene(400, 300)
    assert {(t.x_px, t.y_px) for t in scene.targets} == {(200.0, 150.0)}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"schema_version": 1}',
        '{"schema_version": 1, "cases": []}',
        '{"schema_version": 1, "cases": {"c": {"targets": [{"x_px": 1}]}}}',
        '{"schema_version": 1, "cases": {"c": 5}}',
    ],
)
def test_a_damaged_file_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "scenes.json"
    path.write_text(text)
    with pytest.raises(DamagedFileError, match="scenes"):
        read_scenes(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingPathError, match="none"):
        read_scenes(tmp_path / "none.json")


def test_a_newer_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "scenes.json"
    path.write_text(json.dumps({"schema_version": 2, "cases": {}}))
    with pytest.raises(NewerSchemaError):
        read_scenes(path)


@pytest.mark.parametrize(("sigma_px", "weight"), [(-1.0, 1.0), (1.0, 0.0), (1.0, -2.0)])
def test_impossible_targets_are_refused(sigma_px: float, weight: float) -> None:
    with pytest.raises(InvalidSettingError):
        Target(0.0, 0.0, sigma_px, weight)
