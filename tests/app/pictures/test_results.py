"""What an analysis left, by reading, case and session; losses over time in closed form."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from app.pictures.results import StudyResults, loss_over_time
from gazecore.errors import MissingDerivativesError

if TYPE_CHECKING:
    from pathlib import Path


def test_readings_cases_and_sessions(results: StudyResults) -> None:
    assert results.cases == ("case-0001", "case-0002")
    assert [r.reader_id for r in results.of_case("case-0002")] == ["r1", "r2"]
    first = results.of_case("case-0001")[0]
    assert results.reading_row(first.reading_id)["fixations"] > 0
    assert results.reading_row("reading-9") == {}
    assert results.fixations(first)["reading_id"].unique().to_list() == [first.reading_id]
    assert results.attention(first).readers == 1
    mean = results.case_attention("case-0001")
    assert mean is not None
    assert mean.readers == 2
    assert results.case_attention("case-0009") is None


def test_a_session_with_all_that_its_page_shows(results: StudyResults) -> None:
    session = results.session("session-0002")
    assert (session.row["reader_id"], len(session.readings)) == ("r2", 2)
    assert len(session.checks.validations) == 1
    assert session.checks.last_view(session.readings[1]["reading_id"]) is not None
    assert session.loss.invalid.sum() * session.loss.width_s == pytest.approx(0.4, abs=0.02)
    assert session.loss.missing.max() == pytest.approx(0, abs=0.01)


def test_a_study_that_was_not_analysed_is_said(tmp_path: Path, analysed: Path) -> None:
    with pytest.raises(MissingDerivativesError):
        StudyResults(tmp_path / "derivatives")
    (analysed / "derivatives" / "quality_sessions.parquet").unlink()
    with pytest.raises(MissingDerivativesError, match="quality of the sessions"):
        StudyResults(analysed / "derivatives")


def test_invalid_and_missing_over_time() -> None:
    t_s = 100 + np.arange(1000) / 100
    valid = np.ones(1000, dtype=bool)
    valid[200:250] = False
    kept = np.ones(1000, dtype=bool)
    kept[500:600] = False
    loss = loss_over_time(t_s[kept], valid[kept], 100.0)
    assert (loss.from_s, loss.width_s, len(loss.invalid)) == (100.0, 1.0, 10)
    assert loss.invalid[2] == pytest.approx(0.5)
    assert loss.missing[5] == pytest.approx(1.0)
    assert np.delete(loss.missing, 5).max() <= 0.011
    assert loss_over_time(t_s, valid, 0.0).missing.max() == 0
    assert len(loss_over_time(t_s, valid, 100.0, bins=4).invalid) == 4
    assert len(loss_over_time(t_s[:0], valid[:0], 100.0).invalid) == 0
    assert len(loss_over_time(t_s[:1], valid[:1], 100.0).invalid) == 1
