"""Some cases of the demo as pictures: image, scanpath, recorded and predicted attention."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from app.demo import pictures

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    from app.demo.study_setup import DemoCase, DemoStudy

LONGEST_PX = 420
SHOWN = 3


@dataclass(frozen=True, slots=True)
class CasePictures:
    """A case: grey image, one reader's fixations in its pixels, attention maps over it."""

    case_id: str
    about: str
    grey: pictures.Image
    fixations_px: npt.NDArray[np.float64]
    durations_s: npt.NDArray[np.float64]
    recorded: npt.NDArray[np.float32]
    predicted: npt.NDArray[np.float32]
    held_out: bool


def grey_image(file: Path) -> pictures.Image:
    """The image as the station opens it, 8 bits; black where a shutter hides it."""
    from gazecore.dicom import open_image
    from gazecore.dicom.hidden import seen_levels

    image = open_image(file)
    return seen_levels(image, image.default_window)


def write_study_images(study: DemoStudy, file: Path, size_px: int) -> None:
    """All cases as small squares for the predictor: images uint8 (n, s, s), case ids."""
    from gazecore.study import Study

    with Study.open(study.path, read_only=True) as opened:
        cases = opened.cases()
        images = [
            pictures.stretch(
                pictures.shrink(grey_image(case.path), 2 * size_px), (size_px, size_px)
            )
            for case in cases
        ]
    np.savez(
        file,
        images=np.stack(images).round().astype(np.uint8),
        case_ids=np.array([case.case_id for case in cases]),
    )


def map_file(study: Path, case_id: str) -> Path:
    """Where a case's attention map is; a case on which nobody fixated anything has none."""
    return study / "derivatives" / "attention" / f"case-{case_id}.npz"


def case_pictures(out: Path, study: DemoStudy) -> list[CasePictures]:
    """Pictures of some cases, held-out ones first, findings before none."""
    metrics = json.loads((out / "models" / "predictor" / "metrics.json").read_text())
    held_out = set(metrics.get("held_out", ()))
    predicted = np.load(out / "models" / "study-predicted.npz")["maps"]
    numbered = [
        (i, case)
        for i, case in enumerate(study.cases)
        if map_file(study.path, case.case_id).is_file()
    ]
    numbered.sort(key=lambda item: (item[1].case_id not in held_out, -(item[1].grade or 0)))
    return [
        _one(study.path, case, predicted[i], held_out=case.case_id in held_out)
        for i, case in numbered[:SHOWN]
    ]


def _one(
    study: Path, case: DemoCase, predicted: npt.NDArray[Any], *, held_out: bool
) -> CasePictures:
    import polars as pl

    grey = grey_image(next((study / "cases").glob(f"{case.case_id}.*")))
    small = pictures.shrink(grey, LONGEST_PX)
    factor = grey.shape[1] // small.shape[1]
    fixations = (
        pl.scan_parquet(study / "derivatives" / "fixations" / "*.parquet")
        .filter((pl.col("case_id") == case.case_id) & pl.col("x_image_px").is_finite())
        .collect()
    )
    first = fixations.filter(pl.col("reading_id") == fixations["reading_id"].min())
    recorded = np.load(map_file(study, case.case_id))["map"]
    return CasePictures(
        case_id=case.case_id,
        about="real radiograph" if case.grade is None else f"synthetic knee, grade {case.grade}",
        grey=small,
        fixations_px=first.select("x_image_px", "y_image_px").to_numpy() / factor,
        durations_s=first["duration_s"].to_numpy(),
        recorded=recorded,
        predicted=predicted,
        held_out=held_out,
    )
