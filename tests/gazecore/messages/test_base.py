"""Every message is frozen, of a known version, and one line of JSON."""

from __future__ import annotations

import json
import math

import pytest
from pydantic import ValidationError

from gazecore.messages import CaseClosed, FrameShown, StepDone
from gazecore.messages.base import SCHEMA_VERSION


def test_a_message_cannot_be_changed() -> None:
    marker = CaseClosed(t_s=0.0, reading_id="r", case_id="c")
    with pytest.raises(ValidationError):
        marker.t_s = 1.0  # type: ignore[misc]


def test_json_is_strict_json_even_with_nan() -> None:
    def refuse(constant: str) -> None:
        pytest.fail(f"not JSON: {constant}")

    step = StepDone(t_unix_s=0.0, step=1, epoch=0, values={"loss": math.nan})
    json.loads(step.to_json(), parse_constant=refuse)


@pytest.mark.parametrize("version", [0, SCHEMA_VERSION + 1])
def test_another_version_is_refused(version: int) -> None:
    with pytest.raises(ValidationError):
        FrameShown(t_s=0.0, serial=1, schema_version=version)
