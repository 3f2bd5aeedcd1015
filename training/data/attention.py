"""Images with attention maps: what the predictor learns from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gazecore.errors import DamagedFileError, InvalidSettingError, LayoutError, MissingPathError
from training.data.npz import read_arrays
from training.data.pixels import read_gray, resized, resized_map

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy.typing as npt

    from gazecore.study import Case


@dataclass(frozen=True, slots=True)
class AttentionSet:
    """Cases with the mean attention map of their readers.

    Attributes
    ----------
    names : tuple of str
        Of the cases.
    images : ndarray
        uint8 (n, size, size).
    maps : ndarray
        float32 (n, size, size), each summing to one.
    groups : ndarray
        Patients, str (n,).
    fixations : tuple of ndarray or None
        Per case the fixations of all readers, (k, 2) as x, y in 0..1 of the image; None where
        they are not known.
    simulated : bool
        Whether any gaze was simulated.
    """

    names: tuple[str, ...]
    images: npt.NDArray[np.uint8]
    maps: npt.NDArray[np.float32]
    groups: npt.NDArray[np.str_]
    simulated: bool
    fixations: tuple[npt.NDArray[np.float64], ...] | None = None


@dataclass(frozen=True, slots=True)
class PatientSplit:
    """Indices of cases; no patient is in two parts."""

    train: npt.NDArray[np.int64]
    validation: npt.NDArray[np.int64]
    held_out: npt.NDArray[np.int64]


def split_patients(
    groups: npt.NDArray[np.str_], *, held_out: float, validation: float, seed: int
) -> PatientSplit:
    """Split by patients at random: at least one held out, one for validation, two to learn.

    Raises
    ------
    InvalidSettingError
        Fewer than four patients, or shares that leave nothing to learn from.
    """
    patients = np.unique(groups)
    order = np.random.default_rng(seed).permutation(patients)
    n_test = max(1, round(held_out * len(patients)))
    n_val = max(1, round(validation * len(patients)))
    if len(patients) - n_test - n_val < 2:
        raise InvalidSettingError("patients", len(patients), "enough to hold some out (4 or more)")
    parts = np.split(order, [n_test, n_test + n_val])
    test, val, train = (np.flatnonzero(np.isin(groups, part)) for part in parts)
    return PatientSplit(train, val, test)


def read_study(folder: Path, *, size_px: int) -> AttentionSet:
    """The cases of a study that have a mean attention map; each case counts as a patient.

    Raises
    ------
    MissingPathError
        The study has no attention maps yet.
    """
    from gazecore.study import Study

    with Study.open(folder, read_only=True) as study:
        cases = study.cases()
        derivatives = study.derivatives
    found = [
        (case, derivatives / "attention" / f"case-{case.case_id}.npz")
        for case in cases
        if (derivatives / "attention" / f"case-{case.case_id}.npz").is_file()
    ]
    if not found:
        place = derivatives / "attention"
        raise MissingPathError(place, "attention maps (run 'focusstation analyse' first)")
    maps = [_read_map(path) for _, path in found]
    kept = _informative(derivatives / "attention", [attention for attention, _ in maps])
    names = tuple(found[i][0].case_id for i in kept)
    return AttentionSet(
        names=names,
        images=np.stack([resized(read_gray(found[i][0].path), size_px) for i in kept]),
        maps=np.stack([resized_map(maps[i][0], size_px) for i in kept]),
        groups=np.array(names),
        simulated=any(maps[i][1] or found[i][0].simulated for i in kept),
        fixations=_read_fixations(derivatives, [found[i][0] for i in kept]),
    )


def _read_fixations(
    derivatives: Path, cases: Sequence[Case]
) -> tuple[npt.NDArray[np.float64], ...] | None:
    """Fixations on each case by all readers, x and y in 0..1; None where there are no tables."""
    import polars as pl

    files = sorted((derivatives / "fixations").glob("*.parquet"))
    if not files:
        return None
    columns = ("case_id", "on_image", "x_image_px", "y_image_px")
    table = pl.concat([pl.read_parquet(file, columns=list(columns)) for file in files])
    table = table.filter(pl.col("on_image")).drop_nulls()
    return tuple(
        table.filter(pl.col("case_id") == case.case_id)
        .select(pl.col("x_image_px") / case.width_px, pl.col("y_image_px") / case.height_px)
        .to_numpy()
        for case in cases
    )


def read_file(path: Path, *, size_px: int) -> AttentionSet:
    """A set from an .npz file with images, maps and perhaps groups and simulated."""
    arrays = read_arrays(path, ("images", "maps"))
    images, maps = arrays["images"], arrays["maps"].astype(np.float32)
    if images.ndim != 3 or images.dtype != np.uint8 or len(images) != len(maps):
        raise DamagedFileError(path, "images are not uint8 (n, h, w), or there are not n maps")
    if not np.isfinite(maps).all() or (maps < 0).any():
        raise DamagedFileError(path, "maps hold negative or non-finite values")
    kept = _informative(path, list(maps))
    names = tuple(f"{i:06d}" for i in kept)
    groups = arrays.get("groups", np.arange(len(images))).astype(str)
    return AttentionSet(
        names=names,
        images=np.stack([resized(images[i], size_px) for i in kept]),
        maps=np.stack([resized_map(maps[i], size_px) for i in kept]),
        groups=groups[kept],
        simulated=bool(arrays.get("simulated", np.array(False))),
    )


def _informative(path: Path, maps: Sequence[npt.NDArray[np.float32]]) -> list[int]:
    """Which maps say where somebody looked: neither empty nor the same everywhere."""
    kept = [i for i, one in enumerate(maps) if one.max() > one.min()]
    if not kept:
        raise LayoutError(path, "all attention maps are empty or constant", "maps of real gaze")
    return kept


def _read_map(path: Path) -> tuple[npt.NDArray[np.float32], bool]:
    arrays = read_arrays(path, ("map", "simulated"))
    return arrays["map"].astype(np.float32), bool(arrays["simulated"])
