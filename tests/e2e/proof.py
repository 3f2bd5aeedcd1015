"""What the tests of acquisition compare: the tracker's truth file against the recording."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import imagecodecs
import numpy as np

from gazecore.messages import SessionEnded, SessionStarted
from gazecore.recording import read
from gazecore.recording.lateness import lateness
from gazecore.samples import GAZE_STREAM_NAME, INTEGRITY_STREAM_NAME
from gazecore.study import Study

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    from gazecore.recording import Recording

MOST_LATE_S = 0.3
"""A tracker on a busy machine may send so long after the time that its samples are stamped with."""


@dataclass(frozen=True)
class Figures:
    """What a run came to; times in seconds.

    `delay_*` is from a sample's stamp to its write, `longest_pause_s` the longest time between
    two writes. On a machine that is busy with other things both tell of the machine.
    """

    samples: int
    seconds: float
    delay_median_s: float
    delay_p99_s: float
    delay_worst_s: float
    longest_pause_s: float


def make_study(folder: Path, *, cases: int, side_px: int = 1500) -> Path:
    """A study of simulated 16-bit images with one reader, R1."""
    images = folder / "images"
    images.mkdir(parents=True)
    random = np.random.default_rng(1)
    for number in range(cases):
        y, x = np.mgrid[0:side_px, 0:side_px] / side_px
        image = 20_000 * (1 + np.sin(9 * x + number) * np.cos(7 * y)) + random.normal(
            0, 500, (side_px, side_px)
        )
        pixels = np.clip(image, 0, 65535).astype(np.uint16)
        (images / f"{number}.png").write_bytes(imagecodecs.png_encode(pixels))
    with Study.create(folder / "study", name="Acquisition") as study:
        study.import_images([images], simulated=True)
        study.add_reader("R1")
    return folder / "study"


def read_truth(path: Path) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Sequence numbers and exact times of all samples sent; a last line cut off is left out."""
    text = path.read_text()
    rows = [line.split(",", 2) for line in text[: text.rfind("\n")].splitlines()[1:]]
    sequence = np.array([int(row[0]) for row in rows])
    return sequence, np.array([float(row[1]) for row in rows])


def demand_all(truth: Path, path: Path) -> Figures:
    """Every sample sent while the session ran is in the file, once, with its exact time.

    The session is from its first marker (the recorder had acknowledged by then) to its last
    (the recorder was told to stop after it), less what a late tracker may have sent after that.
    """
    recording = read(path)
    assert recording.damage.sound, recording.damage.sentences()
    gaze = recording.streams[GAZE_STREAM_NAME]
    values = np.asarray(gaze.values)
    recorded = values[:, 0].astype(np.int64)
    sent, sent_s = read_truth(truth)
    start_s, end_s = _session(recording)
    wanted = sent[(sent_s >= start_s) & (sent_s <= end_s - MOST_LATE_S)]
    lost = np.setdiff1d(wanted, recorded)
    assert not len(lost), f"{len(lost)} of {len(wanted)} samples lost, from {lost[0]} on"
    assert np.all(np.diff(recorded) == 1)
    known = recorded <= sent[-1]  # the truth of a tracker that was killed lacks its last moment
    assert gaze.t_sender_s[known].tobytes() == sent_s[recorded[known]].tobytes()
    late = lateness(path, GAZE_STREAM_NAME)
    assert late.t_sender_s.tobytes() == gaze.t_sender_s.tobytes()
    delay_s = late.delay_s[(late.t_sender_s >= start_s) & (late.t_sender_s <= end_s)]
    writes_s = recording.streams[INTEGRITY_STREAM_NAME].t_sender_s
    pauses_s = np.diff(writes_s[(writes_s >= start_s) & (writes_s <= end_s)])
    median_s, p99_s, worst_s = np.percentile(delay_s, [50, 99, 100]).tolist()
    pause_s = float(pauses_s.max())
    return Figures(len(wanted), end_s - start_s, median_s, p99_s, worst_s, pause_s)


def worst_delay_s(path: Path, from_s: float, to_s: float) -> float:
    """How long after its stamp the latest of the samples stamped in an interval was written."""
    late = lateness(path, GAZE_STREAM_NAME)
    inside = (late.t_sender_s >= from_s) & (late.t_sender_s <= to_s)
    return float(late.delay_s[inside].max())


def _session(recording: Recording) -> tuple[float, float]:
    markers = recording.markers()
    (start_s,) = [m.t_s for m in markers if isinstance(m, SessionStarted)][:1]
    (end_s,) = [m.t_s for m in markers if isinstance(m, SessionEnded)]
    return start_s, end_s
