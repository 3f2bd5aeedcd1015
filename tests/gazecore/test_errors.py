"""Each error is one line that names the thing and says what to do."""

from __future__ import annotations

import inspect

import pytest

from gazecore import errors
from gazecore.errors import (
    DamagedFileError,
    FocusStationError,
    InvalidSettingError,
    LayoutError,
    MissingExtraError,
    MissingPathError,
    NewerSchemaError,
    NoStreamError,
    NotAnImageError,
    NotAStudyError,
    NotYetError,
    StudyOccupiedError,
    UnsupportedImageError,
    UnwritablePathError,
)

EXAMPLES = [
    (MissingPathError("/a/b.dcm"), ["/a/b.dcm", "check"]),
    (UnwritablePathError("/a", "read-only"), ["/a", "read-only", "choose"]),
    (NotAnImageError("t.dcm", "plain text"), ["t.dcm", "plain text", "DICOM"]),
    (UnsupportedImageError("x", "32 bits"), ["x", "32 bits"]),
    (DamagedFileError("r.xdf", "cut short"), ["r.xdf", "cut short", "restore"]),
    (LayoutError("a.npz", "no split", "the key split"), ["a.npz: no split", "expected the key"]),
    (InvalidSettingError("--rate", -1, "a positive number"), ["--rate", "-1", "positive"]),
    (NotAStudyError("/s"), ["/s", "study.toml", "create"]),
    (NewerSchemaError("/s", 9, 1), ["/s", "9", "1", "update", "nothing was changed"]),
    (StudyOccupiedError("/s", "process 7"), ["/s", "process 7", "read-only"]),
    (NoStreamError("named 'x'", 2.0), ["'x'", "2 s", "tracker"]),
    (MissingExtraError("training", "training"), ["training", "pip install"]),
    (NotYetError("titta", "use tobii"), ["titta", "not there yet", "use tobii"]),
]


@pytest.mark.parametrize(("error", "parts"), EXAMPLES, ids=lambda e: type(e).__name__)
def test_the_message_is_one_line_with_all_it_needs(
    error: FocusStationError, parts: list[str]
) -> None:
    assert "\n" not in str(error)
    for part in parts:
        assert part in str(error)


def test_the_tree_in_the_docstring_names_every_class() -> None:
    classes = {
        name: kind
        for name, kind in inspect.getmembers(errors, inspect.isclass)
        if kind.__module__ == errors.__name__
    }
    assert all(issubclass(kind, FocusStationError) for kind in classes.values())
    drawn = errors.__doc__ or ""
    assert [name for name in classes if name not in drawn] == []
