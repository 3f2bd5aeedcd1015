"""Figures of live gaze and how good each is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from app.operator.viewmodel import Figure, Level, LiveQuality, RecorderNote, quality_of
from gazecore.live_gaze import LinkState, LinkStatus
from gazecore.samples import GAZE_LABELS, GazeSamples

LIVE = LinkStatus(state="live", samples=240, nominal_rate_hz=120.0)


def _samples(n: int, left_valid: float, right_valid: float, rate_hz: float = 120.0) -> GazeSamples:
    values = np.full((n, len(GAZE_LABELS)), 0.5)
    for eye, share in (("left", left_valid), ("right", right_valid)):
        valid = np.arange(n) < round(share * n)
        values[:, GAZE_LABELS.index(f"{eye}_gaze_valid")] = valid
        values[:, GAZE_LABELS.index(f"{eye}_origin_valid")] = valid
        for axis, mm in zip("xyz", (0.0, 300.0, 400.0), strict=True):
            values[:, GAZE_LABELS.index(f"{eye}_origin_user_{axis}")] = mm
    return GazeSamples.from_channels(np.arange(n) / rate_hz, values)


def _figure(quality: LiveQuality, name: str) -> Figure:
    (found,) = [figure for figure in quality.figures() if figure.name == name]
    return found


def test_a_sound_stream_is_good_everywhere() -> None:
    quality = quality_of(_samples(240, 1, 1), LIVE, RecorderNote("recording"), 300_000_000_000)
    texts = {figure.name: figure.text for figure in quality.figures()}
    assert texts == {
        "TRACKER": "live",
        "VALID": "100 %",
        "EYES": "both · 50 cm",
        "RATE": "120 of 120 Hz",
        "GAPS": "0",
        "RECORDER": "recording",
        "DISK FREE": "300 GB",
    }
    assert {figure.level for figure in quality.figures()} == {"good"}


@pytest.mark.parametrize(
    ("left", "right", "text", "level"),
    [(1, 0.2, "left only", "warn"), (0.1, 0.9, "right only", "warn"), (0.1, 0.1, "none", "bad")],
)
def test_eyes_that_are_not_seen_are_named(
    left: float, right: float, text: str, level: Level
) -> None:
    figure = _figure(quality_of(_samples(240, left, right), LIVE, RecorderNote(), None), "EYES")
    assert figure.text.split(" · ")[0] == text
    assert figure.level == level


def test_a_sample_counts_as_valid_with_either_eye() -> None:
    quality = quality_of(_samples(200, 0.75, 0.25), LIVE, RecorderNote(), None)
    assert quality.valid_share == 0.75
    assert _figure(quality, "VALID").level == "warn"


@pytest.mark.parametrize(
    ("rate_hz", "level"), [(120.0, "good"), (117.0, "good"), (110.0, "warn"), (60.0, "bad")]
)
def test_the_rate_is_measured_against_the_nominal_one(rate_hz: float, level: Level) -> None:
    quality = quality_of(_samples(100, 1, 1, rate_hz), LIVE, RecorderNote(), None)
    assert quality.rate_hz == pytest.approx(rate_hz)
    assert _figure(quality, "RATE").level == level


@pytest.mark.parametrize(
    ("state", "text", "level"),
    [
        ("searching", "searching", "idle"),
        ("stale", "silent", "warn"),
        ("lost", "lost", "bad"),
        ("unmapped", "unmapped", "bad"),
        ("refused", "refused", "bad"),
    ],
)
def test_a_link_that_is_not_live_has_no_figures(state: LinkState, text: str, level: Level) -> None:
    link = LinkStatus(state=state, samples=10, problem="why")
    quality = quality_of(_samples(240, 1, 1), link, RecorderNote(), None)
    assert (_figure(quality, "TRACKER").text, _figure(quality, "TRACKER").level) == (text, level)
    assert _figure(quality, "TRACKER").hint == "why"
    assert quality.valid_share is None
    assert _figure(quality, "RATE").text == "–"


def test_gaps_of_link_and_recorder_add_up() -> None:
    link = LinkStatus(state="live", samples=10, gaps=1, missing=7)
    quality = LiveQuality(link=link, recorder=RecorderNote("recording", gaps=2))
    assert _figure(quality, "GAPS") == Figure(
        "GAPS", "3", "warn", "7 samples never arrived, by their sequence numbers"
    )


@pytest.mark.parametrize(
    ("free_bytes", "level"), [(6_000_000_000, "good"), (2_000_000_000, "warn"), (10, "bad")]
)
def test_a_full_disk_is_seen_early(free_bytes: int, level: Level) -> None:
    assert _figure(LiveQuality(free_bytes=free_bytes), "DISK FREE").level == level
    of_recorder = LiveQuality(recorder=RecorderNote(free_bytes=free_bytes), free_bytes=10**12)
    assert _figure(of_recorder, "DISK FREE").level == level


def test_the_recorders_last_fault_is_named() -> None:
    quality = LiveQuality(recorder=RecorderNote("recording", faults=("first", "disk full")))
    assert _figure(quality, "RECORDER") == Figure("RECORDER", "fault", "bad", "disk full")


def test_one_point_of_both_eyes_is_not_called_two_eyes() -> None:
    link = replace(LIVE, is_one_point=True, profile="Gazepoint")
    seen = quality_of(_samples(240, 1, 1), link, RecorderNote(), None)
    assert _figure(seen, "EYES").text == "one point · 50 cm"
    assert _figure(seen, "TRACKER").hint == "Gazepoint"
    lost = quality_of(_samples(240, 0.1, 0.1), link, RecorderNote(), None)
    assert _figure(lost, "EYES") == replace(_figure(lost, "EYES"), text="none · 50 cm", level="bad")


def test_a_stream_that_names_no_rate_shows_the_measured_one_alone() -> None:
    link = replace(LIVE, nominal_rate_hz=0.0)
    quality = quality_of(_samples(240, 1, 1), link, RecorderNote(), None)
    assert _figure(quality, "RATE").text == "120 Hz"


def test_a_rate_that_another_program_declares_wrongly_is_no_alarm() -> None:
    link = replace(LIVE, nominal_rate_hz=600.0, profile="Tobii through App-TobiiPro")
    figure = _figure(quality_of(_samples(240, 1, 1), link, RecorderNote(), None), "RATE")
    assert (figure.text, figure.level) == ("120 of 600 Hz", "warn")
    assert "not the tracker's" in figure.hint
