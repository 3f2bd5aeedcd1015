"""Loading Tobii's SDK, its errors in plain words, answers that are looked at, the search."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from gazecore.devices.tobii_sdk import (
    LICENCE_NOTICE,
    answered,
    explained,
    find_tracker,
    load_sdk,
    sdk_errors,
    search_trackers,
)
from gazecore.errors import MissingExtraError, TrackerError
from tests.gazecore.devices import fake_tracker
from tests.gazecore.devices.conftest import OWN_SDKS
from tests.gazecore.devices.fake_interop import is_installed
from tests.gazecore.devices.fake_tobii import FakeSdk
from tests.gazecore.devices.fake_tracker import FakeTracker, FakeWorld

if TYPE_CHECKING:
    from tests.gazecore.devices.conftest import Bench


@pytest.mark.skipif(is_installed(), reason="Tobii's SDK is installed")
def test_without_the_sdk_it_says_what_to_install() -> None:
    with pytest.raises(MissingExtraError, match=r"Python 3\.10.*focusstation\[tobii\]"):
        load_sdk()


@pytest.mark.skipif(
    not is_installed(),
    reason="without tobii-research (Python 3.10 alone; 'make test-tobii') these tests run over "
    "the clean-room copy of its surface only",
)
def test_the_same_tests_run_over_the_real_python_layer(own_bench: Bench) -> None:
    assert len(OWN_SDKS) == 2
    assert own_bench.sdk.__version__.startswith("2.1")


def test_the_condition_of_the_licence_is_said() -> None:
    for word in ("non-commercial", "consumer", "consent"):
        assert word in LICENCE_NOTICE


@pytest.mark.parametrize(
    ("status", "advice"),
    [
        (fake_tracker.CONNECTION_FAILED, "check its cable"),
        (fake_tracker.LICENCE, "licence does not allow"),
        (fake_tracker.NOT_SUPPORTED, "this model cannot"),
        (fake_tracker.INTERNAL, "restart it"),
        (fake_tracker.INVALID_PARAMETER, "check its cable"),
    ],
)
def test_an_error_becomes_one_line_that_says_what_to_do(
    tobii_bench: Bench, status: int, advice: str
) -> None:
    tobii_bench.device.script["get_gaze_output_frequency"] = [status]
    tracker = tobii_bench.connect()
    with (
        pytest.raises(TrackerError, match=f"refused its rate: .*; .*{advice}") as caught,
        explained(tobii_bench.sdk, "its rate"),
    ):
        tracker.get_gaze_output_frequency()
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("\"It failed. 'se_internal'\"", "It failed. 'se_internal'"),
        ("'It failed.'", "It failed."),
        ("It failed. 'se_internal'", "It failed. 'se_internal'"),
        ("", "EyeTrackerInternalError"),
    ],
)
def test_an_error_that_tells_itself_in_quotes_is_unquoted(told: str, said: str) -> None:
    sdk = FakeSdk(FakeWorld())
    with (
        pytest.raises(TrackerError, match=f"^the tracker refused its rate: {said}; "),
        explained(sdk, "its rate"),
    ):
        raise sdk.EyeTrackerInternalError(told)


def test_what_is_no_error_of_the_sdk_passes(tobii_bench: Bench) -> None:
    assert len(sdk_errors(tobii_bench.sdk)) >= 6
    with pytest.raises(ZeroDivisionError), explained(tobii_bench.sdk, "sums"):
        raise ZeroDivisionError


def rate_of(bench: Bench, **limits: float) -> Any:
    tracker = bench.connect()
    return answered(
        bench.sdk, "its rate", tracker.get_gaze_output_frequency, lambda v: v == 120.0, **limits
    )


def test_a_call_that_timed_out_is_asked_again(tobii_bench: Bench) -> None:
    tobii_bench.device.script["get_gaze_output_frequency"] = [fake_tracker.TIMED_OUT]
    assert rate_of(tobii_bench) == 120.0


def test_a_call_that_times_out_twice_is_no_success(tobii_bench: Bench) -> None:
    tobii_bench.device.script["get_gaze_output_frequency"] = [fake_tracker.TIMED_OUT] * 2
    with pytest.raises(TrackerError, match="gives None when asked for its rate; restart it"):
        rate_of(tobii_bench)


def test_the_layers_own_stumble_over_a_time_out_is_caught(tobii_bench: Bench) -> None:
    tracker = tobii_bench.connect()
    tobii_bench.device.script["get_all_gaze_output_frequencies"] = [fake_tracker.TIMED_OUT]
    rates = answered(tobii_bench.sdk, "rates", tracker.get_all_gaze_output_frequencies, bool)
    assert rates == (60.0, 120.0, 250.0)


def test_a_call_that_never_comes_back_is_given_up(tobii_bench: Bench) -> None:
    tobii_bench.device.hangs["get_gaze_output_frequency"] = threading.Event()
    with pytest.raises(TrackerError, match="its rate; restart it"):
        rate_of(tobii_bench, limit_s=0.2)
    tobii_bench.device.hangs["get_gaze_output_frequency"].set()


def test_the_search_is_repeated_while_nothing_is_found(tobii_bench: Bench) -> None:
    tobii_bench.world.empty_searches = 2
    found = find_tracker(tobii_bench.sdk, pause_s=0.0)
    assert (found.serial_number, tobii_bench.world.searches) == ("FS-1", 3)


def test_no_tracker_is_said_when_the_time_is_over(tobii_bench: Bench) -> None:
    tobii_bench.world.empty_searches = 1000
    assert search_trackers(tobii_bench.sdk, wait_s=0.05, pause_s=0.02) == ()
    with pytest.raises(TrackerError, match=r"no Tobii tracker found.*--address"):
        find_tracker(tobii_bench.sdk, wait_s=0.0)


def test_all_trackers_are_found(tobii_bench: Bench) -> None:
    tobii_bench.world.trackers.append(FakeTracker("tet-tcp://10.0.0.2", serial_number="FS-2"))
    found = search_trackers(tobii_bench.sdk)
    assert [tracker.serial_number for tracker in found] == ["FS-1", "FS-2"]


def test_a_tracker_may_be_named_by_its_address(tobii_bench: Bench) -> None:
    found = find_tracker(tobii_bench.sdk, "tet-tcp://10.0.0.1")
    assert found.address == "tet-tcp://10.0.0.1"
    with pytest.raises(TrackerError, match=r"refused the connection to tet-tcp://9.*se_internal"):
        find_tracker(tobii_bench.sdk, "tet-tcp://9")


def test_a_search_that_fails_is_said(tobii_bench: Bench) -> None:
    tobii_bench.world.script["find_all_eyetrackers"] = [fake_tracker.INTERNAL]
    with pytest.raises(TrackerError, match="refused the search"):
        find_tracker(tobii_bench.sdk)
