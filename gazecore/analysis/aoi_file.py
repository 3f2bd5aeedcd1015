"""``aois.json`` of a study: where the areas of interest of its cases lie.

::

    {"schema_version": 1,
     "aois": [
      {"case_id": "case-0001", "name": "nodule", "shape": "ellipse",
       "x_px": 812, "y_px": 640, "radius_x_px": 40, "radius_y_px": 36},
      {"case_id": "case-0001", "name": "left lung", "shape": "polygon",
       "corners_px": [[1300, 200], [2100, 350], [2050, 2300], [1350, 2200]]},
      {"case_id": "case-0002", "name": "device", "shape": "box",
       "left_px": 10, "top_px": 20, "right_px": 300, "bottom_px": 400}]}
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gazecore.attention.aois import Aoi, EllipseAoi, PolygonAoi, box_aoi
from gazecore.errors import InvalidSettingError, LayoutError
from gazecore.study.json_document import read_document

if TYPE_CHECKING:
    from pathlib import Path

AOIS_VERSION = 1


class _Drawn(BaseModel):
    """What every shape tells."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    case_id: str = Field(min_length=1)
    name: str = Field(min_length=1)


class _Box(_Drawn):
    shape: Literal["box"]
    left_px: float
    top_px: float
    right_px: float
    bottom_px: float

    def aoi(self) -> Aoi:
        return box_aoi(self.name, self.left_px, self.top_px, self.right_px, self.bottom_px)


class _Ellipse(_Drawn):
    shape: Literal["ellipse"]
    x_px: float
    y_px: float
    radius_x_px: float
    radius_y_px: float

    def aoi(self) -> Aoi:
        radii = self.radius_x_px, self.radius_y_px
        return EllipseAoi(self.name, self.x_px, self.y_px, *radii)


class _Polygon(_Drawn):
    shape: Literal["polygon"]
    corners_px: tuple[tuple[float, float], ...]

    def aoi(self) -> Aoi:
        return PolygonAoi(self.name, self.corners_px)


_EXPECTED = "areas as docs/schemas.md describes aois.json"


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    schema_version: Literal[1]
    aois: tuple[Annotated[_Box | _Ellipse | _Polygon, Field(discriminator="shape")], ...]


def read_aois(path: Path) -> dict[str, tuple[Aoi, ...]]:
    """The areas of each case by its identity; empty without a file.

    Raises
    ------
    DamagedFileError
        No JSON.
    LayoutError
        Not what the file should hold, a shape without an area, a name twice in a case.
    NewerSchemaError
        Of a newer program.
    """
    content = read_document(path, AOIS_VERSION)
    if content is None:
        return {}
    found: dict[str, dict[str, Aoi]] = {}
    for drawn in _checked(path, content).aois:
        names = found.setdefault(drawn.case_id, {})
        if drawn.name in names:
            reason = f"{drawn.case_id} has two AOIs named {drawn.name}"
            raise LayoutError(path, reason, "a name once in a case")
        try:
            names[drawn.name] = drawn.aoi()
        except InvalidSettingError as error:
            raise LayoutError(path, f"{drawn.case_id}: {error}", _EXPECTED) from error
    return {case_id: tuple(names.values()) for case_id, names in found.items()}


def _checked(path: Path, content: dict[str, Any]) -> _File:
    try:
        return _File.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise LayoutError(path, f"{where}: {first['msg']}", _EXPECTED) from error
