from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from app.reading.frame_source import FrameSource
from gazecore.dicom import open_image
from gazecore.study import Case
from tests.app.conftest import write_frames

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.reading.frame import FrameRenderer
    from gazecore.dicom.decoder import Decoder

WAIT_MS = 20_000
FRAMES = 8


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case("case-0001", write_frames(tmp_path / "frames.dcm", FRAMES), 30, 40, "")


class Watched:
    """A source and what it gave."""

    def __init__(self, decoder: Decoder) -> None:
        self.source = FrameSource(decoder)
        self.ready: list[FrameRenderer] = []
        self.source.frame_ready.connect(self.ready.append)

    def get(self, qtbot: QtBot, case: Case, frame: int) -> FrameRenderer:
        count = len(self.ready)
        self.source.want(case, frame, FRAMES)
        qtbot.waitUntil(lambda: len(self.ready) > count, timeout=WAIT_MS)
        return self.ready[-1]


def test_frames_come_as_they_are_in_the_file(
    qtbot: QtBot, case: Case, shared_decoder: Decoder
) -> None:
    watched = Watched(shared_decoder)
    for frame in (1, 2, 7, 0):
        image = watched.get(qtbot, case, frame).image
        expected = open_image(case.path, frame=frame)
        np.testing.assert_array_equal(image.stored, expected.stored)
        assert image.default_window == expected.default_window
        assert (image.frame, image.frames) == (frame, FRAMES)
    watched.source.forget()


def test_a_neighbour_is_there_at_once_and_what_is_far_is_let_go(
    qtbot: QtBot, case: Case, shared_decoder: Decoder
) -> None:
    watched = Watched(shared_decoder)
    third = watched.get(qtbot, case, 3)
    assert watched.get(qtbot, case, 4) is not third
    assert watched.get(qtbot, case, 3) is third
    watched.get(qtbot, case, 7)
    assert watched.get(qtbot, case, 3) is not third


def test_only_the_frame_wanted_last_is_given(
    qtbot: QtBot, case: Case, shared_decoder: Decoder
) -> None:
    watched = Watched(shared_decoder)
    for frame in range(1, FRAMES):
        watched.source.want(case, frame, FRAMES)
    qtbot.waitUntil(lambda: bool(watched.ready), timeout=WAIT_MS)
    assert [each.image.frame for each in watched.ready] == [FRAMES - 1]


def test_a_frame_that_is_not_there_is_told(
    qtbot: QtBot, case: Case, shared_decoder: Decoder
) -> None:
    watched = Watched(shared_decoder)
    with qtbot.waitSignal(watched.source.frame_failed, timeout=WAIT_MS) as failed:
        watched.source.want(case, 20, 21)
    assert failed.args is not None
    frame, reason = failed.args
    assert frame == 20
    assert "frame 21 of 8" in reason
