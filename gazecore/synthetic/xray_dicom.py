"""Made-up radiographs as DICOM files: digital X-rays for presentation that say SIMULATED."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np
import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import (
    UID,
    ComputedRadiographyImageStorage,
    DigitalXRayImageStorageForPresentation,
    ExplicitVRLittleEndian,
)

from gazecore.errors import UnwritablePathError

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

BITS = 12
"""Bits of every made-up radiograph."""
IMPLEMENTATION_UID = UID("2.25.303147265513823141160157160384051284133")
_NOTE = "SIMULATED by FocusStation. Not a patient."
_HEIGHT_MM = 205.0


def write_xray(
    path: Path,
    pixels: npt.NDArray[np.uint16],
    *,
    what: str,
    patient_id: str = "SIM-0001",
    inverted: bool = False,
) -> None:
    """Write pixels as a radiograph with two windows, spacing and a pseudonymous identity.

    Parameters
    ----------
    path : Path
        The file to write.
    pixels : (h, w) uint16
        12-bit values, high is bright.
    what : str
        What it shows, for the descriptions.
    patient_id : str
        A pseudonym; UIDs are derived from it and from the pixels, so equal input gives equal
        files.
    inverted : bool
        Store it as MONOCHROME1 (lowest value white) in a CR object, else as MONOCHROME2 in DX.
    """
    key = hashlib.sha256(patient_id.encode() + pixels.tobytes()).digest()
    dataset = Dataset()
    _add_identity(dataset, what, patient_id, key)
    if inverted:
        _add_cr(dataset)
    else:
        _add_dx(dataset)
    _add_acquisition(dataset, pixels)
    _add_pixels(dataset, pixels, inverted=inverted)
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    dataset.file_meta.ImplementationClassUID = IMPLEMENTATION_UID
    try:
        pydicom.dcmwrite(path, dataset, enforce_file_format=True)
    except OSError as error:
        raise UnwritablePathError(path, error.strerror or str(error)) from error


def _uid(key: bytes, role: str) -> UID:
    """A UUID-derived UID (PS3.5 B.2): 2.25. and a 128-bit number."""
    number = int.from_bytes(hashlib.sha256(key + role.encode()).digest()[:16], "big")
    return UID(f"2.25.{number}")


def _add_identity(dataset: Dataset, what: str, patient_id: str, key: bytes) -> None:
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.PatientName = f"Simulated^{patient_id}"
    dataset.PatientID = patient_id
    dataset.PatientBirthDate = ""
    dataset.PatientSex = "O"
    dataset.StudyInstanceUID = _uid(key, "study")
    dataset.SeriesInstanceUID = _uid(key, "series")
    dataset.SOPInstanceUID = _uid(key, "instance")
    dataset.StudyDate = dataset.ContentDate = dataset.AcquisitionDate = "20260101"
    dataset.StudyTime = dataset.ContentTime = dataset.AcquisitionTime = "120000"
    dataset.AccessionNumber = ""
    dataset.ReferringPhysicianName = ""
    dataset.StudyID = "1"
    dataset.SeriesNumber = 1
    dataset.InstanceNumber = 1
    dataset.StudyDescription = f"SIMULATED {what}"
    dataset.SeriesDescription = f"SIMULATED {what}, front view"
    dataset.ImageComments = _NOTE
    dataset.Manufacturer = "FocusStation"
    dataset.ManufacturerModelName = "Synthetic radiograph"
    dataset.DeviceSerialNumber = "0"
    dataset.SoftwareVersions = "1"


def _add_cr(dataset: Dataset) -> None:
    dataset.SOPClassUID = ComputedRadiographyImageStorage
    dataset.Modality = "CR"
    dataset.ImageType = ["ORIGINAL", "PRIMARY"]
    dataset.BodyPartExamined = "KNEE"
    dataset.ViewPosition = "AP"


def _add_dx(dataset: Dataset) -> None:
    dataset.SOPClassUID = DigitalXRayImageStorageForPresentation
    dataset.Modality = "DX"
    dataset.ImageType = ["ORIGINAL", "PRIMARY", ""]
    dataset.PresentationIntentType = "FOR PRESENTATION"
    dataset.BodyPartExamined = "KNEE"
    dataset.ViewPosition = "AP"
    dataset.PixelIntensityRelationship = "LOG"
    dataset.PixelIntensityRelationshipSign = 1
    dataset.RescaleIntercept = 0
    dataset.RescaleSlope = 1
    dataset.RescaleType = "US"
    dataset.PresentationLUTShape = "IDENTITY"
    dataset.LossyImageCompression = "00"
    dataset.AcquisitionContextSequence = []
    dataset.PositionerType = ""
    dataset.DetectorType = "DIRECT"
    dataset.DetectorConfiguration = "AREA"
    dataset.AnatomicRegionSequence = [_code("72696002", "SCT", "Knee")]
    dataset.ViewCodeSequence = [_code("399348003", "SCT", "Antero-posterior")]


def _code(value: str, scheme: str, meaning: str) -> Dataset:
    item = Dataset()
    item.CodeValue = value
    item.CodingSchemeDesignator = scheme
    item.CodeMeaning = meaning
    return item


def _add_acquisition(dataset: Dataset, pixels: npt.NDArray[np.uint16]) -> None:
    spacing_mm = f"{_HEIGHT_MM / pixels.shape[0]:.6f}"
    dataset.ImagerPixelSpacing = [spacing_mm, spacing_mm]
    dataset.ImageLaterality = "R"
    dataset.PatientOrientation = ["L", "F"]
    dataset.BurnedInAnnotation = "NO"


def _add_pixels(dataset: Dataset, pixels: npt.NDArray[np.uint16], *, inverted: bool) -> None:
    white = 2**BITS - 1
    dataset.Rows, dataset.Columns = pixels.shape
    dataset.SamplesPerPixel = 1
    dataset.PhotometricInterpretation = "MONOCHROME1" if inverted else "MONOCHROME2"
    dataset.BitsAllocated = 16
    dataset.BitsStored = BITS
    dataset.HighBit = BITS - 1
    dataset.PixelRepresentation = 0
    bone, soft = (1900, 3200), (1000, 1600)
    centers = [white - c if inverted else c for c, _ in (bone, soft)]
    dataset.WindowCenter = centers
    dataset.WindowWidth = [bone[1], soft[1]]
    dataset.WindowCenterWidthExplanation = ["BONE", "SOFT TISSUE"]
    stored = white - pixels if inverted else pixels
    dataset.PixelData = np.ascontiguousarray(stored, dtype="<u2").tobytes()
    dataset["PixelData"].VR = "OW"
