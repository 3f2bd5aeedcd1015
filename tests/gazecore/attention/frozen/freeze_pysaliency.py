"""Make ``pysaliency.json``: inputs, and what pysaliency 0.2.22 (MIT) says of them.

Run once, by hand, with numpy, scipy, numba, boltons, tqdm, imageio, deprecation and requests
installed, and the folder of pysaliency's unpacked source distribution as the argument::

    python freeze_pysaliency.py FOLDER/pysaliency-0.2.22

Only its own functions are called. Its package imports torch for models that are not used here,
so the package is opened without running its ``__init__``.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

SIZES = ((28, 36), (24, 24), (20, 31))


def maps(random: np.random.Generator, size: tuple[int, int], kind: str) -> Any:
    """A predicted map: smooth, with ties and zeros, or with values under zero."""
    height, width = size
    y, x = np.mgrid[:height, :width]
    smooth = np.exp(-(((x - width * 0.6) / 9) ** 2) - ((y - height * 0.4) / 6) ** 2)
    smooth = smooth + 0.2 * random.random(size)
    if kind == "ties and zeros":
        smooth = np.floor(smooth * 8) / 8
    if kind == "under zero":
        smooth = smooth - 0.4
    return np.round(smooth, 6)


def fixated(random: np.random.Generator, size: tuple[int, int]) -> Any:
    """Fixations near the peak and anywhere, some in one pixel, none off the image."""
    height, width = size
    near = random.normal((width * 0.6, height * 0.4), 4.0, (14, 2))
    points = np.concatenate([near, random.uniform(0, (width, height), (8, 2))])
    points[5:8] = points[4]
    return np.round(np.clip(points, 0, np.array([width, height]) - 1e-3), 4)


def answers(found: dict[str, Any], case: dict[str, Any]) -> dict[str, float]:
    """What pysaliency says, by the name of our function."""
    models, metrics = found["saliency_map_models"], found["metrics"]
    datasets, probabilistic = found["datasets"], found["models"]

    class Fixed(models.SaliencyMapModel):  # type: ignore[misc, name-defined]
        def __init__(self, values: list[Any]) -> None:
            super().__init__(caching=False)
            self.values = {value.shape: value for value in values}

        def _saliency_map(self, stimulus: Any) -> Any:
            return self.values[stimulus.shape[:2]].copy()

    predicted = [np.array(value) for value in case["predicted"]]
    baseline = [np.array(value) for value in case["baseline"]]
    points = [np.array(value) for value in case["fixations"]]
    stimuli = datasets.Stimuli([np.zeros((*size, 3)) for size in SIZES])
    x, y = np.concatenate(points).T
    number = np.repeat(np.arange(len(points)), [len(value) for value in points])
    fixations = datasets.Fixations.create_without_history(x, y, number)
    first = fixations[fixations.n == 0]
    model, gold = Fixed(predicted), models.FixationMap(stimuli, fixations, kernel_size=3.0)
    case["reference"] = gold.saliency_map(stimuli[0]).tolist()
    normalised = probabilistic.SaliencyMapNormalizingModel
    one = datasets.Stimuli([np.zeros((*SIZES[0], 3))])
    told = {
        "nss": model.NSS(stimuli, first),
        "auc_judd": model.AUC_Judd(stimuli, first, jitter=False),
        "shuffled_auc": np.mean(model.sAUCs(stimuli, fixations)[fixations.n == 0]),
        "cc": model.CCs(one, gold)[0],
        "sim": model.SIMs(one, gold)[0],
        "kld": metrics.MIT_KLDiv(predicted[0], gold.saliency_map(stimuli[0])),
        "auc_all_pixels": model.AUC(stimuli, first, nonfixations="uniform"),
    }
    if min(value.min() for value in predicted) > 0:
        told["information_gain"] = normalised(model).information_gain(
            stimuli, first, normalised(Fixed(baseline))
        )
    return {name: float(value) for name, value in told.items()}


def main(folder: str) -> None:
    """Write the file beside this script."""
    vars(np)["trapz"] = np.trapezoid  # numpy 2.4 has the new name alone
    package = ModuleType("pysaliency")
    package.__path__ = [str(Path(folder) / "pysaliency")]
    sys.modules["pysaliency"] = package
    names = ("datasets", "metrics", "saliency_map_models", "models")
    found = {name: import_module(f"pysaliency.{name}") for name in names}
    random = np.random.default_rng(20)
    cases = []
    for kind in ("smooth", "ties and zeros", "under zero"):
        case: dict[str, Any] = {"kind": kind}
        case["predicted"] = [maps(random, size, kind).tolist() for size in SIZES]
        case["baseline"] = [maps(random, SIZES[0], "smooth").tolist()]
        case["fixations"] = [fixated(random, size).tolist() for size in SIZES]
        case["pysaliency"] = answers(found, case)
        cases.append(case)
    document = {
        "made_by": "pysaliency 0.2.22 (MIT), its own functions, by freeze_pysaliency.py",
        "numpy": np.__version__,
        "variants": {
            "nss": "SaliencyMapModel.NSS",
            "auc_judd": "SaliencyMapModel.AUC_Judd(jitter=False)",
            "shuffled_auc": "SaliencyMapModel.sAUCs, mean over the first image's fixations",
            "cc": "SaliencyMapModel.CCs",
            "sim": "SaliencyMapModel.SIMs",
            "kld": "metrics.MIT_KLDiv",
            "auc_all_pixels": "SaliencyMapModel.AUC(nonfixations='uniform')",
            "information_gain": "SaliencyMapNormalizingModel.information_gain",
        },
        "cases": cases,
    }
    Path(__file__).with_name("pysaliency.json").write_text(json.dumps(document) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
