"""The layout of EGD-CXR: one table of fixations and one of samples, positions in two frames.

`FPOGX, FPOGY` are fractions of the screen, origin top left; `X_ORIGINAL, Y_ORIGINAL` are image
pixels. `DICOM_ID` is the case's pseudonym. Blank screen positions are lost samples.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from gazecore.errors import MissingDerivativesError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gazecore.export.source import ExportSource
    from gazecore.geometry import Screen
    from gazecore.study.protocol import ConsentLevel

TICKS_PER_S = 10_000_000

_README = """\
# {name} in the layout of EGD-CXR

{simulated}`fixations.csv` holds fixations, `eye_gaze.csv` (only at the level raw) every sample.
`DICOM_ID` is the pseudonym of the case, `SESSION_ID` the reading, `TIME(in secs)` counts from the
moment the case opened. `FPOGX`, `FPOGY`, `BPOGX`, `BPOGY` are fractions of the screen from its top
left corner, `X_ORIGINAL`, `Y_ORIGINAL` image pixels. Columns of the original device that have no
counterpart are not written.
"""


class EgdExporter:
    """Writes ``fixations.csv`` and at the level raw ``eye_gaze.csv``."""

    levels: tuple[ConsentLevel, ...] = ("fixations", "raw")

    def write(self, source: ExportSource, folder: Path) -> int:
        """Write the tables of all readings one after the other."""
        parts = list(_readings(source))
        if not parts:
            raise MissingDerivativesError("readings with gaze", source.study.path)
        _write(folder / "fixations.csv", [fixations for fixations, _, _ in parts])
        if source.level == "raw":
            _write(folder / "eye_gaze.csv", [gaze for _, gaze, _ in parts if gaze is not None])
        simulated = any(simulated for _, _, simulated in parts)
        text = _README.format(
            name=source.study.name,
            simulated="The gaze in this data set is simulated.\n\n" if simulated else "",
        )
        (folder / "README.md").write_text(text, encoding="utf-8")
        return len(parts)


def _readings(source: ExportSource) -> Iterator[tuple[pl.DataFrame, pl.DataFrame | None, bool]]:
    for session in source.sessions():
        recorded = source.recorded(session)
        screen = recorded.screen()
        fixations = source.fixations(session, origin_s=recorded.origin_s)
        gaze = (
            source.gaze_on_image(session, origin_s=recorded.origin_s)
            if source.level == "raw"
            else None
        )
        for reading in source.readings(session.session_id):
            interval_s = recorded.interval_s(reading.reading_id)
            if interval_s is None:
                continue
            mine = pl.col("reading_id") == reading.reading_id
            ids = {"DICOM_ID": reading.case_id, "SESSION_ID": reading.reading_id}
            yield (
                fixation_rows(fixations.filter(mine), screen, interval_s[0], ids),
                None
                if gaze is None
                else sample_rows(gaze.filter(mine), screen, interval_s[0], ids),
                recorded.simulated,
            )


def fixation_rows(
    fixations: pl.DataFrame, screen: Screen, opened_s: float, ids: dict[str, str]
) -> pl.DataFrame:
    """Fixations of one reading in the columns of EGD-CXR."""
    start_s = pl.col("onset_s") - opened_s
    return fixations.with_row_index("number", offset=1).select(
        pl.lit(ids["DICOM_ID"]).alias("DICOM_ID"),
        pl.col("number").alias("CNT"),
        pl.col("offset_s").sub(opened_s).alias("TIME(in secs)"),
        _ticks(pl.col("offset_s") - opened_s),
        (pl.col("x_screen_px") / screen.width_px).alias("FPOGX"),
        (pl.col("y_screen_px") / screen.height_px).alias("FPOGY"),
        start_s.alias("FPOGS"),
        pl.col("duration_s").alias("FPOGD"),
        pl.col("number").alias("FPOGID"),
        pl.lit(1).alias("FPOGV"),
        pl.lit(ids["SESSION_ID"]).alias("SESSION_ID"),
        pl.col("x_image_px").alias("X_ORIGINAL"),
        pl.col("y_image_px").alias("Y_ORIGINAL"),
    )


def sample_rows(
    gaze: pl.DataFrame, screen: Screen, opened_s: float, ids: dict[str, str]
) -> pl.DataFrame:
    """Samples of one reading in the columns of EGD-CXR."""
    known = pl.col("x_screen_px").is_finite().fill_null(value=False)
    return gaze.with_row_index("number").select(
        pl.lit(ids["DICOM_ID"]).alias("DICOM_ID"),
        pl.col("number").alias("CNT"),
        pl.col("t_s").sub(opened_s).alias("TIME(in secs)"),
        _ticks(pl.col("t_s") - opened_s),
        (pl.col("x_screen_px") / screen.width_px).alias("BPOGX"),
        (pl.col("y_screen_px") / screen.height_px).alias("BPOGY"),
        known.cast(pl.Int8).alias("BPOGV"),
        pl.lit(ids["SESSION_ID"]).alias("SESSION_ID"),
        pl.col("x_image_px").alias("X_ORIGINAL"),
        pl.col("y_image_px").alias("Y_ORIGINAL"),
    )


def _ticks(time_s: pl.Expr) -> pl.Expr:
    name = "TIMETICK(f=10000000)"
    return (time_s * TICKS_PER_S).round().cast(pl.Int64).alias(name)


def _write(path: Path, parts: list[pl.DataFrame]) -> None:
    numbers = pl.col(pl.Float64, pl.Float32)
    pl.concat(parts).with_columns(numbers.fill_nan(None)).write_csv(path, float_precision=6)


exporter = EgdExporter()
