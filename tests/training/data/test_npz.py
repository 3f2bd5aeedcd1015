"""NumPy files of examples and maps, sound and unsound."""

from __future__ import annotations

import struct
import zipfile
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from gazecore.errors import DamagedFileError, LayoutError, MissingPathError
from training.data.npz import read_arrays, read_examples, read_maps

if TYPE_CHECKING:
    from pathlib import Path


def test_a_set_is_read(knees_npz: Path) -> None:
    examples = read_examples(knees_npz)
    assert examples.images.shape == (48, 32, 32)
    assert examples.finding_masks is not None
    assert examples.finding_masks.dtype == np.bool_


def test_maps_know_whether_they_are_simulated(maps_npz: Path, tmp_path: Path) -> None:
    maps, simulated = read_maps(maps_npz, 48)
    assert maps.shape == (48, 32, 32)
    assert simulated
    np.savez(tmp_path / "m.npz", maps=maps)
    assert not read_maps(tmp_path / "m.npz", 48)[1]


def test_files_that_are_none_are_refused(tmp_path: Path) -> None:
    with pytest.raises(MissingPathError):
        read_arrays(tmp_path / "none.npz", ())
    text = tmp_path / "text.npz"
    text.write_text("hello")
    with pytest.raises(DamagedFileError, match="npz"):
        read_arrays(text, ())
    np.save(tmp_path / "one.npy", np.zeros(3))
    with pytest.raises(DamagedFileError):
        read_arrays(tmp_path / "one.npy", ())
    np.savez(tmp_path / "pickle.npz", images=np.array([{}], dtype=object))
    with pytest.raises(DamagedFileError):
        read_arrays(tmp_path / "pickle.npz", ())


@pytest.mark.parametrize(
    ("maps", "reason"),
    [
        (np.zeros((2, 4, 4)), "expected"),
        (np.full((3, 4, 4), -1.0), "negative"),
        (np.full((3, 4, 4), np.nan), "finite"),
    ],
)
def test_unsound_maps_are_refused(tmp_path: Path, maps: Any, reason: str) -> None:
    np.savez(tmp_path / "m.npz", maps=maps)
    with pytest.raises(DamagedFileError, match=reason):
        read_maps(tmp_path / "m.npz", 3)


def test_missing_keys_and_odd_labels_are_named(tmp_path: Path, knees_npz: Path) -> None:
    arrays = read_arrays(knees_npz, ())
    np.savez(tmp_path / "a.npz", **{**arrays, "labels": np.array(["x"] * 48)})  # type: ignore[arg-type]
    with pytest.raises(DamagedFileError, match="whole numbers"):
        read_examples(tmp_path / "a.npz")
    del arrays["split"], arrays["groups"]
    np.savez(tmp_path / "b.npz", **arrays)  # type: ignore[arg-type]
    with pytest.raises(LayoutError) as caught:
        read_examples(tmp_path / "b.npz")
    assert "no groups, split; expected" in str(caught.value)
    assert "keys images, labels, groups, split" in str(caught.value)
    assert "damaged" not in str(caught.value)


def test_a_file_damaged_anywhere_is_said_to_be_damaged(tmp_path: Path) -> None:
    np.savez_compressed(tmp_path / "a.npz", images=np.arange(4000) ** 2 % 251)
    sound = (tmp_path / "a.npz").read_bytes()
    damaged = tmp_path / "damaged.npz"
    refused = 0
    for at in range(0, len(sound), max(len(sound) // 150, 1)):
        damaged.write_bytes(sound[:at] + bytes([sound[at] ^ 0xFF]) + sound[at + 1 :])
        try:
            read_arrays(damaged, ())
        except DamagedFileError:
            refused += 1
    assert refused > 100


def test_a_broken_stream_and_an_unknown_compression_are_damage(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    np.savez_compressed(path, images=np.zeros(4000))
    sound = path.read_bytes()
    with zipfile.ZipFile(path) as file:
        begin = 30 + sum(struct.unpack("<HH", sound[26:30]))
        directory = file.start_dir
    path.write_bytes(sound[:begin] + b"\xff" * 4 + sound[begin + 4 :])
    with pytest.raises(DamagedFileError, match="decompressing"):
        read_arrays(path, ())
    unknown = struct.pack("<H", 99)
    path.write_bytes(sound[: directory + 10] + unknown + sound[directory + 12 :])
    with pytest.raises(DamagedFileError, match="compression"):
        read_arrays(path, ())
