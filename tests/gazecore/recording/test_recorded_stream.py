from __future__ import annotations

import numpy as np
import pytest

from gazecore.recording.recorded_stream import RecordedStream


@pytest.mark.parametrize(
    ("recorded", "segment"), [({"segment": "3"}, 3), ({}, 1), ({"segment": "x"}, 1), ("odd", 1)]
)
def test_the_segment_stands_in_the_description(recorded: object, segment: int) -> None:
    t_s = np.arange(4.0)
    stream = RecordedStream(
        1, "eyes", "Gaze", ("x",), ("",), "u", 0.0, t_s, t_s, None, (), {"recorded": recorded}
    )
    assert stream.segment == segment
    assert len(stream) == 4
    assert stream.source_id == ""
