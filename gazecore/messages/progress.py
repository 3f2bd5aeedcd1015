"""The lines of a training run's progress, told apart by kind."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from gazecore.messages.base import Progress


class RunStarted(Progress):
    """A run begins or resumes."""

    kind: Literal["run_started"] = "run_started"
    run: str
    task: Literal["predictor", "pretrain", "evaluate", "compare", "predict"]
    total_steps: int
    pid: int
    resumed_at_step: int = 0
    device: str = "cpu"


class StepDone(Progress):
    """Some steps are done; `values` holds losses, learning rate, throughput and view statistics."""

    kind: Literal["step"] = "step"
    step: int
    epoch: int
    values: dict[str, float]


class MetricMeasured(Progress):
    """A figure measured on held-out data."""

    kind: Literal["metric"] = "metric"
    step: int
    name: str
    value: float


class CheckpointSaved(Progress):
    """A checkpoint is complete on disk."""

    kind: Literal["checkpoint"] = "checkpoint"
    step: int
    file: str


class RunFinished(Progress):
    """A run ended by itself or on request."""

    kind: Literal["run_finished"] = "run_finished"
    outcome: Literal["finished", "stopped"]
    result: dict[str, float] = Field(default_factory=dict)


class RunFailed(Progress):
    """A run ended by an error."""

    kind: Literal["run_failed"] = "run_failed"
    error: str


AnyProgress = Annotated[
    RunStarted | StepDone | MetricMeasured | CheckpointSaved | RunFinished | RunFailed,
    Field(discriminator="kind"),
]

_PROGRESS: TypeAdapter[AnyProgress] = TypeAdapter(AnyProgress)


def parse_progress(text: str | bytes) -> AnyProgress:
    """The progress message in one line of JSON."""
    return _PROGRESS.validate_json(text)
