"""The layout of REFLACX: one folder per reading, gaze in image pixels, the view in every row.

Differences from REFLACX, said in the README of each export: window level and width are in the
units of the image (there: fractions of its range), the pupil's area is left empty, `id` is the
reading's, `dicom_id` and `subject_id` are the case's pseudonym; `reader` and `simulated` are ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from gazecore.errors import MissingDerivativesError
from gazecore.export.tables import quality_table
from gazecore.export.view_states import image_px_per_deg, shown_boxes, states_by_serial

if TYPE_CHECKING:
    from pathlib import Path

    from gazecore.export.recorded_session import RecordedSession
    from gazecore.export.source import ExportSource
    from gazecore.geometry import Screen
    from gazecore.messages import ViewportChanged
    from gazecore.study import Case, Reading, Session
    from gazecore.study.protocol import ConsentLevel

VIEW_COLUMNS = (
    "pupil_area_normalized",
    "angular_resolution_x_pixels_per_degree",
    "angular_resolution_y_pixels_per_degree",
    "window_width",
    "window_level",
    *(f"{side}_shown_from_image" for side in ("xmin", "ymin", "xmax", "ymax")),
    *(f"{side}_in_screen_coordinates" for side in ("xmin", "ymin", "xmax", "ymax")),
)

_README = """\
# {name} in the layout of REFLACX

{simulated}- `main_data/<id>/fixations.csv`: fixations of the reading `<id>`
- `gaze_data/<id>/gaze.csv`: every sample, lost ones empty (only at the level raw)
- `main_data/metadata_phase_1.csv`: the readings; `dicom_id` and
  `subject_id` are the pseudonym of the case, `reader` that of the reader;
  `eye_tracking_data_discarded` marks readings that the study's exclusion rules leave out

Times count in seconds from the moment the case opened, positions are in image pixels. Other than
in REFLACX, `window_level` and `window_width` are in the units of the image, not fractions of its
range, and `pupil_area_normalized` is empty.
"""


class ReflacxExporter:
    """Writes fixations, and at the level raw the samples, per reading."""

    levels: tuple[ConsentLevel, ...] = ("fixations", "raw")

    def write(self, source: ExportSource, folder: Path) -> int:
        """Write one folder per reading and the metadata."""
        cases = {case.case_id: case for case in source.cases()}
        quality = quality_table(source)
        unusable = set(quality.filter(~pl.col("usable"))["reading_id"])
        rows: list[dict[str, object]] = []
        simulated = False
        for session in source.sessions():
            recorded = source.recorded(session)
            simulated = simulated or recorded.simulated
            views = _SessionViews(source, session, recorded)
            for reading in source.readings(session.session_id):
                if recorded.interval_s(reading.reading_id) is None:
                    continue
                case = cases[reading.case_id]
                views.write(reading, case, folder)
                discarded = reading.reading_id in unusable
                rows.append(_metadata(reading, case, discarded, recorded.simulated))
        if not rows:
            raise MissingDerivativesError("readings with gaze", source.study.path)
        pl.DataFrame(rows).write_csv(folder / "main_data" / "metadata_phase_1.csv")
        text = _README.format(
            name=source.study.name,
            simulated="The gaze in this data set is simulated.\n\n" if simulated else "",
        )
        (folder / "README.md").write_text(text, encoding="utf-8")
        return len(rows)


class _SessionViews:
    """The fixations, samples and views of one session, written reading by reading."""

    def __init__(self, source: ExportSource, session: Session, recorded: RecordedSession) -> None:
        self._recorded = recorded
        self._states = states_by_serial(recorded.markers)
        self._screen = recorded.screen()
        self._fixations = source.fixations(session, origin_s=recorded.origin_s)
        self._gaze = (
            source.gaze_on_image(session, origin_s=recorded.origin_s)
            if source.level == "raw"
            else None
        )

    def write(self, reading: Reading, case: Case, folder: Path) -> None:
        """Write the files of one reading."""
        opened_s, _ = self._recorded.interval_s(reading.reading_id) or (0.0, 0.0)
        fixations = self._fixations.filter(pl.col("reading_id") == reading.reading_id)
        rows = self._rows(fixations, case)
        times = {
            "timestamp_start_fixation": fixations["onset_s"] - opened_s,
            "timestamp_end_fixation": fixations["offset_s"] - opened_s,
        }
        _write_csv(folder / "main_data" / reading.reading_id / "fixations.csv", times, rows)
        if self._gaze is not None:
            gaze = self._gaze.filter(pl.col("reading_id") == reading.reading_id)
            rows = self._rows(gaze, case)
            times = {"timestamp_sample": gaze["t_s"] - opened_s}
            _write_csv(folder / "gaze_data" / reading.reading_id / "gaze.csv", times, rows)

    def _rows(self, table: pl.DataFrame, case: Case) -> pl.DataFrame:
        """Positions on the image and the view, one row per row of `table`."""
        position = table.select(x_position="x_image_px", y_position="y_image_px")
        size_px = (case.width_px, case.height_px)
        views = view_rows(self._states, table, self._screen, size_px)
        return pl.concat([position, views], how="horizontal")


def view_rows(
    states: dict[int, ViewportChanged],
    table: pl.DataFrame,
    screen: Screen,
    image_size_px: tuple[int, int],
) -> pl.DataFrame:
    """`VIEW_COLUMNS` for the rows of a derivative table; NaN where no view is known."""
    values = np.full((len(table), len(VIEW_COLUMNS)), np.nan)
    xy_screen_px = table.select("x_screen_px", "y_screen_px").to_numpy()
    serials = table["viewport_serial"].fill_null(-1).to_numpy()
    for serial in np.unique(serials):
        state = states.get(int(serial))
        if state is None:
            continue
        rows = serials == serial
        part, on_screen = shown_boxes(state, image_size_px)
        values[rows, 1:3] = image_px_per_deg(state, xy_screen_px[rows], screen)
        values[rows, 3:] = (state.window.width, state.window.center, *part, *on_screen)
    return pl.DataFrame(values, schema=dict.fromkeys(VIEW_COLUMNS, pl.Float64))


def _write_csv(path: Path, times: dict[str, pl.Series], rows: pl.DataFrame) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    table = pl.concat([pl.DataFrame(times), rows], how="horizontal")
    numbers = pl.col(pl.Float64, pl.Float32)
    table.with_columns(numbers.fill_nan(None)).write_csv(path, float_precision=6)


def _metadata(reading: Reading, case: Case, discarded: bool, simulated: bool) -> dict[str, object]:
    return {
        "id": reading.reading_id,
        "split": "",
        "eye_tracking_data_discarded": discarded,
        "image": case.case_id,
        "dicom_id": case.case_id,
        "subject_id": case.case_id,
        "image_size_x": case.width_px,
        "image_size_y": case.height_px,
        "reader": reading.reader_id,
        "simulated": simulated,
        **{f"answer_{name}": value for name, value in sorted(reading.answers.items())},
    }


exporter = ReflacxExporter()
