"""Sets of examples are checked before anything learns from them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gazecore.errors import LayoutError
from training.data.examples import ExampleSet, checked

SOUND = ExampleSet(
    images=np.zeros((4, 3, 3), np.uint8),
    labels=np.array([0, 1, 0, 1]),
    groups=np.array(["a", "b", "c", "d"]),
    split=np.array(["train", "train", "val", "test"]),
)


def test_a_sound_set_passes() -> None:
    assert checked(SOUND, Path("set.npz")) is SOUND
    assert SOUND.indices("train").tolist() == [0, 1]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"images": np.zeros((4, 3, 3), np.float32)}, "are not uint8"),
        ({"images": np.zeros((3, 3, 3), np.uint8)}, "differ in length"),
        ({"split": np.array(["train", "train", "val", "holdout"])}, "unknown split 'holdout'"),
        ({"split": np.array(["train", "train", "val", "val"])}, "no images in split 'test'"),
        ({"labels": np.array([1, 1, 0, 0])}, "classes"),
        ({"groups": np.array(["a", "b", "a", "d"])}, "in more than one split"),
    ],
)
def test_unsound_sets_are_refused_with_the_reason(change: dict[str, object], reason: str) -> None:
    with pytest.raises(LayoutError, match=reason) as caught:
        checked(replace(SOUND, **change), Path("set.npz"))  # type: ignore[arg-type]
    assert "two classes or more, in train, val and test" in str(caught.value)


def test_the_fingerprint_tells_sets_apart() -> None:
    other = replace(SOUND, labels=np.array([0, 1, 1, 1]))
    assert SOUND.fingerprint() == replace(SOUND).fingerprint() != other.fingerprint()
