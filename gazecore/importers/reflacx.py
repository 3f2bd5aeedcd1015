"""The layout of REFLACX, with its samples: ``gaze_data/<id>/gaze.csv`` and the metadata.

Each row says which part of the image was where on the screen, so the transform of every moment
is known exactly. The cases must be in the study already (`dicom_id` is then the case's id, as in
our own exports), or their images must lie in the data set at the path in the column `image`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from gazecore.errors import DamagedFileError, InputError, InvalidSettingError, MissingPathError
from gazecore.geometry import Transform
from gazecore.importers.sitting import ImportedReading, View
from gazecore.importers.tables import read_csv
from gazecore.messages import WindowState

if TYPE_CHECKING:
    from pathlib import Path

    from gazecore.study import Case, Study

Array = npt.NDArray[np.float64]
READER = "reflacx"
"""The reader of data sets that do not tell their readers apart."""

_SIDES = ("xmin", "ymin", "xmax", "ymax")
_BOXES = (
    *(f"{side}_shown_from_image" for side in _SIDES),
    *(f"{side}_in_screen_coordinates" for side in _SIDES),
)
_WINDOW = ("window_level", "window_width")
_PLAIN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


def read_reflacx(folder: Path, study: Study) -> dict[str, list[ImportedReading]]:
    """The readings of a data set by reader, in the order of its metadata.

    Images that are not cases yet are imported. Readings whose eye tracking the data set marks as
    discarded are left out.

    Raises
    ------
    MissingPathError, DamagedFileError, InvalidSettingError, InputError
        The first thing that does not fit; nothing but images was added to the study then.
    """
    readings: dict[str, list[ImportedReading]] = {}
    for row in metadata(folder):
        name = str(row["id"] or "")
        if not _PLAIN_ID.fullmatch(name):
            raise InvalidSettingError("metadata: id", name, "letters, digits, - _ and dots")
        gaze = folder / "gaze_data" / name / "gaze.csv"
        if not gaze.is_file():
            raise InputError(
                f"no samples at {gaze}; only data sets with samples (level raw) can be imported"
            )
        case = find_case(study, folder, row)
        reader_id = str(row.get("reader") or READER)
        readings.setdefault(reader_id, []).append(read_reading(gaze, case, _answers(row, study)))
    if not readings:
        raise InputError(f"no usable reading in {folder}; see its metadata_phase_*.csv")
    return readings


def metadata(folder: Path) -> list[dict[str, object]]:
    """The rows of all metadata files, without those whose eye tracking was discarded."""
    if not folder.is_dir():
        raise MissingPathError(folder, "folder")
    files = sorted(folder.glob("**/metadata_phase_*.csv"))
    if not files:
        raise InputError(f"not in the layout of REFLACX: {folder} has no metadata_phase_*.csv")
    rows: dict[str, dict[str, object]] = {}
    for file in files:
        table = read_csv(file, texts=("id", "image", "dicom_id"))
        for row in table.iter_rows(named=True):
            discarded = str(row.get("eye_tracking_data_discarded")).lower() == "true"
            if not discarded:
                rows.setdefault(row["id"], row)
    return list(rows.values())


def is_simulated(folder: Path) -> bool:
    """Whether the data set says that its gaze is simulated (only ours do)."""
    return any(str(row.get("simulated")).lower() == "true" for row in metadata(folder))


def find_case(study: Study, folder: Path, row: dict[str, object]) -> Case:
    """The case of a reading: one of the study's by its id, else the image of the data set."""
    known = {case.case_id: case for case in study.cases()}
    if row["dicom_id"] in known:
        return known[str(row["dicom_id"])]
    image = (folder / str(row["image"])).resolve()
    if not image.is_relative_to(folder.resolve()) or not image.is_file():
        raise InputError(
            f"no case for reading {row['id']}: {row['dicom_id']} is not in the study and "
            f"{row['image']} is not in {folder}; import its image first"
        )
    return study.import_images([image])[0]


def read_reading(path: Path, case: Case, answers: dict[str, str]) -> ImportedReading:
    """One reading from its samples."""
    time, x, y = "timestamp_sample", "x_position", "y_position"
    table = read_csv(path, numbers=(time, x, y, *_BOXES, *_WINDOW))
    t_s = table[time].to_numpy()
    if not len(t_s) or not np.isfinite(t_s).all() or (np.diff(t_s) < 0).any() or t_s[0] < 0:
        raise DamagedFileError(path, "its times are missing, negative or not rising")
    boxes = table.select(_BOXES).to_numpy().astype(np.float64)
    windows = table.select(_WINDOW).to_numpy().astype(np.float64)
    xy_image = table.select(x, y).to_numpy().astype(np.float64)
    views, xy_screen = place_on_screen(t_s, xy_image, boxes, windows)
    step_s = float(np.median(np.diff(t_s))) if len(t_s) > 1 else 0.0
    return ImportedReading(case, t_s, xy_screen, views, float(t_s[-1]) + step_s, answers)


def place_on_screen(
    t_s: Array, xy_image_px: Array, boxes: Array, windows: Array
) -> tuple[tuple[View, ...], Array]:
    """The views of a reading, and its gaze points (n, 2) in screen pixels through them.

    Points without a known view are lost. `boxes` (n, 8): the part of the image, then its place on
    the screen; `windows` (n, 2): level and width.
    """
    xy_screen = np.full_like(xy_image_px, np.nan)
    usable = np.isfinite(boxes).all(axis=1)
    usable &= (boxes[:, 2:4] > boxes[:, 0:2]).all(axis=1)
    usable &= (boxes[:, 6:8] > boxes[:, 4:6]).all(axis=1)
    states = np.concatenate([boxes, windows], axis=1)
    rows = np.flatnonzero(usable)
    changed = np.ones(len(rows), dtype=bool)
    changed[1:] = ~_equal_rows(states[rows[1:]], states[rows[:-1]])
    starts = np.flatnonzero(changed)
    views = []
    for first, stop in zip(starts, [*starts[1:], len(rows)], strict=True):
        row = rows[first]
        view = _view(float(t_s[row]), boxes[row], windows[row])
        views.append(view)
        inside = rows[first:stop]
        xy_screen[inside] = Transform(view.transform).to_screen(xy_image_px[inside])
    return tuple(views), xy_screen


def _equal_rows(a: Array, b: Array) -> npt.NDArray[np.bool_]:
    return np.asarray(((a == b) | (np.isnan(a) & np.isnan(b))).all(axis=1))


def _view(from_s: float, box: Array, window: Array) -> View:
    part, place = box[:4], box[4:]
    size = place[2:] - place[:2]
    scale = size / (part[2:] - part[:2])
    offset = place[:2] - scale * part[:2]
    scale_x, scale_y, offset_x, offset_y = (float(value) for value in (*scale, *offset))
    level, width = (float(value) for value in window)
    known = np.isfinite(level) and np.isfinite(width)
    return View(
        from_s,
        (scale_x, 0.0, offset_x, 0.0, scale_y, offset_y, 0.0, 0.0, 1.0),
        (float(place[0]), float(place[1]), float(size[0]), float(size[1])),
        WindowState(center=level, width=width) if known else WindowState(center=0.5, width=1.0),
    )


def _answers(row: dict[str, object], study: Study) -> dict[str, str]:
    """The answers that the study's form offers too."""
    answers = {}
    for field in study.protocol.form:
        value = row.get(f"answer_{field.name}")
        if value is not None and value in [choice.value for choice in field.choices]:
            answers[field.name] = str(value)
    return answers
