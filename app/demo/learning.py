"""The learning half of the demo: predictor, predicted attention, comparison, as commands."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from app.demo.case_pictures import write_study_images

if TYPE_CHECKING:
    from pathlib import Path

    from app.demo.commands import Commands
    from app.demo.plan import DemoPlan
    from app.demo.study_setup import DemoStudy

METHODS = ("simclr", "moco", "byol")
ARMS = ("conventional", "area-matched", "focuscontrast")


def write_example_set(path: Path, plan: DemoPlan) -> None:
    """A set of simulated knees for the comparison: half train, the rest val and test."""
    from gazecore.synthetic.knees import knee_set

    n = plan.set_examples
    knees = knee_set(n, (plan.set_size_px, plan.set_size_px), plan.seed + 1000)
    split = np.array(["train"] * (n * 6 // 10) + ["val"] * (n // 10))
    split = np.concatenate([split, np.full(n - len(split), "test")])
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(
        path,
        images=knees.images,
        labels=np.asarray(knees.grades, dtype=np.int64),
        groups=np.arange(n),
        split=split,
        finding_masks=knees.finding_masks,
    )


def learn(commands: Commands, study: DemoStudy, out: Path, plan: DemoPlan) -> dict[str, Any]:
    """Train the predictor on the study, predict the example set, compare; returns all figures."""
    predictor, compare, examples = out / "predictor", out / "compare", out / "examples.npz"
    maps, cases = out / "predicted.npz", out / "study-images.npz"
    passes = ("--epochs", str(plan.predictor_epochs))
    seconds = {
        "predictor": commands.run(
            "train predictor",
            ["train", "predictor", "--study", str(study.path), "--out", str(predictor), *passes],
        )
    }
    write_example_set(examples, plan)
    write_study_images(study, cases, plan.set_size_px)
    model = ("train", "predict", "--model", str(predictor))
    seconds["predict"] = commands.run(
        "predict", [*model, "--data", str(examples), "--out", str(maps)]
    )
    shown = str(out / "study-predicted.npz")
    commands.run("predict cases", [*model, "--data", str(cases), "--out", shown])
    given = ("--data", str(examples), "--attention", str(maps))
    commands.run("views", ["train", "views", *given, "--out", str(out / "views.npz")])
    seconds["compare"] = commands.run(
        "compare",
        [
            *("train", "compare", *given),
            *("--methods", ",".join(METHODS), "--arms", ",".join(ARMS)),
            *("--seeds", str(plan.training_seeds), "--jobs", str(plan.jobs), "--out", str(compare)),
        ],
    )
    return {
        "seconds": seconds,
        "predictor": json.loads((predictor / "metrics.json").read_text()),
        "compare": json.loads((compare / "results.json").read_text()),
    }
