from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gazecore.export import bids_sidecars

if TYPE_CHECKING:
    from gazecore.export.recorded_session import RecordedSession
    from gazecore.study import Study


def test_calibration_counts_only_what_came_before(study: Study, recorded: RecordedSession) -> None:
    screen = recorded.screen()
    early = bids_sidecars.physio(recorded, screen, "left", start_s=0.0, until_s=0.0)
    assert early["CalibrationCount"] == 0
    assert "AverageCalibrationError" not in early
    late = bids_sidecars.physio(recorded, screen, "left", start_s=0.0, until_s=9.0)
    assert late["CalibrationCount"] == 1


def test_a_real_tracker_is_named_as_it_names_itself(
    study: Study, recorded: RecordedSession
) -> None:
    screen = recorded.screen()
    device = {"manufacturer": "Maker", "model": "M-1", "serial_number": ""}
    real = replace(recorded, simulated=False, device=device)
    sidecar = bids_sidecars.physio(real, screen, "right", start_s=0.1, until_s=9.0)
    assert (sidecar["Manufacturer"], sidecar["ManufacturersModelName"]) == ("Maker", "M-1")
    assert "DeviceSerialNumber" not in sidecar
    assert "Simulated" not in sidecar
    assert sidecar["StartTime"] == 0.1


def test_a_real_data_set_is_not_called_simulated() -> None:
    assert bids_sidecars.dataset_description("knees", simulated=False)["Name"] == "knees"
    assert "simulated" not in bids_sidecars.readme("knees", simulated=False)


def test_the_display_latency_is_that_of_the_session(
    study: Study, recorded: RecordedSession
) -> None:
    screen = recorded.screen()
    started = recorded.markers[0].model_copy(update={"display_latency_s": 0.02})
    later = replace(recorded, markers=(started, *recorded.markers[1:]))
    assert bids_sidecars.events(later, screen)["DisplayLatency"] == 0.02
    assert bids_sidecars.events(recorded, screen)["DisplayLatency"] == 0.0
