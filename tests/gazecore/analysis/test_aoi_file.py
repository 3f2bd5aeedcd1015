"""Areas of interest come from a file of the study, and whatever is wrong with it is one line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from gazecore.analysis.aoi_file import read_aois
from gazecore.attention.aois import EllipseAoi, PolygonAoi, box_aoi
from gazecore.errors import LayoutError, NewerSchemaError

if TYPE_CHECKING:
    from pathlib import Path

BOX: dict[str, Any] = {
    "case_id": "case-0002",
    "name": "device",
    "shape": "box",
    "left_px": 10,
    "top_px": 20,
    "right_px": 300,
    "bottom_px": 400,
}
ELLIPSE: dict[str, Any] = {
    "case_id": "case-0001",
    "name": "nodule",
    "shape": "ellipse",
    "x_px": 812,
    "y_px": 640.5,
    "radius_x_px": 40,
    "radius_y_px": 36,
}
POLYGON: dict[str, Any] = {
    "case_id": "case-0001",
    "name": "left lung",
    "shape": "polygon",
    "corners_px": [[1300, 200], [2100, 350], [2050, 2300]],
}


def written(folder: Path, *aois: dict[str, Any], **changes: Any) -> Path:
    path = folder / "aois.json"
    path.write_text(json.dumps({"schema_version": 1, "aois": aois, **changes}))
    return path


def test_each_shape_of_each_case(tmp_path: Path) -> None:
    corners = ((1300.0, 200.0), (2100.0, 350.0), (2050.0, 2300.0))
    assert read_aois(written(tmp_path, BOX, ELLIPSE, POLYGON)) == {
        "case-0002": (box_aoi("device", 10, 20, 300, 400),),
        "case-0001": (EllipseAoi("nodule", 812, 640.5, 40, 36), PolygonAoi("left lung", corners)),
    }


def test_without_a_file_there_are_none(tmp_path: Path) -> None:
    assert read_aois(tmp_path / "aois.json") == {}


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"left_px": 300}, "left < right"),
        ({"left_px": "wide"}, r"aois\.0\.box\.left_px"),
        ({"shape": "star"}, r"aois\.0"),
        ({"colour": "red"}, "colour"),
        ({"case_id": ""}, "case_id"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, wrong: dict[str, Any], named: str) -> None:
    with pytest.raises(LayoutError, match=named):
        read_aois(written(tmp_path, {**BOX, **wrong}))


def test_a_name_twice_in_a_case_and_newer_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(LayoutError, match="two AOIs named device"):
        read_aois(written(tmp_path, BOX, BOX))
    with pytest.raises(NewerSchemaError):
        read_aois(written(tmp_path, BOX, schema_version=2))
    (tmp_path / "aois.json").write_text('{"schema_version": 1, "aois": [NaN]}')
    with pytest.raises(LayoutError):
        read_aois(tmp_path / "aois.json")
