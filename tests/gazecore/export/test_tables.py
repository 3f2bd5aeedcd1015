from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from gazecore.errors import DamagedFileError, MissingDerivativesError
from gazecore.export.source import ExportSource
from gazecore.export.tables import (
    attention_table,
    cases_table,
    quality_table,
    readers_table,
    readings_table,
)

if TYPE_CHECKING:
    from gazecore.study import Study


def test_the_tables_hold_what_was_read(study: Study) -> None:
    source = ExportSource(study, "maps")
    assert cases_table(source)["reference_answer"].to_list() == [None, "2", None]
    assert readers_table(source)["reader_id"].to_list() == ["r-1", "r2"]
    readings = readings_table(source)
    assert readings["answer_grade"].to_list() == ["1"] * 5
    assert readings["position"].to_list() == [0, 1, 2, 0, 1]


def test_quality_has_no_clock_and_only_consenting_readers(analysed: Study) -> None:
    analysed.set_consent("r2", "maps")
    table = quality_table(ExportSource(analysed, "fixations"))
    assert table.columns == ["reading_id", "usable"]
    assert table["usable"].to_list() == [True, True, False]


def test_maps_are_row_major(analysed: Study) -> None:
    table = attention_table(ExportSource(analysed, "maps"))
    assert len(table) == 5
    row = table.row(0, named=True)
    assert (row["height"], row["width"], row["image_width_px"]) == (2, 3, 60)
    assert row["map"] == pytest.approx(np.arange(6) / 15)
    assert (row["preset"], row["simulated"]) == ("focusstation", True)


def test_missing_and_damaged_maps_are_named(analysed: Study) -> None:
    source = ExportSource(analysed, "maps")
    path = analysed.derivatives / "attention" / "reading-000001.npz"
    for content in (b"", b"no archive", path.read_bytes()[:100]):
        path.write_bytes(content)
        with pytest.raises(DamagedFileError, match="reading-000001"):
            attention_table(source)
    np.savez(path, map=np.zeros(3))
    with pytest.raises(DamagedFileError, match="shape"):
        attention_table(source)
    for path in (analysed.derivatives / "attention").iterdir():
        path.unlink()
    with pytest.raises(MissingDerivativesError, match="attention maps"):
        attention_table(source)
