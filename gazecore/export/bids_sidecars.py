"""The JSON files and texts beside BIDS data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gazecore import __version__
from gazecore.analysis.started import session_started
from gazecore.export.bids_events import COLUMNS as EVENT_COLUMNS
from gazecore.messages import CalibrationDone, ValidationDone

if TYPE_CHECKING:
    from gazecore.export.recorded_session import RecordedSession
    from gazecore.geometry import Screen
    from gazecore.samples import Eye

BIDS_VERSION = "1.11.0"
SIMULATED = "The gaze in this data set is simulated; no person looked at the images."
_TASK = {
    "TaskName": "reading",
    "TaskDescription": "Reading X-rays one by one and answering each by a key.",
}

PARTICIPANTS: dict[str, Any] = {
    "participant_id": {"Description": "Pseudonym of the reader."},
    "dominant_eye": {
        "Description": "The reader's dominant eye.",
        "Levels": {"left": "left eye", "right": "right eye"},
    },
    "glasses": {
        "Description": "Whether the reader wore glasses.",
        "Levels": {"yes": "glasses", "no": "no glasses"},
    },
}


def dataset_description(name: str, *, simulated: bool) -> dict[str, Any]:
    """The file that makes a folder a BIDS data set."""
    return {
        "Name": f"{name} (simulated gaze)" if simulated else name,
        "BIDSVersion": BIDS_VERSION,
        "DatasetType": "raw",
        "GeneratedBy": [
            {
                "Name": "FocusStation",
                "Version": __version__,
                "Description": SIMULATED if simulated else "Recorded while reading X-rays.",
            }
        ],
    }


def readme(name: str, *, simulated: bool) -> str:
    """The text a human reads first."""
    first = f"{SIMULATED}\n\n" if simulated else ""
    return (
        f"# {name}\n\n{first}"
        "Gaze of readers looking at X-rays, exported by FocusStation. Each run is one reader "
        "reading one case; `recording-eye1` is the left eye, `recording-eye2` the right.\n\n"
        "Times count in seconds from the moment the case opened. Samples are as the tracker gave "
        "them, at their own times, not resampled; `n/a` is lost. `_events.tsv` has a row for each "
        "state of the viewport with its transform from image pixels to screen pixels, valid from "
        "its onset to the next one's of the same viewport. The images are not part of this data "
        "set.\n"
    )


def physio(
    recorded: RecordedSession, screen: Screen, eye: Eye, *, start_s: float, until_s: float
) -> dict[str, Any]:
    """The sidecar of one eye's samples; calibration as it stood when the case opened."""
    device = recorded.device
    manufacturer = "FocusStation" if recorded.simulated else device.get("manufacturer", "")
    model = "simulated tracker" if recorded.simulated else device.get("model", "")
    facts = {
        "Manufacturer": manufacturer,
        "ManufacturersModelName": model,
        "DeviceSerialNumber": device.get("serial_number", ""),
        "SoftwareVersions": f"FocusStation {__version__}",
    }
    return {
        **_TASK,
        "PhysioType": "eyetrack",
        "Columns": ["timestamp", "x_coordinate", "y_coordinate", "pupil_size", "sequence"],
        "SamplingFrequency": recorded.rate_hz,
        "StartTime": round(start_s, 6),
        "RecordedEye": eye,
        "SampleCoordinateSystem": "gaze-on-screen",
        **{name: text for name, text in facts.items() if text},
        **_calibration(recorded, eye, until_s),
        **_columns(screen),
        **({"Simulated": True} if recorded.simulated else {}),
    }


def _columns(screen: Screen) -> dict[str, Any]:
    where = f"of a screen of {screen.width_px:g} x {screen.height_px:g} pixels"
    return {
        "timestamp": {
            "Description": "Time since the case opened, of each sample by its own stamp; the rate "
            "in SamplingFrequency is nominal and samples may be missing.",
            "Units": "s",
        },
        "x_coordinate": {
            "LongName": "Gaze position x",
            "Description": f"To the right from the left edge {where}; may lie outside.",
            "Units": "pixel",
        },
        "y_coordinate": {
            "LongName": "Gaze position y",
            "Description": f"Downwards from the top edge {where}; may lie outside.",
            "Units": "pixel",
        },
        "pupil_size": {"Description": "Pupil diameter as the tracker gives it.", "Units": "mm"},
        "sequence": {"Description": "Number of the sample as its driver counts them; -1 unknown."},
    }


def _calibration(recorded: RecordedSession, eye: Eye, until_s: float) -> dict[str, Any]:
    """What the last calibration and validation before `until_s` say; nothing if there was none."""
    before = [marker for marker in recorded.markers if marker.t_s <= until_s]
    done = [m for m in before if isinstance(m, CalibrationDone) and m.succeeded]
    facts: dict[str, Any] = {"CalibrationCount": len(done)}
    if done:
        facts["CalibrationType"] = f"HV{len(done[-1].points_norm)}"
    validations = [m for m in before if isinstance(m, ValidationDone)]
    if validations:
        errors = [
            target.accuracy_deg
            for target in validations[-1].targets
            if target.eye in (eye, "both") and target.accuracy_deg is not None
        ]
        if errors:
            facts["AverageCalibrationError"] = round(sum(errors) / len(errors), 4)
            facts["MaximalCalibrationError"] = round(max(errors), 4)
    return facts


def events(recorded: RecordedSession, screen: Screen) -> dict[str, Any]:
    """The sidecar of the events: the screen, the program, the columns."""
    started = session_started(recorded.markers)
    return {
        **_TASK,
        "StimulusPresentation": {
            "ScreenDistance": screen.distance_mm / 1000,
            "ScreenOrigin": ["top", "left"],
            "ScreenResolution": [int(screen.width_px), int(screen.height_px)],
            "ScreenSize": [screen.width_mm / 1000, screen.height_mm / 1000],
            "SoftwareName": "FocusStation",
            "SoftwareVersion": __version__,
        },
        "DisplayLatency": 0.0 if started is None else started.display_latency_s,
        **EVENT_COLUMNS,
    }
