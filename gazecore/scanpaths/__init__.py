"""Scanpaths, and how alike two of them are: in five ways, on a grid, or place by place."""

from gazecore.scanpaths.alignment import cheapest_pairs, warped_distance_px
from gazecore.scanpaths.multimatch import MultiMatch, multimatch
from gazecore.scanpaths.scanmatch import ScanMatchGrid, scanmatch
from gazecore.scanpaths.scanpath import Scanpath

__all__ = [
    "MultiMatch",
    "ScanMatchGrid",
    "Scanpath",
    "cheapest_pairs",
    "multimatch",
    "scanmatch",
    "warped_distance_px",
]
