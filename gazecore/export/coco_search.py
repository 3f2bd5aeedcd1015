"""Scanpaths like those of COCO-Search18: one JSON list, positions in image pixels, times in ms.

Other data sets of this shape use other units, so the unit and scale stand in ``units.json``.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import polars as pl

from gazecore.errors import MissingDerivativesError

if TYPE_CHECKING:
    from pathlib import Path

    from gazecore.export.source import ExportSource
    from gazecore.study import Case, Reading
    from gazecore.study.protocol import ConsentLevel

UNITS = {
    "X": "image pixels from the left edge",
    "Y": "image pixels from the top edge",
    "T": "duration of the fixation in milliseconds",
    "scale": "the image's own size, image_width x image_height of each entry",
    "bbox": "empty: the study knows no target boxes",
    "fixOnTarget": "null: the study knows no target boxes",
    "correct": "1 when the answer equals the reference, 0 when not, null without a reference",
    "condition": "present when the answer is other than the first choice, else absent",
}


class CocoSearchExporter:
    """Writes ``scanpaths.json`` and ``units.json``."""

    levels: tuple[ConsentLevel, ...] = ("fixations",)

    def write(self, source: ExportSource, folder: Path) -> int:
        """Write one scanpath per reading that has fixations on its image."""
        cases = {case.case_id: case for case in source.cases()}
        subjects = {reader.reader_id: n for n, reader in enumerate(source.readers, start=1)}
        field = source.study.protocol.form[0]
        scanpaths = []
        simulated = False
        for session in source.sessions():
            fixations = source.fixations(session)
            simulated = simulated or bool(fixations["simulated"].any())
            for reading in source.readings(session.session_id):
                mine = fixations.filter(
                    (pl.col("reading_id") == reading.reading_id)
                    & pl.col("x_image_px").is_finite()
                    & pl.col("y_image_px").is_finite()
                )
                if len(mine):
                    entry = scanpath(mine, reading, cases[reading.case_id], field.name)
                    absent = entry.pop("answer") in (None, field.choices[0].value)
                    entry["subject"] = subjects[reading.reader_id]
                    entry["condition"] = "absent" if absent else "present"
                    scanpaths.append(entry)
        if not scanpaths:
            raise MissingDerivativesError("fixations on images", source.study.path)
        _write(folder / "scanpaths.json", scanpaths)
        _write(folder / "units.json", {**UNITS, "simulated": simulated})
        return len(scanpaths)


def scanpath(fixations: pl.DataFrame, reading: Reading, case: Case, field: str) -> dict[str, Any]:
    """One reading's fixations as an entry of the list; `answer` is for the caller."""
    answer = reading.answers.get(field)
    known = answer is not None and case.reference_answer is not None
    return {
        "name": case.case_id,
        "subject": 0,
        "task": field,
        "condition": "",
        "bbox": [],
        "X": [round(float(x), 3) for x in fixations["x_image_px"]],
        "Y": [round(float(y), 3) for y in fixations["y_image_px"]],
        "T": [round(1000 * float(t), 3) for t in fixations["duration_s"]],
        "length": len(fixations),
        "fixOnTarget": None,
        "correct": int(answer == case.reference_answer) if known else None,
        "split": "",
        "image_width": case.width_px,
        "image_height": case.height_px,
        "reading": reading.reading_id,
        "answer": answer,
    }


def _write(path: Path, document: object) -> None:
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False), encoding="utf-8")


exporter = CocoSearchExporter()
