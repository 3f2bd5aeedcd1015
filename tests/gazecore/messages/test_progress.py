"""Lines of progress survive JSON, each under its own name."""

from __future__ import annotations

import math
from typing import get_args

import pytest
from pydantic import ValidationError

from gazecore.messages import (
    AnyProgress,
    KeyPressed,
    Progress,
    RunStarted,
    StepDone,
    parse_progress,
)
from tests.gazecore.messages.example_markers import kinds_of


def test_a_loss_that_is_no_number_survives_json() -> None:
    values = {"loss": math.nan, "grad": math.inf, "rate": 0.5}
    step = StepDone(t_unix_s=0.0, step=1, epoch=0, values=values)
    again = parse_progress(step.to_json())
    assert isinstance(again, StepDone)
    assert math.isnan(again.values["loss"])
    assert (again.values["grad"], again.values["rate"]) == (math.inf, 0.5)


def test_every_line_is_in_the_union_under_its_own_name() -> None:
    members = set(get_args(get_args(AnyProgress)[0]))
    assert members == kinds_of(Progress)
    kinds = [member.model_fields["kind"].default for member in members]
    assert len(set(kinds)) == len(kinds)


def test_progress_is_told_apart_by_kind() -> None:
    run = RunStarted(t_unix_s=0.0, run="a", task="pretrain", total_steps=10, pid=1)
    assert parse_progress(run.to_json()) == run
    with pytest.raises(ValidationError):
        parse_progress(KeyPressed(t_s=0.0, key="F").to_json())
