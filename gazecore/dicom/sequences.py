"""Sequences of a DICOM file: how deep they may nest, and how many items they may have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydicom.dataset import Dataset

from gazecore.dicom.values import FOREIGN_ERRORS
from gazecore.errors import UnsupportedImageError

if TYPE_CHECKING:
    from pathlib import Path

    from pydicom.tag import BaseTag

_MOST_DEPTH = 32
"""Structured reports nest about ten deep, images four."""
_MOST_ITEMS = 100_000
TOO_DEEP = f"sequences nested more than {_MOST_DEPTH} deep"
_ITEMS = (b"\xfe\xff\x00\xe0", b"\xff\xfe\xe0\x00")
"""The tag of an item in either byte order (PS3.5 7.5)."""


def check_sequences(path: Path, dataset: Dataset, depth: int = 1) -> None:
    """Refuse sequences no image has; what holds few items is not even parsed for that.

    Raises
    ------
    UnsupportedImageError
        Nested too deep, or more items than the longest film has frames.
    """
    for tag in list(dataset.keys()):
        items = _items(path, dataset, tag, depth)
        if items and depth >= _MOST_DEPTH:
            raise UnsupportedImageError(path, TOO_DEEP)
        for item in items:
            check_sequences(path, item, depth + 1)


def _items(path: Path, dataset: Dataset, tag: BaseTag, depth: int) -> list[Dataset]:
    """The items of an element that may nest too deep; none of any other."""
    value = dataset.get_item(tag).value
    if isinstance(value, bytes):
        if not value.startswith(_ITEMS):
            return []
        most = max(value.count(item) for item in _ITEMS)
        if most > _MOST_ITEMS:
            raise UnsupportedImageError(path, f"a sequence of more than {_MOST_ITEMS} items")
        if most + depth <= _MOST_DEPTH:
            return []
        try:
            value = dataset[tag].value
        except RecursionError as error:
            raise UnsupportedImageError(path, TOO_DEEP) from error
        except FOREIGN_ERRORS:
            return []
    if isinstance(value, (str, bytes)) or not hasattr(value, "__iter__"):
        return []
    return [item for item in value if isinstance(item, Dataset)]
