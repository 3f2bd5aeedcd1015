"""Toy sets that the tests of the trainer share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch

from gazecore.synthetic.knees import knee_set

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Runs are exactly repeatable on one thread, and tests share the machine."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)
    torch.set_flush_denormal(False)


@pytest.fixture(scope="session")
def knees_npz(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """48 labelled knees of 32 px, split by patients."""
    knees = knee_set(48, (32, 32), seed=3)
    split = np.array(["train"] * 32 + ["val"] * 8 + ["test"] * 8)
    path = tmp_path_factory.mktemp("knees") / "set.npz"
    np.savez(
        path,
        images=knees.images,
        labels=np.arange(48) % 5,
        groups=np.array([f"patient-{i // 2}" for i in range(48)]),
        split=split,
        finding_masks=knees.finding_masks,
    )
    return path


@pytest.fixture(scope="session")
def maps_npz(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An attention map for each of the knees: a Gaussian somewhere."""
    path = tmp_path_factory.mktemp("maps") / "maps.npz"
    np.savez(path, maps=gaussians(48, 32, seed=5), simulated=True)
    return path


def gaussians(n: int, side: int, seed: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """Maps (n, side, side) with one Gaussian each, summing to one."""
    rng = np.random.default_rng(seed)
    center = rng.uniform(0.2, 0.8, (n, 2)) * side
    axis = np.arange(side) + 0.5
    y = np.exp(-((axis - center[:, :1]) ** 2) / 18)
    x = np.exp(-((axis - center[:, 1:]) ** 2) / 18)
    maps = y[:, :, None] * x[:, None, :]
    return np.asarray(maps / maps.sum(axis=(1, 2), keepdims=True), dtype=np.float32)
