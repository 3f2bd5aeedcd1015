"""Make ``multimatch.json``: scanpaths, and what multimatch-gaze 0.1.3 (MIT) says of them.

Run once, by hand, where that package and numpy and scipy are installed; `docomparison` is called
without grouping, its default.
"""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path

import numpy as np

SCREEN_PX = (1280, 720)
LENGTHS = ((3, 3), (3, 11), (12, 9), (40, 25))


def main() -> None:
    """Write the file beside this script."""
    compare = import_module("multimatch_gaze").docomparison
    random = np.random.default_rng(30)
    pairs = []
    for lengths in LENGTHS:
        paths = []
        for n in lengths:
            xy_px = random.uniform((0, 0), SCREEN_PX, (n, 2))
            rows = np.column_stack([xy_px, random.uniform(0.05, 0.9, n)])
            paths.append(np.round(rows, 4))
        kind = [("start_x", "f8"), ("start_y", "f8"), ("duration", "f8")]
        told = compare(*(np.array(list(map(tuple, p)), dtype=kind) for p in paths), SCREEN_PX)
        pairs.append(
            {"paths": [p.tolist() for p in paths], "multimatch": [float(value) for value in told]}
        )
    document = {
        "made_by": "multimatch-gaze 0.1.3 (MIT), docomparison without grouping, by this script",
        "order": ["shape", "direction", "length", "position", "duration"],
        "screen_px": SCREEN_PX,
        "pairs": pairs,
    }
    Path(__file__).with_name("multimatch.json").write_text(json.dumps(document) + "\n")


if __name__ == "__main__":
    main()
