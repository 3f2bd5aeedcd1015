"""Corrections by session: fitted, kept by version, applied where they hold."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

from gazecore.analysis.corrections import correction_of_session, fitted_pieces
from gazecore.errors import CorrectionRefusedError, DamagedFileError
from gazecore.geometry import Screen
from gazecore.messages import CalibrationDone, TargetError, ValidationDone

if TYPE_CHECKING:
    from pathlib import Path

SCREEN = Screen(1920, 1080, 597.7, 336.2, 650)
PLACES = [(0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.25, 0.75), (0.5, 0.35)]


def validation(t_s: float, right_norm: float, *, jitter_norm: float = 0.0) -> ValidationDone:
    """Gaze lay a known distance to the right of every target."""
    noise = np.random.default_rng(3).normal(0, jitter_norm, (len(PLACES), 2))
    targets = tuple(
        TargetError(
            x_norm=x,
            y_norm=y,
            eye="both",
            accuracy_deg=1.0,
            precision_rms_deg=0.1,
            precision_std_deg=0.1,
            data_loss=0.0,
            gaze_x_norm=x + right_norm + float(dx),
            gaze_y_norm=y + float(dy),
        )
        for (x, y), (dx, dy) in zip(PLACES, noise, strict=True)
    )
    return ValidationDone(
        t_s=t_s,
        accuracy_deg=1.0,
        precision_rms_deg=0.1,
        precision_std_deg=0.1,
        data_loss=0.0,
        passed=True,
        targets=targets,
    )


CALIBRATED = CalibrationDone(t_s=20.0, succeeded=True, points_norm=())


def test_a_piece_holds_until_the_next_calibration_or_validation() -> None:
    markers = (validation(10, 0.02), CALIBRATED, validation(30, 0.04))
    pieces = fitted_pieces(markers, SCREEN)
    assert [(piece.from_s, piece.to_s) for piece in pieces] == [(10, 20), (30, np.inf)]
    assert [piece.elements[2] for piece in pieces] == pytest.approx([-0.02, -0.04])
    assert pieces[0].targets == 5


def test_gaze_is_corrected_where_a_piece_holds(tmp_path: Path) -> None:
    markers = (validation(10, 0.02), CALIBRATED, validation(30, 0.04))
    version = correction_of_session(tmp_path, "session-0001", markers, SCREEN)
    xy = np.tile([[0.5, 0.5]], (4, 1))
    moved = version.apply([9.9, 10.0, 20.0, 99.0], xy)
    assert moved[:, 0] == pytest.approx([0.5, 0.48, 0.5, 0.46])
    assert (xy == 0.5).all()


def test_versions_are_added_and_never_changed(tmp_path: Path) -> None:
    first = correction_of_session(tmp_path, "session-0001", [validation(10, 0.02)], SCREEN)
    again = correction_of_session(tmp_path, "session-0001", [validation(10, 0.02)], SCREEN)
    assert again == first
    better = correction_of_session(tmp_path, "session-0001", [validation(10, 0.03)], SCREEN)
    document = json.loads((tmp_path / "corrections" / "session-0001.json").read_text())
    assert [version["version"] for version in document["versions"]] == [1, 2]
    assert (better.version, document["schema_version"]) == (2, 1)
    assert document["versions"][0] == json.loads(first.model_dump_json())


def test_what_helps_nobody_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorrectionRefusedError, match="no validation"):
        fitted_pieces([CALIBRATED], SCREEN)
    old = validation(1, 0.02)
    bare = tuple(t.model_copy(update={"gaze_x_norm": None}) for t in old.targets)
    with pytest.raises(CorrectionRefusedError, match="0 targets"):
        fitted_pieces([old.model_copy(update={"targets": bare})], SCREEN)
    with pytest.raises(CorrectionRefusedError, match="left out"):
        correction_of_session(tmp_path, "s", [validation(1, 0.0, jitter_norm=0.01)], SCREEN)
    assert not (tmp_path / "corrections").exists()


def test_a_damaged_file_is_not_written_over(tmp_path: Path) -> None:
    place = tmp_path / "corrections" / "session-0001.json"
    place.parent.mkdir()
    place.write_text("{}")
    with pytest.raises(DamagedFileError):
        correction_of_session(tmp_path, "session-0001", [validation(1, 0.02)], SCREEN)
    assert place.read_text() == "{}"
