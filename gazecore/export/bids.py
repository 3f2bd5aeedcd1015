"""BIDS 1.11: raw eye tracking, one run per reading, one physio file per eye.

Device samples stay as they came: nothing is resampled, lost is ``n/a``. The file's `timestamp`
counts seconds from the moment the case opened; so does `onset` in the events.
"""

from __future__ import annotations

import gzip
import io
import json
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from gazecore.export import bids_sidecars as sidecars
from gazecore.export.bids_events import event_rows
from gazecore.export.bids_names import BidsRun, subject_labels
from gazecore.export.manifest import MANIFEST_FILE
from gazecore.export.view_states import states_by_serial

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from gazecore.export.recorded_session import RecordedSession
    from gazecore.export.source import ExportSource
    from gazecore.geometry import Screen
    from gazecore.samples import Eye, GazeSamples
    from gazecore.study import Session
    from gazecore.study.protocol import ConsentLevel

EYES: tuple[Eye, ...] = ("left", "right")


class BidsExporter:
    """Writes ``sub-<reader>/ses-<n>/beh/...`` and the data set's own files."""

    levels: tuple[ConsentLevel, ...] = ("raw",)

    def write(self, source: ExportSource, folder: Path) -> int:
        """Write the data set."""
        labels = subject_labels([reader.reader_id for reader in source.readers])
        simulated, runs = False, 0
        for session in source.sessions():
            recorded = source.recorded(session)
            simulated = simulated or recorded.simulated
            runs += _write_session(source, session, recorded, labels[session.reader_id], folder)
        _write_participants(source, labels, folder)
        description = sidecars.dataset_description(source.study.name, simulated=simulated)
        write_json(folder / "dataset_description.json", description)
        (folder / ".bidsignore").write_text(f"{MANIFEST_FILE}\n", encoding="utf-8")
        (folder / "README.md").write_text(
            sidecars.readme(source.study.name, simulated=simulated), encoding="utf-8"
        )
        return runs


def _write_session(
    source: ExportSource,
    session: Session,
    recorded: RecordedSession,
    subject: str,
    folder: Path,
) -> int:
    """Write the runs of one session and return how many they are."""
    screen, states = recorded.screen(), states_by_serial(recorded.markers)
    run_number = 0
    for reading in source.readings(session.session_id):
        interval_s = recorded.interval_s(reading.reading_id)
        if interval_s is None:  # the recorder never saw this reading
            continue
        run_number += 1
        run = BidsRun(folder, subject, session.session_id, run_number)
        run.folder.mkdir(parents=True, exist_ok=True)
        samples = recorded.samples_between(*interval_s)
        for eye in EYES:
            write_tsv_gz(
                run.physio(eye, ".tsv.gz"), physio_table(samples, screen, eye, interval_s[0])
            )
            start_s = float(samples.t_s[0] - interval_s[0]) if len(samples) else 0.0
            write_json(
                run.physio(eye, ".json"),
                sidecars.physio(recorded, screen, eye, start_s=start_s, until_s=interval_s[0]),
            )
        markers = recorded.markers_between(*interval_s)
        write_tsv(run.file("events.tsv"), event_rows(markers, states, reading, interval_s))
        write_json(run.file("events.json"), sidecars.events(recorded, screen))
    return run_number


def physio_table(samples: GazeSamples, screen: Screen, eye: Eye, opened_s: float) -> pl.DataFrame:
    """The rows of a physio file: timestamp (s), x, y (px), pupil diameter (mm), sequence."""
    xy_px = screen.from_norm(samples.left_xy_norm if eye == "left" else samples.right_xy_norm)
    pupil_mm = samples.left_pupil_mm if eye == "left" else samples.right_pupil_mm
    return pl.DataFrame(
        {
            "timestamp": samples.t_s - opened_s,
            "x_coordinate": xy_px[:, 0],
            "y_coordinate": xy_px[:, 1],
            "pupil_size": np.asarray(pupil_mm),
            "sequence": samples.sequence,
        }
    ).with_columns(pl.col(pl.Float64).fill_nan(None))


def write_tsv_gz(path: Path, table: pl.DataFrame) -> None:
    """Write a table without its header, gzipped so that equal tables give equal bytes."""
    text = io.BytesIO()
    table.write_csv(text, separator="\t", include_header=False, null_value="n/a", float_precision=6)
    with path.open("wb") as file, gzip.GzipFile("", "wb", 6, file, mtime=0) as packed:
        packed.write(text.getvalue())


def write_tsv(path: Path, table: pl.DataFrame) -> None:
    """Write a table with its header."""
    table.write_csv(path, separator="\t", null_value="n/a", float_precision=6)


def write_json(path: Path, document: Mapping[str, object]) -> None:
    """Write a sidecar for humans and programs."""
    path.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _write_participants(source: ExportSource, labels: dict[str, str], folder: Path) -> None:
    rows = [
        {
            "participant_id": f"sub-{labels[reader.reader_id]}",
            "dominant_eye": reader.dominant_eye.replace("unknown", "n/a"),
            "glasses": "yes" if reader.glasses else "no",
        }
        for reader in source.readers
    ]
    write_tsv(folder / "participants.tsv", pl.DataFrame(rows))
    write_json(folder / "participants.json", sidecars.PARTICIPANTS)


exporter = BidsExporter()
