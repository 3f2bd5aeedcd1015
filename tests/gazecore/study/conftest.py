"""Small studies and images to test with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import imagecodecs
import numpy as np
import pytest

from gazecore.study import Study

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def make_image(tmp_path: Path) -> Callable[[str, int], Path]:
    """Write a small grey PNG whose content depends on a seed."""

    def make(name: str, seed: int) -> Path:
        pixels = np.random.default_rng(seed).integers(0, 255, (30 + seed, 40), dtype=np.uint8)
        path = tmp_path / "source" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(imagecodecs.png_encode(pixels))
        return path

    return make


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    """An empty study with one reader, open for writing."""
    with Study.create(tmp_path / "study", name="knees") as made:
        made.add_reader("r1")
        yield made


@pytest.fixture
def filled(study: Study, make_image: Callable[[str, int], Path]) -> Study:
    """The same study with four cases."""
    study.import_images(make_image(f"{seed}.png", seed) for seed in range(4))
    return study
