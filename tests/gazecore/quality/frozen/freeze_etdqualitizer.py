"""Write what ETDQualitizer 1.2.0 (MIT) says of made gaze; it is no dependency (it needs pandas).

In an environment of its own: ``pip install etdqualitizer==1.2.0``, then run this file.
"""

from __future__ import annotations

import importlib
import json
from pathlib import Path

import numpy as np

COVARIANCES_DEG2 = (
    [[0.04, 0.0], [0.0, 0.04]],
    [[0.09, 0.03], [0.03, 0.02]],
    [[0.01, -0.006], [-0.006, 0.25]],
)
TARGET_DEG = (0.5, -0.25)
SHARES = (0.5, 0.68, 0.95)


def main() -> None:
    """Write ``etdqualitizer.json`` beside this file."""
    theirs = importlib.import_module("ETDQualitizer")
    rng = np.random.default_rng(20261124)
    rows = []
    for covariance in COVARIANCES_DEG2:
        azi, ele = rng.multivariate_normal([0, 0], covariance, 240).round(4).T.copy()
        rows.append(
            {
                "azi_deg": azi.tolist(),
                "ele_deg": ele.tolist(),
                "bcea_deg2": {
                    str(p): float(theirs.bcea(azi, ele, p)[0]) for p in (0.5, 0.68, 0.95)
                },
                "rms_deg": float(theirs.rms_s2s(azi, ele)[0]),
                "std_deg": float(theirs.std(azi, ele)[0]),
                "target_deg": TARGET_DEG,
                "accuracy_deg": float(theirs.accuracy(azi, ele, *TARGET_DEG)[0]),
            }
        )
        azi[5:9], ele[5:9] = np.nan, np.nan
        rows[-1]["loss"] = {
            "invalid": float(theirs.data_loss_from_invalid(azi, ele)) / 100,
            "of_250_expected": float(theirs.data_loss_from_expected(azi, ele, 2.5, 100)) / 100,
        }
        azi[100:104], ele[20:24] = np.nan, np.nan
        rows[-1]["mispaired_bcea_deg2"] = float(theirs.bcea(azi, ele)[0])
    document = {"etdqualitizer": "1.2.0", "rows": rows}
    Path(__file__).with_name("etdqualitizer.json").write_text(json.dumps(document) + "\n")


if __name__ == "__main__":
    main()
