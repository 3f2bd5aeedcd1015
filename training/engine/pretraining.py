"""Contrastive pre-training: one page of loop, resumable to the bit on one thread."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch

from gazecore.errors import InvalidSettingError
from training.config import PretrainConfig, to_json
from training.engine.checkpoints import load_last_checkpoint, save_checkpoint
from training.engine.durable import write_json
from training.methods import METHODS, ContrastiveMethod
from training.networks.backbones import make_backbone

if TYPE_CHECKING:
    from torch import Tensor

    from training.engine.progress import RunReport
    from training.engine.stopping import StopRequest
    from training.views import FocusContrastViews


_CHECKPOINT_EVERY_S = 60.0


@dataclass(frozen=True, slots=True)
class ViewStatistics:
    """Means over all views of a run: what the arm really did."""

    attention_kept: float
    effective_area: float
    fallback: float


@dataclass(frozen=True, slots=True)
class Pretrained:
    """A pre-trained method; `finished` is False where the run was asked to stop."""

    method: ContrastiveMethod
    views: ViewStatistics
    loss: float
    step: int
    finished: bool


class Pretraining:
    """One run's state and loop.

    Parameters
    ----------
    config : PretrainConfig
        All settings.
    views : FocusContrastViews
        The view generator of the run's arm.
    images : Tensor
        Training images, uint8 (n, 1, h, w).
    attention : Tensor or None
        float32 (n, 1, h, w); None where the arm has none.
    fingerprint : str
        Of the data; a checkpoint of other data is refused.
    """

    def __init__(
        self,
        config: PretrainConfig,
        views: FocusContrastViews,
        images: Tensor,
        attention: Tensor | None,
        fingerprint: str,
    ) -> None:
        if len(images) < config.batch:
            raise InvalidSettingError("batch", config.batch, f"at most {len(images)} images")
        self.config, self.views, self.fingerprint = config, views, fingerprint
        self.images, self.attention = images, attention
        self.steps_per_epoch = len(images) // config.batch
        self.total_steps = self.steps_per_epoch * config.epochs
        torch.manual_seed(config.seed)
        self.method = make_method(config, len(images))
        # Convolutions on a CPU are a fifth quicker so; nothing else changes.
        self.method.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.optimizer = torch.optim.AdamW(
            [p for p in self.method.parameters() if p.requires_grad],
            lr=config.learning_rate,
            weight_decay=config.weight_decay,
        )
        self.generator = torch.Generator().manual_seed(config.seed)
        self.step = 0
        self._sums = torch.zeros(4, dtype=torch.float64)
        self._loss = math.nan

    def run(self, report: RunReport, stop: StopRequest, *, until: int | None = None) -> Pretrained:
        """Train from the last checkpoint of the run's folder to the end, or `until` that step."""
        saved = load_last_checkpoint(report.folder / "checkpoints")
        if saved is not None:
            self.load_state(saved)
        write_json(report.folder / "config.json", to_json(self.config))
        last = self.total_steps if until is None else until
        report.started(self.total_steps, resumed_at_step=self.step)
        self.method.train()
        saved_at = time.monotonic()
        while self.step < last and not stop.asked:
            loss = self._train_step()
            if self.step % self.steps_per_epoch == 0 or self.step == last:
                self._loss = loss
                epoch = (self.step - 1) // self.steps_per_epoch
                report.step(self.step, epoch, {"loss": loss, **self._statistics()})
            if time.monotonic() - saved_at > _CHECKPOINT_EVERY_S:
                self._save(report)
                saved_at = time.monotonic()
        self._save(report)
        views = ViewStatistics(**self._statistics())
        return Pretrained(
            self.method, views, self._loss, self.step, finished=self.step == self.total_steps
        )

    def _save(self, report: RunReport) -> None:
        file = save_checkpoint(report.folder / "checkpoints", self.step, self.state())
        report.checkpoint(self.step, file)

    def _train_step(self) -> float:
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate(self.config.learning_rate, self.step, self.total_steps)
        chosen = self._batch()
        attention = None if self.attention is None else self.attention[chosen]
        pair = self.views(self.images[chosen].float() / 255, attention, self.generator)
        loss = self.method(pair.first, pair.second)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        self.step += 1
        self.method.after_step(self.step / self.total_steps)
        kept = pair.attention_kept.double()
        self._sums += torch.stack(
            (
                kept.nanmean().nan_to_num(0.0) * kept.isfinite().any(),
                pair.effective_area.double().mean(),
                pair.fallback.double().mean(),
                kept.isfinite().any().double(),
            )
        )
        return float(loss.detach())

    def _batch(self) -> Tensor:
        """Indices of the images of this step: a fresh permutation each epoch."""
        epoch, place = divmod(self.step, self.steps_per_epoch)
        shuffled = torch.Generator().manual_seed(self.config.seed * 100_003 + epoch)
        order = torch.randperm(len(self.images), generator=shuffled)
        return order[place * self.config.batch : (place + 1) * self.config.batch]

    def _statistics(self) -> dict[str, float]:
        steps = max(self.step, 1)
        with_attention = float(self._sums[3])
        return {
            "attention_kept": float(self._sums[0]) / with_attention if with_attention else math.nan,
            "effective_area": float(self._sums[1]) / steps,
            "fallback": float(self._sums[2]) / steps,
        }

    def state(self) -> dict[str, Any]:
        """All that an exact continuation needs."""
        return {
            "schema_version": 1,
            "step": self.step,
            "config": to_json(self.config),
            "data": self.fingerprint,
            "method": self.method.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "torch_rng": torch.get_rng_state(),
            "views_rng": self.generator.get_state(),
            "sums": self._sums,
            "loss": self._loss,
        }

    def load_state(self, state: dict[str, Any]) -> None:
        """Continue from a checkpoint.

        Raises
        ------
        InvalidSettingError
            It belongs to other settings or other data.
        """
        if state["config"] != to_json(self.config):
            raise InvalidSettingError(
                "configuration", "changed", "that of the run; give a new folder with --out"
            )
        if state["data"] != self.fingerprint:
            raise InvalidSettingError("data", "changed", "the data that the run began with")
        self.step, self._sums, self._loss = state["step"], state["sums"], state["loss"]
        self.method.load_state_dict(state["method"])
        self.optimizer.load_state_dict(state["optimizer"])
        torch.set_rng_state(state["torch_rng"])
        self.generator.set_state(state["views_rng"])


def make_method(config: PretrainConfig, images: int) -> ContrastiveMethod:
    """The method around a fresh backbone, with the settings that it knows.

    Raises
    ------
    InvalidSettingError
        No method has that name.
    """
    if config.method not in METHODS:
        raise InvalidSettingError("method", config.method, "one of " + ", ".join(METHODS))
    options: dict[str, Any] = {}
    if config.method != "byol":
        options["temperature"] = config.temperature
    if config.method != "simclr":
        options["momentum"] = config.momentum
    if config.method == "moco":
        # Well under the number of images, else an image meets its own key as a negative.
        options["keys"] = config.keys or max(images // 4 // config.batch, 1) * config.batch
    return METHODS[config.method](make_backbone(config.backbone), **options)


def learning_rate(peak: float, step: int, total: int) -> float:
    """Linear warm-up over the first tenth of the steps, then half a cosine down to 0."""
    warmup = max(total // 10, 1)
    if step < warmup:
        return peak * (step + 1) / warmup
    return peak * 0.5 * (1 + math.cos(math.pi * (step - warmup) / (total - warmup)))
