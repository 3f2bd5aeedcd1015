"""Reading single DICOM values that may be absent, empty, multiple, of a wrong type or wild."""

from __future__ import annotations

import math
import re
import struct
import zlib
from typing import TYPE_CHECKING, Any

from pydicom.errors import BytesLengthException, InvalidDicomError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydicom.dataset import Dataset

FOREIGN_ERRORS: tuple[type[Exception], ...] = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    BytesLengthException,
    EOFError,
    InvalidDicomError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    UnicodeError,
    ValueError,
    struct.error,
    zlib.error,
)
"""What pydicom and the codecs raise on hostile bytes."""

_CODE = re.compile(r"[A-Z0-9_ ]{1,16}")
"""PS3.5 6.2, value representation CS."""


def value_of(dataset: Dataset, keyword: str) -> Any:
    """The value of an element, or None where it is absent, empty or cannot be parsed."""
    try:
        value = dataset.get(keyword)
    except FOREIGN_ERRORS:
        return None
    return None if value is None or (isinstance(value, (str, bytes)) and not value) else value


def numbers(dataset: Dataset, keyword: str) -> list[float]:
    """All values of a numeric element as finite floats; empty where any is not."""
    value = value_of(dataset, keyword)
    if value is None:
        return []
    many: Iterable[Any] = (
        value if hasattr(value, "__iter__") and not isinstance(value, (str, bytes)) else [value]
    )
    try:
        found = [float(v) for v in many]
    except FOREIGN_ERRORS:
        return []
    return found if all(math.isfinite(v) for v in found) else []


def number(dataset: Dataset, keyword: str) -> float | None:
    """The first value of a numeric element, or None."""
    found = numbers(dataset, keyword)
    return found[0] if found else None


def whole(dataset: Dataset, keyword: str) -> int | None:
    """The first value of a numeric element if it is a whole number, or None."""
    found = number(dataset, keyword)
    return int(found) if found is not None and found == int(found) else None


def texts(dataset: Dataset, keyword: str) -> list[str]:
    """All values of a text element, stripped of what is not printable."""
    value = value_of(dataset, keyword)
    if value is None:
        return []
    many = [value] if isinstance(value, (str, bytes)) or not hasattr(value, "__iter__") else value
    try:
        return ["".join(c for c in str(v) if c.isprintable()).strip() for v in many]
    except FOREIGN_ERRORS:
        return []


def text(dataset: Dataset, keyword: str, longest: int = 64) -> str:
    """The first value of a text element, at most `longest` characters."""
    found = texts(dataset, keyword)
    return found[0][:longest] if found else ""


def code(dataset: Dataset, keyword: str) -> str:
    """The first value of a coded element (CS); empty where it is more than such a code."""
    found = text(dataset, keyword, 17)
    return found if _CODE.fullmatch(found) else ""


def items(dataset: Dataset, keyword: str) -> list[Dataset]:
    """The items of a sequence, or none."""
    value = value_of(dataset, keyword)
    try:
        return [item for item in value or [] if hasattr(item, "get")]
    except FOREIGN_ERRORS:
        return []
