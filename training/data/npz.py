"""Examples and attention maps in NumPy's .npz files; pickles inside are refused."""

from __future__ import annotations

import struct
import tokenize
import zipfile
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np

from gazecore.errors import DamagedFileError, LayoutError, MissingPathError
from training.data.examples import ExampleSet, checked

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt


# What NumPy and zipfile raise for files that are none, cut short, or changed on the way.
_UNREADABLE = (
    OSError,
    ValueError,
    EOFError,
    TypeError,
    AttributeError,  # one .npy array under "with", on Python 3.10
    RuntimeError,
    NotImplementedError,
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    SyntaxError,
    tokenize.TokenError,
)


def read_arrays(path: Path, required: tuple[str, ...]) -> dict[str, npt.NDArray[Any]]:
    """All arrays of a file.

    Raises
    ------
    MissingPathError, DamagedFileError, LayoutError
        No such file; not an .npz file or a damaged one; one of the required keys is missing.
    """
    if not path.is_file():
        raise MissingPathError(path)
    try:
        # NumPy leaves a file that it opened itself open where it is no zip archive.
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
            arrays = {key: file[key] for key in file.files}
    except _UNREADABLE as error:
        raise DamagedFileError(path, f"not a readable .npz file ({error})") from error
    missing = [key for key in required if key not in arrays]
    if missing:
        raise LayoutError(
            path, f"no {', '.join(missing)}", f"an .npz file with the keys {', '.join(required)}"
        )
    return arrays


def read_examples(path: Path) -> ExampleSet:
    """The set in a file with images, labels, groups, split and perhaps finding_masks."""
    arrays = read_arrays(path, ("images", "labels", "groups", "split"))
    masks = arrays.get("finding_masks")
    try:
        labels = arrays["labels"].astype(np.int64)
    except ValueError as error:
        raise DamagedFileError(path, f"labels are not whole numbers ({error})") from error
    examples = ExampleSet(
        images=arrays["images"],
        labels=labels,
        groups=arrays["groups"].astype(str),
        split=arrays["split"].astype(str),
        finding_masks=None if masks is None else masks.astype(bool),
    )
    return checked(examples, path)


def read_maps(path: Path, images: int) -> tuple[npt.NDArray[np.float32], bool]:
    """Attention maps (n, h, w) for that many images, and whether they stem from simulation.

    Raises
    ------
    DamagedFileError
        Another number of maps, or values that are negative or not finite.
    """
    arrays = read_arrays(path, ("maps",))
    maps = arrays["maps"].astype(np.float32)
    if maps.ndim != 3 or len(maps) != images:
        raise DamagedFileError(path, f"maps are {maps.shape}, expected ({images}, h, w)")
    if not np.isfinite(maps).all() or (maps < 0).any():
        raise DamagedFileError(path, "maps hold negative or non-finite values")
    return maps, bool(arrays.get("simulated", np.array(False)))
