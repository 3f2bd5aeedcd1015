from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from gazecore.errors import MissingDerivativesError
from gazecore.export import export_study
from gazecore.export.reflacx import VIEW_COLUMNS

if TYPE_CHECKING:
    from pathlib import Path

    from gazecore.study import Study

FIXATION_COLUMNS = [
    "timestamp_start_fixation", "timestamp_end_fixation", "x_position", "y_position",
    "pupil_area_normalized", "angular_resolution_x_pixels_per_degree",
    "angular_resolution_y_pixels_per_degree", "window_width", "window_level",
    "xmin_shown_from_image", "ymin_shown_from_image", "xmax_shown_from_image",
    "ymax_shown_from_image", "xmin_in_screen_coordinates", "ymin_in_screen_coordinates",
    "xmax_in_screen_coordinates", "ymax_in_screen_coordinates",
]  # fmt: skip


def test_fixations_carry_the_view_they_were_made_in(analysed: Study, tmp_path: Path) -> None:
    export_study(analysed, format_name="reflacx", level="fixations", target=tmp_path / "out")
    data = tmp_path / "out" / "main_data"
    table = pl.read_csv(data / "reading-000002" / "fixations.csv")
    assert table.columns == FIXATION_COLUMNS
    assert table["timestamp_start_fixation"].to_list() == pytest.approx([0.1, 0.55, 1.0, 1.45])
    assert table["timestamp_end_fixation"].to_list() == pytest.approx([0.4, 0.85, 1.3, 1.75])
    assert table["x_position"].to_list() == [0, 10, 20, 30]
    assert table["y_position"].to_list() == [0, 5, 10, 15]
    assert table["window_level"].to_list() == [100, 100, 100, 101]
    assert table["window_width"].to_list() == [50] * 4
    assert table["pupil_area_normalized"].to_list() == [None] * 4
    # at scale 20 from (100, 50) the screen's 1920 x 1080 show 60 x 40 whole
    assert table.row(3)[9:13] == (0, 0, 60, 40)
    assert table.row(3)[13:] == (100, 50, 1300, 850)
    per_deg = analysed.protocol.screen.geometry().px_per_deg([[100, 50], [700, 350]])[:, 0]
    resolution = table["angular_resolution_x_pixels_per_degree"].to_list()
    assert resolution[::3] == pytest.approx([per_deg[0] / 10, per_deg[1] / 20], abs=1e-6)
    assert not (tmp_path / "out" / "gaze_data").exists()


def test_samples_are_there_at_the_raw_level(analysed: Study, tmp_path: Path) -> None:
    export_study(analysed, format_name="reflacx", level="raw", target=tmp_path / "out")
    table = pl.read_csv(tmp_path / "out" / "gaze_data" / "reading-000001" / "gaze.csv")
    assert table.columns == ["timestamp_sample", "x_position", "y_position", *VIEW_COLUMNS]
    assert len(table) == 200
    assert table["timestamp_sample"].to_list() == pytest.approx([i / 100 for i in range(200)])
    assert table["x_position"].null_count() == 10


def test_the_metadata_name_every_reading(analysed: Study, tmp_path: Path) -> None:
    export_study(analysed, format_name="reflacx", level="fixations", target=tmp_path / "out")
    table = pl.read_csv(tmp_path / "out" / "main_data" / "metadata_phase_1.csv")
    assert table["id"].to_list() == [f"reading-{n:06d}" for n in range(1, 6)]
    assert table["reader"].to_list() == ["r-1"] * 3 + ["r2"] * 2
    assert table["simulated"].all()
    assert table["eye_tracking_data_discarded"].to_list() == [False, False, True, False, False]
    assert set(table["image_size_x"]) == {60}
    assert table["answer_grade"].to_list() == [1] * 5
    assert "simulated" in (tmp_path / "out" / "README.md").read_text()


def test_without_derivatives_it_says_what_to_do(study: Study, tmp_path: Path) -> None:
    with pytest.raises(MissingDerivativesError, match="focusstation analyse"):
        export_study(study, format_name="reflacx", level="raw", target=tmp_path / "out")
