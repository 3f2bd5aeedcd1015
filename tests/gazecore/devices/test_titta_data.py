"""TittaPy's arrays become the dictionaries of Tobii's layer, every value in its place."""

from __future__ import annotations

from gazecore.devices import titta_data
from tests.gazecore.devices import fake_titta
from tests.gazecore.devices.fake_tracker import gaze_data, guide_data, signal_data, time_data


def test_gaze_comes_back_as_it_went_in() -> None:
    sent = [gaze_data(device_time_stamp=k, right_pupil_validity=k % 2) for k in range(3)]
    assert titta_data.gaze(fake_titta.gaze_arrays(sent)) == sent
    assert titta_data.gaze(fake_titta.gaze_arrays([])) == []


def test_numbers_are_pythons_own() -> None:
    (row,) = titta_data.gaze(fake_titta.gaze_arrays([gaze_data()]))
    assert type(row["device_time_stamp"]) is int
    assert type(row["left_gaze_point_on_display_area"][0]) is float
    assert type(row["left_pupil_validity"]) is int


def test_the_other_buffers_come_back_too() -> None:
    assert titta_data.time_sync(fake_titta.plain_arrays([time_data()])) == [time_data()]
    assert titta_data.external_signal(fake_titta.signal_arrays([signal_data()])) == [signal_data()]


def test_of_positions_the_last_counts() -> None:
    rows = [guide_data(left_user_position=(0.1 * k, 0.5, 0.5)) for k in range(3)]
    assert titta_data.positioning(fake_titta.position_arrays(rows)) == rows[-1:]
    assert titta_data.positioning(fake_titta.position_arrays([])) == []


def test_a_notification_has_the_value_of_its_kind() -> None:
    told: list[dict[str, object]] = [
        {"notification_type": "eyetracker_notification_connection_lost"},
        {"notification_type": "eyetracker_notification_device_faults", "faults": "camera"},
        {"notification_type": "eyetracker_notification_device_warnings", "warnings": "warm"},
        {
            "notification_type": "eyetracker_notification_gaze_output_frequency_changed",
            "gaze_output_frequency": 60.0,
        },
    ]
    sent = [{"system_time_stamp": 5, **row} for row in told]
    assert titta_data.notifications(fake_titta.notification_lists(sent)) == sent


def test_errors_are_picked_from_the_log() -> None:
    kinds = {
        "error": fake_titta.enumerated("connection_lost"),
        "source": fake_titta.enumerated("stream_pump"),
    }
    log = [
        {"level": 1, "message": "chatter"},
        {"system_time_stamp": 5, "message": "gone", **kinds},
    ]
    assert titta_data.stream_errors(log) == [
        {
            "system_time_stamp": 5,
            "error": "stream_error_connection_lost",
            "source": "stream_error_source_stream_pump",
            "message": "gone",
        }
    ]


def test_a_calibration_without_result_has_failed() -> None:
    assert titta_data.calibration_result(None).status == "failure"
